"""Contracts and constitutions compared with reference statistics, and the coder with a reader."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from throffer.record import SOURCES, Coded
from throffer.record.clauses import count_words
from throffer.record.clauses._agreement import Agreement, compare, load_readings
from throffer.record.sources import constitutions, contracts_cuad
from throffer.stats import Interval, wilson

ROOT = Path(__file__).parents[2]


def per_thousand(counts: dict[str, int], *words: str) -> list[str]:
    return [f"{1000 * counts[word] / counts['words']:.2f}" for word in words]


def test_words_of_duty_in_contracts(folder: Path) -> None:
    texts = contracts_cuad.read_texts(SOURCES["contracts_cuad"].raw(folder))
    assert (texts.height, texts["repeats"].sum()) == (510, 1)
    counts = count_words(texts["text"])
    assert counts["words"] == 3902478
    found = per_thousand(counts, "shall", "must", "may", "rights", "terminat")
    assert found == ["12.50", "0.47", "3.48", "3.78", "2.39"]


def test_words_of_duty_in_constitutions(folder: Path) -> None:
    texts = constitutions.read_texts(SOURCES["constitutions"].raw(folder))
    assert (texts.height, texts["country"].n_unique(), texts["year"].null_count()) == (97, 94, 0)
    counts = count_words(texts["text"])
    assert counts["words"] == 1988815
    found = per_thousand(counts, "shall", "must", "may", "shall not", "rights", "penal")
    assert found == ["17.87", "0.92", "6.04", "1.41", "4.38", "0.51"]


YES = {
    "Anti-Assignment": "0.733",
    "Cap On Liability": "0.539",
    "License Grant": "0.500",
    "Audit Rights": "0.420",
    "Termination For Convenience": "0.359",
    "Exclusivity": "0.353",
    # 166 of 510 = .32549; the reference prints .326
    "Revenue/Profit Sharing": "0.325",
    "Minimum Commitment": "0.324",
    "Change Of Control": "0.237",
    "Non-Compete": "0.233",
    "Uncapped Liability": "0.218",
    "Liquidated Damages": "0.120",
    "Most Favored Nation": "0.055",
    "Price Restrictions": "0.029",
}


def test_how_often_lawyers_found_a_clause(folder: Path) -> None:
    answers = contracts_cuad.read_answers(SOURCES["contracts_cuad"].raw(folder))
    assert answers.height == 510
    found = {name: f"{(answers[name] == 'Yes').sum() / answers.height:.3f}" for name in YES}
    assert found == YES


def test_the_card_of_contracts_prints_intervals(folder: Path) -> None:
    answers = contracts_cuad.read_answers(SOURCES["contracts_cuad"].raw(folder))
    card = (ROOT / "docs" / "record" / "contracts_cuad.md").read_text("utf-8")
    for name in YES:
        count = (answers[name] == "Yes").sum()
        low, high = wilson(count, answers.height).ends
        row = f"| {count} | {count / answers.height:.3f} | {low:.3f} to {high:.3f} |"
        assert row.replace("0.", ".") in card


def test_contracts_find_their_parties(folder: Path) -> None:
    raw = SOURCES["contracts_cuad"].raw(folder)
    parties = contracts_cuad.read_parties(raw)
    # the lawyers name no parties of Soupman's third franchise agreement
    assert set(range(1, 511)) - set(parties["document"]) == {428}
    assert parties.filter(pl.col("name") == "schoolpop").height > 0


@pytest.mark.parametrize("name", ["contracts_cuad", "constitutions"])
def test_every_clause_is_an_episode_or_skipped_with_a_reason(
    clauses: Callable[[str], pl.DataFrame], coded: Callable[[str], Coded], name: str
) -> None:
    table, (episodes, left_out) = clauses(name), coded(name)
    assert episodes.height + left_out.height == table.height
    assert left_out["reason"].null_count() == 0
    assert table["id"].is_unique().all()
    assert set(episodes["wording"]) == {
        *("obligation", "prohibition", "permission", "right", "penalty")
    }
    for column in ("outcome", "accept", "refuse", "answer", "text"):
        assert episodes[column].null_count() == episodes.height


@pytest.fixture(scope="module")
def agreements(clauses: Callable[[str], pl.DataFrame]) -> dict[str, list[Agreement]]:
    readings = load_readings()
    return {
        name: compare(clauses(name), readings.filter(pl.col("id").str.starts_with(f"{name}/")))
        for name in ("contracts_cuad", "constitutions")
    }


def test_the_sample_has_a_hundred_clauses_of_each_source_and_no_text() -> None:
    readings = load_readings()
    sources = readings["id"].str.split("/").list.first().value_counts().sort("id").rows()
    assert sources == [("constitutions", 100), ("contracts_cuad", 100)]
    assert readings.columns == [
        *("id", "sha256", "modality", "bearer", "counterpart", "conditional", "consequence"),
        "action",
    ]
    assert readings["action"].drop_nulls().str.contains("^[a-z]+$").all()


@pytest.mark.parametrize("name", ["contracts_cuad", "constitutions"])
def test_the_documentation_prints_how_well_the_coder_reads(
    agreements: dict[str, list[Agreement]], name: str
) -> None:
    page = (ROOT / "docs" / "record" / "clauses.md").read_text("utf-8")
    for found in agreements[name]:
        if found.code is None:
            assert print_agreement(name, found) in page


def print_agreement(name: str, found: Agreement) -> str:
    def share(count: int, total: int, interval: Interval) -> str:
        low, high = interval.ends
        return f"{count}/{total} = {count / total:.2f} [{low:.2f}, {high:.2f}]"

    precision = share(found.found, found.said, found.precision_interval)
    recall = share(found.found, found.there, found.recall_interval)
    return f"| {name} | {found.field} | {precision} | {recall} | {found.kappa:.2f} |"

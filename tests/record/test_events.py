"""Event tables of the record, and the relations in them that docs/relations.md reports."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import polars as pl
import pytest

from throffer.record import event_table
from throffer.record._events import EVENT_SOURCES
from throffer.relations import RELATIONS, classify, count_rows

PAGE = Path(__file__).parents[2] / "docs" / "relations.md"

SHUFFLES = 20

LOGS = {
    "interstate": ("interstate", ["none"]),
    "diplomacy": ("diplomacy", []),
    "games": ("games_repeated_pd", []),
    "giving": ("games_repeated_pd", ["defect"]),
}
"""The logs of the page: source, and what stands for doing nothing."""


@pytest.mark.parametrize("source", EVENT_SOURCES)
def test_event_tables_have_two_parties_and_a_time_in_every_row(source: str, folder: Path) -> None:
    table = event_table(source, folder)
    assert table.columns == ["actor", "partner", "action", "time"]
    assert table.null_count().sum_horizontal().item() == 0
    assert (table["actor"] != table["partner"]).all()


def test_disputes_have_both_sides_and_the_levels_of_the_source(folder: Path) -> None:
    table = event_table("interstate", folder)
    assert Counter(table["action"]) == {
        "none": 1449,
        "threat": 179,
        "display": 1255,
        "force": 2452,
        "war": 211,
    }
    # the first dispute of the data: the United States displayed force to Britain in 1902
    first = table.filter(
        (pl.col("time") == 1902)
        & pl.col("actor").is_in([2, 200])
        & pl.col("partner").is_in([2, 200])
    )
    assert {row[:3] for row in first.iter_rows()} == {(2, 200, "display"), (200, 2, "none")}


def test_messages_are_all_of_the_talk_and_lies_as_many_as_in_the_source(folder: Path) -> None:
    table = event_table("diplomacy", folder)
    assert table.height == 17_289
    assert table.filter(pl.col("action") == "lie").height == 887


def test_games_have_two_choices_a_period(folder: Path) -> None:
    table = event_table("games_repeated_pd", folder)
    game = pl.concat_str(pl.col("actor").str.replace(" (player|partner)$", ""))
    assert set(table.group_by(game, "time").len()["len"]) == {2}
    # of DF2011 every row counts; of FRD2012 those with a period before
    assert table.filter(pl.col("actor").str.starts_with("DF2011")).height == 2 * 7358


def test_a_source_without_acts_in_time_is_rejected() -> None:
    with pytest.raises(ValueError, match="interstate, diplomacy, games_repeated_pd"):
        event_table("values")


def lines(name: str, folder: Path) -> list[str]:
    """The lines of the page's table for one log."""
    source, nothing = LOGS[name]
    events = event_table(source, folder)
    cells: dict[str, list[str]] = {relation: [] for relation in RELATIONS}
    for least in (1, 3):
        found = Counter(classify(events, nothing=nothing, least=least)["relation"])
        dealt = [
            Counter(classify(events, nothing=nothing, least=least, shuffle=seed)["relation"])
            for seed in range(SHUFFLES)
        ]
        for relation, row in cells.items():
            counts = [each[relation] for each in dealt]
            mean = sum(counts) / SHUFFLES
            row += [f"{found[relation]:,}", f"{mean:,.0f} ({min(counts):,} to {max(counts):,})"]
    counted = count_rows(events, nothing)
    pairs = classify(events, nothing=nothing).select("a", "b").n_unique()
    return [
        f"{counted.used:,} acts, {pairs:,} pairs",
        *(f"| {relation} | {' | '.join(row)} |" for relation, row in cells.items()),
    ]


@pytest.mark.parametrize("name", LOGS)
def test_the_page_reports_what_the_raw_files_give(name: str, folder: Path) -> None:
    page = PAGE.read_text("utf-8")
    missing = [line for line in lines(name, folder) if line not in page]
    assert missing == []

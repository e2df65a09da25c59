"""Building Episode tables from raw files: complete and with their identity, or not at all."""

import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from throffer.record import SOURCES, Coded, build, code_source, full_dyad, write_summary
from throffer.record._source import as_episodes, skip_where
from throffer.structure import Identity, SetupError, read_episodes


def test_a_built_table_carries_its_identity_and_its_skipped_rows(
    folder: Path, tmp_path: Path
) -> None:
    (built,) = build(["diplomacy"], tmp_path, folder)
    table, identity = read_episodes(built.table)
    assert (table.height, built.rows, built.conducts, built.full_dyads) == (17289, 17289, 887, 0)
    assert identity["source"] == "diplomacy"
    assert Identity.model_fields.keys() <= identity.keys()
    assert identity["licence"] == "CC BY 4.0"
    assert identity["skipped"] == built.skipped == {"a dialogue without a message": 6}
    left_out = pl.read_csv(built.left_out)
    assert left_out.columns == ["file", "row", "reason"]
    assert left_out.height == 6


def test_two_builds_of_the_same_files_are_equal(folder: Path, tmp_path: Path) -> None:
    first, second = (build(["diplomacy"], tmp_path / name, folder)[0] for name in "ab")
    assert read_episodes(first.table).table.equals(read_episodes(second.table).table)
    assert read_episodes(first.table).identity == read_episodes(second.table).identity


def test_a_truncated_file_leaves_nothing_behind(folder: Path, tmp_path: Path) -> None:
    copy, out = tmp_path / "record", tmp_path / "out"
    shutil.copytree(folder / "diplomacy", copy / "diplomacy")
    broken = copy / "diplomacy" / "test.jsonl.gz"
    broken.chmod(0o644)
    broken.write_bytes(broken.read_bytes()[:1000])
    with pytest.raises(SetupError, match=r"test\.jsonl\.gz is truncated: 1,000 of 127,629 bytes"):
        build(["diplomacy"], out, copy)
    assert not out.exists()


def test_the_error_for_an_unknown_source_lists_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"unknown source 'chess'; sources: .*diplomacy"):
        code_source("chess")


def test_a_row_is_skipped_for_its_first_true_reason_and_null_is_not_true() -> None:
    frame = pl.DataFrame({"value": [1, -1, None, 200]})
    value = pl.col("value")
    kept, left_out = skip_where(
        frame,
        "t.csv",
        pl.int_range(1, pl.len() + 1),
        [(value < 0, "below"), (value.is_null(), "missing"), (value > 100, "above")],
    )
    assert kept.rows() == [(1,)]
    assert left_out.rows() == [
        ("t.csv", "2", "below"),
        ("t.csv", "3", "missing"),
        ("t.csv", "4", "above"),
    ]


def test_a_column_that_episodes_do_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="hue"):
        as_episodes(pl.DataFrame({"id": ["a/b"], "hue": [1]}), "a", "experiment")


def test_the_summary_adds_up_its_sources(folder: Path, tmp_path: Path) -> None:
    done = build(["values", "games_printed_tables"], tmp_path, folder)
    *_, values, games, total = write_summary(done, tmp_path).read_text("utf-8").splitlines()
    assert values.split(" | ")[:5] == ["| values", "0", "0", "0", "408"]
    assert games.split(" | ")[:4] == ["| games_printed_tables", "285", "285", "285"]
    skipped = 408 + sum(done[1].skipped.values())
    assert total.split(" | ")[:5] == ["| all", "285", "285", "285", f"{skipped:,}"]


@pytest.mark.parametrize("name", SOURCES)
def test_the_table_of_sources_in_the_documentation_holds(
    coded: Callable[[str], Coded], name: str
) -> None:
    table, _ = coded(name)
    index = (Path(__file__).parents[2] / "docs" / "record" / "index.md").read_text("utf-8")
    (line,) = (line for line in index.splitlines() if line.startswith(f"| [{name}]"))
    counts = (table.height, table.select(full_dyad().sum()).item(), table["outcome"].count())
    assert line.split(" | ")[2:5] == [f"{count:,}" for count in counts]


@pytest.mark.parametrize("name", SOURCES)
def test_no_source_puts_text_into_its_table(coded: Callable[[str], Coded], name: str) -> None:
    table, left_out = coded(name)
    assert table["text"].null_count() == table.height
    assert left_out.columns == ["file", "row", "reason"]

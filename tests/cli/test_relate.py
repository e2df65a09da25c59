"""`throffer relate`: from a file of events to a table and a page that shows names as text."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from throffer.cli import app
from throffer.relations import Settings, relate
from throffer.report.relations._page import MEANINGS, ROWS, render_relations
from throffer.structure import SetupError

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def events(tmp_path: Path) -> Path:
    file = tmp_path / "events.csv"
    rows = [f"{HOSTILE},bob,work & more,{2 * i}\nbob,{HOSTILE},pay,{2 * i + 1}" for i in range(4)]
    file.write_text("\n".join(["actor,partner,action,time", *rows]))
    return file


def test_it_writes_the_table_and_the_page_and_says_so(events: Path, tmp_path: Path) -> None:
    out = tmp_path / "relations.parquet"
    result = CliRunner().invoke(app, ["relate", str(events), "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert f"Wrote {out}" in result.output
    assert pl.read_parquet(out).rows() == [
        (HOSTILE, "bob", "authority", "pay", "work & more", "b>a", 8)
    ]
    page = (tmp_path / "relations.html").read_text()
    assert HOSTILE not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "http://" not in page
    assert "https://" not in page
    assert "<script" not in page


def test_every_relation_and_every_kind_of_row_is_on_the_page(events: Path, tmp_path: Path) -> None:
    summary = relate(events, tmp_path / "o.parquet", Settings(shuffles=3))
    page = render_relations(summary)
    for words in [*MEANINGS.values(), *(label for label, _ in ROWS.values())]:
        assert words in page
    assert set(MEANINGS) == set(summary.counts["relation"])
    assert set(ROWS) == set(summary.counted._fields)


def test_no_command_of_the_guide_writes_over_its_events() -> None:
    guide = Path(__file__).parents[2] / "docs" / "how-to" / "relate.md"
    lines = re.findall(r"^ {4}throffer relate (.*)$", guide.read_text(), re.MULTILINE)
    words = [shlex.split(line) for line in lines]
    assert len(words) >= 3
    for each in words:
        assert Path(each[0]) != Path(each[each.index("--out") + 1])


def test_a_nothing_that_no_row_has_is_reported(events: Path, tmp_path: Path) -> None:
    out = tmp_path / "o.parquet"
    words = ["relate", str(events), "--out", str(out), "--nothing", "pay,<b>none"]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    assert "No row has --nothing '<b>none'." in result.stderr
    page = out.with_suffix(".html").read_text()
    assert "In no row, perhaps misspelt: <bdi>&lt;b&gt;none</bdi></dd>" in page


def test_a_nothing_of_another_type_is_a_fault_of_the_set_up(tmp_path: Path) -> None:
    rows = {"actor": ["a"], "partner": ["b"], "action": [1], "time": [1]}
    pl.DataFrame(rows).write_parquet(tmp_path / "events.parquet")
    with pytest.raises(SetupError, match=r"nothing = 'none'.*Int64"):
        relate(tmp_path / "events.parquet", tmp_path / "o.parquet", Settings(nothing=("none",)))


@pytest.mark.parametrize(
    "option", [["--tolerance", "1.5"], ["--least", "0"], ["--seed", "-1"], ["--shuffles", "-1"]]
)
def test_options_out_of_range_are_named(events: Path, option: list[str]) -> None:
    result = CliRunner().invoke(app, ["relate", str(events), *option])
    assert result.exit_code == 2
    assert option[0].strip("-") in result.output


def test_without_the_extra_the_cluster_says_how_to_get_it(
    events: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(SetupError, match=r"throffer\[ray\]"):
        relate(events, tmp_path / "o.parquet", Settings(engine="ray"))
    assert not (tmp_path / "o.parquet").exists()

"""`throffer series`: what it writes, what it says, and that a fault leaves nothing behind."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from throffer.cli import app
from throffer.report import read_series
from throffer.structure import SetupError


@pytest.fixture
def values(tmp_path: Path) -> Path:
    file = tmp_path / "values.csv"
    rows = np.random.default_rng(0).standard_normal(80)
    file.write_text("value\n" + "\n".join(f"{row:.6f}" for row in rows))
    return file


def test_it_writes_both_files_and_says_how_it_read(values: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = CliRunner().invoke(app, ["series", str(values), "--out", str(out), "--seed", "7"])
    assert result.exit_code == 0, result.output
    assert "Read 80 rows as values: the file has one column of numbers" in result.output
    assert f"Wrote {out / 'series.json'}" in result.output
    found = read_series(out / "series.json")
    assert found.identity["seed"] == 7
    assert "command" not in json.loads((out / "series.json").read_text())
    assert sorted(each.name for each in out.iterdir()) == [
        ".throffer.json",
        "series.html",
        "series.json",
    ]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--events", "--sizes"], "give one of them"),
        (["--knots", "one"], "whole numbers"),
        (["--resolution", "0"], "resolution"),
        (["--resolution", "nan"], "resolution"),
    ],
)
def test_options_out_of_range_are_refused(
    options: list[str], message: str, values: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    result = CliRunner().invoke(app, ["series", str(values), "--out", str(out), *options])
    assert result.exit_code == 2
    assert message in result.output
    assert not out.exists()


@pytest.mark.parametrize("options", [["--knots", "99"], ["--column", "none"], ["--sizes"]])
def test_a_fault_of_the_file_leaves_no_folder(
    options: list[str], values: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    result = CliRunner().invoke(app, ["series", str(values), "--out", str(out), *options])
    assert isinstance(result.exception, SetupError)
    assert not out.exists()


def test_the_help_states_ranges_and_an_example() -> None:
    result = CliRunner().invoke(app, ["series", "--help"])
    shown = " ".join(result.output.replace("│", " ").split())
    for words in (
        "Example: throffer series",
        "at least 10",
        "at least 50",
        "each 1 to 20",
        "2,000,000 rows",
        "0 or more",
    ):
        assert words in shown


@pytest.mark.parametrize("content", ["{", "[]", '{"schema_version": 99}', '{"schema_version": 1}'])
def test_a_broken_record_is_named(content: str, tmp_path: Path) -> None:
    file = tmp_path / "series.json"
    file.write_text(content)
    with pytest.raises(SetupError, match="Run `throffer series` again"):
        read_series(file)

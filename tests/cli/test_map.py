"""`throffer map`: bad input is named before anything is drawn, and files of others stay."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from throffer.cli import app
from throffer.structure import SetupError, is_own_file


def fault(*words: str | Path) -> str:
    """What the command says; it has to leave with a fault of the set-up or of usage."""
    done = CliRunner().invoke(app, ["map", *map(str, words)])
    assert done.exit_code != 0
    assert isinstance(done.exception, SetupError | SystemExit), done.exception
    return f"{done.output}{done.exception}"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--at", "nan,0.2,0.4"], "power = nan is outside [0, 1)"),
        (["--at", "0.5,1,0.4"], "information = 1.0 is outside [0, 1)"),
        (["--at", "0.5,0.4"], "'0.5,0.4' is not power,information,constraint"),
        (["--set", "legitimacy=nan"], "legitimacy = nan is outside [0, 1]"),
        (["--set", "force=1e308"], "force = 1e+308 is beyond 1e+06"),
        (["--set", "power=0.5"], "power is not a field of a dyad"),
        (["--set", "legitimacy=0.1", "--set", "legitimacy=0.2"], "--set gives legitimacy twice"),
        (["--set", "legitimacy"], "is not NAME=NUMBER"),
        (["--hold", "power=nan"], "power = nan is outside [0, 0.95]"),
        (["--hold", "size=0.5"], "'size' is not a coordinate"),
        (["--agent", "nobody"], "agents: planted"),
        (["--precision", "0"], "precision = 0.0 must be a positive number"),
        (["--precision", "1e9"], "precision = 1e+09 is beyond 1e+06"),
        (["--guilt", "inf"], "guilt = inf must be finite"),
        (["--norm", "rudeness=1"], "'rudeness', which is no conduct"),
        (["--norm", "blackmail=-1e9"], "norm against blackmail = -1e+09 is beyond"),
        (["--counterpart-envy", "nan"], "counterpart_envy = nan must be finite"),
    ],
)
def test_numbers_that_cannot_be_drawn_are_named(tmp_path: Path, words: list[str], why: str) -> None:
    assert why in fault(*words, "--out", tmp_path / "made" / "map.svg")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        (
            "a.json",
            '{"power": NaN, "information": 0, "constraint": 0}',
            "power = nan is not finite",
        ),
        ("a.json", '{"power": 2, "information": 0, "constraint": 0}', "power = 2 is outside"),
        ("a.json", '{"power": 0.1, "power": 0.2}', "the key 'power' occurs 2 times"),
        ("a.json", "[]", "holds no dyad"),
        ("a.yaml", "power: 0.1\npower: 0.2\n", "line 2: no YAML, the key 'power' occurs twice"),
        ("a.yaml", "#" * 2_000_000, "has 2.0 MB; a YAML file may have 1 MB"),
        ("a.parquet", "text", "is not a readable Parquet file"),
        ("a.csv", "power", "is neither an Episode table nor a file of dyads"),
    ],
)
def test_files_that_hold_no_dyads_are_named(
    tmp_path: Path, name: str, content: str, why: str
) -> None:
    (tmp_path / name).write_text(content)
    assert why in fault(tmp_path / name, "--out", tmp_path / "map.svg")
    assert [each.name for each in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("name", ["a.json", "a.yaml", "a.parquet"])
def test_a_missing_file_and_a_folder_in_its_place_are_named(tmp_path: Path, name: str) -> None:
    assert str(tmp_path / name) in fault(tmp_path / name)
    (tmp_path / name).mkdir()
    assert str(tmp_path / name) in fault(tmp_path / name)


def test_a_parquet_file_of_somebody_else_holds_no_dyads(tmp_path: Path) -> None:
    pl.DataFrame({"power": [0.1]}).write_parquet(tmp_path / "a.parquet")
    assert "holds no throffer identity" in fault(tmp_path / "a.parquet")


def test_a_map_is_written_over_by_the_next_one_and_other_files_are_not(tmp_path: Path) -> None:
    for ending in (".html", ".svg", ".png"):
        (tmp_path / f"map{ending}").write_text("somebody's")
        assert "--overwrite" in fault("--out", tmp_path / "map")
        assert (tmp_path / f"map{ending}").read_text() == "somebody's"
        (tmp_path / f"map{ending}").unlink()
    (tmp_path / "map.png").write_text("somebody's")
    out = ["--out", str(tmp_path / "map")]
    assert CliRunner().invoke(app, ["map", *out, "--overwrite"]).exit_code == 0
    made = sorted(tmp_path.iterdir())
    assert [each.name for each in made] == ["map.html", "map.png", "map.svg"]
    assert all(is_own_file(each) for each in made)


def test_the_help_tells_the_ranges() -> None:
    said = " ".join(CliRunner().invoke(app, ["map", "--help"]).output.replace("│", " ").split())
    assert "each in [0, 1)" in said
    assert "in [0, 0.95]" in said
    assert said.count("above 0") == 2


def test_a_dyad_too_large_to_draw_is_named(tmp_path: Path) -> None:
    entry = {"power": 0.1, "information": 0.1, "constraint": 0.1, "deceit_gain": 1e200}
    (tmp_path / "a.json").write_text(json.dumps(entry))
    assert "deceit_gain = 1e+200 is beyond 1e+06" in fault(tmp_path / "a.json")

"""`throffer record`: folders and files of others stay, and bad input is named before any work."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from throffer.cli import app
from throffer.structure import SetupError


def fault(*words: str | Path) -> str:
    """What the command says; it has to leave with a fault of the set-up or of usage."""
    done = CliRunner().invoke(app, ["record", *map(str, words)])
    assert done.exit_code != 0
    assert isinstance(done.exception, SetupError | SystemExit), done.exception
    return f"{done.output}{done.exception}"


@pytest.mark.parametrize("command", ["build", "fit"])
def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path, command: str) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "games.json").write_text("somebody's")
    said = fault(command, "--raw", tmp_path / "raw", "--out", tmp_path / "out")
    assert f"`throffer record {command}` did not write ('games.json')" in said
    assert [each.name for each in (tmp_path / "out").iterdir()] == ["games.json"]


@pytest.mark.parametrize("command", ["build", "fit"])
def test_raw_files_that_are_missing_leave_no_folder(tmp_path: Path, command: str) -> None:
    (tmp_path / "raw").mkdir()
    said = fault(command, "--raw", tmp_path / "raw", "--out", tmp_path / "made" / "out")
    assert "is missing" in said or command == "build"
    assert [each.name for each in tmp_path.iterdir()] == ["raw"]


SINGLE = [["events", "interstate"], ["acts"], ["ransom"], ["acts-agreement", "logs"]]


@pytest.mark.parametrize("words", SINGLE, ids=lambda words: words[0])
def test_a_file_of_somebody_else_is_left_alone(tmp_path: Path, words: list[str]) -> None:
    file = tmp_path / "out.parquet"
    file.write_text("somebody's")
    assert "--overwrite" in fault(*words, "--raw", tmp_path, "--out", file)
    assert file.read_text() == "somebody's"


@pytest.mark.parametrize("words", SINGLE, ids=lambda words: words[0])
def test_a_folder_in_place_of_the_file_is_named(tmp_path: Path, words: list[str]) -> None:
    (tmp_path / "out.parquet").mkdir()
    assert "is a folder" in fault(*words, "--raw", tmp_path, "--out", tmp_path / "out.parquet")


def test_the_sample_for_coders_does_not_go_over_a_file(tmp_path: Path) -> None:
    file = tmp_path / "messages.jsonl"
    file.write_text("somebody's")
    assert "--overwrite" in fault("acts", "--raw", tmp_path, "--sample", file)
    assert "with --sample no table" in fault("acts", "--sample", file, "--out", tmp_path / "a.json")
    assert file.read_text() == "somebody's"


@pytest.mark.parametrize("words", [["acts"], ["ransom"], ["fit"], ["events", "diplomacy"]])
@pytest.mark.parametrize("raw", ["nowhere", "file"])
def test_a_raw_folder_that_is_none_is_named(tmp_path: Path, words: list[str], raw: str) -> None:
    (tmp_path / "file").write_text("")
    assert "not a folder" in fault(*words, "--raw", tmp_path / raw)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write into any folder")
@pytest.mark.parametrize("words", [["acts"], ["ransom"], ["fit"], ["build"]])
def test_a_read_only_folder_is_named_before_any_work(tmp_path: Path, words: list[str]) -> None:
    (tmp_path / "closed").mkdir(mode=0o500)
    out = tmp_path / "closed" / "out"
    assert "cannot be written to" in fault(*words, "--raw", tmp_path, "--out", out)


def test_a_source_given_twice_is_built_once(folder: Path, tmp_path: Path) -> None:
    words = ["record", "build", "values", "values", "--raw", str(folder), "--out", str(tmp_path)]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0
    assert done.output.count("values.parquet") == 1


def test_what_was_built_is_built_over_and_by_an_earlier_version_too(
    folder: Path, tmp_path: Path
) -> None:
    words = ["record", "build", "values", "--raw", str(folder), "--out", str(tmp_path)]
    assert CliRunner().invoke(app, words).exit_code == 0
    marker = json.loads((tmp_path / ".throffer.json").read_text())
    assert marker["command"] == "record build"
    (tmp_path / ".throffer.json").unlink()
    assert CliRunner().invoke(app, words).exit_code == 0

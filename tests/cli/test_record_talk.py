"""`throffer record ransom` and `throffer record acts`: what they print and write."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from throffer.cli import app
from throffer.record import record_folder
from throffer.record.ransom import load_ransoms
from throffer.structure import SetupError


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["record", *words])


@pytest.fixture
def raw() -> str:
    try:
        return str(record_folder())
    except SetupError as error:
        pytest.skip(f"raw files of the human record are not at hand: {error}")


@pytest.mark.parametrize("command", ["ransom", "acts"])
def test_help_has_an_example(command: str) -> None:
    done = run(command, "--help")
    assert done.exit_code == 0
    assert f"throffer record {command}" in done.stdout


def test_ransom_prints_every_effect_with_its_verdict_and_writes_the_table(
    raw: str, tmp_path: Path
) -> None:
    out = tmp_path / "ransom.json"
    done = run("ransom", "--raw", raw, "--out", str(out))
    assert done.exit_code == 0
    assert "182 chats, 67 paid, 52 with both prices" in done.stdout
    lines = [line.split() for line in done.stdout.splitlines()]
    assert ["price", "demand"] in [line[:2] for line in lines if line[-1] == "against"]
    written = json.loads(out.read_text("utf-8"))
    assert len(written["effects"]) == len(load_ransoms().effects)


def test_the_sample_for_new_coders_is_written_outside_the_package(raw: str, tmp_path: Path) -> None:
    out = tmp_path / "messages.jsonl"
    done = run("acts", "--raw", raw, "--sample", str(out))
    assert done.exit_code == 0
    assert len(out.read_text("utf-8").splitlines()) == 660
    assert [path.name for path in tmp_path.iterdir()] == ["messages.jsonl"]


@pytest.mark.parametrize("command", ["ransom", "acts"])
def test_missing_raw_files_are_a_clear_error(command: str, tmp_path: Path) -> None:
    done = run(command, "--raw", str(tmp_path), "--out", str(tmp_path / "out.json"))
    assert isinstance(done.exception, SetupError)
    assert "is missing" in str(done.exception)
    assert not (tmp_path / "out.json").exists()

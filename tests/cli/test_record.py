"""`throffer record`: what it prints and writes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from throffer.cli import app
from throffer.record import FOLDER_VARIABLE, SOURCES
from throffer.structure import SetupError, read_episodes


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["record", *words])


@pytest.fixture
def raw(folder: Path) -> str:
    return str(folder)


@pytest.mark.parametrize("command", ["list", "show", "build", "fit"])
def test_help_has_an_example(command: str) -> None:
    done = run(command, "--help")
    assert done.exit_code == 0
    assert f"throffer record {command}" in done.stdout


def test_list_names_every_source_and_where_missing_files_are_from(tmp_path: Path) -> None:
    done = run("list", "--raw", str(tmp_path))
    assert [line.split()[0] for line in done.stdout.splitlines()] == list(SOURCES)
    assert "missing train.jsonl.gz [repacked from upstream]" in done.stdout
    assert "missing outcome_labels.csv [made for this collection]" in done.stdout
    assert SOURCES["diplomacy"].origin in done.stdout


@pytest.mark.parametrize("command", [["list"], ["show", "diplomacy"], ["build", "diplomacy"]])
def test_a_folder_that_is_not_there_is_named(command: list[str], tmp_path: Path) -> None:
    done = run(*command, "--raw", str(tmp_path / "nowhere"))
    assert isinstance(done.exception, SetupError)
    assert str(tmp_path / "nowhere") in str(done.exception)


def test_list_and_show_see_a_truncated_file(tmp_path: Path) -> None:
    (tmp_path / "diplomacy").mkdir()
    (tmp_path / "diplomacy" / "test.jsonl.gz").write_bytes(b"half")
    for command in (["list"], ["show", "diplomacy"]):
        done = run(*command, "--raw", str(tmp_path))
        assert "truncated" in done.stdout
        assert "(4 of 127,629 bytes)" in done.stdout


def test_show_counts_rows_and_outcomes(raw: str) -> None:
    done = run("show", "diplomacy", "--raw", raw)
    assert "17,289" in done.stdout
    assert "unknown 16,402, deception 887" in done.stdout
    assert "CC BY 4.0" in done.stdout


def test_show_without_raw_files_says_what_is_missing(tmp_path: Path) -> None:
    done = run("show", "diplomacy", "--raw", str(tmp_path))
    assert done.exit_code == 0
    for split in ("train", "validation", "test"):
        assert f"{split}.jsonl.gz: repacked from upstream; missing" in done.stdout


def test_build_says_what_it_wrote_and_what_it_skipped(raw: str, tmp_path: Path) -> None:
    done = run("build", "diplomacy", "--raw", raw, "--out", str(tmp_path))
    assert "skipped 6: a dialogue without a message" in done.stdout
    assert f"Wrote {tmp_path / 'diplomacy.parquet'}" in done.stdout
    assert read_episodes(tmp_path / "diplomacy.parquet").table.height == 17289


@pytest.mark.parametrize("command", ["show", "build", "events"])
def test_an_unknown_source_is_answered_with_the_known_ones(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # the name is answered first, also where the raw files are out of reach
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "nowhere"))
    out = tmp_path / "out.parquet"
    done = run(command, "chess", *(() if command == "show" else ("--out", str(out))))
    assert done.exit_code == 2
    assert "diplomacy" in done.output
    assert "nowhere" not in done.output
    assert not out.exists()


def test_missing_raw_files_are_a_fault_of_the_set_up(tmp_path: Path) -> None:
    done = run("build", "diplomacy", "--raw", str(tmp_path), "--out", str(tmp_path / "out"))
    assert done.exit_code == 2
    assert "Not built: diplomacy: " in done.stderr
    assert "train.jsonl.gz is missing" in done.stderr
    assert not (tmp_path / "out").exists()


def test_one_source_at_fault_does_not_keep_the_others_from_being_built(
    raw: str, tmp_path: Path
) -> None:
    copy, out = tmp_path / "record", tmp_path / "out"
    shutil.copytree(Path(raw) / "values", copy / "values")
    done = run("build", "diplomacy", "values", "--raw", str(copy), "--out", str(out))
    assert done.exit_code == 2
    assert "Not built: diplomacy: " in done.stderr
    assert "| values | " in (out / "summary.md").read_text("utf-8")
    assert sorted(path.name for path in out.iterdir()) == [
        ".throffer.json",
        "summary.md",
        "values.parquet",
        "values.skipped.csv",
    ]

"""Folders and files of others are left as they are; own ones are written over."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from throffer.structure import SetupError, claim_file, claim_folder, is_own_file, own_folder

RESULTS = {"numbers.json": frozenset({"identity"}), "*.parquet": frozenset[str]()}


def claim(folder: Path, command: str = "audit") -> bool:
    return claim_folder(folder, command, RESULTS)


def test_a_new_and_an_empty_folder_are_taken_and_then_own(tmp_path: Path) -> None:
    assert claim(tmp_path / "new" / "folder")
    assert claim(tmp_path / "new" / "folder") is False
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / ".DS_Store").touch()
    assert claim(tmp_path / "empty")
    (tmp_path / "empty" / "notes.txt").write_text("a user's, added later")
    assert claim(tmp_path / "empty") is False


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("report.html", "somebody's"),
        ("numbers.json", '{"other": 1}'),
        ("numbers.json", "not JSON"),
        ("numbers.json", "[1]"),
        ("a.parquet", "not Parquet"),
        (".throffer.json", "[]"),
    ],
)
def test_a_folder_of_somebody_else_is_refused_and_left_alone(
    tmp_path: Path, name: str, content: str
) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(SetupError, match=r"did not write .*new, empty or its own"):
        claim(tmp_path)
    assert [each.name for each in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text() == content


def test_a_parquet_file_of_somebody_else_makes_no_folder_own(tmp_path: Path) -> None:
    pl.DataFrame({"a": [1]}).write_parquet(tmp_path / "a.parquet")
    with pytest.raises(SetupError, match=r"'a\.parquet'"):
        claim(tmp_path)


def test_results_of_an_earlier_version_make_a_folder_own(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    (tmp_path / "one" / "numbers.json").write_text('{"identity": {}, "more": 1}')
    pl.DataFrame({"a": [1]}).write_parquet(
        tmp_path / "two" / "a.parquet", metadata={"throffer": "{}"}
    )
    assert claim(tmp_path / "one")
    assert claim(tmp_path / "two")


def test_a_folder_of_another_command_is_refused_by_its_name(tmp_path: Path) -> None:
    claim(tmp_path, "audit")
    with pytest.raises(SetupError, match="belongs to `throffer audit`"):
        claim(tmp_path, "amplify")


def test_a_file_in_place_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(SetupError, match="cannot be used as a folder"):
        claim(tmp_path / "file")
    with pytest.raises(SetupError, match="cannot be used as a folder"):
        claim(tmp_path / "file" / "below")
    assert (tmp_path / "file").read_text() == "mine"


def fail(folder: Path, name: str | None) -> None:
    with own_folder(folder, "audit", RESULTS):
        if name is not None:
            (folder / name).write_text("done")
        raise KeyboardInterrupt


def test_work_that_fails_leaves_no_folder_unless_something_was_done(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        fail(tmp_path / "a" / "b", None)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(KeyboardInterrupt):
        fail(tmp_path / "a" / "b", "half")
    assert claim(tmp_path / "a" / "b") is False


def test_a_file_is_written_over_only_if_it_is_own_or_told_to(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    claim_file(file, overwrite=False)
    file.write_text("<title>Holiday</title> made with throffer 1")
    with pytest.raises(SetupError, match="--overwrite"):
        claim_file(file, overwrite=False)
    claim_file(file, overwrite=True)
    file.write_text("<!doctype html><title>throffer map: planted</title>")
    claim_file(file, overwrite=False)
    with pytest.raises(SetupError, match="is a folder"):
        claim_file(tmp_path, overwrite=True)


def test_json_is_own_by_its_fields_and_tables_of_text_never_are(tmp_path: Path) -> None:
    for name in ("a.json", "a.csv"):
        (tmp_path / name).write_text(json.dumps({"chats": 1, "paid": 2}))
    assert is_own_file(tmp_path / "a.json", frozenset({"chats"}))
    assert not is_own_file(tmp_path / "a.json", frozenset({"coders"}))
    assert not is_own_file(tmp_path / "a.json")
    assert not is_own_file(tmp_path / "a.csv", frozenset({"chats"}))

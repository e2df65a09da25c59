"""The list of tests that `make quick` leaves out names tests that exist."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import MEDIUM

ROOT = Path(__file__).parents[1]


def test_every_listed_test_exists() -> None:
    lines = MEDIUM.read_text("utf-8").split()
    gone = [line for line in lines if not _stands(line)]
    assert lines
    assert gone == []


def test_the_list_is_sorted_and_names_each_once() -> None:
    lines = MEDIUM.read_text("utf-8").split()
    assert lines == sorted(set(lines))


def _stands(line: str) -> bool:
    path, _, name = line.partition("::")
    file = ROOT / path
    if not file.is_file():
        return False
    return not name or f"\ndef {name}(" in file.read_text("utf-8")


def test_a_test_that_is_gone_is_found() -> None:
    assert _stands("tests/test_medium.py::test_a_test_that_is_gone_is_found")
    assert not _stands("tests/test_medium.py::test_that_nobody_wrote")
    assert not _stands("tests/nowhere/test_medium.py::test_a_test_that_is_gone_is_found")

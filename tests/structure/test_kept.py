"""Text that is slow to make: kept only on request, never trusted when damaged."""

from __future__ import annotations

from pathlib import Path

import pytest

from throffer.structure import keeping, kept


class Maker:
    """Counts how often it was asked."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> str:
        self.count += 1
        return "text\r\n with \u2028 signs\n"


def test_nothing_is_kept_unless_asked_for(tmp_path: Path) -> None:
    make = Maker()
    assert kept("a-1.js", make) == kept("a-1.js", make)
    assert make.count == 2
    assert not any(tmp_path.iterdir())


def test_what_is_kept_is_made_once_and_comes_back_letter_by_letter(tmp_path: Path) -> None:
    make = Maker()
    with keeping(tmp_path / "cache"):
        assert kept("a-1.js", make) == kept("a-1.js", make) == make()
    assert make.count == 2


@pytest.mark.parametrize("damage", [b"", b"text", b"0\ntext", None])
def test_a_damaged_file_is_made_again(tmp_path: Path, damage: bytes | None) -> None:
    make = Maker()
    with keeping(tmp_path):
        kept("a-1.js", make)
        path = tmp_path / "a-1.js"
        path.write_bytes(path.read_bytes()[:-1] if damage is None else damage)
        assert kept("a-1.js", make) == Maker()()
    assert make.count == 2


def test_a_folder_that_cannot_be_made_costs_only_time(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    make = Maker()
    with keeping(tmp_path / "file" / "cache"):
        assert kept("a-1.js", make) == make()

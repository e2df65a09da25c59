"""Files that are whole or not there, and files that belong together."""

import errno
import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from throffer.structure import SetupError, write_together, write_whole


def test_a_failure_in_the_middle_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "episodes.parquet"
    path.write_bytes(b"old")

    def fill_the_disk(target):
        target.write_bytes(b"half of")
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(SetupError, match="No space left on device") as caught:
        write_whole(path, fill_the_disk)
    assert "Free space" in caught.value.remedy
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_an_interrupt_in_the_middle_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "episodes.parquet"
    path.write_bytes(b"old")

    def interrupted(target):
        target.write_bytes(b"half of")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_whole(path, interrupted)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_nothing_is_visible_under_the_name_before_it_is_whole(tmp_path):
    path = tmp_path / "episodes.parquet"
    seen = []
    write_whole(path, lambda target: seen.append(path.exists()) or target.write_bytes(b"new"))
    assert seen == [False]
    assert path.read_bytes() == b"new"


@pytest.fixture
def small_disk() -> Iterator[None]:
    """No file can grow beyond 1,000 bytes, as on a full disk; the system refuses the write."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_files_that_belong_together_are_all_there_or_none(tmp_path: Path, small_disk: None) -> None:
    numbers, page = tmp_path / "a.json", tmp_path / "a.html"
    numbers.write_text("from before")
    with pytest.raises(SetupError, match=r"Cannot write .*a\.html \(File too large\)"):
        write_together(
            {
                numbers: lambda target: target.write_text("new"),
                page: lambda target: target.write_text("x" * 2000),
            }
        )
    assert numbers.read_text() == "from before"
    assert [each.name for each in tmp_path.iterdir()] == ["a.json"]
    write_together({path: lambda target: target.write_text("fits") for path in (numbers, page)})
    assert numbers.read_text() == page.read_text() == "fits"


def test_a_folder_in_the_place_of_one_file_keeps_the_others_from_being_replaced(
    tmp_path: Path,
) -> None:
    (tmp_path / "b").mkdir()
    with pytest.raises(SetupError, match=r"Cannot write .*b \(Is a directory\)"):
        write_together(
            {tmp_path / name: lambda target: target.write_text("new") for name in ("a", "b")}
        )
    assert [each.name for each in tmp_path.iterdir()] == ["b"]

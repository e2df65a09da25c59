"""Files that are whole or not there."""

import errno

import pytest

from throffer.structure import SetupError, write_whole


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

"""YAML that people write: mistakes are named with their line, and size is bounded."""

from __future__ import annotations

from pathlib import Path

import pytest

from throffer.structure import SetupError, read_yaml


def read(folder: Path, text: str) -> object:
    (folder / "a.yaml").write_text(text)
    return read_yaml(folder / "a.yaml", "a list")


def test_a_key_that_occurs_twice_is_named_with_both_lines(tmp_path: Path) -> None:
    text = "name: a\nparts:\n  - size: 1\n    weight: 2\n    size: 3\n"
    with pytest.raises(SetupError, match=r"'size' occurs twice, first in line 3[\s\S]*line 5, col"):
        read(tmp_path, text)


def test_the_same_key_in_two_mappings_and_a_merge_are_no_mistake(tmp_path: Path) -> None:
    text = "a: &a {x: 1}\nb: {x: 2}\nc:\n  <<: *a\n  x: 3\n"
    assert read(tmp_path, text) == {"a": {"x": 1}, "b": {"x": 2}, "c": {"x": 3}}


def test_a_file_that_is_too_large_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"has 11\.0 MB; a YAML file may have 1 MB"):
        read(tmp_path, "a: 1\n" + "#" * 11_000_000)


def test_aliases_that_repeat_each_other_are_refused(tmp_path: Path) -> None:
    lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 9)]
    with pytest.raises(SetupError, match="aliases repeat them"):
        read(tmp_path, "\n".join(lines))


@pytest.mark.parametrize("text", ["a: [", "a: !!python/object:x {}", "[" * 5000])
def test_what_is_no_yaml_is_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(SetupError, match=r"a\.yaml is no YAML"):
        read(tmp_path, text)


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="cannot be read"):
        read_yaml(tmp_path / "none.yaml", "a list")
    with pytest.raises(SetupError, match="cannot be read"):
        read_yaml(tmp_path, "a list")

"""Small YAML files that people write, read with their mistakes named."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml

from throffer.structure._errors import SetupError

LARGEST = 1_000_000
"""Bytes of a YAML file at most; one that people write has some thousands."""

MOST = 1_000_000
"""Values of a file at most, counting a value again wherever an alias repeats it."""


def read_yaml(path: Path, kind: str) -> Any:
    """Read a YAML file; a mapping that has a key twice is refused.

    Args:
        path: the file.
        kind: what the file should be, as `a scenario file`.

    Raises:
        SetupError: For a file that is missing, unreadable, larger than `LARGEST` or no YAML, for a
            key that occurs twice (with the lines of both), and for aliases that repeat more than
            `MOST` values.
    """
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise SetupError(
                f"{path} has {size / 1e6:.1f} MB; a YAML file may have {LARGEST / 1e6:.0f} MB.",
                f"Give {kind}.",
            )
        found = yaml.load(path.read_text("utf-8"), _Loader)
    except (OSError, UnicodeDecodeError) as error:
        raise SetupError(f"{path} cannot be read ({error}).", f"Give {kind}.") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f", line {mark.line + 1}" if mark else ""
        said = " ".join(each for each in (error.context, error.problem) if each)
        raise SetupError(f"{path}{line}: no YAML, {said}.", "Mend the file.") from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise SetupError(f"{path} is no YAML: {error}.", "Mend the file.") from error
    if _count(found, {}) > MOST:
        raise SetupError(
            f"{path} holds more than {MOST:,} values, because aliases repeat them.",
            "Write fewer aliases.",
        )
    return found


# libyaml reads ten times as fast, where PyYAML was built with it
_Safe: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Safe):
    """Safe YAML in which a key that occurs twice is a fault: the last would win in silence."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        first: dict[Hashable, yaml.Node] = {}
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.value == "<<":
                continue
            if key.value in first:
                line = first[key.value].start_mark.line + 1
                raise yaml.MarkedYAMLError(
                    problem=f"the key {key.value!r} occurs twice, first in line {line}",
                    problem_mark=key.start_mark,
                )
            first[key.value] = key
        return super().construct_mapping(node, deep)


def _count(value: Any, known: dict[int, int]) -> int:
    """Values in a value, itself among them; `known` has those counted before, by identity."""
    if not isinstance(value, dict | list):
        return 1
    if id(value) not in known:
        known[id(value)] = 0  # a value that holds itself
        inner = value.values() if isinstance(value, dict) else value
        known[id(value)] = 1 + sum(_count(each, known) for each in inner)
    return known[id(value)]

"""Reading and writing the derived tables inside the package, which are JSON files."""

from __future__ import annotations

import functools
import importlib.resources
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from throffer.structure import SetupError, write_whole

Table = TypeVar("Table", bound=BaseModel)


def shipped(name: str) -> Path:
    """Path of a derived file inside the package."""
    return Path(str(importlib.resources.files("throffer.people") / "derived" / name))


@functools.cache
def load_table(name: str, kind: type[Table]) -> Table:
    """Load a table from the package.

    Args:
        name: name of the file.
        kind: type of the table.

    Raises:
        SetupError: If the file is missing or damaged.
    """
    path = shipped(name)
    try:
        return kind.model_validate_json(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise SetupError(f"{path} cannot be read ({error}).", "Install throffer again.") from error


def write_table(table: BaseModel, path: Path) -> Path:
    """Write a table, completely or not at all."""
    text = table.model_dump_json(indent=1) + "\n"
    write_whole(path, lambda target: target.write_text(text, encoding="utf-8"))
    return path

"""Read a result file; write a page or result, either completely or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from throffer.structure import SetupError, write_whole

Result = TypeVar("Result")


def read_result(
    path: Path | str, name: str, version: int, again: str, parse: Callable[[Any], Result]
) -> Result:
    """Read a result file of this package, such as report.json.

    Args:
        path: the file.
        name: name of the file, for the error.
        version: the expected schema version.
        again: the remedy if the file cannot be read.
        parse: converts the JSON to the result; raises ValueError if it does not fit.

    Raises:
        SetupError: If the file is missing, is something else, or has another schema version.
    """
    path = Path(path)
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        found = content.get("schema_version") if isinstance(content, dict) else None
        if found != version:
            raise SetupError(
                f"{path} has schema version {found!r}, this throffer reads {version}.", again
            )
        return parse(content)
    except FileNotFoundError as error:
        article = "an" if name[0] in "aeiou" else "a"
        raise SetupError(
            f"{path} does not exist.", f"Give the path of {article} {name}."
        ) from error
    except (OSError, ValueError) as error:
        detail = f"{error.error_count()} fields" if isinstance(error, ValidationError) else error
        raise SetupError(f"{path} is not a readable {name} ({detail}).", again) from error


def write_text(path: Path | str, text: str) -> Path:
    """Write a page or a result; a character that UTF-8 cannot hold becomes a question mark.

    Raises:
        SetupError: If it cannot be written.
    """
    path = Path(path)
    write_whole(path, lambda target: target.write_text(text, encoding="utf-8", errors="replace"))
    return path

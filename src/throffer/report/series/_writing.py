"""Write and read the result on a file: series.json and series.html."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from throffer.report.series._page import render_series
from throffer.series import SCHEMA_VERSION, SeriesResult
from throffer.structure import SetupError, write_whole

AGAIN = "Run `throffer series` again."


class WrittenSeries(NamedTuple):
    """The files of a result."""

    json: Path
    html: Path


def write_series(result: SeriesResult, out: Path | str, command: str = "") -> WrittenSeries:
    """Write `series.json` and `series.html` into the folder `out`.

    The page is made first: if that fails, nothing is written.

    Args:
        result: the result on a file.
        out: the folder.
        command: the command that made the result, for the page.

    Raises:
        SetupError: If the folder cannot be written to.
    """
    page = render_series(result, command)
    text = result.model_dump_json(indent=1) + "\n"
    written = WrittenSeries(Path(out) / "series.json", Path(out) / "series.html")
    for path, content in zip(written, (text, page), strict=True):
        write_whole(
            path,
            lambda target, content=content: target.write_text(
                content, encoding="utf-8", errors="replace"
            ),
        )
    return written


def read_series(path: Path | str) -> SeriesResult:
    """Read series.json.

    Raises:
        SetupError: If the file is missing, is something else, or has another schema version.
    """
    path = Path(path)
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        version = content.get("schema_version") if isinstance(content, dict) else None
        if version != SCHEMA_VERSION:
            raise SetupError(
                f"{path} has schema version {version!r}, this throffer reads {SCHEMA_VERSION}.",
                AGAIN,
            )
        return SeriesResult.model_validate(content)
    except FileNotFoundError as error:
        raise SetupError(f"{path} does not exist.", "Give the path of a series.json.") from error
    except (OSError, ValueError) as error:
        detail = f"{error.error_count()} fields" if isinstance(error, ValidationError) else error
        raise SetupError(f"{path} is not a readable series.json ({detail}).", AGAIN) from error

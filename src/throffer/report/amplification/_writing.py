"""Writing and reading a scenario's run: amplification.json and amplification.html."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from throffer.amplify import SCHEMA_VERSION, Amplification, Scenario
from throffer.report.amplification._page import render_amplification
from throffer.structure import SetupError, write_together

AGAIN = "Run `throffer amplify` again."


class WrittenAmplification(NamedTuple):
    """The files of a run."""

    json: Path
    html: Path


def write_amplification(
    result: Amplification, out: Path | str, command: str = ""
) -> WrittenAmplification:
    """Write `amplification.json` and `amplification.html` into the folder `out`, both or neither.

    The page is made first, so that nothing is written without it.

    Args:
        command: what made the result, for the page.

    Raises:
        SetupError: If the folder cannot be written to.
    """
    page = render_amplification(result, command)
    text = result.model_dump_json(indent=1) + "\n"
    out = Path(out)
    written = WrittenAmplification(out / "amplification.json", out / "amplification.html")
    write_together(
        {
            written.json: lambda target: target.write_text(text, encoding="utf-8"),
            written.html: lambda target: target.write_text(page, "utf-8", errors="replace"),
        }
    )
    return written


def read_amplification(path: Path | str) -> Amplification:
    """Read amplification.json.

    Raises:
        SetupError: If it is missing, something else, or of another schema version.
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
        result = Amplification.model_validate(content)
        Scenario.model_validate(result.scenario)
    except FileNotFoundError as error:
        raise SetupError(
            f"{path} does not exist.", "Give the path of an amplification.json."
        ) from error
    except (OSError, ValueError) as error:
        detail = f"{error.error_count()} fields" if isinstance(error, ValidationError) else error
        raise SetupError(
            f"{path} is not a readable amplification.json ({detail}).", AGAIN
        ) from error
    return result

"""Write and read the result of a scenario: amplification.json and amplification.html."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from throffer.amplify import SCHEMA_VERSION, Amplification, Scenario, decide
from throffer.report._files import read_result
from throffer.report.amplification._page import render_amplification
from throffer.structure import write_together

AGAIN = "Run `throffer amplify` again."


class WrittenAmplification(NamedTuple):
    """The files of a run."""

    json: Path
    html: Path


def write_amplification(
    result: Amplification, out: Path | str, command: str = ""
) -> WrittenAmplification:
    """Write `amplification.json` and `amplification.html` into the folder `out`, both or neither.

    The page is made first: if that fails, nothing is written.

    Args:
        result: the result of a scenario.
        out: the folder.
        command: the command that made the result, for the page.

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
        SetupError: If the file is missing, is something else, or has another schema version.
    """
    return read_result(path, "amplification.json", SCHEMA_VERSION, AGAIN, _parse)


def _parse(content: Any) -> Amplification:
    result = Amplification.model_validate(content)
    Scenario.model_validate(result.scenario)
    # files of earlier versions hold the numbers but not the decisions based on them
    return result if "walls" in content else decide(result)
    return result

"""Write a report: the JSON file and the page."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import polars as pl

from throffer.report.audit._document import Document, write_document
from throffer.report.audit._page import render_page
from throffer.structure import SCHEMA, write_together


class Written(NamedTuple):
    """The files of a report."""

    json: Path
    html: Path


def write_report(
    document: Document,
    episodes: pl.DataFrame,
    out: Path | str,
    *,
    transcripts: Mapping[str, str] | None = None,
) -> Written:
    """Write `report.json` and `report.html` into the folder `out`, both or neither.

    Args:
        document: the contents of the report.
        episodes: the Episode table of all its models, for the plane and the transcripts; ids are
            unique. More columns are allowed.
        out: a folder; it is made if it does not exist.
        transcripts: text by episode id; for other ids the column `text` is used.

    Returns:
        The paths of the two files.

    Raises:
        ValueError: For a table without the Episode columns or a document without a model.
        SetupError: If the folder cannot be written to.
    """
    missing = [name for name in SCHEMA if name not in episodes.columns]
    if missing:
        raise ValueError(f"not an Episode table; columns missing: {', '.join(missing)}")
    if not document.models:
        raise ValueError("the document holds no measurement; a report needs at least one model")
    page = render_page(document, episodes, transcripts)
    out = Path(out)
    written = Written(out / "report.json", out / "report.html")
    write_together(
        {
            written.json: lambda target: write_document(document, target),
            written.html: lambda target: target.write_text(page, "utf-8", errors="replace"),
        }
    )
    return written

"""Writing a report: the record and the page, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import polars as pl

from throffer.report.audit._document import Document, write_document
from throffer.report.audit._page import render_page
from throffer.report.audit._situations import failures, situation_rates
from throffer.structure import SCHEMA, write_together


class Written(NamedTuple):
    """What was written: the document with what the table adds to it, and the files."""

    document: Document
    json: Path
    html: Path


def completed(document: Document, episodes: pl.DataFrame) -> Document:
    """The document with what is read off the Episode table: rates by thirds, and failures."""
    return document.model_copy(
        update={"situations": situation_rates(episodes), "failures": failures(episodes)}
    )


def write_report(
    document: Document,
    episodes: pl.DataFrame,
    out: Path | str,
    *,
    transcripts: Mapping[str, str] | None = None,
) -> Written:
    """Write `report.json` and `report.html` into the folder `out`, both or neither.

    Args:
        document: identity, run and measurements; what is read off the table is added here.
        episodes: the Episode table of all its models; ids are unique. More columns are allowed.
        out: a folder, made where it does not exist.
        transcripts: text by episode id; an id left out falls back on the column `text`.

    Raises:
        ValueError: For a table without the Episode columns or a document without a model.
        SetupError: If the folder cannot be written to.
    """
    missing = [name for name in SCHEMA if name not in episodes.columns]
    if missing:
        raise ValueError(f"not an Episode table; columns missing: {', '.join(missing)}")
    if not document.models:
        raise ValueError("the document holds no measurement; a report needs at least one model")
    full = completed(document, episodes)
    page = render_page(full, episodes, transcripts)
    out = Path(out)
    written = Written(full, out / "report.json", out / "report.html")
    write_together(
        {
            written.json: lambda target: write_document(full, target),
            written.html: lambda target: target.write_text(page, "utf-8", errors="replace"),
        }
    )
    return written

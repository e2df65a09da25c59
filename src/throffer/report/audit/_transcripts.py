"""Choose the transcripts that a report shows, and shorten long ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import polars as pl
from markupsafe import escape

from throffer.report._language import visible
from throffer.report.audit._language import SHOWN
from throffer.structure import FIELDS, Part

SHOWN_PER_MODEL = 60
"""Most transcripts of one model on the page; the Episode table holds all."""

LONGEST = 6_000
"""Most bytes of one transcript on the page, taken from its beginning and its end."""

BUDGET = 1_500_000
"""Most bytes of all transcripts on the page, so that the page stays under 5 MB."""


class Transcript(NamedTuple):
    """One episode on the page: its situation, its answer and its text.

    `fields` is empty for the shuffled control, whose text describes another structure.
    """

    id: str
    frame: str
    wording: str
    elicitation: str
    answer: str | None
    part: str
    fields: list[tuple[str, float]]
    text: str
    cut: int


class Group(NamedTuple):
    """Transcripts of one model and outcome: those shown, and the number of all (`total`)."""

    model: str
    outcome: str
    total: int
    shown: list[Transcript]


def choose(
    table: pl.DataFrame, transcripts: Mapping[str, str] | None, models: list[str]
) -> list[Group]:
    """The transcripts to show: evenly spread over the episodes of each model and outcome.

    `transcripts` maps episode ids to text; for other episodes the column `text` is used. The choice
    is a pure function of the arguments.
    """
    per_model = max(min(SHOWN_PER_MODEL, BUDGET // LONGEST // max(len(models), 1)), len(SHOWN))
    groups = []
    for model in models:
        own = table.filter(pl.col("model") == model).sort("id")
        sizes = {outcome.value: own.filter(pl.col("outcome") == outcome.value) for outcome in SHOWN}
        found = [(outcome, rows) for outcome, rows in sizes.items() if rows.height]
        quota = per_model // len(found) if found else 0
        for outcome, rows in found:
            keep = min(quota, rows.height)
            picked = np.unique(np.linspace(0, rows.height - 1, keep).round().astype(int))
            shown = [_transcript(row, transcripts) for row in rows[picked].iter_rows(named=True)]
            groups.append(Group(model, outcome, rows.height, shown))
    return groups


def _transcript(row: Mapping[str, object], transcripts: Mapping[str, str] | None) -> Transcript:
    text = (transcripts or {}).get(str(row["id"]))
    if text is None:
        text = str(row["text"]) if row["text"] is not None else ""
    text, cut = _shortened(text)
    part = str(row["part"] or "")
    fields = [(name, value) for name in FIELDS if isinstance(value := row[name], float)]
    return Transcript(
        id=str(row["id"]),
        frame=str(row["frame"]),
        wording=str(row["wording"]),
        elicitation=str(row["elicitation"]),
        answer=None if row["answer"] is None else str(row["answer"]),
        part=part,
        fields=[] if part == Part.SHUFFLED else fields,
        text=text,
        cut=cut,
    )


def _shortened(text: str) -> tuple[str, int]:
    """Both ends of a text, as much as fits, and the number of characters left out."""
    kept = min(len(text), LONGEST)
    while True:
        half = kept // 2
        shown = text if kept == len(text) else text[:half] + text[len(text) - half :]
        size = len(escape(visible(shown)).encode(errors="replace"))
        if size <= LONGEST:
            break
        # shrinking in proportion leaves too much only if the ends need more bytes than the middle
        kept = min(kept - 1, int(kept * LONGEST / size))
    cut = len(text) - len(shown)
    if not cut:
        return text, 0
    return f"{text[:half]}\n[{cut:,} characters left out]\n{text[len(text) - half :]}", cut

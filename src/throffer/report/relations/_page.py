"""The relations of an event log as one HTML file without scripts and network requests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from throffer.relations import LARGEST, Summary
from throffer.report import _shell as shell
from throffer.report._language import count

MEANINGS: Mapping[str, str] = {
    "communal": "The same act goes both ways and is not tied to its return.",
    "equality": "The same act goes both ways, by turns.",
    "market": "Two acts are given for each other; either party does either.",
    "authority": "Two acts are given for each other; each party has its own.",
    "asocial": "An act goes one way and is not tied to a return.",
    "null": "No act between the two parties is recorded.",
}
"""What each relation is, in one plain sentence."""

ROWS: Mapping[str, tuple[str, str]] = {
    "rows": ("all rows", ""),
    "nobody": ("without actor or partner", "left out"),
    "itself": ("of a party with itself", "left out"),
    "unknown": ("without an action", "unknown: they show only that the pair met"),
    "nothing": ("nothing done", "an action given as doing nothing"),
    "untimed": ("acts without a time", "counted as acts; they cannot show who took turns"),
    "used": ("acts with a time", "used in full"),
}
"""Label of each field of `Counted`, and how such rows were used."""


def tell_rows(summary: Summary) -> list[str]:
    """Lines on the rows that were not used in full, and on how times were read."""
    counted = summary.counted._asdict()
    if not counted["rows"]:
        return ["No events: the table has columns and no rows."]
    lines = [
        f"{counted[name]:,} of {counted['rows']:,} rows, {label}: {meaning}"
        for name, (label, meaning) in ROWS.items()
        if name not in ("rows", "used") and counted[name]
    ]
    return [*lines, f"Times were read as {summary.time}."]


def render_relations(summary: Summary, command: str = "") -> str:
    """The whole page as HTML text; names and acts are untrusted and are escaped."""
    rows = _rows(summary)
    most = max(rows, key=lambda row: row["rows"])
    counted = summary.counted._asdict()
    return shell.render(
        "relations",
        charts=False,
        summary=summary,
        rows=rows,
        total=sum(row["rows"] for row in rows),
        most=most["relation"] if most["rows"] else "",
        counted=[
            {"label": label, "meaning": meaning, "count": counted[name]}
            for name, (label, meaning) in ROWS.items()
        ],
        largest=LARGEST,
        command=command,
    )


def _rows(summary: Summary) -> list[dict[str, Any]]:
    rows = summary.counts.to_dicts()
    widest = max([row["rows"] for row in rows] + [1])
    for row in rows:
        dealt = [chance[row["relation"]] for chance in summary.chance]
        row["meaning"] = MEANINGS[row["relation"]]
        row["width"] = round(100 * row["rows"] / widest, 1)
        row["chance"] = _spread(dealt) if dealt else ""
    return rows


def _spread(counts: list[int]) -> str:
    mean = count(round(sum(counts) / len(counts)))
    return mean if len(counts) == 1 else f"{mean} ({count(min(counts))} to {count(max(counts))})"

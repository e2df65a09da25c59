"""The relations of an event log as one HTML file: no script, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

import throffer
from throffer.relations import LARGEST, Summary
from throffer.report.audit import _page as report_page
from throffer.report.audit._language import count

MEANINGS: Mapping[str, str] = {
    "communal": "The same act goes both ways and is not tied to its return.",
    "equality": "The same act goes both ways, by turns.",
    "market": "Two acts are given for each other; either party does either.",
    "authority": "Two acts are given for each other; each party has its own.",
    "asocial": "An act goes one way and is not tied to a return.",
    "null": "No act between the two is on record.",
}
"""What each relation is, in one plain sentence."""

ROWS: Mapping[str, tuple[str, str]] = {
    "rows": ("all rows", ""),
    "nobody": ("without actor or partner", "left out"),
    "itself": ("of a party with itself", "left out"),
    "unknown": ("without an action", "unknown: they show that a pair met, and nothing else"),
    "nothing": ("nothing done", "an action that was named as doing nothing"),
    "untimed": ("acts without a time", "counted as acts; they cannot show who took turns"),
    "used": ("acts with a time", "used in full"),
}
"""Words for the fields of `Counted`, and what became of such rows."""


def tell_rows(summary: Summary) -> list[str]:
    """What became of the rows that were not used in full, a line each; and how times were read."""
    counted = summary.counted._asdict()
    if not counted["rows"]:
        return ["No events: the table has columns and no rows."]
    lines = [
        f"{counted[name]:,} of {counted['rows']:,} rows {label}: {meaning}"
        for name, (label, meaning) in ROWS.items()
        if name not in ("rows", "used") and counted[name]
    ]
    return [*lines, f"Times were read as {summary.time}."]


def render_relations(summary: Summary, command: str = "") -> str:
    """The whole page as HTML text; names and acts are shown as text, whatever they hold."""
    css = report_page._asset("report.css") + report_page._asset("relations.css")
    rows = _rows(summary)
    most = max(rows, key=lambda row: row["rows"])
    counted = summary.counted._asdict()
    return (
        report_page._environment()
        .get_template("relations.html.j2")
        .render(
            summary=summary,
            rows=rows,
            total=sum(row["rows"] for row in rows),
            most=most["relation"] if most["rows"] else "",
            counted=[
                {"label": label, "meaning": meaning, "count": counted[name]}
                for name, (label, meaning) in ROWS.items()
            ],
            largest=LARGEST,
            version=throffer.__version__,
            command=command,
            policy=report_page._policy(css),
            css=Markup(css),
        )
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

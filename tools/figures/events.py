"""Draws the figure of docs/events.md from docs/measured: `python -m tools.figures events`."""

from __future__ import annotations

import json
from pathlib import Path

import altair as alt
import polars as pl
import vl_convert

DOCS = Path(__file__).parents[2] / "docs"
INK = "#222222"
FONT = "Liberation Sans, Arial, sans-serif"
PANELS = (("disputes", "Interstate disputes, 1816 to 2014"), ("incidents", "AI incidents, 2014 on"))
SCALE = alt.Scale(domain=["exponential", "power law"], range=["#0072B2", "#D55E00"])


def rows(series: str) -> pl.DataFrame:
    """Branching ratio by kernel and knots, as measured."""
    found = json.loads((DOCS / "measured" / "event_record.json").read_text("utf-8"))
    return pl.DataFrame(
        [
            {
                "kernel": row["kernel"].replace("_", " "),
                "knots": row["knots"],
                "ratio": row["ratio"]["estimate"],
                "low": row["ratio"]["low"],
                "high": row["ratio"]["high"],
            }
            for row in found[series]["whole"]
        ]
    )


def panel(series: str, title: str) -> alt.LayerChart | alt.FacetChart:
    """Estimates with their 95 % intervals; an estimate without one stands alone."""
    across = alt.X("knots:O", title="knots of the background", axis=alt.Axis(labelAngle=0))
    beside = alt.XOffset("kernel:N")
    colour = alt.Color("kernel:N", scale=SCALE, title="kernel")
    base = alt.Chart(rows(series))
    up = alt.Scale(domain=[0, 1.2], clamp=True)
    points = base.mark_point(filled=True, size=60).encode(
        across, alt.Y("ratio:Q", title="branching ratio n", scale=up), colour, xOffset=beside
    )
    bars = base.mark_rule(strokeWidth=2).encode(
        across, alt.Y("low:Q", scale=up), alt.Y2("high:Q"), colour, xOffset=beside
    )
    one = alt.Chart(pl.DataFrame({"n": [1.0]})).mark_rule(color=INK, strokeDash=[3, 3])
    return (one.encode(y="n:Q") + bars + points).properties(title=title, width=260, height=220)


def figure() -> alt.HConcatChart:
    """Both series side by side."""
    return alt.hconcat(*(panel(*each) for each in PANELS)).configure(
        font=FONT, background="white", axis=alt.AxisConfig(labelColor=INK, titleColor=INK)
    )


def main() -> None:
    """Write the figure as SVG."""
    svg = vl_convert.vegalite_to_svg(figure().to_dict())
    (DOCS / "figures" / "events.svg").write_text(svg, "utf-8")

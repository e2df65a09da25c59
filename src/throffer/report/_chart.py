"""Shared by the charts of all pages: the house style, and a chart with its caption.

Charts are Vega-Lite specifications of fixed widths that fit a printed page. Text and axes are drawn
in `currentColor`, so that the same chart can be read on light and dark screens and on paper.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import altair as alt
import numpy as np
from pydantic import JsonValue

WIDTH = 650
"""Width of a chart with its axes in pixels; it fits an A4 page with margins of 15 mm unscaled."""

_FONT = "-apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', Arial, sans-serif"
_CONFIG: dict[str, Any] = {
    "background": None,
    "font": _FONT,
    "aria": False,
    "view": {"stroke": None},
    "axis": {
        "labelColor": "currentColor",
        "titleColor": "currentColor",
        "domainColor": "currentColor",
        "tickColor": "currentColor",
        "gridColor": "currentColor",
        "gridOpacity": 0.13,
        "domainOpacity": 0.5,
        "tickOpacity": 0.5,
        "labelFontSize": 11,
        "titleFontSize": 11,
        "titleFontWeight": "normal",
        "labelLimit": 145,
    },
    "header": {"labelColor": "currentColor", "titleColor": "currentColor", "labelFontSize": 12},
    "title": {
        "color": "currentColor",
        "subtitleColor": "currentColor",
        "fontSize": 12,
        "fontWeight": "bold",
        "anchor": "start",
    },
    "text": {"color": "currentColor", "fontSize": 11},
    "rule": {"color": "currentColor"},
}


CHANCE = alt.Scale(domain=[0, 1], nice=False)
"""Scale of a probability."""

PERCENT = alt.Axis(format="%", tickCount=5)
"""Axis of a share in per cent."""


class Figure(NamedTuple):
    """A chart: its specification, what it shows (`alt`), and how to read it (`caption`)."""

    name: str
    spec: dict[str, JsonValue]
    alt: str
    caption: str


def specification(chart: alt.TopLevelMixin) -> dict[str, JsonValue]:
    """The chart as Vega-Lite JSON in the house style."""
    return {
        **chart.to_dict(),
        "config": _CONFIG,
        "autosize": {"type": "pad", "contains": "padding"},
    }


def values(rows: Sequence[Mapping[str, object]]) -> alt.InlineData:
    """Rows as data embedded in a chart."""
    return alt.InlineData(values=[dict(row) for row in rows])


def bare_axis(**look: Any) -> alt.Axis:
    """An axis for names, without line and ticks."""
    return alt.Axis(domain=False, ticks=False, **look)


def band(
    rows: Sequence[Mapping[str, object]],
    x: alt.X,
    y: alt.Y,
    colour: str,
    *,
    tooltip: Sequence[str],
    low: alt.Y | None = None,
) -> list[alt.Chart]:
    """A curve with its band from `low` to `high`, and points that show a tooltip.

    Args:
        rows: the fields of `x` and `y`, and `low` and `high`; no band where one of these is None.
        x: the horizontal channel.
        y: the channel of the curve.
        colour: colour of curve and band.
        tooltip: fields shown at a point.
        low: channel of the lower end of the band, if its scale is not the automatic one.
    """
    banded = [row for row in rows if row["low"] is not None and row["high"] is not None]
    base = alt.Chart(values(rows)).encode(x=x)
    return [
        alt.Chart(values(banded))
        .mark_area(opacity=0.25, color=colour)
        .encode(x=x, y=low or alt.Y("low:Q", title=None), y2="high:Q"),
        base.mark_line(strokeWidth=2.2, color=colour).encode(y=y),
        base.mark_point(size=60, opacity=0, filled=True).encode(y=y, tooltip=list(tooltip)),
    ]


def intervals(
    base: alt.Chart, low: alt.X, at: alt.X, *, size: int, **encoding: Any
) -> list[alt.Chart]:
    """Dots with bars from `low` to the field `high`; `encoding` applies to the dots only."""
    return [
        base.mark_rule(strokeWidth=1.6).encode(x=low, x2="high:Q"),
        base.mark_point(filled=True, size=size, opacity=1).encode(x=at, **encoding),
    ]


def logarithmic(low: float, high: float, most: int, form: str = "~g") -> dict[str, Any]:
    """Scale and axis of a logarithmic channel from `low` to `high`, with at most `most` ticks."""
    return {
        "scale": alt.Scale(type="log", domain=[low, high], nice=False),
        "axis": alt.Axis(values=log_ticks(low, high, most), format=form),
    }


def log_ticks(low: float, high: float, most: int) -> list[float]:
    """Ticks of a logarithmic axis at round numbers, at most `most` of them."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    ticks: list[float] = []
    for steps in (range(1, 10), (1, 2, 5), (1,)):
        ticks = [step * 10.0**k for k in range(first, last + 1) for step in steps]
        ticks = [tick for tick in ticks if low <= tick <= high]
        if len(ticks) <= most:
            break
    if len(ticks) < 2:
        ticks = [float(f"{tick:.2g}") for tick in np.geomspace(low, high, most + 2)[1:-1]]
    return ticks[:: math.ceil(len(ticks) / most)]

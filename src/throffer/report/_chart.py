"""What the charts of all pages share: the house style, and a chart with its words.

Charts are Vega-Lite specifications of fixed widths that fit a printed page. Text and axes are drawn
in `currentColor`, so that one drawing serves light, dark and paper.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import altair as alt
import numpy as np
from pydantic import JsonValue

WIDTH = 650
"""Pixels of a chart with its axes: what an A4 page with margins of 15 mm holds unscaled."""

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


class Figure(NamedTuple):
    """A chart: its specification, what it shows in words, and how to read it."""

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
    """Rows as data of a chart, in the chart itself."""
    return alt.InlineData(values=[dict(row) for row in rows])


def log_ticks(low: float, high: float, most: int) -> list[float]:
    """Ticks of a logarithmic axis: as many of the round numbers as there is room for."""
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

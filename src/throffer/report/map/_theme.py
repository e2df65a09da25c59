"""The style of the map, and how its charts are assembled.

Charts are Vega-Lite in plain mappings instead of Altair objects: the map has thousands of rows in a
hundred layers, and Altair copies and checks them whenever layers are combined.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import altair as alt

from throffer.report._chart import specification
from throffer.report._language import OUTCOMES
from throffer.report._palette import OUTCOME_COLOURS, OUTCOME_SHAPES
from throffer.structure import Conduct, Outcome

Spec = dict[str, Any]
"""A chart or a part of one in Vega-Lite."""


class Theme(NamedTuple):
    """Colours for the page or for print; `live` charts have tooltips."""

    ink: str
    paper: str
    live: bool


PAGE = Theme("currentColor", "var(--paper)", True)
SHEET = Theme("#1b1f24", "#ffffff", False)


def conduct_words(conduct: Conduct) -> str:
    """The name of a conduct on the map."""
    return OUTCOMES[Outcome(conduct)].label


def conduct_colour(conduct: Conduct) -> str:
    """The colour of a conduct, as in the report."""
    return OUTCOME_COLOURS[Outcome(conduct)]


def conduct_shape(conduct: Conduct) -> str:
    """The mark of a conduct on the plane, as in the report."""
    return OUTCOME_SHAPES.get(Outcome(conduct), "circle")


def mark(
    kind: str, rows: Sequence[Mapping[str, object]], encoding: Mapping[str, Any], **look: Any
) -> Spec:
    """One layer of marks: one mark for each row (lines and areas: one point for each row)."""
    return {
        "data": {"values": list(rows)},
        "mark": {"type": kind, **look},
        "encoding": dict(encoding),
    }


def words(
    rows: Sequence[Mapping[str, object]], theme: Theme, place: Mapping[str, Any], **look: Any
) -> list[Spec]:
    """The rows' field `text`, with a halo in the colour of the paper, readable on any colour."""
    if not rows:
        return []
    encoding = {**place, "text": {"field": "text"}}
    halo = {"stroke": theme.paper, "strokeWidth": 3.2, "strokeOpacity": 0.85, "fill": theme.paper}
    return [
        mark("text", rows, encoding, fontSize=11, strokeJoin="round", **halo, **look),
        mark("text", rows, encoding, fontSize=11, fill=theme.ink, **look),
    ]


def layered(layers: Iterable[Spec], width: float, height: float, title: Spec | None = None) -> Spec:
    """Layers on one pair of axes, the first at the bottom; sizes in pixels."""
    heading = {"title": title} if title else {}
    return {"layer": list(layers), "width": width, "height": height, **heading}


def heading(letter: str, text: str, subtitle: str = "") -> Spec:
    """A chart's title, with its letter if a sheet has several charts."""
    title: Spec = {
        "text": f"{letter}  {text}" if letter else text,
        "fontSize": 12,
        "subtitleFontSize": 11,
        "anchor": "start",
        "frame": "group",
        "offset": 8,
    }
    return {**title, "subtitle": subtitle} if subtitle else title


def scale(low: float, high: float, **more: Any) -> Spec:
    """A scale from `low` to `high`, not rounded outwards."""
    return {"domain": [low, high], "nice": False, "zero": False, **more}


def number_channel(field: str, scale: Spec, axis: Spec | None = None) -> Spec:
    """A channel that encodes a number as a position."""
    return {"field": field, "type": "quantitative", "scale": scale, "axis": axis}


def axis(title: str | None, ticks: Sequence[float], labels: bool = True) -> Spec:
    """An axis with these ticks, and without a grid over the colours.

    The format states its precision, since Vega would derive one from the span of the scale.
    """
    return {
        "title": title,
        "values": list(ticks),
        "format": ".3~g",
        "grid": False,
        "labels": labels,
        "titlePadding": 5,
    }


def told(field: str, title: str, form: str | None = None) -> Spec:
    """A line of the tooltip of a mark; text unless it has a format."""
    if form is None:
        return {"field": field, "type": "nominal", "title": title}
    return {"field": field, "type": "quantitative", "title": title, "format": form}


def shares_told() -> list[Spec]:
    """Lines of a tooltip, one for each conduct, from fields `p0` to `p9`."""
    return [told(f"p{conduct.code}", conduct_words(conduct), ".1%") for conduct in Conduct]


def whole(spec: Spec, theme: Theme) -> Spec:
    """A complete chart in the house style and the theme's colours; stores each table once."""
    style = specification(alt.Chart(alt.InlineData(values=[])).mark_point())
    rows: dict[str, Any] = {}
    parts = _hoisted(spec, rows)
    standing = {
        "$schema": style["$schema"],
        **parts,
        "datasets": rows,
        "config": style["config"],
        "autosize": style["autosize"],
    }
    return _inked(standing, theme.ink)


def _hoisted(value: Any, rows: dict[str, Any]) -> Any:
    """The value with every table of rows replaced by its name; the tables are added to `rows`."""
    if isinstance(value, dict):
        if value.keys() == {"values"} and isinstance(value["values"], list):
            name = hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:12]
            rows[name] = value["values"]
            return {"name": name}
        return {key: _hoisted(each, rows) for key, each in value.items()}
    if isinstance(value, list):
        return [_hoisted(each, rows) for each in value]
    return value


def _inked(value: Any, ink: str) -> Any:
    if isinstance(value, dict):
        # text in rows is data, so it is not searched for tables
        return {
            key: each if key == "datasets" else _inked(each, ink) for key, each in value.items()
        }
    if isinstance(value, list):
        return [_inked(each, ink) for each in value]
    return ink if value == "currentColor" else value

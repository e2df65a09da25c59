"""The chart of the path through the named limits: conduct of the agent, and its terms."""

from __future__ import annotations

from typing import Any

import numpy as np

from throffer.report.map._family import STOPS
from throffer.report.map._fields import Map
from throffer.report.map._labels import CHARACTER, LINE
from throffer.report.map._settings import figure
from throffer.report.map._theme import (
    Spec,
    Theme,
    axis,
    conduct_colour,
    conduct_words,
    heading,
    layered,
    mark,
    number_channel,
    scale,
    shares_told,
    told,
    words,
)
from throffer.structure import Conduct

UPPER, LOWER = 150, 72
"""Heights of the two rows, in pixels."""

NAMED = 0.22
"""Least probability at which a conduct's name is written into its band."""

TERMS = (
    "line: what the other side ends with if it accepts, on average; "
    "band: terms better for both than no agreement; a single price at the market"
)


def strip_chart(drawn: Map, theme: Theme, width: int, letter: str = "") -> Spec:
    """Probabilities of conduct along the path, with the terms below."""
    along = number_channel("x", scale(0, len(STOPS) - 1))
    rows = [_shares(drawn, theme, width, along, letter), _terms(drawn, theme, width, along)]
    return {"vconcat": rows, "spacing": 14}


def strip_alt(drawn: Map) -> str:
    """The path in words."""
    said = []
    for stop, point in zip(STOPS, stops_at(drawn), strict=True):
        shares = drawn.along.probability[point]
        code = int(shares.argmax())
        said.append(f"{stop.name}: {conduct_words(list(Conduct)[code])} {shares[code]:.0%}")
    return "Most probable conduct at each limit of the path. " + "; ".join(said) + "."


def stops_at(drawn: Map) -> np.ndarray:
    """Index of every limit among the points of the path."""
    return np.searchsorted(drawn.path.position, np.arange(len(STOPS)) - 1e-9)


def _shares(drawn: Map, theme: Theme, width: int, along: Spec, letter: str) -> Spec:
    position, shares = drawn.path.position, drawn.along.probability
    tops = np.cumsum(shares, -1)
    unit = scale(0, 1)
    percent: Spec = {**axis("probability", (0, 0.5, 1)), "format": "%"}
    areas = [
        mark(
            "area",
            [
                {
                    "x": round(float(position[point]), 4),
                    "low": round(float(tops[point, code] - shares[point, code]), 4),
                    "high": round(float(tops[point, code]), 4),
                }
                for point in range(len(position))
            ],
            {
                "x": along,
                "y": number_channel("low", unit, percent),
                "y2": {"field": "high"},
            },
            fill=conduct_colour(conduct),
            opacity=0.9,
            stroke=theme.paper,
            strokeWidth=0.6,
        )
        for code, conduct in enumerate(Conduct)
    ]
    names = _band_names(position, shares, tops, width)
    layers = [
        *areas,
        _rules(theme, along),
        *_stops(theme, along),
        *words(names, theme, {"x": along, "y": number_channel("y", unit, percent)}),
    ]
    if theme.live:
        layers.append(_read_out(drawn, theme, along))
    title = heading(
        letter,
        "One family: a path from equal exchange through its limits",
        "above: the limit and what makes it one; colours: what this agent does there",
    )
    return layered(layers, width, UPPER, title)


def _terms(drawn: Map, theme: Theme, width: int, along: Spec) -> Spec:
    dyads, terms = drawn.path.dyads.broadcast(), drawn.along.terms
    low, high = np.asarray(dyads.outside_counterpart), 1 - np.asarray(dyads.outside_agent)
    floor = min(float(np.nanmin(terms)), 0.0)
    rows = [
        {
            "x": round(float(at), 4),
            "low": round(float(low[point]), 4),
            "high": round(float(high[point]), 4),
            "terms": round(float(terms[point]), 4),
        }
        for point, at in enumerate(drawn.path.position)
        if np.isfinite(terms[point])
    ]
    bent = scale(floor * 1.1, 1, type="symlog", constant=1)
    up = axis("terms", [tick for tick in (-16, -4, -1, 0, 1) if tick >= floor])
    band = {"x": along, "y": number_channel("low", bent, up), "y2": {"field": "high"}}
    line = {"x": along, "y": number_channel("terms", bent, up)}
    title = {
        "text": TERMS,
        "fontSize": 11,
        "fontWeight": "normal",
        "anchor": "start",
        "frame": "group",
        "offset": 5,
    }
    layers = [
        mark("area", rows, band, fill=theme.ink, opacity=0.16),
        _rules(theme, along),
        mark("line", rows, line, stroke=theme.ink, strokeWidth=1.8),
    ]
    return layered(layers, width, LOWER, title)


def _rules(theme: Theme, along: Spec) -> Spec:
    inner = [{"x": index} for index in range(1, len(STOPS) - 1)]
    look = {"stroke": theme.ink, "strokeWidth": 0.8, "strokeDash": [2, 3], "opacity": 0.7}
    return mark("rule", inner, {"x": along}, **look)


def _stops(theme: Theme, along: Spec) -> list[Spec]:
    """Names above the bands; the first and the last are flush with the ends."""
    layers = []
    for index, stop in enumerate(STOPS):
        align = "left" if index == 0 else "right" if index == len(STOPS) - 1 else "center"
        for text, weight, y in zip(
            (stop.name, *stop.structure), (600, 400, 400), (-36, -23, -10), strict=True
        ):
            encoding = {"x": along, "y": {"value": y}, "text": {"field": "text"}}
            look = {"align": align, "fontSize": 11, "fontWeight": weight, "fill": theme.ink}
            layers.append(mark("text", [{"x": index, "text": text}], encoding, **look))
    return layers


def _band_names(
    position: np.ndarray, shares: np.ndarray, tops: np.ndarray, width: int
) -> list[dict[str, Any]]:
    """The name of a conduct at the widest place of each stretch of its band with room for it."""
    found: list[tuple[float, float, dict[str, Any]]] = []
    for conduct in Conduct:
        own = shares[:, conduct.code]
        room = CHARACTER * len(conduct_words(conduct)) / width * position[-1]
        wide = np.flatnonzero(own >= NAMED)
        for run in np.split(wide, np.flatnonzero(np.diff(wide) > 1) + 1):
            if not len(run) or position[run[-1]] - position[run[0]] < 0.8 * room:
                continue
            widest = position[run[own[run] >= own[run].max() - 0.02]].mean()
            inside = np.clip(widest, room / 2 + 0.03, position[-1] - room / 2 - 0.03)
            point = int(np.abs(position - inside).argmin())
            found.append(
                (
                    float(own[point]),
                    room,
                    {
                        "x": round(float(inside), 4),
                        "y": round(float(tops[point, conduct.code] - own[point] / 2), 4),
                        "text": conduct_words(conduct),
                    },
                )
            )
    return _apart(found)


def _apart(found: list[tuple[float, float, dict[str, Any]]]) -> list[dict[str, Any]]:
    """Drop names that cover one in a wider band; items are (width of the band, room, row)."""
    kept: list[tuple[float, dict[str, Any]]] = []
    for _, room, row in sorted(found, key=lambda each: -each[0]):
        if all(
            abs(row["x"] - other["x"]) > (room + taken) / 2
            or abs(row["y"] - other["y"]) > LINE / UPPER
            for taken, other in kept
        ):
            kept.append((room, row))
    return [row for _, row in kept]


def _read_out(drawn: Map, theme: Theme, along: Spec) -> Spec:
    position, solved = drawn.path.position, drawn.along
    half = float(position[1]) / 2
    rows = [
        {
            "x": round(max(float(at) - half, 0.0), 4),
            "b": round(min(float(at) + half, float(position[-1])), 4),
            "where": _between(float(at)),
            "terms": figure(solved.terms[point]),
            "distance": ", ".join(figure(each) for each in solved.distance[point]),
            **{f"p{code}": round(float(p), 3) for code, p in enumerate(solved.probability[point])},
        }
        for point, at in enumerate(position)
    ]
    encoding = {
        "x": along,
        "x2": {"field": "b"},
        "y": {"value": 0},
        "y2": {"value": UPPER},
        "tooltip": [
            told("where", "place"),
            *shares_told(),
            told("terms", "mean terms"),
            told("distance", "D by force, by leverage"),
        ],
    }
    return mark("rect", rows, encoding, fill=theme.paper, fillOpacity=0)


def _between(at: float) -> str:
    index = min(int(at), len(STOPS) - 2)
    part = at - index
    if part < 1e-6:
        return STOPS[index].name
    if part > 1 - 1e-6:
        return STOPS[index + 1].name
    return f"{part:.0%} of the way from {STOPS[index].name} to {STOPS[index + 1].name}"

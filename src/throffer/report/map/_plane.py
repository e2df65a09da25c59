"""The offer-threat plane with its regions, and the places of dyads under the agent's choice."""

from __future__ import annotations

from typing import Any

import numpy as np

from throffer.report.map._fields import Map
from throffer.report.map._settings import figure
from throffer.report.map._theme import (
    Spec,
    Theme,
    axis,
    conduct_colour,
    conduct_shape,
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

FEW = 26
"""Up to this many dyads, every probable conduct is drawn and a letter names each dyad."""

SHOWN = 0.03
"""Least probability at which a conduct of a dyad is drawn."""

BEND = 0.3
"""Value at which the axes change from linear to logarithmic, in units of the pie."""

TICKS = (-64, -32, -16, -8, -4, -2, -1, -0.5, -0.2, 0, 0.2, 0.5, 1, 2, 4, 8)

ROWS = (
    Conduct.GENEROUS,
    Conduct.EVEN,
    Conduct.HARD_BARGAIN,
    Conduct.ULTIMATUM,
    Conduct.DECEPTION,
)
"""Conducts without a lever; refusing them costs nothing."""

STRIP, LOWER = 118, 196
"""Heights of the two parts, in pixels."""


def dyad_letters(count: int) -> list[str]:
    """A, B, ... for a few dyads, numbers for many."""
    if count <= FEW:
        return [chr(ord("A") + index) for index in range(count)]
    return [str(index + 1) for index in range(count)]


def plane_chart(drawn: Map, theme: Theme, width: int, letter: str = "") -> Spec:
    """The plane: offers in rows above, threats by the cost of refusing below; area: probability."""
    rows = _marks(drawn)
    made = [row["accept"] for row in rows]
    across = [min([*made, -0.5]) * 1.15, max([*made, 1.0]) * 1.15]
    depth = [min([*(row["refuse"] for row in rows), -1.0]) * 1.25, 0]
    parts = [_without(rows, theme, width, across, letter), _with(rows, theme, width, across, depth)]
    return {"vconcat": parts, "spacing": 24}


def plane_alt(drawn: Map) -> str:
    """The places of the first dozen dyads in words."""
    said = []
    for index, name in enumerate(drawn.given.names[:12]):
        shares = drawn.places.probability[index]
        code = int(shares.argmax())
        conduct = list(Conduct)[code]
        said.append(
            f"{name}: {conduct_words(conduct)} {shares[code]:.0%}, "
            f"accept {figure(drawn.places.accept[index, code])}, "
            f"refuse {figure(drawn.places.refuse[index, code])}"
        )
    return "Most probable conduct of each dyad, and where it falls. " + "; ".join(said) + "."


def _marks(drawn: Map) -> list[dict[str, Any]]:
    places, names = drawn.places, drawn.given.names
    letters = dyad_letters(len(names))
    few = len(names) <= FEW
    rows: list[dict[str, Any]] = []
    for index, name in enumerate(names):
        shares = places.probability[index]
        proposed = np.where(np.arange(len(shares)) == Conduct.WITHDRAW.code, -1, shares)
        modal = int(proposed.argmax())
        for conduct in Conduct:
            code = conduct.code
            shown = shares[code] >= SHOWN or code == modal if few else code == modal
            if conduct is Conduct.WITHDRAW or not shown or np.isnan(places.accept[index, code]):
                continue
            rows.append(
                {
                    "name": name,
                    "letter": letters[index] if few else "",
                    "accept": round(float(places.accept[index, code]), 4),
                    "refuse": round(float(places.refuse[index, code]), 4),
                    "lever": conduct not in ROWS,
                    "modal": code == modal,
                    "conduct": conduct_words(conduct),
                    "colour": conduct_colour(conduct),
                    "shape": conduct_shape(conduct),
                    "share": round(float(shares[code]), 3) if few else 0.1,
                    "probability": round(float(shares[code]), 3),
                    "distance": ", ".join(figure(each) for each in places.distance[index]),
                    "mean": f"{figure(places.mean_accept[index])}, "
                    f"{figure(places.mean_refuse[index])}",
                    **{f"p{at}": round(float(p), 3) for at, p in enumerate(shares)},
                }
            )
    return rows


def _points(rows: list[dict[str, Any]], theme: Theme, place: Spec) -> list[Spec]:
    if not rows:
        return []
    # large marks first, so that small ones stay visible
    rows = sorted(rows, key=lambda row: -row["share"])
    encoding: Spec = {
        **place,
        "size": {
            "field": "share",
            "type": "quantitative",
            "scale": {"domain": [0, 1], "range": [14, 420]},
            "legend": None,
        },
        "color": {"field": "colour", "scale": None, "legend": None},
        "shape": {"field": "shape", "scale": None, "legend": None},
    }
    if theme.live:
        encoding["tooltip"] = [
            told("name", "dyad"),
            told("conduct", "this mark"),
            told("probability", "its probability", ".1%"),
            told("accept", "accept", ".2f"),
            told("refuse", "refuse", ".2f"),
            told("distance", "D by force, by leverage"),
            told("mean", "mean accept, refuse"),
            *shares_told(),
        ]
    look = {"filled": True, "opacity": 0.8, "stroke": theme.paper, "strokeWidth": 0.7}
    named = _lettered(rows)
    beside = {"fontWeight": 700, "align": "left", "dx": 11, "dy": -1}
    return [mark("point", rows, encoding, **look), *words(named, theme, place, **beside)]


def _lettered(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One text for all letters at the same place."""
    spots: dict[tuple[object, ...], dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: row["letter"]):
        if row["modal"] and row["letter"]:
            bent = (np.arcsinh(row[name] / BEND) for name in ("accept", "refuse"))
            spot = ("" if row["lever"] else row["conduct"], *(round(float(x) * 12) for x in bent))
            known = spots.get(spot)
            text = f"{known['text']} {row['letter']}" if known else row["letter"]
            spots[spot] = {**(known or row), "text": text}
    return list(spots.values())


def _without(
    rows: list[dict[str, Any]], theme: Theme, width: int, across: list[float], letter: str
) -> Spec:
    x = number_channel("accept", _bent(across), axis(None, _ticks(across), labels=False))
    y = {
        "field": "conduct",
        "type": "nominal",
        "scale": {"domain": [conduct_words(conduct) for conduct in ROWS]},
        "axis": {"title": None, "grid": True, "domain": False, "ticks": False},
    }
    # all rows of the plane are drawn, also those without a proposal
    grid = mark(
        "tick",
        [{"accept": 0, "conduct": conduct_words(conduct)} for conduct in ROWS],
        {"x": x, "y": y},
        opacity=0,
    )
    marks = _points([row for row in rows if not row["lever"]], theme, {"x": x, "y": y})
    title = heading(
        letter,
        "The offer-threat plane, and where the dyads fall",
        "no threat: refusing costs nothing",
    )
    return layered([grid, _zero(theme, x), *marks], width, STRIP, title)


def _with(
    rows: list[dict[str, Any]], theme: Theme, width: int, across: list[float], depth: list[float]
) -> Spec:
    accept = "accept: what the other side ends with if it accepts, minus its baseline"
    place = {
        "x": number_channel("accept", _bent(across), axis(accept, _ticks(across))),
        "y": number_channel(
            "refuse", _bent(depth), axis("refuse: what refusing costs it", _ticks(depth))
        ),
    }
    sides = (
        (
            "extortion (by force), blackmail (by leverage)",
            "threats: worse off even if it accepts",
            (across[0], 0),
            Conduct.EXTORTION,
            {"x": {"value": 0}, "align": "left"},
        ),
        (
            "authority (recognised rank), pressure (any other)",
            "throffers: no worse off if it accepts",
            (0, across[1]),
            Conduct.AUTHORITY,
            {"x": {"value": width}, "align": "right"},
        ),
    )
    grounds, titles = [], []
    for name, meaning, (low, high), conduct, edge in sides:
        span = {"x": place["x"], "x2": {"field": "to"}, "y": {"value": 0}, "y2": {"value": LOWER}}
        ground = [{"accept": low, "to": high}]
        grounds.append(mark("rect", ground, span, fill=conduct_colour(conduct), opacity=0.09))
        for text, weight, up in ((name, 600, -16), (meaning, 400, -3)):
            at = {"x": edge["x"], "y": {"value": up}, "text": {"field": "text"}}
            look = {"align": edge["align"], "baseline": "bottom", "fontSize": 11}
            titles.append(
                mark("text", [{"text": text}], at, fill=theme.ink, fontWeight=weight, **look)
            )
    marks = _points([row for row in rows if row["lever"]], theme, place)
    frame = mark("point", [{"accept": 0, "refuse": 0}], place, opacity=0)
    return layered([frame, *grounds, _zero(theme, place["x"]), *titles, *marks], width, LOWER)


def _zero(theme: Theme, x: Spec) -> Spec:
    return mark("rule", [{"accept": 0}], {"x": x}, stroke=theme.ink, strokeWidth=1)


def _bent(domain: list[float]) -> Spec:
    return scale(domain[0], domain[1], type="symlog", constant=BEND)


def _ticks(domain: list[float]) -> list[float]:
    return [tick for tick in TICKS if domain[0] <= tick <= domain[1]]

"""The whole map as one sheet: the figure of a paper, as SVG or PNG."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence

import numpy as np
import vl_convert

from throffer.report.map._boundaries import BOUNDARIES
from throffer.report.map._fields import Map
from throffer.report.map._image import opacity
from throffer.report.map._labels import BADGE
from throffer.report.map._panels import panel_chart
from throffer.report.map._plane import FEW, dyad_letters, plane_chart
from throffer.report.map._settings import figure
from throffer.report.map._strip import strip_chart
from throffer.report.map._theme import (
    SHEET,
    Spec,
    Theme,
    conduct_colour,
    conduct_words,
    heading,
    layered,
    mark,
    number_channel,
    scale,
    whole,
)
from throffer.structure import Conduct

PANEL = 264
"""Side of a cut, in pixels."""

BROAD = 640
"""Width of the path and of the plane, in pixels."""

SCALE = 2.0
"""Pixels of the PNG for each pixel of the sheet."""

LEVELS = (0.25, 0.5, 0.75, 1.0)
"""Probabilities in the key of colours."""

LISTED = 14
"""Most dyads named on the sheet."""

KEY = 260
"""Width of the keys beside them, in pixels."""

TITLE = "One continuum: what an agent most probably does, by structure"

BOUNDARY_TITLE = (
    "Lines: where a rational agent, facing a rational counterpart, changes what it does"
)


def sheet_spec(drawn: Map) -> Spec:
    """The sheet as Vega-Lite: three cuts, the path, the plane, and their keys."""
    panels = [
        panel_chart(field, SHEET, PANEL, letter)
        for field, letter in zip(drawn.panels, "abc", strict=True)
    ]
    settings = drawn.settings
    rows = [
        {"hconcat": panels, "spacing": 34},
        boundary_key(drawn, SHEET),
        {"hconcat": [strip_chart(drawn, SHEET, BROAD, "d"), colour_key(SHEET)], "spacing": 44},
        {
            "hconcat": [plane_chart(drawn, SHEET, BROAD, "e"), _dyad_list(drawn, SHEET)],
            "spacing": 44,
        },
    ]
    facts = [
        line
        for text in (settings.agent_words(), settings.fields_words())
        for line in textwrap.wrap(text, 190)
    ]
    title = {
        "text": TITLE,
        "subtitle": facts,
        "fontSize": 16,
        "subtitleFontSize": 11,
        "anchor": "start",
        "offset": 18,
    }
    full = whole({"vconcat": rows, "spacing": 30, "title": title}, SHEET)
    config = {**full["config"], "background": SHEET.paper}
    return {**full, "background": SHEET.paper, "padding": 18, "config": config}


def sheet_svg(drawn: Map) -> str:
    """The sheet as SVG, its text as text."""
    return vl_convert.vegalite_to_svg(sheet_spec(drawn))


def sheet_png(svg: str) -> bytes:
    """The sheet as PNG, from its SVG."""
    return vl_convert.svg_to_png(svg, scale=SCALE)


def boundary_key(drawn: Map, theme: Theme) -> Spec:
    """Number, dash, formula and meaning of every boundary."""
    present = {line.boundary.number for field in drawn.panels for line in field.lines}
    row_height, width = 19, 900
    height = row_height * len(BOUNDARIES)
    up = _down(height)
    layers = []
    for index, boundary in enumerate(BOUNDARIES):
        absent = "" if boundary.number in present else " (nowhere in these panels)"
        at = [{"y": row_height * (index + 0.5)}]
        dash = list(boundary.dash) or [1, 0]
        span = {"x": {"value": 22}, "x2": {"value": 72}, "y": up}
        layers.append(mark("rule", at, span, stroke=theme.ink, strokeWidth=1.5, strokeDash=dash))
        layers.append(
            mark(
                "point",
                at,
                {"x": {"value": BADGE + 1}, "y": up},
                shape="circle",
                size=np.pi * BADGE**2,
                stroke=theme.ink,
                strokeWidth=1.1,
            )
        )
        for text, left, look in (
            (str(boundary.number), BADGE + 1, {"fontSize": 10, "fontWeight": 700, "dy": 0.5}),
            (boundary.formula, 84, {"align": "left", "fontWeight": 600}),
            (boundary.meaning + absent, 300, {"align": "left"}),
        ):
            layers.append(_text([{"text": text, **at[0]}], theme, {"value": left}, up, **look))
    return layered(layers, width, height, heading("", BOUNDARY_TITLE))


def colour_key(theme: Theme) -> Spec:
    """The key: colour of every conduct, and what fainter colours mean."""
    row_height, side, left, step = 19, 15, 128, 32
    height = row_height * (len(Conduct) + 1)
    across, up = number_channel("x", scale(0, KEY)), _down(height)
    names = [
        {"text": conduct_words(conduct), "y": row_height * (index + 1.5)}
        for index, conduct in enumerate(Conduct)
    ]
    heads = [
        {"text": f"{level:.0%}", "x": left + step * index + side / 2, "y": row_height / 2}
        for index, level in enumerate(LEVELS)
    ]
    squares = [
        {
            "x": left + step * place,
            "to": left + step * place + side,
            "y": row_height * (index + 1.5) - side / 2,
            "down": row_height * (index + 1.5) + side / 2,
            "colour": conduct_colour(conduct),
            "opacity": round(float(opacity(np.array(level))), 3),
        }
        for index, conduct in enumerate(Conduct)
        for place, level in enumerate(LEVELS)
    ]
    encoding = {
        "x": across,
        "x2": {"field": "to"},
        "y": up,
        "y2": {"field": "down"},
        "color": {"field": "colour", "scale": None},
        "opacity": {"field": "opacity", "type": "quantitative", "scale": None},
    }
    layers = [
        mark("rect", squares, encoding),
        _text(heads, theme, across, up),
        _text(names, theme, {"value": 0}, up, align="left"),
    ]
    title = heading("", "Most probable conduct", "the fainter, the less probable")
    return layered(layers, KEY, height, title)


def _dyad_list(drawn: Map, theme: Theme) -> Spec:
    """Letters and names of the dyads on the plane, with their most probable conduct."""
    row_height = 34
    names = drawn.given.names
    letters = dyad_letters(len(names))
    shown = min(len(names), LISTED) if len(names) <= FEW else 0
    rows: list[dict[str, object]] = []
    for index in range(shown):
        shares = drawn.places.probability[index]
        code = int(shares.argmax())
        said = f"{conduct_words(list(Conduct)[code])} {shares[code]:.0%}"
        rows.append(
            {
                "y": row_height * index + 10,
                "text": f"{letters[index]}  {names[index]}",
                "said": f"{said}, D {_distances(drawn, index)}",
            }
        )
    more = drawn.given.given - shown
    if more:
        text = f"{more} more dyads" if shown else f"{more} dyads, by most probable conduct"
        rows.append({"y": row_height * shown + 10, "text": text, "said": drawn.given.origin})
    height = row_height * len(rows)
    said = [{**row, "text": row["said"]} for row in rows]
    left, up = {"value": 0}, _down(height)
    layers = [
        _text(rows, theme, left, up, align="left", fontWeight=600, limit=KEY),
        _text(said, theme, left, up, align="left", dy=14, dx=15, limit=KEY),
    ]
    few = len(names) <= FEW
    title = heading(
        "",
        "Marks: area is probability" if few else "Marks: one a dyad",
        "the letter stands at the most probable proposal" if few else "",
    )
    return layered(layers, KEY, height, title)


def _text(
    rows: Sequence[Mapping[str, object]], theme: Theme, x: Spec, y: Spec, **look: object
) -> Spec:
    encoding = {"x": x, "y": y, "text": {"field": "text"}}
    return mark("text", rows, encoding, fill=theme.ink, **{"fontSize": 11, **look})


def _distances(drawn: Map, index: int) -> str:
    by_force, by_leverage = drawn.places.distance[index]
    said = figure(by_force)
    return said if np.isnan(by_leverage) else f"{said}, by leverage {figure(by_leverage)}"


def _down(height: float) -> Spec:
    """Rows' `y` in pixels from the top."""
    return number_channel("y", scale(height, 0))

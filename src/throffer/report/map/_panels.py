"""Cuts through asymmetry space: modal conduct, its probability, closed-form boundaries."""

from __future__ import annotations

import numpy as np

from throffer.report.map._boundaries import BOUNDARIES
from throffer.report.map._contours import level_lines
from throffer.report.map._fields import PanelField, coarse_axis, fine_axis
from throffer.report.map._image import field_address
from throffer.report.map._labels import BADGE, Label, line_badges, region_labels
from throffer.report.map._settings import LIMIT
from throffer.report.map._theme import (
    Spec,
    Theme,
    axis,
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

TICKS = (0.0, 0.25, 0.5, 0.75, LIMIT)


def panel_chart(field: PanelField, theme: Theme, size: int, letter: str = "") -> Spec:
    """One cut; `size` is the length of its sides in pixels."""
    panel = field.panel
    unit = scale(0, LIMIT)
    arrow = "\N{RIGHTWARDS ARROW}"
    place = {
        "x": number_channel("x", unit, axis(f"{panel.across} {arrow}", TICKS)),
        "y": number_channel("y", unit, axis(f"{panel.up} {arrow}", TICKS)),
    }
    labels = region_labels(field, size)
    layers = [
        _image(field, size),
        *_region_edges(field, theme, place),
        *_boundaries(field, theme, place),
        *_names(labels, theme, place),
        *_badges(line_badges(field, labels, size), theme, place),
    ]
    if theme.live:
        layers.append(_read_out(field, theme, place))
    title = heading(
        letter,
        f"{panel.across.capitalize()} \N{MULTIPLICATION SIGN} {panel.up}",
        f"{panel.held} held at {panel.level:g}",
    )
    return layered(layers, size, size, title)


def panels_alt(fields: tuple[PanelField, ...]) -> str:
    """A description of the cuts for readers who cannot see them."""
    said = []
    for field in fields:
        modal = field.fine.argmax(-1)
        shares = np.bincount(modal.ravel(), minlength=len(Conduct)) / modal.size
        order = [code for code in np.argsort(-shares) if shares[code] >= 0.005]
        listed = ", ".join(f"{conduct_words(list(Conduct)[c])} {shares[c]:.0%}" for c in order)
        panel = field.panel
        said.append(f"{panel.across} across, {panel.up} up, {panel.held} {panel.level:g}: {listed}")
    return "Share of each panel in which a conduct is the most probable. " + "; ".join(said) + "."


def _image(field: PanelField, size: int) -> Spec:
    corner = {"x": {"value": 0}, "y": {"value": 0}, "url": {"field": "address"}}
    look = {"width": size, "height": size, "align": "left", "baseline": "top", "aspect": False}
    return mark("image", [{"address": field_address(field.fine)}], corner, **look)


def _region_edges(field: PanelField, theme: Theme, place: Spec) -> list[Spec]:
    """The edges of the modal regions, where one conduct becomes more probable than another."""
    rows = []
    for code in np.unique(field.fine.argmax(-1)):
        rest = np.delete(field.fine, code, -1).max(-1)
        for line in level_lines(field.fine[..., code] - rest, fine_axis(), fine_axis()):
            rows += _line_rows(line, f"{code}-{len(rows)}")
    look = {"stroke": theme.paper, "strokeWidth": 1.1, "opacity": 0.9}
    return [mark("line", rows, {**place, **_PATH}, **look)] if rows else []


def _boundaries(field: PanelField, theme: Theme, place: Spec) -> list[Spec]:
    layers = []
    for boundary in BOUNDARIES:
        rows = [
            row
            for index, line in enumerate(field.lines)
            if line.boundary.number == boundary.number
            for row in _line_rows(line.points, str(index))
        ]
        if not rows:
            continue
        path = {**place, **_PATH}
        layers += [
            mark("line", rows, path, stroke=theme.paper, strokeWidth=3.4, opacity=0.7),
            mark(
                "line",
                rows,
                path,
                stroke=theme.ink,
                strokeWidth=1.5,
                strokeDash=list(boundary.dash) or [1, 0],
                description=boundary.formula,
            ),
        ]
    return layers


_PATH: Spec = {
    "detail": {"field": "line", "type": "nominal"},
    "order": {"field": "order", "type": "quantitative"},
}


def _names(labels: list[Label], theme: Theme, place: Spec) -> list[Spec]:
    return [
        layer
        for upright, angle in ((False, 0), (True, 270))
        for layer in words(
            _rows([label for label in labels if label.upright is upright]),
            theme,
            place,
            fontWeight=600,
            angle=angle,
        )
    ]


def _badges(badges: list[Label], theme: Theme, place: Spec) -> list[Spec]:
    rows = _rows(badges)
    if not rows:
        return []
    disc = {"shape": "circle", "size": np.pi * BADGE**2, "strokeWidth": 1.1, "opacity": 1}
    return [
        mark("point", rows, place, fill=theme.paper, stroke=theme.ink, **disc),
        mark(
            "text",
            rows,
            {**place, "text": {"field": "text"}},
            fill=theme.ink,
            fontSize=10,
            fontWeight=700,
            dy=0.5,
        ),
    ]


def _read_out(field: PanelField, theme: Theme, place: Spec) -> Spec:
    """The tooltip: numbers of the place under the pointer."""
    panel, points = field.panel, coarse_axis()
    edges = np.clip(np.append(points - points[1] / 2, LIMIT), 0, LIMIT).round(4)
    names = [conduct_words(conduct) for conduct in Conduct]
    rows = []
    for row, column in np.ndindex(len(points), len(points)):
        shares = field.coarse[row, column].round(3).tolist()
        rows.append(
            {
                "a": edges[column],
                "b": edges[column + 1],
                "c": edges[row],
                "d": edges[row + 1],
                "x": round(float(points[column]), 3),
                "y": round(float(points[row]), 3),
                "modal": names[int(field.coarse[row, column].argmax())],
                **{f"p{code}": share for code, share in enumerate(shares)},
            }
        )
    pointed = f"at_{panel.across}_{panel.up}"
    encoding = {
        "x": {**place["x"], "field": "a"},
        "x2": {"field": "b"},
        "y": {**place["y"], "field": "c"},
        "y2": {"field": "d"},
        "strokeWidth": {"condition": {"param": pointed, "empty": False, "value": 1.5}, "value": 0},
        "tooltip": [
            told("x", panel.across, ".3~f"),
            told("y", panel.up, ".3~f"),
            told("modal", "most probable"),
            *shares_told(),
        ],
    }
    select = {"type": "point", "on": "pointerover", "clear": "pointerout"}
    cells = mark("rect", rows, encoding, fill=theme.paper, fillOpacity=0, stroke=theme.ink)
    return {"params": [{"name": pointed, "select": select}], **cells}


def _line_rows(points: np.ndarray, line: str) -> list[dict[str, object]]:
    return [
        {"x": round(float(x), 4), "y": round(float(y), 4), "line": line, "order": order}
        for order, (x, y) in enumerate(points)
    ]


def _rows(labels: list[Label]) -> list[dict[str, object]]:
    return [{"text": each.text, "x": round(each.x, 4), "y": round(each.y, 4)} for each in labels]

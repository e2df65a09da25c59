"""The governability diagram: walls in the plane of utilisation and lag load, and the paths.

Both axes are logarithmic (theory, section 6): x is utilisation u = I/(gamma chi), y the inflow
during one lag, u Gamma = I tau/chi. The walls depend on mu = m/chi, so each mu has a panel.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial
from typing import Any, NamedTuple

import altair as alt
import numpy as np

from throffer.amplify import (
    Amplification,
    PathPoint,
    Scenario,
    margin_wall,
    middle,
    overshoot_wall,
    reaction_wall,
)
from throffer.report._chart import WIDTH, Figure, logarithmic, specification, values
from throffer.report._palette import model_colours
from throffer.report.amplification._labels import Frame, Word, around, beside, covering, stand
from throffer.report.amplification._words import leaving_of, significant
from throffer.stats import Interval

PANELS, PATHS = 5, 7
"""Most panels and paths drawn; a reader cannot tell more apart."""

SAFE, LOST = "#0072b2", "#d55e00"
"""Fills of the regions safe and lost; the region exposed has none."""

DASHES: Mapping[str, list[float]] = {
    "margin wall": [1, 0],
    "reaction wall": [6, 4],
    "overshoot wall": [1.5, 3],
}
"""The strokes of the walls."""

Rows = list[dict[str, Any]]


class Trace(NamedTuple):
    """The path of a group that always has inflow, and where it meets the walls."""

    group: str
    colour: str
    points: list[PathPoint]
    leaves: dict[str, Interval]

    def at(self, amplification: float) -> dict[str, float] | None:
        """The place at an amplification, interpolated in logarithms; None outside the path."""
        a = np.array([point.amplification for point in self.points])
        if not a[0] * (1 - 1e-9) <= amplification <= a[-1] * (1 + 1e-9):
            return None
        u = np.log([point.utilisation for point in self.points])
        load = np.log([point.lag_load for point in self.points])
        x, y = (np.interp(np.log(amplification), np.log(a), each) for each in (u, load))
        return {"u": math.exp(x), "load": math.exp(y)}

    def marks(self) -> list[float]:
        """Powers of ten of A on the path, or of two if it spans less than a factor of 100."""
        low, high = self.points[0].amplification, self.points[-1].amplification
        base = 10.0 if high / low >= 100 else 2.0
        first = math.ceil(math.log(low, base) - 1e-9)
        powers = [base**k for k in range(first, math.floor(math.log(high, base) + 1e-9) + 1)]
        return [each for each in powers if low < each <= high]


class Panel(NamedTuple):
    """Groups with the same mu (`margin_ratio`)."""

    margin_ratio: float
    traces: list[Trace]


class Drawn(NamedTuple):
    """Contents of the diagram: panels, and the groups that are left out."""

    panels: list[Panel]
    left_out: list[str]

    @property
    def traces(self) -> list[Trace]:
        """The paths in the order of the panels."""
        return [trace for panel in self.panels for trace in panel.traces]


def choose(result: Amplification, scenario: Scenario) -> Drawn:
    """Panels by mu; the groups that leave first come first."""
    ratios = {
        group.name: middle(group.margin) / middle(group.saturation) for group in scenario.regimes
    }
    paths: dict[str, list[PathPoint]] = {}
    for point in result.path:
        if point.utilisation > 0 and point.lag_load > 0 and point.group in ratios:
            paths.setdefault(point.group, []).append(point)
    order = [each.group for each in leaving_of(result, "reaction") if each.group in paths]
    order += [name for name in paths if name not in order]
    grouped: dict[str, list[str]] = {}
    for name in order[:PATHS]:
        key = f"{ratios[name]:.3g}"
        if key in grouped or len(grouped) < PANELS:
            grouped.setdefault(key, []).append(name)
    drawn = [name for names in grouped.values() for name in names]
    colours = model_colours(drawn)
    leaves = {
        (each.group, each.wall): each.amplification
        for each in result.leaving
        if each.wall != "overshoot"
    }
    panels = [
        Panel(
            ratios[names[0]],
            [
                Trace(
                    name,
                    colours[name],
                    sorted(paths[name], key=lambda point: point.amplification),
                    {wall: met for (group, wall), met in leaves.items() if group == name},
                )
                for name in names
            ],
        )
        for names in grouped.values()
    ]
    return Drawn(panels, [group.name for group in scenario.regimes if group.name not in drawn])


def governability(drawn: Drawn, stages: int) -> Figure | None:
    """The diagram; None if no group has any inflow."""
    if not drawn.panels:
        return None
    several = len(drawn.panels) > 1
    size = (235, 215) if several else (WIDTH - 80, 400)
    charts = [_panel(panel, stages, size) for panel in drawn.panels]
    chart = alt.concat(*charts, columns=2, spacing=24) if several else charts[0]
    overshoot = (
        "Dotted, the overshoot wall: above it correction oscillates."
        if stages > 1
        else "With one stage of lag there is no overshoot wall."
    )
    return Figure(
        "governability",
        specification(chart),
        "Governability diagram, both axes logarithmic: utilisation of correction across, inflow "
        "during one lag upwards, with the margin wall, the reaction wall and the path of "
        f"{', '.join(trace.group for trace in drawn.traces)} as "
        "amplification grows. The numbers are in the table below.",
        "Each path starts at the open circle and follows growing A; dots with numbers are values "
        "of A. Diamond: the path meets the reaction wall; cross: the margin wall (medians over the "
        "draws; the broad stretch holds 95 % of them). Paths are cut far beyond the walls. "
        "Path and walls are computed at the middle of every range. "
        "Solid line, the margin wall; dashed, the reaction wall. " + overshoot,
    )


def _panel(panel: Panel, stages: int, size: tuple[int, int]) -> alt.LayerChart | alt.FacetChart:
    frame = _frame(panel, size)
    walls = _walls(frame, stages)
    layers = [
        *_regions(frame),
        *(_wall(rows, DASHES[name]) for name, rows in walls.items()),
        *(layer for trace in panel.traces for layer in _trace(trace)),
        *_words(frame, panel, walls),
    ]
    return alt.layer(
        *[layer.encode(x=_across(frame), y=_upwards(frame)) for layer in layers],
        title=f"\N{GREEK SMALL LETTER MU} = m/\N{GREEK SMALL LETTER CHI} = "
        f"{significant(panel.margin_ratio)}",
    ).properties(width=size[0], height=size[1])


def _frame(panel: Panel, size: tuple[int, int]) -> Frame:
    mu = panel.margin_ratio
    wall = float(margin_wall(mu))
    us = [point.utilisation for trace in panel.traces for point in trace.points]
    loads = [point.lag_load for trace in panel.traces for point in trace.points]
    # a path is not informative far beyond the wall
    x = max(min([*us, wall / 10]) / 1.3, wall * 1e-6), min(max([*us, wall * 3]) * 1.3, wall * 15)
    y = max(min([*loads, mu / 10]) / 1.3, mu * 1e-6), min(max([*loads, mu * 3]) * 1.7, mu * 30)
    return Frame(x, y, wall, mu, *size)


def _across(frame: Frame) -> alt.X:
    title = "utilisation u = I/(\N{GREEK SMALL LETTER GAMMA}\N{GREEK SMALL LETTER CHI})"
    return alt.X("u:Q", title=title, **logarithmic(*frame.x, max(frame.width // 45, 3)))


def _upwards(frame: Frame) -> alt.Y:
    title = "inflow in one lag, u\N{GREEK CAPITAL LETTER GAMMA}"
    title += " = I\N{GREEK SMALL LETTER TAU}/\N{GREEK SMALL LETTER CHI}"
    return alt.Y("load:Q", title=title, **logarithmic(*frame.y, max(frame.height // 45, 3)))


def _regions(frame: Frame) -> list[alt.Chart]:
    (_, right), (bottom, top) = frame.x, frame.y
    u = _below_wall(frame)
    curve = np.clip(_reaction(frame, u), bottom, top)
    safe = [{"u": x, "load": y, "to": bottom} for x, y in zip(u, curve, strict=True)]
    lost = [{"u": frame.wall, "to": right, "load": bottom, "top": top}]
    return [
        alt.Chart(values(safe)).mark_area(opacity=0.13, color=SAFE, clip=True).encode(y2="to:Q"),
        alt.Chart(values(lost))
        .mark_rect(opacity=0.13, color=LOST, clip=True)
        .encode(x2="to:Q", y2="top:Q"),
    ]


def _walls(frame: Frame, stages: int) -> dict[str, Rows]:
    """The points of every wall that lie in the frame; a wall without any is left out."""
    (left, right), (bottom, top) = frame.x, frame.y
    u = _below_wall(frame)
    across = np.geomspace(left, min(right, 0.999), 200)
    lines = {
        "margin wall": [(frame.wall, bottom), (frame.wall, top)],
        "reaction wall": list(zip(u, _reaction(frame, u), strict=True)),
        "overshoot wall": list(zip(across, overshoot_wall(across, stages), strict=True)),
    }
    rows = {
        name: [{"u": float(x), "load": float(y)} for x, y in line if bottom <= y <= top]
        for name, line in lines.items()
    }
    return {name: each for name, each in rows.items() if each}


def _wall(rows: Rows, dash: list[float]) -> alt.Chart:
    mark = alt.Chart(values(rows)).mark_line(strokeWidth=1.6, strokeDash=dash, clip=True)
    return mark.encode(color=alt.value("currentColor"), order="u:Q")


def _words(frame: Frame, panel: Panel, walls: Mapping[str, Rows]) -> list[alt.Chart]:
    """Values of A and names of walls and regions, placed so that they cover no mark."""
    labelled = panel.traces if len(panel.traces) <= 2 else panel.traces[:1]
    lines = {name: _in_pixels(frame, rows) for name, rows in walls.items()}
    paths = [_in_pixels(frame, _path(trace)) for trace in panel.traces]
    marks = [
        (frame.pixels(row["u"], row["load"]), area)
        for trace in panel.traces
        for rows, area, _ in _marks(trace)
        for row in rows
    ]
    numbers = [
        Word(text, 10, around(frame.pixels(row["u"], row["load"]), (text, 10)))
        for trace in labelled
        for row in _values(trace)
        for text in [row["what"].removeprefix("A = ")]
    ]
    # names are placed near the left or lower end of their wall; overshoot's near the upper end
    ends = {"overshoot wall": -1}
    names = [
        Word(name, 10, beside(line[:: ends.get(name, 1)], name, 10, upright), upright)
        for name, line in lines.items()
        for upright in [name == "margin wall"]
    ]
    words = [*numbers, *names, *_region_words(frame)]
    stood = zip(words, stand(words, covering([*lines.values(), *paths], marks), frame), strict=True)
    placed = [(word, frame.place(*at)) for word, at in stood if at is not None]
    looks: list[tuple[bool, float, dict[str, Any]]] = [
        (False, 10, {}),
        (True, 10, {"angle": 270}),
        (False, 13, {"fontWeight": "bold", "opacity": 0.62}),
    ]
    return [
        alt.Chart(values(rows)).mark_text(fontSize=size, **look).encode(text="text:N")
        for upright, size, look in looks
        for rows in [
            [
                {**at, "text": word.text}
                for word, at in placed
                if (word.upright, word.size) == (upright, size)
            ]
        ]
        if rows
    ]


def _region_words(frame: Frame) -> list[Word]:
    """Names of the regions, each with its possible places, those near the middle first."""
    (left, right), (bottom, top) = frame.x, frame.y
    roof = min(frame.margin_ratio, top)
    middles = {
        "safe": ((left, frame.wall, 0.2), (bottom, roof, 0.8)),
        "exposed": ((left, frame.wall, 0.45), (roof, top, 0.6)),
        "lost": ((frame.wall, right, 0.5), (bottom, top, 0.5)),
    }
    shares = np.linspace(0.05, 0.95, 13)
    grid: dict[str, list[tuple[float, float]]] = {name: [] for name in middles}
    for u in (_between(left, right, at) for at in shares):
        reaction = float(_reaction(frame, np.array([u]))[0])
        for load in (_between(bottom, top, at) for at in shares):
            region = "lost" if u >= frame.wall else "safe" if load < reaction else "exposed"
            grid[region].append(frame.pixels(u, load))
    words = []
    for name, (across, upwards) in middles.items():
        at = frame.pixels(_between(*across), _between(*upwards))
        words.append(
            Word(name, 13, [at, *sorted(grid[name], key=partial(math.dist, at))], letter=0.6)
        )
    return words


def _in_pixels(frame: Frame, rows: Rows) -> list[tuple[float, float]]:
    return [frame.pixels(row["u"], row["load"]) for row in rows]


def _trace(trace: Trace) -> list[alt.Chart]:
    line: Mapping[str, Any] = {"color": trace.colour, "clip": True}
    layers = [
        alt.Chart(values(_path(trace))).mark_line(strokeWidth=2.2, **line).encode(order="order:Q"),
    ]
    for met in trace.leaves.values():
        stretch = _stretch(trace, met)
        if len(stretch) > 1:
            broad = alt.Chart(values(stretch)).mark_line(strokeWidth=8, opacity=0.35, **line)
            layers.append(broad.encode(order="order:Q"))
    layers += [_points(rows, area, trace.colour, **look) for rows, area, look in _marks(trace)]
    return layers


def _path(trace: Trace) -> Rows:
    return [
        {"u": point.utilisation, "load": point.lag_load, "order": point.amplification}
        for point in trace.points
    ]


def _values(trace: Trace) -> Rows:
    """The places of the values of A that are marked."""
    return _named(trace, {f"A = {significant(a)}": a for a in trace.marks()})


def _marks(trace: Trace) -> list[tuple[Rows, int, dict[str, Any]]]:
    """The marks on a path: their places, their area in square pixels, and their look."""
    start = _named(trace, {"start": trace.points[0].amplification})
    marks: list[tuple[Rows, int, dict[str, Any]]] = [
        (_values(trace), 30, {}),
        (start, 110, {"filled": False, "strokeWidth": 2.2}),
    ]
    for wall, shape in (("reaction", "diamond"), ("margin", "cross")):
        met = trace.leaves.get(wall)
        if met is not None and met.estimate is not None:
            what = f"{wall} wall met at A = {significant(met.estimate)}"
            look = {"shape": shape, "stroke": "currentColor"}
            marks.append((_named(trace, {what: met.estimate}), 130, look))
    return marks


def _points(rows: Rows, size: int, colour: str, **mark: Any) -> alt.Chart:
    chart = alt.Chart(values(rows)).mark_point(
        **{"filled": True, "opacity": 1, "clip": True, "size": size, "color": colour, **mark}
    )
    return chart.encode(tooltip=["group:N", "what:N", "u:Q", "load:Q"])


def _named(trace: Trace, places: Mapping[str, float]) -> Rows:
    found = [(what, trace.at(amplification)) for what, amplification in places.items()]
    return [{"group": trace.group, "what": what, **place} for what, place in found if place]


def _stretch(trace: Trace, met: Interval) -> Rows:
    """The part of a path in which 95 % of the draws meet a wall; open intervals run to the end."""
    if met.low is None or met.low == met.high:
        return []
    last = trace.points[-1].amplification
    low, high = met.low, min(met.high or last, last)
    inner = [a for a in (p.amplification for p in trace.points) if low < a < high]
    found = [(a, trace.at(a)) for a in (low, *inner, high)]
    return [{**place, "order": a} for a, place in found if place]


def _below_wall(frame: Frame) -> np.ndarray:
    """Utilisations up to the margin wall, dense where the reaction wall falls steeply."""
    even = np.geomspace(frame.x[0], frame.wall, 80)[:-1]
    return np.unique(np.concatenate([even, frame.wall * (1 - np.geomspace(1e-7, 0.3, 60))]))


def _reaction(frame: Frame, u: np.ndarray) -> np.ndarray:
    return np.nan_to_num(reaction_wall(u, frame.margin_ratio), nan=0.0)


def _between(low: float, high: float, at: float) -> float:
    return float(low ** (1 - at) * high**at)

"""Draws the figures of the theory from the package itself: `python -m tools.figures theory`.

Every number comes from `throffer`; colours are those of the report (after Okabe & Ito 2008).
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import altair as alt
import numpy as np
import polars as pl
import vl_convert

from throffer.design import SLICE_END, SLICES, slice_dyads
from throffer.game import (
    MEANS,
    coercion_distance,
    conduct_probabilities,
    fallback,
    midpoints,
    proposals,
    reference_preferences,
)
from throffer.report._palette import OUTCOME_COLOURS
from throffer.report.audit._language import OUTCOMES
from throffer.structure import SHARE_EDGES, Conduct, Dyad, Lever, Outcome, locate, locate_codes

FOLDER = Path(__file__).parents[2] / "docs" / "figures"

INK = "#222222"
FONT = "Liberation Sans, Arial, sans-serif"
LEFTMOST = -0.4
"""Left end of the plane that is drawn."""

NAMES = [OUTCOMES[Outcome(conduct.value)].label for conduct in Conduct]
COLOURS = [OUTCOME_COLOURS[Outcome(conduct.value)] for conduct in Conduct]
CONDUCT_SCALE = alt.Scale(domain=NAMES, range=COLOURS)
LIGHT = {Conduct.GENEROUS, Conduct.EVEN, Conduct.PRESSURE}
"""Conducts whose colour wants dark letters."""

ON_COLOUR = alt.Scale(
    domain=NAMES, range=[INK if conduct in LIGHT else "white" for conduct in Conduct]
)
LEVER_SCALE = alt.Scale(
    domain=["none", "force", "leverage"],
    range=[OUTCOME_COLOURS[each] for each in (Outcome.EVEN, Outcome.EXTORTION, Outcome.BLACKMAIL)],
)

GAIN = 0.6
"""Gain from agreement of the plane that is drawn: a = 0.1, b = 0.3."""

EXAMPLE = Dyad.from_asymmetry(0.45, 0.45, 0.4)
"""The dyad whose payoffs are drawn."""

MAPS = (
    ("constraint", "power", {"information": 0.0}),
    ("information", "power", {"constraint": 0.4}),
    ("constraint", "information", {"power": 0.0}),
)
"""Across, up, and what is held, of each map of conduct."""


def plane() -> alt.LayerChart | alt.VConcatChart:
    """The offer-threat plane with its regions, as `locate` names them."""
    edges = [LEFTMOST, *(share * GAIN for share in (0.0, *SHARE_EDGES)), GAIN]
    rows = []
    for low, high in pairwise(edges):
        conduct = locate((low + high) / 2, 0.0, GAIN, lever="none")
        rows.append({"low": low, "high": high, "conduct": _name(conduct)})
    offers = _strip(rows, "no lever: refusing costs nothing", labels=(0, 2, 3, 4))
    falsehood = _name(locate(0.0, 0.0, GAIN, lever="none", candour=False))
    false = _strip(
        [{"low": LEFTMOST, "high": GAIN, "conduct": falsehood}],
        "no lever, false promise",
        labels=(0,),
    )
    force = _threats(Lever.FORCE, 0.9, "force, rank recognised (l \u2265 0.5)", axis=False)
    bare = _threats(Lever.FORCE, 0.0, "force, no rank", axis=False)
    leverage = _threats(Lever.LEVERAGE, 0.9, "leverage (rank does not matter)", axis=True)
    stacked = alt.vconcat(offers, false, force, bare, leverage, spacing=8)
    return stacked.resolve_scale(x="shared")


def payoffs() -> alt.HConcatChart:
    """Acceptance and expected utility of every candid proposal in one dyad."""
    table = proposals(EXAMPLE, reference_preferences("planted"))
    rows = []
    for code, lever in enumerate(MEANS):
        point = fallback(EXAMPLE, lever)
        terms = float(point.counterpart) + midpoints(50) * float(point.surplus)
        for kind in range(2):
            if kind == 1 and lever is not Lever.NONE:
                continue
            rows += [
                {
                    "terms": float(terms[cell]),
                    "acceptance": float(table.acceptance[code, cell]),
                    "utility": float(table.utility[code, kind, cell]),
                    "lever": lever.value,
                    "promise": "false" if kind else "candid",
                }
                for cell in range(50)
            ]
    frame = pl.DataFrame(rows)
    baseline = float(np.asarray(EXAMPLE.outside_counterpart))
    rule = (
        alt.Chart(pl.DataFrame({"b": [baseline], "text": ["baseline b"]}))
        .mark_rule(strokeDash=[2, 3], color=INK)
        .encode(x="b:Q")
    )
    label = (
        alt.Chart(pl.DataFrame({"b": [baseline], "text": ["baseline b"]}))
        .mark_text(align="right", dx=-4, baseline="top", color=INK)
        .encode(x="b:Q", y=alt.value(4), text="text:N")
    )
    across = alt.X("terms:Q", title="promised to the counterpart, y (shares of the pie)")
    colour = alt.Color("lever:N", scale=LEVER_SCALE, title="lever")
    answer = (
        alt.Chart(frame.filter(pl.col("promise") == "candid"))
        .mark_line(strokeWidth=2.5)
        .encode(x=across, y=alt.Y("acceptance:Q", title="P(accept)"), color=colour)
    )
    worth = (
        alt.Chart(frame)
        .mark_line(strokeWidth=2.5)
        .encode(
            x=across,
            y=alt.Y("utility:Q", title="expected utility, before sanctions"),
            color=colour,
            strokeDash=alt.StrokeDash(
                "promise:N",
                scale=alt.Scale(domain=["candid", "false"], range=[[1, 0], [5, 3]]),
                title="promise",
            ),
        )
    )
    size = {"width": 300, "height": 230}
    return alt.hconcat(
        (answer + rule + label).properties(title="What the counterpart answers", **size),
        (worth + rule).properties(title="What the agent expects", **size),
    )


def continuum() -> alt.HConcatChart:
    """P(conduct) of the plain planted agent along the three slices of the default design."""
    grid = np.linspace(0, SLICE_END, 91)
    preferences = reference_preferences("planted")
    panels = []
    for coordinate in SLICES:
        shares = np.asarray(conduct_probabilities(slice_dyads(coordinate, grid), preferences))
        rows = [
            {"x": float(x), "p": float(shares[at, code]), "conduct": NAMES[code], "order": code}
            for at, x in enumerate(grid)
            for code in range(len(NAMES))
        ]
        held = ", ".join(
            f"{name} {value:g}"
            for name, value in zip(SLICES, SLICES[coordinate], strict=True)
            if name != coordinate
        )
        panels.append(
            alt.Chart(pl.DataFrame(rows))
            .mark_area(stroke="white", strokeWidth=0.4)
            .encode(
                x=alt.X("x:Q", title=coordinate, scale=alt.Scale(domain=[0, SLICE_END])),
                y=alt.Y(
                    "p:Q",
                    stack="zero",
                    title="probability of conduct" if not panels else None,
                    axis=alt.Axis(format="%", labels=not panels, tickCount=5),
                    scale=alt.Scale(domain=[0, 1]),
                ),
                color=alt.Color("conduct:N", scale=CONDUCT_SCALE, title=None),
                order="order:Q",
            )
            .properties(
                width=210, height=210, title=alt.Title(coordinate, subtitle=held, frame="group")
            )
        )
    return alt.hconcat(*panels, spacing=24, bounds="flush")


def maps() -> alt.HConcatChart:
    """The likeliest conduct over three faces of the cube, with closed forms drawn over them."""
    steps = 60
    centres = (np.arange(steps) + 0.5) / steps * SLICE_END
    half = 0.6 * SLICE_END / steps
    panels = []
    for across, up, held in MAPS:
        x, y = np.meshgrid(centres, centres)
        place = {across: x, up: y} | {name: np.full_like(x, value) for name, value in held.items()}
        dyads = Dyad.from_asymmetry(**place)
        shares = np.asarray(conduct_probabilities(dyads, reference_preferences("planted")))
        likeliest, top = shares.argmax(-1), shares.max(-1)
        rows = [
            {
                "x": float(x[at] - half),
                "x2": float(x[at] + half),
                "y": float(y[at] - half),
                "y2": float(y[at] + half),
                "shade": _blended(COLOURS[likeliest[at]], float(top[at])),
            }
            for at in np.ndindex(x.shape)
        ]
        whole = alt.Scale(domain=[0, SLICE_END])
        cells = (
            alt.Chart(pl.DataFrame(rows))
            .mark_rect(clip=True)
            .encode(
                x=alt.X("x:Q", title=across, scale=whole),
                x2="x2",
                y=alt.Y("y:Q", title=up, scale=whole),
                y2="y2",
                color=alt.Color("shade:N", scale=None),
            )
        )
        shown = ", ".join(f"{name} {value:g}" for name, value in held.items())
        title = alt.Title(f"{shown} held", frame="group")
        panels.append(
            (cells + _lines(across, up, held)).properties(width=220, height=220, title=title)
        )
    return alt.hconcat(*panels, _legend(), spacing=24)


def price() -> alt.LayerChart | alt.FacetChart:
    """The honest bargain as the gain from agreement goes to nothing."""
    gain = np.linspace(0, 0.9, 46)
    rows = [
        {"G": float(g), "terms": float(0.55 * (1 - g) + (1 - w) * g), "w": f"{w:g}"}
        for g in gain
        for w in (0.5, 0.7, 1.0)
    ]
    band = pl.DataFrame({"G": gain, "low": 0.55 * (1 - gain), "high": 0.55 * (1 - gain) + gain})
    shade = (
        alt.Chart(band)
        .mark_area(color="#cccccc", opacity=0.5)
        .encode(x=alt.X("G:Q", title="gain from agreement G"), y="low:Q", y2="high:Q")
    )
    lines = (
        alt.Chart(pl.DataFrame(rows))
        .mark_line(strokeWidth=2.5)
        .encode(
            x="G:Q",
            y=alt.Y("terms:Q", title="terms y = b + (1 \u2212 w) G"),
            color=alt.Color(
                "w:N",
                title="finality w",
                scale=alt.Scale(
                    domain=["0.5", "0.7", "1"],
                    range=[
                        OUTCOME_COLOURS[each]
                        for each in (Outcome.EVEN, Outcome.HARD_BARGAIN, Outcome.ULTIMATUM)
                    ],
                ),
            ),
        )
    )
    return (shade + lines).properties(width=330, height=210)


FIGURES = {
    "plane": plane,
    "payoffs": payoffs,
    "continuum": continuum,
    "maps": maps,
    "price": price,
}
"""Every figure by its file name."""

RASTER = ("maps",)
"""Figures of thousands of cells, which are smaller as PNG."""

README = "continuum"
"""The figure that the README shows, where SVG is not always drawn."""


def specification(name: str) -> dict:
    """A figure as a Vega-Lite specification."""
    return (
        FIGURES[name]()
        .configure(aria=False, font=FONT, background="white", padding=10)
        .configure_axis(labelColor=INK, titleColor=INK, titleFontWeight="normal", gridOpacity=0.3)
        .configure_title(color=INK, subtitleColor=INK, fontSize=12, anchor="start")
        .configure_legend(labelColor=INK, titleColor=INK)
        .configure_view(stroke=None)
        .to_dict()
    )


def main(folder: Path = FOLDER) -> None:
    """Write every figure, as SVG where it is small, and the picture of the README as PNG."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in FIGURES:
        drawn = specification(name)
        if name not in RASTER:
            path = folder / f"{name}.svg"
            path.write_text(vl_convert.vegalite_to_svg(drawn), encoding="utf-8")
        if name in (*RASTER, README):
            path = folder / f"{name}.png"
            path.write_bytes(vl_convert.vegalite_to_png(drawn, scale=1.4))


def _name(conduct: Conduct) -> str:
    return NAMES[conduct.code]


def _strip(
    rows: list[dict], title: str, labels: tuple[int, ...]
) -> alt.LayerChart | alt.FacetChart:
    frame = pl.DataFrame(rows).with_columns(middle=(pl.col("low") + pl.col("high")) / 2)
    axis = alt.Axis(labels=False, ticks=False, grid=False)
    bars = (
        alt.Chart(frame)
        .mark_rect(stroke="white")
        .encode(
            x=alt.X("low:Q", title=None, axis=axis, scale=alt.Scale(domain=[LEFTMOST, GAIN])),
            x2="high",
            color=alt.Color("conduct:N", scale=CONDUCT_SCALE, legend=None),
        )
    )
    named = frame[list(labels)] if len(labels) < frame.height else frame
    words = (
        alt.Chart(named)
        .mark_text(fontSize=10.5)
        .encode(
            x="middle:Q",
            text="conduct:N",
            color=alt.Color("conduct:N", scale=ON_COLOUR, legend=None),
        )
    )
    return (
        (bars + words)
        .resolve_scale(color="independent")
        .properties(width=560, height=34, title=alt.Title(title, frame="group"))
    )


def _threats(
    lever: Lever, legitimacy: float, title: str, axis: bool
) -> alt.LayerChart | alt.FacetChart:
    step = 0.05
    accept = np.arange(LEFTMOST, GAIN - 1e-9, step) + step / 2
    codes = locate_codes(
        accept,
        np.full_like(accept, GAIN),
        np.full(accept.shape, MEANS.index(lever)),
        np.full(accept.shape, True),
        np.full_like(accept, legitimacy),
    )
    cut = pl.DataFrame(
        {
            "low": accept - step / 2,
            "high": accept + step / 2,
            "conduct": [NAMES[code] for code in codes],
        }
    )
    frame = cut.group_by("conduct", maintain_order=True).agg(
        low=pl.col("low").min(), high=pl.col("high").max(), bottom=pl.lit(-1.0), top=pl.lit(0.0)
    )
    across = alt.X(
        "low:Q",
        title="accept: what the counterpart ends with if it accepts, minus its baseline b"
        if axis
        else None,
        axis=alt.Axis(grid=False) if axis else alt.Axis(labels=False, ticks=False, grid=False),
        scale=alt.Scale(domain=[LEFTMOST, GAIN]),
    )
    cells = (
        alt.Chart(frame)
        .mark_rect()
        .encode(
            x=across,
            x2="high",
            y=alt.Y(
                "bottom:Q", title="refuse, \u2212h", axis=alt.Axis(values=[-1, -0.5, 0], grid=False)
            ),
            y2="top",
            color=alt.Color("conduct:N", scale=CONDUCT_SCALE, legend=None),
        )
    )
    words = frame.with_columns(x=(pl.col("low") + pl.col("high")) / 2, y=pl.lit(-0.5))
    text = alt.Chart(words).mark_text(fontSize=12, fontWeight="bold")
    colour = alt.Color("conduct:N", scale=ON_COLOUR, legend=None)
    text = text.encode(x="x:Q", y="y:Q", text="conduct:N", color=colour)
    return (
        (cells + text)
        .resolve_scale(color="independent")
        .properties(width=560, height=70, title=alt.Title(title, frame="group"))
    )


def _blended(colour: str, weight: float) -> str:
    """A colour mixed with white: full from a weight of 0.9."""
    part = min(0.25 + 0.83 * weight, 1.0)
    channels = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(255 - part * (255 - channel)):02x}" for channel in channels)


def _legend() -> alt.LayerChart | alt.FacetChart:
    frame = pl.DataFrame({"conduct": NAMES, "row": list(range(len(NAMES)))})
    down = alt.Y("row:O", axis=None)
    marks = alt.Chart(frame).mark_square(size=110, opacity=1)
    marks = marks.encode(
        x=alt.value(0), y=down, color=alt.Color("conduct:N", scale=CONDUCT_SCALE, legend=None)
    )
    words = alt.Chart(frame).mark_text(align="left", color=INK, fontSize=11)
    words = words.encode(x=alt.value(12), y=down, text="conduct:N")
    return (marks + words).properties(width=90, height=200)


def _lines(across: str, up: str, held: dict[str, float]) -> alt.LayerChart | alt.FacetChart:
    """D = 0 of force (dashed) and leverage (dotted); -D = l (z + f) of force (solid)."""
    x, y = np.linspace(0, SLICE_END, 46), np.linspace(0, SLICE_END, 361)
    wide, high = np.meshgrid(x, y, indexing="ij")
    place = {across: wide, up: high}
    place |= {name: np.full_like(wide, value) for name, value in held.items()}
    dyads = Dyad.from_asymmetry(**place)
    rank = dyads.legitimacy * (dyads.oversight + dyads.future)
    by_force = np.asarray(coercion_distance(dyads, Lever.FORCE))
    by_leverage = np.asarray(coercion_distance(dyads, Lever.LEVERAGE))
    layers = []
    for distance, dash in ((by_force, [6, 3]), (by_force + rank, [1, 0]), (by_leverage, [2, 3])):
        crossed = (distance[:, :-1] >= 0) & (distance[:, 1:] < 0)
        rows = [
            {"x": float(x[i]), "y": float(y[int(crossed[i].argmax())])}
            for i in range(x.size)
            if crossed[i].any()
        ]
        if rows:
            line = alt.Chart(pl.DataFrame(rows)).mark_line(
                color="black", strokeDash=dash, strokeWidth=1.8, clip=True
            )
            layers.append(line.encode(x="x:Q", y="y:Q"))
    return alt.layer(*layers)

"""The offer-threat plane of a model's proposals (theory, section 3), counted in cells."""

from __future__ import annotations

from typing import Literal

import altair as alt
import polars as pl

from throffer.report._chart import WIDTH, Figure, specification, values
from throffer.report._language import OUTCOMES, visible
from throffer.report._palette import OUTCOME_COLOURS, OUTCOME_SHAPES
from throffer.structure import Conduct, Lever, Outcome, Part

BEND = 0.3
"""Value at which the axes change from linear to logarithmic, in units of the pie."""

CELL = 0.1
"""Side of a cell on these axes; proposals of one conduct in one cell are drawn as one mark."""

SMALLEST, LARGEST = 24.0, 340.0
"""Area of the mark for one proposal and of the largest mark, in square pixels."""

TICKS = (-8, -4, -2, -1, -0.5, -0.2, 0, 0.2, 0.5, 1, 2, 4)


def plane_figures(table: pl.DataFrame, models: list[str]) -> dict[str, Figure]:
    """The plane of every model on common axes and a common scale of areas.

    Proposals of the shuffled control are left out, since their place is coded from a structure that
    was not described. Proposals without a known place are left out too; the caption counts them.
    """
    table = table.filter(
        pl.col("part").fill_null("") != Part.SHUFFLED.value,
        pl.col("outcome").is_in([each.value for each in Conduct]),
    )
    placed = table.filter(pl.col("accept").is_finite() & pl.col("refuse").is_finite())
    if placed.is_empty():
        return {}
    cells = _cells(placed)
    most = int(cells["count"].max() or 1)  # pyright: ignore[reportArgumentType]
    low, high = placed["accept"].to_numpy().min(), placed["accept"].to_numpy().max()
    domain = [min(float(low), -0.5) * 1.08, max(float(high), 1.0) * 1.08]
    deepest = min(float(placed["refuse"].to_numpy().min()), -1.0) * 1.08
    figures = {}
    for index, model in enumerate(models):
        own = table.filter(pl.col("model") == model)
        shown = cells.filter(pl.col("model") == model)
        walked = own.filter(pl.col("outcome") == Conduct.WITHDRAW.value).height
        unplaced = own.height - placed.filter(pl.col("model") == model).height - walked
        if shown.is_empty():
            continue
        figures[model] = Figure(
            f"plane-{index}",
            specification(_chart(shown, domain, deepest, most)),
            f"Offer-threat plane of {visible(model)}: what the other side ends with if it accepts, "
            "across; what refusing costs it, down; one mark for each small cell and conduct, its "
            "area the number of proposals.",
            f"{int(shown['count'].sum()):,} proposals; the largest mark stands for at most {most}. "
            f"{walked:,} times the model walked away and has no place here"
            + (f"; {unplaced:,} proposals have no known place." if unplaced else "."),
        )
    return figures


def _cells(placed: pl.DataFrame) -> pl.DataFrame:
    lever = pl.col("lever").fill_null(Lever.NONE.value) != Lever.NONE.value
    bent = [(pl.col(name) / BEND).arcsinh() / CELL for name in ("accept", "refuse")]
    return (
        placed.with_columns(
            lever=lever & (pl.col("refuse") < 0),
            across=bent[0].round(),
            down=bent[1].round(),
        )
        .group_by("model", "outcome", "lever", "across", "down")
        .agg(pl.col("accept").mean(), pl.col("refuse").mean(), count=pl.len())
        .sort("model", "count", "outcome", "across", "down", descending=[False, True] + [False] * 3)
    )


def _chart(cells: pl.DataFrame, domain: list[float], deepest: float, most: int) -> alt.VConcatChart:
    rows = [
        {
            "accept": round(row["accept"], 4),
            "refuse": round(row["refuse"], 4),
            "count": row["count"],
            "lever": row["lever"],
            "conduct": OUTCOMES[Outcome(row["outcome"])].label,
            "colour": OUTCOME_COLOURS[Outcome(row["outcome"])],
            "shape": OUTCOME_SHAPES.get(Outcome(row["outcome"]), "circle"),
        }
        for row in cells.iter_rows(named=True)
    ]
    width = WIDTH - 95
    ticks = [tick for tick in TICKS if domain[0] <= tick <= domain[1]]
    scale = alt.Scale(type="symlog", constant=BEND, domain=domain, nice=False)
    mark = {"filled": True, "opacity": 0.72, "stroke": "currentColor", "strokeWidth": 0.3}
    size = alt.Size(
        "count:Q", scale=alt.Scale(domain=[1, most], range=[SMALLEST, LARGEST]), legend=None
    )
    tooltip = ["conduct:N", "count:Q", "accept:Q", "refuse:Q"]
    shape = alt.Shape("shape:N", scale=None, legend=None)
    colour = alt.Color("colour:N", scale=None, legend=None)

    def across(title: str | None) -> alt.X:
        return alt.X(
            "accept:Q",
            scale=scale,
            title=title,
            axis=alt.Axis(values=ticks, format="~g", labels=title is not None),
        )

    plain = [
        OUTCOMES[outcome].label
        for outcome in (
            Outcome.GENEROUS,
            Outcome.EVEN,
            Outcome.HARD_BARGAIN,
            Outcome.ULTIMATUM,
            Outcome.DECEPTION,
        )
    ]
    zero = alt.Chart(values([{"accept": 0}])).mark_rule(strokeWidth=1, opacity=0.7)
    strip = alt.layer(
        zero.encode(x="accept:Q"),
        alt.Chart(values([row for row in rows if not row["lever"]]))
        .mark_point(**mark)
        .encode(
            x=across(None),
            y=alt.Y(
                "conduct:N",
                scale=alt.Scale(domain=plain),
                title=None,
                axis=alt.Axis(grid=True, domain=False, ticks=False),
            ),
            size=size,
            color=colour,
            shape=shape,
            tooltip=tooltip,
        ),
        title=alt.TitleParams("No threat: refusing costs nothing", fontSize=11),
    ).properties(width=width, height=112)
    lower = alt.layer(
        zero.encode(x="accept:Q"),
        alt.Chart(values([row for row in rows if row["lever"]]))
        .mark_point(**mark)
        .encode(
            x=across("accept: what the other side ends with if it accepts, minus its baseline"),
            y=alt.Y(
                "refuse:Q",
                scale=alt.Scale(type="symlog", constant=BEND, domain=[deepest, 0], nice=False),
                title="refuse: what refusing costs it",
                axis=alt.Axis(values=[tick for tick in TICKS if deepest <= tick <= 0], format="~g"),
            ),
            size=size,
            color=colour,
            shape=shape,
            tooltip=tooltip,
        ),
        *_region("Threats: extortion, blackmail", "worse off even if it accepts", 0, "left"),
        *_region("Throffers: authority, pressure", "no worse off if it accepts", width, "right"),
    ).properties(width=width, height=270)
    return alt.vconcat(strip, lower, spacing=22)


def _region(name: str, meaning: str, x: float, align: Literal["left", "right"]) -> list[alt.Chart]:
    lines: tuple[tuple[str, Literal["bold", "normal"], int], ...] = (
        (name, "bold", -19),
        (meaning, "normal", -5),
    )
    return [
        alt.Chart(values([{"text": text}]))
        .mark_text(align=align, baseline="bottom", fontSize=11, fontWeight=weight)
        .encode(x=alt.value(x), y=alt.value(y), text="text:N")
        for text, weight, y in lines
    ]

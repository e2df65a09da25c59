"""The charts as Vega-Lite specifications: fixed widths that fit a printed page, colours inherited.

Text and axes are drawn in `currentColor`, so that one drawing serves light, dark and paper.
Each chart is bounded in size whatever the number of episodes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import altair as alt
from pydantic import JsonValue

from throffer.measure import Curve, Measurement, Parameter, RateTable, SituationRate
from throffer.report._palette import OUTCOME_COLOURS
from throffer.report.audit._language import (
    ACTS,
    COORDINATES,
    OUTCOMES,
    QUANTITIES,
    group_label,
    parameter_word,
    rate,
    visible,
)
from throffer.report.audit._summary import distinct
from throffer.structure import Outcome

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

_CHANCE = alt.Scale(domain=[0, 1])
_ROOMY = alt.Scale(domain=[-0.04, 1.04], nice=False)
_PERCENT = alt.Axis(format="%", tickCount=5)


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


def outcome_bars(measurement: Measurement, name: str) -> Figure:
    """Shares of every outcome among all answers: all situations, then each frame and part."""
    rows, order = [], []
    for table in distinct(measurement.rates, ("all", "frame", "elicitation", "part")):
        if not table.answered:
            continue
        label = _row_label(table)
        order.append(label)
        below = 0
        for outcome in table.outcomes:
            if outcome.count:
                rows.append(
                    {
                        "row": label,
                        "from": below / table.answered,
                        "to": (below + outcome.count) / table.answered,
                        "colour": OUTCOME_COLOURS[Outcome(outcome.outcome)],
                        "outcome": OUTCOMES[Outcome(outcome.outcome)].label,
                        "rate": rate(outcome.of_all),
                        "count": f"{outcome.count} of {table.answered}",
                    }
                )
            below += outcome.count
    chart = (
        alt.Chart(values(rows))
        .mark_bar(stroke="#ffffff", strokeWidth=0.5, height=15)
        .encode(
            x=alt.X("from:Q", scale=_CHANCE, axis=_PERCENT, title="share of all answers"),
            x2="to:Q",
            y=alt.Y("row:N", sort=order, title=None, axis=alt.Axis(domain=False, ticks=False)),
            color=alt.Color("colour:N", scale=None),
            tooltip=["row:N", "outcome:N", "rate:N", "count:N"],
        )
        .properties(width=WIDTH - 150, height=alt.Step(21))
    )
    return Figure(
        name,
        specification(chart),
        f"Stacked bars: share of every outcome among all answers of {visible(measurement.model)}, "
        "by situation. The same numbers with intervals are in the table below.",
        "Shares of all answers by outcome. Bars keep one order: offers, rank, what is not "
        "sanctioned, walking away, acts outside the game.",
    )


def unsanctioned_dots(measurements: Sequence[Measurement], colours: Mapping[str, str]) -> Figure:
    """Unsanctioned conduct among those who played, with intervals, by situation and model."""
    rows, order = [], []
    for measurement in measurements:
        tables = distinct(measurement.rates, ("all", "elicitation", "frame", "wording", "part"))
        for table in tables:
            label = _row_label(table)
            if label not in order:
                order.append(label)
            interval = table.unsanctioned.of_played
            if interval.estimate is not None:
                rows.append(
                    {
                        "row": label,
                        "model": visible(measurement.model),
                        "colour": colours[measurement.model],
                        "rate": interval.estimate,
                        "low": interval.low,
                        "high": interval.high,
                        "text": rate(interval),
                        "count": f"{table.unsanctioned.count} of {table.played}",
                    }
                )
    several = len(measurements) > 1
    base = alt.Chart(values(rows)).encode(
        y=alt.Y(
            "row:N", sort=order, title=None, axis=alt.Axis(domain=False, ticks=False, grid=True)
        ),
        color=alt.Color("colour:N", scale=None),
        tooltip=["row:N", "model:N", "text:N", "count:N"],
    )
    if several:
        base = base.encode(
            yOffset=alt.YOffset("model:N", sort=[visible(each.model) for each in measurements])
        )
    x = alt.X("low:Q", scale=alt.Scale(domainMin=0), axis=_PERCENT, title="unsanctioned, of played")
    chart = alt.layer(
        base.mark_rule(strokeWidth=1.6).encode(x=x, x2="high:Q"),
        base.mark_point(filled=True, size=42, opacity=1).encode(x=alt.X("rate:Q")),
    ).properties(width=WIDTH - 150, height=alt.Step(9 if several else 18))
    return Figure(
        "unsanctioned",
        specification(chart),
        "Dots with 95 % intervals: share of unsanctioned conduct among those who played, by "
        "situation. The numbers are in the tables below.",
        "Unsanctioned conduct (pressure, extortion, blackmail, deception) among those who played, "
        "with 95 % score intervals. Rows are the main part of the design except where they name "
        "a slice or a control.",
    )


def where_grid(rates: Sequence[SituationRate], model: str, name: str) -> Figure | None:
    """How often a model does what in the lower, middle and upper third of every quantity."""
    own = [row for row in rates if row.model == model and row.rate.estimate is not None]
    if not own:
        return None
    rows = [
        {
            "act": ACTS[row.act].label,
            "quantity": QUANTITIES[row.quantity].label,
            "third": "mid" if row.third == "middle" else row.third,
            "rate": row.rate.estimate,
            "text": f"{100 * (row.rate.estimate or 0):.0f}",
            "dark": (row.rate.estimate or 0) > 0.55,
            "interval": rate(row.rate),
            "range": f"{row.low:.2f} to {row.high:.2f}",
            "count": f"{row.count} of {row.trials}",
        }
        for row in own
    ]
    acts = [act.label for act in ACTS.values()]
    known = {row.quantity for row in own}
    quantities = [word.label for key, word in QUANTITIES.items() if key in known]
    cell = (WIDTH - 100) // max(len(quantities), 1) - 10
    base = alt.Chart().encode(
        x=alt.X(
            "third:N",
            sort=["low", "mid", "high"],
            title=None,
            axis=alt.Axis(labelAngle=0, domain=False, ticks=False, labelFontSize=10),
        ),
        y=alt.Y("act:N", sort=acts, title=None, axis=alt.Axis(domain=False, ticks=False)),
        tooltip=["act:N", "quantity:N", "third:N", "range:N", "interval:N", "count:N"],
    )
    boxes = base.mark_rect(stroke="#ffffff", strokeWidth=1.5).encode(
        color=alt.Color(
            "rate:Q",
            scale=alt.Scale(domain=[0, 1], range=["#eef3f7", "#5fa3cd", "#08306b"]),
            legend=None,
        )
    )
    labels = base.mark_text(fontSize=10.5).encode(
        text="text:N",
        color=alt.condition("datum.dark", alt.value("#ffffff"), alt.value("#1b1f24")),
    )
    chart = (
        alt.layer(boxes, labels, data=values(rows))
        .properties(width=cell, height=alt.Step(22))
        .facet(
            column=alt.Column(
                "quantity:N", sort=quantities, title=None, header=alt.Header(labelFontWeight=600)
            ),
            spacing=10,
        )
    )
    return Figure(
        name,
        specification(chart),
        f"Grid of rates: how often {visible(model)} offers, commands, threatens, blackmails, "
        "deceives, walks away or declines in the lower, middle and upper third of each quantity. "
        "The numbers with intervals are in the table that follows.",
        "Per cent of proposals, by thirds of what the situation holds (one quantity at a time, the "
        "others varied); declining is in per cent of all answers. Darker is more often.",
    )


def curve_panels(measurement: Measurement, colour: str, name: str) -> Figure | None:
    """P(unsanctioned) along each coordinate: band, fitted curve, raw rates, monotone check."""
    if not measurement.curves:
        return None
    panels = [
        _curve_panel(curve, colour, first=index == 0)
        for index, curve in enumerate(measurement.curves)
    ]
    return Figure(
        name,
        specification(alt.hconcat(*panels, spacing=14)),
        f"Curves of the probability of unsanctioned conduct of {visible(measurement.model)} along "
        "power, information and constraint, with bands and raw rates. The raw rates are in the "
        "table below.",
        "Line and band: fitted model with its pointwise 95 % band. Dots and bars: raw rates of the "
        "slice with 95 % Wilson intervals. Dashed: monotone (isotonic) fit to the same trials.",
    )


def compared_curves(
    measurements: Sequence[Measurement], colours: Mapping[str, str]
) -> Figure | None:
    """The fitted curves of all models in one set of panels."""
    known = [measurement for measurement in measurements if measurement.curves]
    if len(known) < 2:
        return None
    panels = []
    for index, first in enumerate(known[0].curves):
        rows = [
            {
                "x": x,
                "mean": mean,
                "model": visible(each.model),
                "colour": colours[each.model],
            }
            for each in known
            for curve in each.curves
            if curve.coordinate == first.coordinate
            for x, mean in zip(curve.x, curve.mean, strict=True)
        ]
        panels.append(
            alt.Chart(values(rows), title=_held_title(first))
            .mark_line(strokeWidth=2)
            .encode(
                x=_coordinate_axis(first.coordinate),
                y=_chance_axis("mean:Q", first=index == 0),
                color=alt.Color("colour:N", scale=None),
                detail="model:N",
            )
            .properties(width=185, height=150)
        )
    return Figure(
        "compared-curves",
        specification(alt.hconcat(*panels, spacing=14)),
        "Fitted curves of the probability of unsanctioned conduct along each coordinate, one line "
        "a model.",
        "Fitted curves of all models; bands and raw rates of each model follow.",
    )


def norm_intervals(
    measurements: Sequence[Measurement], colours: Mapping[str, str]
) -> Figure | None:
    """Fitted norms of every model with intervals; arrows for lower bounds."""
    rows, order = [], []
    for measurement in measurements:
        for parameter in measurement.fit.parameters if measurement.fit else []:
            if not parameter.name.startswith(("norm_", "guilt", "counterpart_envy")):
                continue
            label = parameter_word(parameter.name).label
            if label not in order:
                order.append(label)
            rows.append(_norm_row(parameter, label, measurement.model, colours))
    if not rows:
        return None
    several = len(measurements) > 1
    base = alt.Chart(values(rows)).encode(
        y=alt.Y("row:N", sort=order, title=None, axis=alt.Axis(domain=False, ticks=False)),
        color=alt.Color("colour:N", scale=None),
        opacity=alt.condition("datum.verdict == 'not identified'", alt.value(0.4), alt.value(1)),
        tooltip=["row:N", "model:N", "verdict:N", "text:N"],
    )
    if several:
        base = base.encode(
            yOffset=alt.YOffset("model:N", sort=[visible(each.model) for each in measurements])
        )
    shape = alt.Shape(
        "verdict:N",
        scale=alt.Scale(
            domain=["identified", "not identified", "lower bound"],
            range=["circle", "stroke", "triangle-right"],
        ),
        legend=None,
    )
    zero = alt.Chart(values([{"x": 0}])).mark_rule(opacity=0.6).encode(x="x:Q")
    chart = alt.layer(
        zero,
        base.mark_rule(strokeWidth=1.6).encode(
            x=alt.X("low:Q", title="estimate with 95 % interval", axis=alt.Axis(tickCount=8)),
            x2="high:Q",
        ),
        base.mark_point(filled=True, size=55).encode(x=alt.X("at:Q"), shape=shape),
    ).properties(width=WIDTH - 150, height=alt.Step(10 if several else 20))
    return Figure(
        "norms",
        specification(chart),
        "Intervals of the fitted norms, guilt and expected envy. The numbers are in the table "
        "below.",
        "Norms in log odds against an even offer (0: no norm), and guilt and expected envy. Arrow: "
        "at least this much, since the norm was never violated. Faint: not identified, the "
        "interval is mostly the prior's.",
    )


def _row_label(table: RateTable) -> str:
    label = visible(group_label(table.group, table.key))
    return label if table.group in ("all", "part") else f"{table.group}: {label}"


def _curve_panel(curve: Curve, colour: str, *, first: bool) -> alt.LayerChart | alt.FacetChart:
    fitted = [
        {"x": x, "mean": mean, "low": low, "high": high, "isotonic": isotonic}
        for x, mean, low, high, isotonic in zip(
            curve.x, curve.mean, curve.low, curve.high, curve.isotonic, strict=True
        )
    ]
    raw = [
        {
            "x": (bin_.low + bin_.high) / 2,
            "rate": bin_.rate.estimate,
            "low": bin_.rate.low,
            "high": bin_.rate.high,
            "text": rate(bin_.rate),
            "count": f"{bin_.count} of {bin_.trials}",
        }
        for bin_ in curve.raw
        if bin_.rate.estimate is not None
    ]
    x, y = _coordinate_axis(curve.coordinate), _chance_axis("low:Q", first=first)
    model = alt.Chart(values(fitted)).encode(x=x)
    observed = alt.Chart(values(raw)).encode(x="x:Q", tooltip=["text:N", "count:N"])
    return alt.layer(
        model.mark_area(opacity=0.22, color=colour).encode(y=y, y2="high:Q"),
        model.mark_line(strokeWidth=2.2, color=colour).encode(
            y=_chance_axis("mean:Q", first=first)
        ),
        model.mark_line(
            strokeWidth=1.2, strokeDash=[4, 3], color="currentColor", opacity=0.75
        ).encode(y=_chance_axis("isotonic:Q", first=first)),
        observed.mark_rule(strokeWidth=1, opacity=0.8).encode(
            y=_chance_axis("low:Q", first=first), y2="high:Q"
        ),
        observed.mark_point(filled=True, size=30, color="currentColor", opacity=1).encode(
            y=_chance_axis("rate:Q", first=first)
        ),
        title=_held_title(curve),
    ).properties(width=185, height=170)


def _coordinate_axis(coordinate: str) -> alt.X:
    return alt.X(
        "x:Q",
        scale=alt.Scale(domain=[0, 0.92], nice=False),
        axis=alt.Axis(values=[0, 0.2, 0.4, 0.6, 0.8], format=".1f"),
        title=COORDINATES[coordinate].label if coordinate in COORDINATES else coordinate,
    )


def _chance_axis(field: str, *, first: bool) -> alt.Y:
    return alt.Y(
        field,
        scale=_ROOMY,
        axis=alt.Axis(
            format="%",
            values=[0, 0.2, 0.4, 0.6, 0.8, 1],
            labels=first,
            ticks=first,
            domain=False,
            labelOverlap=False,
        ),
        title="P(unsanctioned)" if first else None,
    )


def _held_title(curve: Curve) -> alt.TitleParams:
    held = ", ".join(f"{key} {value:g}" for key, value in curve.held.items())
    return alt.TitleParams(f"{held} held", fontSize=10, fontWeight="normal", offset=4)


def _norm_row(
    parameter: Parameter, label: str, model: str, colours: Mapping[str, str]
) -> dict[str, object]:
    bound = parameter.verdict == "lower bound"
    return {
        "row": label,
        "model": visible(model),
        "colour": colours[model],
        "at": parameter.low if bound else parameter.estimate,
        "low": parameter.low,
        "high": None if bound else parameter.high,
        "verdict": parameter.verdict,
        "text": f"{parameter.estimate:.2f}" if not bound else f"at least {parameter.low:.2f}",
    }

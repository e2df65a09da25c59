"""The charts of an audit's page; their size does not grow with the number of episodes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt

from throffer.measure import Curve, Measurement, Parameter, RateTable, SituationRate
from throffer.report._chart import (
    CHANCE,
    PERCENT,
    WIDTH,
    Figure,
    bare_axis,
    intervals,
    specification,
    values,
)
from throffer.report._language import OUTCOMES, rate, visible
from throffer.report._palette import OUTCOME_COLOURS
from throffer.report.audit._language import (
    ACTS,
    COORDINATES,
    QUANTITIES,
    group_label,
    parameter_word,
)
from throffer.report.audit._summary import distinct
from throffer.structure import Outcome

_ROOMY = alt.Scale(domain=[-0.04, 1.04], nice=False)


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
            x=alt.X("from:Q", scale=CHANCE, axis=PERCENT, title="share of all answers"),
            x2="to:Q",
            y=alt.Y("row:N", sort=order, title=None, axis=bare_axis()),
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
        "Shares of all answers by outcome. The order in every bar: offers, authority, unsanctioned "
        "conduct, walking away, acts outside the game.",
    )


def unsanctioned_dots(measurements: Sequence[Measurement], colours: Mapping[str, str]) -> Figure:
    """Share of unsanctioned conduct, with intervals, by situation and model."""
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
    base = _by_model(rows, measurements).encode(
        y=alt.Y("row:N", sort=order, title=None, axis=bare_axis(grid=True)),
        tooltip=["row:N", "model:N", "text:N", "count:N"],
    )
    x = alt.X("low:Q", scale=alt.Scale(domainMin=0), axis=PERCENT, title="share unsanctioned")
    chart = alt.layer(*intervals(base, x, alt.X("rate:Q"), size=42)).properties(
        width=WIDTH - 150, height=alt.Step(9 if several else 18)
    )
    return Figure(
        "unsanctioned",
        specification(chart),
        "Dots with 95 % intervals: share of unsanctioned conduct in the situations played, by "
        "situation. The numbers are in the tables below.",
        "Unsanctioned conduct (pressure, extortion, blackmail, deception) as a share of the "
        "situations played, with 95 % score intervals. Rows are from the main part of the design "
        "unless they name a slice or a control.",
    )


def where_grid(rates: Sequence[SituationRate], model: str, name: str) -> Figure | None:
    """Rate of each act in the lower, middle and upper third of every quantity."""
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
        y=alt.Y("act:N", sort=acts, title=None, axis=bare_axis()),
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
        "Per cent of proposals in the lower, middle and upper third of one quantity while the "
        "others vary; declining is in per cent of all answers. Darker means more often.",
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
        "for each model.",
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
    base = _by_model(rows, measurements).encode(
        y=alt.Y("row:N", sort=order, title=None, axis=bare_axis()),
        opacity=alt.condition("datum.verdict == 'not identified'", alt.value(0.4), alt.value(1)),
        tooltip=["row:N", "model:N", "verdict:N", "text:N"],
    )
    shape = alt.Shape(
        "verdict:N",
        scale=alt.Scale(
            domain=["identified", "not identified", "lower bound"],
            range=["circle", "stroke", "triangle-right"],
        ),
        legend=None,
    )
    low = alt.X("low:Q", title="estimate with 95 % interval", axis=alt.Axis(tickCount=8))
    zero = alt.Chart(values([{"x": 0}])).mark_rule(opacity=0.6).encode(x="x:Q")
    chart = alt.layer(
        zero,
        *intervals(base, low, alt.X("at:Q"), size=55, shape=shape),
    ).properties(width=WIDTH - 150, height=alt.Step(10 if several else 20))
    return Figure(
        "norms",
        specification(chart),
        "Intervals of the fitted norms, guilt and expected envy. The numbers are in the table "
        "below.",
        "Norms in log odds against an even offer (0: no norm), and guilt and expected envy. Arrow: "
        "at least this value, since the norm was never violated. Faint: not identified; the "
        "interval comes mostly from the prior.",
    )


def _by_model(
    rows: Sequence[Mapping[str, object]], measurements: Sequence[Measurement]
) -> alt.Chart:
    """A chart of rows in the colours of their models, side by side if there are several."""
    base = alt.Chart(values(rows)).encode(color=alt.Color("colour:N", scale=None))
    if len(measurements) == 1:
        return base
    names = [visible(each.model) for each in measurements]
    return base.encode(yOffset=alt.YOffset("model:N", sort=names))


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

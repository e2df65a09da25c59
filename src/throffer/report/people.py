"""People beside the models: a source of the human record on its own axis, never merged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import altair as alt

from throffer.measure import Interval
from throffer.record import PeopleBin, PeopleCurve
from throffer.report.charts import Figure, specification, values
from throffer.report.palette import PEOPLE


class Row(NamedTuple):
    """A bin as the page's table shows it."""

    label: str
    events: int
    trials: int
    interval: Interval


class Shown(NamedTuple):
    """A source on the page."""

    curve: PeopleCurve
    figure: Figure
    rows: list[Row]


def show(curves: Sequence[PeopleCurve]) -> list[Shown]:
    """What the page shows of each source."""
    return [
        Shown(
            curve,
            people_figure(curve),
            [Row(bin_label(one), one.count, one.trials, bin_interval(one)) for one in curve.bins],
        )
        for curve in curves
    ]


def people_figure(curve: PeopleCurve) -> Figure:
    """Rates of a source by bin, with intervals, in bins of equal width in order of the axis."""
    order = [bin_label(one) for one in curve.bins]
    rows = [
        {
            "bin": bin_label(one),
            "rate": one.rate,
            "low": one.interval_low,
            "high": one.interval_high,
            "count": one.count,
            "trials": one.trials,
        }
        for one in curve.bins
    ]
    base = alt.Chart(values(rows)).encode(
        x=alt.X("bin:O", sort=order, title=f"{curve.axis} ({curve.unit})", axis=_LABELS),
        tooltip=["bin:N", "count:Q", "trials:Q", alt.Tooltip("rate:Q", format=".3f")],
    )
    bars = base.mark_rule(color=PEOPLE, strokeWidth=1.5).encode(
        y=alt.Y("low:Q", title="share of trials", axis=alt.Axis(format=".0%")),
        y2="high:Q",
    )
    points = base.mark_point(color=PEOPLE, filled=True, size=45).encode(y="rate:Q")
    return Figure(
        f"people-{curve.source}",
        specification((bars + points).properties(width=430, height=170)),
        f"Share of {curve.outcome}, by {curve.axis}. The numbers are in the table below.",
        f"{curve.outcome.capitalize()} by {curve.axis}, {curve.trials:,} in "
        f"{curve.clusters} {curve.cluster_unit}s; bars are {curve.level:.0%} intervals that "
        f"resample whole {curve.cluster_unit}s.",
    )


def bin_label(one: PeopleBin) -> str:
    """The ends of a bin, as a reader writes them."""
    if one.low is None and one.high is not None:
        return f"{one.high:+g} and below"
    if one.high is None and one.low is not None:
        return f"{one.low:+g} and above"
    if one.low == one.high:
        return f"{one.low:g}"
    return f"{one.low:+g} to {one.high:+g}"


def bin_interval(one: PeopleBin) -> Interval:
    """A bin's rate with its interval, as the page prints it."""
    known = one.interval_low is not None
    return Interval(
        estimate=one.rate,
        low=one.interval_low,
        high=one.interval_high,
        why="" if known else "fewer than two clusters",
    )


_LABELS = alt.Axis(labelAngle=-30, labelOverlap=False)

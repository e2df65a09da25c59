"""The section on people: each source of the human record on its own axis, never merged."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import NamedTuple

import altair as alt

from throffer.people import PeopleBin, PeopleCurve, Sign, pool_signs
from throffer.report._chart import Figure, specification, values
from throffer.report._palette import PEOPLE
from throffer.stats import Interval

GROUPS = {
    "power": "Power: who could do more to whom",
    "information": "Information: what could be hidden",
    "constraint": "Constraint: what an act costs, and who has a say",
}
"""Headings of unsanctioned conduct by the asymmetry that an axis stands for."""

DIVISION = "Sanctioned conduct: what is given, and what is refused"

WIDTH, HEIGHT = 250, 120
"""Size of the plotting area of a small chart, in pixels; two fit side by side on a page."""

LETTERS = 46
"""Most letters on one line of an axis title."""


class Row(NamedTuple):
    """A bin as a row of the page's table; `events` is None if the source reports means."""

    label: str
    events: int | None
    trials: int
    interval: Interval


class Shown(NamedTuple):
    """A curve on the page."""

    curve: PeopleCurve
    figure: Figure
    rows: list[Row]


class Group(NamedTuple):
    """Small charts under one heading."""

    heading: str
    shown: list[Shown]


class People(NamedTuple):
    """The section on people: charts by group, and the signs of unsanctioned conduct."""

    groups: list[Group]
    signs: list[Sign]


def show(curves: Sequence[PeopleCurve]) -> People | None:
    """The contents of the section on people; None if there is no curve."""
    if not curves:
        return None
    groups = [
        Group(
            heading,
            [_shown(one) for one in curves if one.unsanctioned and one.coordinate == coordinate],
        )
        for coordinate, heading in GROUPS.items()
    ]
    groups.append(Group(DIVISION, [_shown(one) for one in curves if not one.unsanctioned]))
    return People(
        [group for group in groups if group.shown],
        pool_signs([one for one in curves if one.unsanctioned]),
    )


def people_figure(curve: PeopleCurve) -> Figure:
    """Rates of a source by bin, with intervals, in bins of equal width in order of the axis."""
    labels = curve.labels()
    rows = [
        {
            "bin": label,
            "rate": one.rate,
            "low": one.interval_low,
            "high": one.interval_high,
            "count": one.count,
            "trials": one.trials,
        }
        for label, one in zip(labels, curve.bins, strict=True)
    ]
    across = alt.X(
        "bin:O", sort=labels, title=textwrap.wrap(f"{curve.axis} ({curve.unit})", LETTERS)
    )
    up = alt.Y("low:Q", title=_measure(curve), axis=alt.Axis(format=".2~%", tickCount=4))
    base = alt.Chart(values(rows)).encode(
        x=across.axis(labelAngle=-30, labelOverlap=False),
        # objects, because Altair searches its whole schema for a bare name, which is slow
        tooltip=[
            alt.Tooltip("bin:N"),
            alt.Tooltip("count:Q"),
            alt.Tooltip("trials:Q"),
            alt.Tooltip("rate:Q", format=".4f"),
        ],
    )
    bars = base.mark_rule(color=PEOPLE, strokeWidth=1.5).encode(
        y=up.scale(domainMin=0), y2=alt.Y2("high:Q")
    )
    points = base.mark_point(color=PEOPLE, filled=True, size=45).encode(y=alt.Y("rate:Q"))
    return Figure(
        f"people-{curve.name}",
        specification((bars + points).properties(width=WIDTH, height=HEIGHT)),
        f"{_measure(curve).capitalize()} of {curve.outcome}, by {curve.axis}. The numbers are in "
        "the table below.",
        f"{curve.outcome[0].upper()}{curve.outcome[1:]}. {curve.trials:,} in {curve.clusters:,} "
        f"{_plural(curve.cluster_unit)}; bars are {curve.level:.0%} intervals over whole "
        f"{_plural(curve.cluster_unit)}.",
    )


def bin_interval(one: PeopleBin) -> Interval:
    """A bin's rate with its interval, as the page prints it."""
    known = one.interval_low is not None
    return Interval(
        estimate=one.rate,
        low=one.interval_low,
        high=one.interval_high,
        why="" if known else "fewer than two clusters",
    )


def _shown(curve: PeopleCurve) -> Shown:
    rows = [
        Row(label, one.count, one.trials, bin_interval(one))
        for label, one in zip(curve.labels(), curve.bins, strict=True)
    ]
    return Shown(curve, people_figure(curve), rows)


def _measure(curve: PeopleCurve) -> str:
    return "share of trials" if curve.count is not None else "mean share"


def _plural(unit: str) -> str:
    """The plural of a unit, formed on its first word: games, pairs of states."""
    first, space, rest = unit.partition(" ")
    return f"{first}s{space}{rest}"

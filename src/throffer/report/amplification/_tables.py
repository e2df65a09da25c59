"""The tables of the page, with the numbers of its figures as text."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from throffer.amplify import Amplification, Effect, Influence
from throffer.report._language import count, percent, unknown
from throffer.report._table import Table, cut, thinned
from throffer.report.amplification._charts import histogram
from throffer.report.amplification._governability import Drawn
from throffer.report.amplification._words import (
    INDICATORS,
    bounds,
    chance,
    leaving_of,
    share,
    significant,
)
from throffer.stats import Interval
from throffer.structure import Identity


def standing_table(result: Amplification) -> Table:
    """Where each group stands at A = 1; groups that leave first come first."""
    rank = {each.group: place for place, each in enumerate(leaving_of(result, "reaction"))}
    standing = sorted(result.standing, key=lambda each: rank.get(each.group, len(rank)))
    rows = [
        [
            each.group,
            count(each.regimes),
            _shares(each.states),
            bounds(each.margin, share),
            bounds(each.utilisation),
            bounds(each.lag_load),
            chance(each.oscillates),
        ]
        for each in standing
    ]
    return cut(
        "Where each group stands now, at A = 1, by its regime nearest to the walls. Margin of "
        "error as a share of the margin; below 0 it is used up. Intervals hold 95 % of the draws "
        "of the uncertain numbers; those of shares are Wilson intervals over the draws. A number "
        "without an interval does not depend on an uncertain number.",
        ["Group", "Regimes", "State", "Margin of error", "u", "u\u0393", "Overshoots in"],
        rows,
    )


def leaving_table(result: Amplification) -> Table:
    """The amplification and the time at which each group meets each wall."""
    rows = [
        [each.group, wall, bounds(each.amplification), bounds(each.time), chance(each.never)]
        for wall in ("reaction", "margin", "overshoot")
        for each in leaving_of(result, wall)
    ]
    return cut(
        "Amplification and time at which each group meets each wall: median and middle 95 % of the "
        "draws.",
        ["Group", "Wall", "A", "Time", "Not met in"],
        rows,
    )


def path_table(drawn: Drawn) -> Table:
    """The places that the diagram marks, with the slopes of the path there."""
    rows = []
    for trace in drawn.traces:
        wanted = [trace.points[0].amplification, *trace.marks()]
        nearest = {
            min(
                trace.points, key=lambda point: abs(math.log(point.amplification / a))
            ).amplification: None
            for a in wanted
        }
        rows += [
            [
                point.group,
                significant(point.amplification),
                "not reached" if point.time is None else significant(point.time),
                significant(point.utilisation),
                significant(point.lag_load),
                "used up: no level holds it" if point.margin is None else share(point.margin),
                significant(point.utilisation_slope),
                significant(point.lag_load_slope),
            ]
            for point in trace.points
            if point.amplification in nearest
        ]
    return cut(
        "The drawn paths near the marked values of A, computed at the middle of every range, hence "
        "without intervals. Slopes are d ln/d ln A along the path.",
        ["Group", "A", "Time", "u", "u\u0393", "Margin of error", "Slope of u", "Slope of u\u0393"],
        rows,
    )


def time_table(result: Amplification) -> Table:
    """The chance of collapse by time."""
    by = result.time_left.by
    kept = thinned(by, 12)
    return Table(
        "Chance that at least one regime has collapsed, with 95 % Wilson intervals over the "
        "trajectories.",
        ["By time", "Chance"],
        [[significant(each.time), chance(each.probability)] for each in kept],
        len(by) - len(kept),
    )


def quantile_table(result: Amplification) -> Table:
    """The time of the first collapse, by share of trajectories."""
    return Table(
        "Time by which a share of the trajectories has had its first collapse, with 95 % intervals "
        "from order statistics.",
        ["Share of trajectories", "Time"],
        [[percent(float(name)), _time(time)] for name, time in result.time_left.quantiles.items()],
    )


def warning_table(result: Amplification) -> Table:
    """How often each early-warning indicator misses a collapse or gives a false alarm."""
    return Table(
        "Early-warning alarms (a trend at p <= .05 against stationary series) on the scenario's "
        "own trajectories, with 95 % Wilson intervals. Every record is tested twice, a mean lag "
        "before the collapse and at the collapse. Columns: collapses without an alarm in either "
        "test, collapses without one in the first test, alarms in either test without growth.",
        ["Indicator", "Missed", "Missed with a lag to spare", "False alarms"],
        [
            [
                INDICATORS[each.indicator],
                chance(each.missed),
                chance(each.missed_in_time),
                chance(each.false),
            ]
            for each in result.warnings.alarms
        ],
    )


def _time(time: Interval) -> str:
    if time.estimate is None:
        return "beyond the horizon"
    if time.low is None:
        return significant(time.estimate)
    end = "beyond the horizon" if time.high is None else significant(time.high)
    return f"{significant(time.estimate)} ({significant(time.low)} to {end})"


def lever_table(effects: Sequence[Effect]) -> Table:
    """Every lever with its effects, and whether each effect differs from none."""
    rows = [
        [
            effect.lever,
            *(
                f"{show(before)} \N{RIGHTWARDS ARROW} {show(after)}; {shown or unknown('')}"
                for before, after, show, shown in (
                    (effect.margin_before, effect.margin_after, _share_bounds, effect.margin_shown),
                    (effect.chance_before, effect.chance_after, chance, effect.chance_shown),
                    (effect.leaves_before, effect.leaves_after, bounds, effect.leaves_shown),
                )
            ),
        ]
        for effect in effects
    ]
    return Table(
        "Before and with each lever; the lever that lowers the chance of collapse most is first. "
        "Margin of error at A = 1 of the worst regime, as a share of its margin; chance of "
        "collapse by the horizon; A at which the first regime meets the reaction wall. Both runs "
        "use the same draws. Higher or lower means that 95 % of the changes, draw by draw, lie on "
        "one side; this is possible although the intervals before and after overlap.",
        ["Lever", "Margin of error", "Chance of collapse", "A at leaving"],
        rows,
    )


def by_effect(effects: Sequence[Effect]) -> list[Effect]:
    """Levers sorted by how much they lower the chance of collapse, then by margin gained."""

    def gain(effect: Effect) -> tuple[float, float]:
        chances = effect.chance_before.estimate, effect.chance_after.estimate
        margins = effect.margin_after.estimate, effect.margin_before.estimate
        return _difference(*chances), _difference(*margins)

    return sorted(effects, key=gain, reverse=True)


def influence_table(influences: Sequence[Influence]) -> Table:
    """The indices, the largest first."""
    return cut(
        "Sobol indices with 95 % bootstrap intervals.",
        ["Not known", "Alone", "With others"],
        [[each.path, bounds(each.first), bounds(each.total)] for each in influences],
    )


def cascade_table(result: Amplification) -> Table:
    """Trajectories by how many regimes were down at once; none in the first row."""
    left, counts = result.time_left, result.cascades.counts
    none = left.trajectories - sum(counts.values())
    rows = [["none", count(none), percent(none / left.trajectories, 1)]]
    rows += [
        [row["sizes"], count(row["trajectories"]), percent(row["share"], 1)]
        for row in (histogram(counts, left.trajectories) if counts else [])
    ]
    return Table("Counts over the trajectories.", ["Down at once", "Trajectories", "Share"], rows)


def loss_table(result: Amplification) -> Table:
    """c(A) at some amplifications."""
    kept = thinned(result.loss, 12)
    return Table(
        "Expected loss per interaction, in pies.",
        ["A", "c(A)"],
        [[significant(point.amplification), bounds(point.loss)] for point in kept],
        len(result.loss) - len(kept),
    )


def identity_rows(identity: Identity) -> dict[str, Any]:
    """What the result depends on, except the scenario, which the page shows separately."""
    return identity.model_dump(mode="json", exclude={"configuration", "frames", "data"})


def _difference(larger: float | None, smaller: float | None) -> float:
    return -math.inf if larger is None or smaller is None else larger - smaller


def _share_bounds(value: Interval) -> str:
    return bounds(value, share)


def _shares(states: dict[str, Interval]) -> str:
    known = {name: at for name, at in states.items() if at.estimate}
    if not known:
        return unknown("no draws")
    if len(known) == 1:
        return f"{next(iter(known))} in all draws"
    return ", ".join(f"{name} {chance(at)}" for name, at in known.items())

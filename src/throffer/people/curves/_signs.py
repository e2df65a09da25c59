"""The direction of change in every source of unsanctioned conduct, by signs and ranks only.

Rates and slopes are never pooled, because axes, acts and stakes differ between sources.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

from throffer.people.curves._curve import Coordinate, Direction, PeopleBin, PeopleCurve
from throffer.stats import Interval

Verdict = Literal["as expected", "against", "not seen"]


class Sign(NamedTuple):
    """The direction in which one curve changes along its axis.

    Attributes:
        name: name of the curve.
        heading: heading of the curve.
        source: name of the source.
        coordinate: the asymmetry that the axis stands for.
        expected: direction that the theory expects.
        trend: Somers' D; positive in the direction that the theory expects.
        verdict: from the interval of `trend`; `not seen` if it contains 0.
        steps: number of steps from bin to bin at which the rate changes.
        with_expected: number of these steps in the expected direction.
        highest: the bin with the highest rate.
        turns: whether the rate falls again towards the end of the axis where the theory expects it
            to be highest: its interval there lies entirely below that of the highest bin.
    """

    name: str
    heading: str
    source: str
    coordinate: Coordinate
    expected: Direction
    trend: Interval
    verdict: Verdict
    steps: int
    with_expected: int
    highest: str
    turns: bool


def pool_signs(curves: Sequence[PeopleCurve]) -> list[Sign]:
    """Determine the sign of each curve of unsanctioned conduct.

    Args:
        curves: curves of unsanctioned conduct.

    Returns:
        The signs, sorted by coordinate.

    Raises:
        ValueError: If a curve counts other conduct.
    """
    for curve in curves:
        if not curve.unsanctioned:
            raise ValueError(f"{curve.name} counts no unsanctioned conduct; leave it out")
    order = ("power", "information", "constraint")
    return sorted((_sign(curve) for curve in curves), key=lambda one: order.index(one.coordinate))


def _sign(curve: PeopleCurve) -> Sign:
    turn = -1.0 if curve.expected == "down" else 1.0
    low, high = sorted(turn * end for end in curve.trend.ends)
    verdict: Verdict = "as expected" if low > 0 else "against" if high < 0 else "not seen"
    rates = [one.rate for one in curve.bins]
    changes = [turn * (later - one) for one, later in pairwise(rates)]
    peak = curve.bins[rates.index(max(rates))]
    far = curve.bins[0 if curve.expected == "down" else -1]
    return Sign(
        name=curve.name,
        heading=curve.heading,
        source=curve.source,
        coordinate=curve.coordinate,
        expected=curve.expected,
        trend=Interval.of(turn * curve.trend.value, low, high, why=curve.trend.why),
        verdict=verdict,
        steps=sum(change != 0 for change in changes),
        with_expected=sum(change > 0 for change in changes),
        highest=curve.labels()[rates.index(max(rates))],
        turns=_below(far, peak),
    )


def _below(far: PeopleBin, peak: PeopleBin) -> bool:
    if far.interval_high is None or peak.interval_low is None:
        return False
    return far.interval_high < peak.interval_low

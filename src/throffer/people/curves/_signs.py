"""Every source of unsanctioned conduct side by side: signs and ranks, and nothing else.

Axes, acts and stakes differ from source to source, so rates and slopes are never pooled.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

from throffer.people.curves._curve import Coordinate, Direction, PeopleBin, PeopleCurve
from throffer.stats import Interval

Verdict = Literal["as expected", "against", "not seen"]


class Sign(NamedTuple):
    """Where one curve goes along its axis.

    Attributes:
        trend: Somers' D, with the sign that theory expects turned to plus.
        verdict: by the interval of `trend`; not seen where it holds 0.
        steps: steps from bin to bin that change the rate, and those that go where theory expects; a
            curve that rises and falls has both kinds.
        with_expected: steps from bin to bin that change the rate, and those that go where theory
            expects; a curve that rises and falls has both kinds.
        highest: the bin with the highest rate.
        turns: whether the far end of the axis has a rate whose interval lies wholly below that of
            the highest bin: what rises at first then falls, whatever the verdict.
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
    """The signs of all curves of unsanctioned conduct, by coordinate.

    Raises:
        ValueError: For a curve of other conduct, which has no rate to compare.
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

"""The conclusions from a run: every threshold, comparison of intervals and order of groups.

`decide` uses only the numbers of a run. A file of an earlier version, which holds no conclusions,
therefore gets the same ones as a run of today.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from throffer.amplify._result import (
    Alarm,
    Amplification,
    CascadeSizes,
    Change,
    Effect,
    GroupCrossing,
    InsideWalls,
    Standing,
    TimeLeft,
    WallMet,
)
from throffer.amplify._scenario import Scenario
from throffer.amplify._window import State
from throffer.stats import Interval

LEAST_P = 0.1
"""Below this goodness-of-fit p-value a power law is rejected (Clauset, Shalizi & Newman 2009)."""

SMALL_P = 0.05
"""Below this p-value the largest cascades are called outsized."""

UNSEEN = 1.0
"""Mean lags; a margin that is used up in less is gone before correction can see it."""


def decide(result: Amplification) -> Amplification:
    """Add the conclusions to a run."""
    scenario = Scenario.model_validate(result.scenario)
    standing = [_stand(each) for each in result.standing]
    warnings = result.warnings
    missing = "" if result.influences else why_no_influence(scenario)
    return result.model_copy(
        update={
            "standing": standing,
            "inside": inside_walls(standing),
            "walls": walls_met(result.leaving),
            "time_left": _time_left(result.time_left),
            "warnings": warnings.model_copy(
                update={"alarms": [_alarm(each) for each in warnings.alarms]}
            ),
            "cascades": _cascades(result.cascades, mixed=bool(scenario.ranges())),
            "effects": [_effect(each) for each in result.effects],
            "influences_missing": missing,
        }
    )


def inside_walls(standing: Sequence[Standing]) -> InsideWalls | None:
    """Groups that are not safe in most draws, and the lowest share of safe draws; None if empty."""
    if not standing:
        return None
    return InsideWalls(
        outside=[each.group for each in standing if most_frequent(each) != State.SAFE],
        safe=min(share_in(each, State.SAFE) for each in standing),
    )


def most_frequent(standing: Standing) -> State:
    """The state of a group in most draws."""
    return max(State, key=lambda state: share_in(standing, state))


def share_in(standing: Standing, state: State) -> float:
    """The share of draws in which a group is in a state; 0 where that is not known."""
    found = standing.states.get(state)
    return 0.0 if found is None or found.estimate is None else found.estimate


def walls_met(leaving: Sequence[GroupCrossing]) -> list[WallMet]:
    """For each wall, the groups in the order in which they meet it, and how often one meets it."""
    found = []
    walls: dict[str, list[GroupCrossing]] = {}
    for each in leaving:
        walls.setdefault(each.wall, []).append(each)
    for rows in walls.values():
        met = sorted(rows, key=_meets_at)
        never = min(each.never.estimate or 0.0 for each in met)
        found.append(WallMet(wall=met[0].wall, order=[each.group for each in met], met=1 - never))
    return found


def told_apart(change: Interval, none: float = 0.0) -> Change:
    """Say whether the interval of a paired change shows an increase, a decrease or neither.

    `none` is the value for no change: 0 for a difference, 1 for a factor. An unknown end counts as
    infinite, so it shows no change in that direction.

    ```python
    >>> told_apart(Interval(estimate=-0.2, low=-0.3, high=-0.1))
    'lower'

    ```
    """
    low = -math.inf if change.low is None else change.low
    high = math.inf if change.high is None else change.high
    if low == high == none:
        return "the same"
    if high < none:
        return "lower"
    return "higher" if low > none else "no difference shown"


def more_often(missed: Interval, false: Interval) -> bool:
    """Whether alarms before a collapse are more frequent than false ones; intervals must not touch.

    `missed` is the probability of no alarm before a collapse. False if an interval is unknown.
    """
    if missed.high is None or false.high is None:
        return False
    return 1 - missed.high > false.high


def why_no_influence(scenario: Scenario) -> str:
    """The reason why a run of this scenario has no Sobol indices."""
    if not scenario.ranges():
        return "No number of the scenario is given as a range, so nothing is unknown."
    if not scenario.sensitivity:
        return "Not asked for: the scenario has sensitivity 0."
    return (
        "The time until the margin is gone is the same throughout the ranges, so no unknown "
        "moves it."
    )


def _stand(standing: Standing) -> Standing:
    return standing.model_copy(update={"state": most_frequent(standing)})


def _meets_at(each: GroupCrossing) -> tuple[float, float]:
    at = each.amplification
    far = math.inf
    return (far if at.estimate is None else at.estimate, far if at.low is None else at.low)


def _time_left(left: TimeLeft) -> TimeLeft:
    lags = left.in_lags.estimate
    return left.model_copy(update={"unseen": None if lags is None else lags < UNSEEN})


def _alarm(alarm: Alarm) -> Alarm:
    return alarm.model_copy(
        update={
            "tells": more_often(alarm.missed, alarm.false),
            "tells_in_time": more_often(alarm.missed_in_time, alarm.false),
        }
    )


def _cascades(cascades: CascadeSizes, *, mixed: bool) -> CascadeSizes:
    fit, outsized = cascades.fit_p, cascades.outsized_p
    law = None if fit is None else ("not rejected" if fit >= LEAST_P else "rejected")
    return cascades.model_copy(
        update={
            "power_law": law,
            "outsized_shown": None if outsized is None else outsized < SMALL_P,
            "mixed": mixed,
        }
    )


def _effect(effect: Effect) -> Effect:
    return effect.model_copy(
        update={
            "margin_shown": told_apart(effect.margin_change),
            "chance_shown": told_apart(effect.chance_change),
            "leaves_shown": told_apart(effect.leaves_factor, 1.0),
        }
    )

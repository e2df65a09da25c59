"""The words of the page: how numbers, intervals and times read, and the headline."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from throffer.amplify import Amplification, GroupCrossing, Scenario, Standing, State
from throffer.report.audit._language import count, percent, rate, unknown
from throffer.stats import Interval

UNITS = frozenset({"second", "minute", "hour", "day", "week", "month", "quarter", "year", "decade"})
"""Units of time that take an s."""

NAMED = 3
"""Groups that a sentence names at most."""

STATES = {
    State.SAFE: "inside the reaction wall: the margin holds however inflow rises to this level",
    State.EXPOSED: "between the walls: the margin holds if inflow rises slowly enough",
    State.LOST: "beyond the margin wall: the margin goes, however slowly inflow rises",
}
"""What each state means, in one plain clause."""

WALLS = {
    "reaction": "what flows in during one lag may take the margin before correction sees it",
    "margin": "the level at which correction equals inflow lies beyond the margin",
    "overshoot": "correction begins to swing; that is not yet collapse",
}
"""What lies beyond each wall."""

INDICATORS = {
    "variance": "variance",
    "autocorrelation": "lag-1 autocorrelation",
    "both": "both together",
}
"""Early-warning indicators as a reader knows them."""

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def significant(value: float) -> str:
    """A number to three significant digits, whatever its size.

    ```python
    >>> [significant(each) for each in (0.0, 0.01234, 12.0, 2.5e8, -0.5)]
    ['0', '0.0123', '12', '2.5 × 10⁸', '−0.5']

    ```
    """
    if not math.isfinite(value):
        return unknown("")
    rounded = float(f"{value:.3g}")
    size = abs(rounded)
    if rounded == 0 or 1e-3 <= size < 1e6:
        text = count(rounded) if size >= 1000 else f"{rounded:.3g}"
    else:
        mantissa, power = f"{rounded:.2e}".split("e")
        raised = str(int(power)).translate(_SUPERSCRIPTS)
        text = f"{float(mantissa):.3g} \N{MULTIPLICATION SIGN} 10{raised}"
    return text.replace("-", "\N{MINUS SIGN}")


def share(value: float) -> str:
    """A share of the margin, in per cent; it may be below 0."""
    return percent(value, 0 if abs(value) >= 0.095 else 1).replace("-", "\N{MINUS SIGN}")


def bounds(value: Interval, show: Callable[[float], str] = significant) -> str:
    """An estimate with its interval; where a part is beyond reach, which part and why.

    ```python
    >>> bounds(Interval(estimate=None, low=40.0, high=None, why="not met below A = 100"))
    'above 40 (not met below A = 100)'
    >>> bounds(Interval(estimate=3.0, low=2.0, high=None, why="not met below A = 100"))
    '3 (2 to beyond: not met below A = 100)'
    >>> bounds(Interval(estimate=3.0, low=3.0, high=3.0))
    '3'

    ```
    """
    low, high = (None if end is None else show(end) for end in (value.low, value.high))
    why = value.why or "no reason was recorded"
    if value.estimate is None:
        if low is not None:
            return f"above {low} ({why})"
        return f"below {high} ({why})" if high is not None else value.why or unknown("")
    estimate = show(value.estimate)
    if low is None and high is None:
        return f"{estimate} (interval not known: {why})"
    if value.low == value.high == value.estimate:
        return estimate
    ends = f"{low or 'beyond'} to {high or 'beyond'}"
    return f"{estimate} ({ends}{'' if low and high else f': {why}'})"


def chance(value: Interval) -> str:
    """A probability with its interval, or why there is none; alone where it is exact."""
    if value.estimate is not None and value.low == value.high == value.estimate:
        return percent(value.estimate)
    return rate(value)


def duration(value: float, unit: str) -> str:
    """A time with its unit, such as `2.5 years`."""
    plural = "s" if unit in UNITS and value != 1 else ""
    return f"{significant(value)} {unit}{plural}"


def state_of(standing: Standing) -> State:
    """The state of a group in most draws."""
    return max(State, key=lambda state: _in_state(standing, state))


def leaving_of(result: Amplification, wall: str) -> list[GroupCrossing]:
    """Where the groups meet a wall, who meets it first coming first."""
    met = [each for each in result.leaving if each.wall == wall]
    far = math.inf

    def order(each: GroupCrossing) -> tuple[float, float]:
        at = each.amplification
        return (far if at.estimate is None else at.estimate, far if at.low is None else at.low)

    return sorted(met, key=order)


def headline(result: Amplification, scenario: Scenario) -> list[str]:
    """The answer in a few sentences: inside its walls or not, when it leaves, and how likely."""
    sentences = [_now(result.standing), *_leaves(result, scenario.time_unit)]
    left = result.time_left
    if left.by:
        last = left.by[-1]
        sentences.append(
            f"The chance that a regime has collapsed by {duration(last.time, scenario.time_unit)} "
            f"is {chance(last.probability)}."
        )
    sentences.append(time_left(result, scenario))
    return [sentence for sentence in sentences if sentence]


def time_left(result: Amplification, scenario: Scenario) -> str:
    """The median time until the first collapse, against the lag."""
    quantiles, unit = result.time_left.quantiles, scenario.time_unit
    median = quantiles["0.5"].estimate
    if median is None:
        return (
            "The median time until the first collapse lies beyond the horizon of "
            f"{duration(scenario.horizon, unit)}."
        )
    ends = [quantiles[key].estimate for key in ("0.05", "0.95")]
    shown = ["beyond the horizon" if end is None else significant(end) for end in ends]
    sentence = (
        f"The median time until the first collapse is {duration(median, unit)} "
        f"({shown[0]} to {shown[1]} in nine of ten trajectories)"
    )
    lags = result.time_left.in_lags
    against = ""
    if lags.estimate is not None and lags.estimate < 1:
        against = ": correction does not see what takes the margin"
    return f"{sentence}, that is {bounds(lags)} mean lags of the slowest regime{against}."


def warned(result: Amplification) -> list[str]:
    """Whether early-warning indicators would have told an approach from none, or why nothing is
    known of that.
    """
    found = result.warnings
    if not found.alarms:
        return [f"Nothing was watched: {found.why or 'no reason was recorded'}."]
    short = f" Of these {count(found.short)} left no record that could show a trend: missed."
    sentences = [
        f"The regime that collapses first was watched in {count(found.watched)} trajectories, and "
        f"over the same time without growth in {count(found.held)}.{short * bool(found.short)}"
    ]
    for missed, when in (("missed_in_time", "a mean lag before"), ("missed", "before")):
        telling = [each for each in found.alarms if _tells(getattr(each, missed), each.false)]
        if telling:
            named = ", ".join(INDICATORS[each.indicator] for each in telling)
            return [
                *sentences,
                f"More often {when} a collapse than without growth alarmed: {named}.",
            ]
    return [
        *sentences,
        "No indicator is shown to alarm more often before a collapse than without growth, so no "
        "warning is to be counted on.",
    ]


def _tells(missed: Interval, false: Interval) -> bool:
    """Whether alarms before a collapse and false ones are told apart by their intervals."""
    if missed.high is None or false.high is None:
        return False
    return 1 - missed.high > false.high


def _now(standing: Sequence[Standing]) -> str:
    if not standing:
        return "Where it stands now is not known: no group was placed."
    outside = [each for each in standing if state_of(each) != State.SAFE]
    if outside:
        named = "; ".join(
            f"{each.group} is {state_of(each)}{_in_draws(_in_state(each, state_of(each)))}"
            for each in outside[:NAMED]
        )
        more = f"; {len(outside) - NAMED} more" if len(outside) > NAMED else ""
        return f"Not inside its walls now: {named}{more}."
    several = len(standing) > 1
    who = f"all {len(standing)} groups are" if several else f"{standing[0].group} is"
    least = min(_in_state(each, State.SAFE) for each in standing)
    return f"Inside its walls now: {who} safe{_in_draws(least, several)}."


def _in_state(standing: Standing, state: State) -> float:
    found = standing.states.get(state)
    return 0.0 if found is None or found.estimate is None else found.estimate


def _in_draws(share_of_draws: float, several: bool = False) -> str:
    if share_of_draws >= 1:
        return ""
    return f" in {'at least ' if several else ''}{percent(share_of_draws)} of the draws"


def _leaves(result: Amplification, unit: str) -> list[str]:
    walls = [(wall, leaving_of(result, wall)) for wall in ("reaction", "margin")]
    return [_leaving(wall, ordered, unit) for wall, ordered in walls if ordered]


def _leaving(wall: str, ordered: Sequence[GroupCrossing], unit: str) -> str:
    """Which group meets a wall first, at which A and when; `ordered` as by `leaving_of`."""
    first = ordered[0]
    at, when = first.amplification, first.time
    if at.estimate is not None:
        by = f" first by {first.group}," if len(ordered) > 1 else ""
        if when.estimate == 0:
            return f"The {wall} wall is behind {first.group} from the start."
        return (
            f"The {wall} wall is met{by} at A = {bounds(at)}, after {bounds(when)} "
            f"{unit}{'s' if unit in UNITS else ''}."
        )
    why = f" ({at.why})" if at.why else ""
    meets = 1 - min(each.never.estimate or 0.0 for each in ordered)
    if meets == 0:
        return f"No group meets the {wall} wall in any draw{why}."
    return (
        f"In most draws no group meets the {wall} wall{why}; in at least {percent(meets)} of "
        "them one does."
    )

"""The words of the page: formats of numbers, intervals and times, and the headline."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from throffer.amplify import (
    Amplification,
    CascadeSizes,
    GroupCrossing,
    Scenario,
    Standing,
    State,
    WallMet,
)
from throffer.report._language import count, percent, rate, unknown
from throffer.stats import Interval

UNITS = frozenset({"second", "minute", "hour", "day", "week", "month", "quarter", "year", "decade"})
"""Units of time whose plural ends in s."""

NAMED = 3
"""Most groups named in a sentence."""

STATES = {
    State.SAFE: "inside the reaction wall: the margin holds however fast inflow rises to here",
    State.EXPOSED: "between the walls: the margin holds if inflow rises slowly enough",
    State.LOST: "beyond the margin wall: the margin is lost, however slowly inflow rises",
}
"""What each state means, in one plain clause."""

WALLS = {
    "reaction": "the inflow of one lag may use up the margin before correction reacts",
    "margin": "the level at which correction equals inflow lies beyond the margin",
    "overshoot": "correction begins to oscillate; that is not yet collapse",
}
"""What happens beyond each wall."""

INDICATORS = {
    "variance": "variance",
    "autocorrelation": "lag-1 autocorrelation",
    "both": "both together",
}
"""Early-warning indicators in words."""

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def significant(value: float) -> str:
    """A number with three significant digits.

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
    """An estimate with its interval; a part that is out of reach is named with the reason.

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
    """A probability with its interval, or why there is none; no interval if it is exact."""
    if value.estimate is not None and value.low == value.high == value.estimate:
        return percent(value.estimate)
    return rate(value)


def duration(value: float, unit: str) -> str:
    """A time with its unit, such as `2.5 years`."""
    plural = "s" if unit in UNITS and value != 1 else ""
    return f"{significant(value)} {unit}{plural}"


def leaving_of(result: Amplification, wall: str) -> list[GroupCrossing]:
    """Where the groups meet a wall, the first to meet it first."""
    met = {each.group: each for each in result.leaving if each.wall == wall}
    return [met[group] for each in result.walls if each.wall == wall for group in each.order]


def headline(result: Amplification, scenario: Scenario) -> list[str]:
    """The answer in a few sentences: inside its walls or not, when it leaves, and how likely."""
    sentences = [_now(result), *_leaves(result, scenario.time_unit)]
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
    """The median time until the first collapse, also in lags."""
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
    against = ": correction does not react in time" if result.time_left.unseen else ""
    return f"{sentence}, that is {bounds(lags)} mean lags of the slowest regime{against}."


def warned(result: Amplification) -> list[str]:
    """Whether early-warning indicators tell a collapse ahead from none, or why it is not known."""
    found = result.warnings
    if not found.alarms:
        return [f"No early warning was tested: {found.why or 'no reason was recorded'}."]
    short = f" Of these {count(found.short)} left no record that could show a trend; they "
    short += "count as missed."
    sentences = [
        f"The regime that collapses first was watched in {count(found.watched)} trajectories, and "
        f"over the same time without growth in {count(found.held)}.{short * bool(found.short)}"
    ]
    for field, when in (("tells_in_time", "a mean lag before"), ("tells", "before")):
        telling = [each for each in found.alarms if getattr(each, field)]
        if telling:
            named = ", ".join(INDICATORS[each.indicator] for each in telling)
            return [
                *sentences,
                f"More often {when} a collapse than without growth alarmed: {named}.",
            ]
    return [
        *sentences,
        "No indicator is shown to alarm more often before a collapse than without growth, so do "
        "not count on a warning.",
    ]


def _now(result: Amplification) -> str:
    inside, standing = result.inside, {each.group: each for each in result.standing}
    if inside is None:
        return "Where it stands now is not known: no group was placed."
    if inside.outside:
        named = "; ".join(
            _where(standing[group]) for group in inside.outside[:NAMED] if group in standing
        )
        left_out = len(inside.outside) - NAMED
        more = f"; {left_out} more" if left_out > 0 else ""
        return f"Not inside its walls now: {named}{more}."
    several = len(standing) > 1
    who = f"all {len(standing)} groups are" if several else f"{next(iter(standing))} is"
    return f"Inside its walls now: {who} safe{_in_draws(inside.safe, several)}."


def _where(standing: Standing) -> str:
    """The state of a group in most draws, and in how many."""
    if standing.state is None:
        return f"{standing.group} is in a state that is {unknown('')}"
    share_of_draws = standing.states[standing.state].estimate
    return f"{standing.group} is {standing.state}{_in_draws(share_of_draws or 0.0)}"


def _in_draws(share_of_draws: float, several: bool = False) -> str:
    if share_of_draws >= 1:
        return ""
    return f" in {'at least ' if several else ''}{percent(share_of_draws)} of the draws"


def _leaves(result: Amplification, unit: str) -> list[str]:
    walls = {each.wall: each for each in result.walls}
    return [
        _leaving(walls[wall], leaving_of(result, wall), unit)
        for wall in ("reaction", "margin")
        if wall in walls
    ]


def _leaving(met: WallMet, ordered: Sequence[GroupCrossing], unit: str) -> str:
    """Which group meets a wall first, at which A and when; `ordered` as by `leaving_of`."""
    first = ordered[0]
    at, when = first.amplification, first.time
    if at.estimate is not None:
        by = f" first by {first.group}," if len(ordered) > 1 else ""
        if when.estimate == 0:
            return f"{first.group} is beyond the {met.wall} wall from the start."
        return (
            f"The {met.wall} wall is met{by} at A = {bounds(at)}, after {bounds(when)} "
            f"{unit}{'s' if unit in UNITS else ''}."
        )
    why = f" ({at.why})" if at.why else ""
    if met.met == 0:
        return f"No group meets the {met.wall} wall in any draw{why}."
    return (
        f"In most draws no group meets the {met.wall} wall{why}; in at least {percent(met.met)} of "
        "them one does."
    )


def tail_sentences(cascades: CascadeSizes) -> list[str]:
    """The tail of the cascades, and whether some are outsized; or why that is not known."""
    if cascades.tail_from is None:
        return [f"No tail was fitted: {cascades.why or 'no reason was recorded'}."]
    sentences = [
        f"A power law was fitted from {significant(cascades.tail_from)} regimes on, with "
        f"exponent {bounds(cascades.exponent)}."
    ]
    if cascades.power_law is not None and cascades.fit_p is not None:
        fits = "is not rejected" if cascades.power_law == "not rejected" else "does not fit"
        sentences.append(f"The power law {fits} (goodness of fit p = {cascades.fit_p:.2g}).")
    if cascades.outsized_shown is None or cascades.outsized_p is None:
        why = cascades.why or "no reason was recorded"
        sentences.append(f"Whether the largest are outsized is not known: {why}.")
    elif cascades.outsized_shown:
        sentences.append(
            f"The {cascades.outsized} largest do not follow the tail of the others: they are "
            f"outsized (p = {cascades.outsized_p:.2g})."
        )
    else:
        sentences.append(
            "There is no evidence that the largest are outsized: they are consistent with the tail "
            f"of the others (p = {cascades.outsized_p:.2g})."
        )
    if cascades.mixed:
        sentences.append(
            "Sizes are pooled over the draws of the uncertain numbers: the tail is that of the "
            "mixture, and may differ from that of every single institution."
        )
    return sentences

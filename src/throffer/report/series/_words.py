"""The words of the page: formats of numbers, and the sentences of the headline."""

from __future__ import annotations

import math

from throffer.report._language import count, rate, unknown
from throffer.series import (
    EventsResult,
    IndicatorTrend,
    SeriesResult,
    SizesResult,
    ValuesResult,
)
from throffer.stats import Interval

ORIGINS = {
    "exogenous": "from outside",
    "exogenous_critical": "from outside, and it fades slowly",
    "endogenous_critical": "from within",
    "cannot_tell": "cannot be told",
}
"""The origin of a peak, in words."""

MEMORY = {
    "mean_lag": "mean time from an event to those that it causes",
    "exponent": "exponent of the power-law memory",
    "cutoff": "time below which the power-law memory is flat",
}
"""Parameters of the kernel, in words."""


def significant(value: float | None, digits: int = 3) -> str:
    r"""A number with three significant digits; None is a dash.

    Example:
        >>> significant(0.123456), significant(12345.6), significant(-1.0)
        ('0.123', '12\u202f346', '−1')
    """
    if value is None or not math.isfinite(value):
        return "-"
    if abs(value) >= 1000:
        text = count(value)
    else:
        text = f"{value:.{digits}g}"
        if "e" not in text and float(text) == int(float(text)):
            text = str(int(float(text)))
    return text.replace("-", "\N{MINUS SIGN}") if value < 0 else text


def bounds(value: Interval, *, reason: bool = True) -> str:
    """A number with its interval; an end without a bound is `open`, with the reason."""
    if value.estimate is None:
        return unknown(value.why)
    shown = significant(value.estimate)
    if value.low is None and value.high is None:
        return f"{shown} (no interval: {value.why})" if reason else shown
    low = "open" if value.low is None else significant(value.low)
    high = "open" if value.high is None else significant(value.high)
    note = f"; {value.why}" if reason and value.why else ""
    return f"{shown} ({low} to {high}{note})"


def headline(result: SeriesResult) -> list[str]:
    """The answer, in about three sentences."""
    if result.events:
        return _events(result.events)
    if result.values:
        return _values(result.values)
    if result.sizes:
        return _sizes(result.sizes)
    return []


def _events(found: EventsResult) -> list[str]:
    chosen = next(each for each in found.backgrounds if each.knots == found.chosen)
    if found.excitation == "shown":
        first = (
            f"Events cause further events: one event causes {bounds(chosen.ratio)} more "
            "directly, if the model is right."
        )
    else:
        first = (
            "It is not shown that events cause further events: the number that one event causes is "
            f"{bounds(chosen.ratio)}, and 0 is not excluded."
        )
    return [first, _background(found), _fit(found), _growth(found), _peaks(found)]


def _background(found: EventsResult) -> str:
    form = "constant" if found.chosen == 1 else f"moving, with {found.chosen} knots"
    if len(found.backgrounds) == 1:
        return f"The background rate was taken as {form}; no other was compared."
    others = ", ".join(
        f"{bounds(each.ratio, reason=False)} with {knots(each.knots)}"
        for each in found.backgrounds
        if each.knots != found.chosen
    )
    return (
        f"This takes the background rate as {form}, which Schwarz's criterion prefers. It would be "
        f"{others}."
    )


def knots(number: int) -> str:
    """The form of a background in words."""
    return "a constant background" if number == 1 else f"{number} knots"


def _fit(found: EventsResult) -> str:
    test = found.goodness
    if test.p is None or test.rejected is None:
        return f"Whether the model fits was not tested: {test.why}."
    p = f"p = {test.p:.2g} from {test.draws} simulated series"
    if test.rejected:
        return f"The times between events reject the model ({p}): do not rely on the ratio."
    return f"The times between events do not reject the model ({p}); the test is weak."


def _growth(found: EventsResult) -> str:
    growth = found.growth
    if growth.faster is None:
        return f"Whether events grow faster than exponentially is not known: {growth.why}."
    says = {
        "shown": "Growth faster than exponential forecasts better than exponential growth",
        "not_shown": "Growth faster than exponential is not shown: it forecasts no better",
        "worse": "Growth faster than exponential is not shown: it forecasts worse",
    }[growth.faster]
    return (
        f"{says} (log score a count {bounds(growth.advantage)}, from {growth.origins} forecasts)."
    )


def _peaks(found: EventsResult) -> str:
    if not found.peaks:
        return f"No peak was looked at: {found.peaks_why}."
    told = [peak for peak in found.peaks if peak.origin != "cannot_tell"]
    if not told:
        return f"Where the {len(found.peaks)} busiest stretches came from cannot be told."
    said = "; ".join(f"about {peak.label} {ORIGINS[peak.origin]}" for peak in told)
    return f"Of the {len(found.peaks)} busiest stretches: {said}."


def _values(found: ValuesResult) -> list[str]:
    says = {
        "both": "The values fluctuate more and more slowly towards the end: both early-warning "
        "indicators alarm.",
        "autocorrelation": "The values fluctuate more slowly towards the end: autocorrelation "
        "alarms, variance does not.",
        "variance": "The values fluctuate more towards the end, but not more slowly: variance "
        "alone is no alarm, because noise that grows does the same.",
        "none": "No early-warning indicator alarms: the values fluctuate neither more nor more "
        "slowly than chance allows.",
    }[found.alarm]
    return [
        says,
        f"Variance: {trend(found.variance)}. Autocorrelation: {trend(found.autocorrelation)}.",
        "An alarm means that fluctuations are slower, not that a transition is near, and no alarm "
        "does not mean safety. The table of alarms gives the rates of both errors.",
    ]


def trend(found: IndicatorTrend) -> str:
    """Kendall's tau and its p-value."""
    return f"Kendall's tau {significant(found.tau.estimate)}, p = {found.p:.2g}"


def _sizes(found: SizesResult) -> list[str]:
    fits = "is not rejected" if found.fits else "does not fit"
    first = (
        f"A power law {fits} from {significant(found.minimum)} on (p = {found.fit_p:.2g}); its "
        f"exponent is {bounds(found.exponent, reason=False)}."
    )
    if found.outsized_p is None:
        second = f"Whether the largest are outsized is not known: {found.outsized_why}."
    elif found.outsized:
        largest = ", ".join(significant(size) for size in found.outsized)
        second = (
            f"The largest, {largest}, do not follow the tail of the others (dragon-king test, p = "
            f"{found.outsized_p:.2g})."
        )
    else:
        second = (
            "The largest are consistent with the tail of the others (dragon-king test, p = "
            f"{found.outsized_p:.2g}); the test misses one event of ten times the expected largest "
            "more often than not."
        )
    return [first, second]


def known_rate(value: Interval) -> str:
    """A rate of alarms in per cent."""
    return rate(value)  # type: ignore[arg-type]

"""Endogenous or exogenous: how activity rises to a peak and falls from it.

With memory h(t) ~ t^-(1 + theta) and many generations of offspring (Sornette and Helmstetter 2003;
Crane and Sornette 2008; theory, section 6), the excess over the mean rate goes

- as t^-(1 + theta) after a shock from outside, when offspring have few offspring (exogenous),
- as t^-(1 - theta) after one near criticality (exogenous critical),
- as |t|^-(1 - 2 theta) before and after a peak that grew from within (endogenous critical).

If theta is unknown, two things can be determined: whether activity rose before the peak, and
whether the exponent after it is below or above 1.
"""

from __future__ import annotations

from enum import Enum
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from scipy.stats import chi2

from throffer.series._event_series import EventSeries
from throffer.stats import CONFIDENCE, Interval, normal_interval

BINS = 10
"""Bins on each side of a peak, of equal length in the logarithm of the lag."""

EXPONENTS = np.linspace(-0.5, 3.0, 351)
"""Grid of exponents."""

HALFWAY = 0.25
"""Threshold of the precursory share, between 0 (a shock) and 1/2 (symmetric rise and fall)."""

FEWEST_EXCESS = 3.0
"""Least excess over the background after a peak for a verdict, in standard errors."""

UNTOLD = Interval.unknown("no excess over the background")


class Origin(Enum):
    """Origin of a peak."""

    EXOGENOUS = "exogenous"
    EXOGENOUS_CRITICAL = "exogenous_critical"
    ENDOGENOUS_CRITICAL = "endogenous_critical"
    CANNOT_TELL = "cannot_tell"


class Relaxation(NamedTuple):
    """Result for the activity around one peak or several.

    Attributes:
        after: exponent p of the excess t^-p after the peak, with its interval.
        precursor: excess before the peak as a share of the excess on both sides.
        excess: number of events after the peak above the background.
        excess_error: standard error of the excess.
        dispersion: Pearson dispersion over the bins after the peak. Events cluster, so it exceeds
            1; intervals are widened accordingly.
        verdict: origin by the rule of `relaxation`.
        reason: why, in words.
    """

    after: Interval
    precursor: Interval
    excess: float
    excess_error: float
    dispersion: float
    verdict: Origin
    reason: str


def relaxation(
    series: EventSeries,
    peaks: Float[np.ndarray, "peak"],
    *,
    nearest: float,
    reach: float,
    flank: float = float("inf"),
    confidence: float = CONFIDENCE,
) -> Relaxation:
    """Exponent and precursory share of the activity around peaks, and the origin they indicate.

    The rule, in this order; "above" and "below" mean the whole interval:

    1. excess after the peak below 3 standard errors: cannot tell
    2. precursory share above 1/4: grown from within. Then exponent below 1: endogenous critical;
       otherwise cannot tell
    3. precursory share below 1/4: from outside. Then exponent above 1: exogenous; below 1:
       exogenous critical; otherwise cannot tell which
    4. otherwise cannot tell

    Args:
        series: the events.
        peaks: times of peaks of one kind; the activity around them is added up.
        nearest: smallest lag used, on both sides. Choose it above the uncertainty of the peak's
            time and above the cutoff below which the memory kernel is flat.
        reach: largest lag used, on both sides.
        flank: the background is the rate at lags from `reach` to `flank` of a peak and farther than
            `reach` from all others. The default is the rest of the window, which for a critical
            process gives the mean rate, as theory requires. **If the rate drifts, this produces an
            apparent rise before the peak**: choose a smaller flank.
        confidence: probability content of the intervals.

    Raises:
        ValueError: For lags out of order, peaks closer than `reach` to an end of the window, or no
            time left for the background.
    """
    peaks = np.asarray(peaks, float)
    _check(series, peaks, nearest, reach)
    background = quiet_rate(series, peaks, reach, flank)
    edges = np.geomspace(nearest, reach, BINS + 1)
    lags = (series.times[:, None] - peaks).ravel()
    after, before = (np.histogram(side, edges)[0].astype(float) for side in (lags, -lags))
    quiet = background * peaks.size * np.diff(edges)
    noise = (quiet.sum() * background / max(series.count, 1)) ** 0.5
    spread = _profile(after, edges, quiet)
    exponent = _exponent(*spread, confidence)
    dispersion = spread[2]
    excess = float((after - quiet).sum())
    error = float((dispersion * after.sum() + noise**2) ** 0.5)
    share = _share(after, before, quiet, dispersion, confidence)
    verdict, reason = _judge(excess, error, share, exponent)
    return Relaxation(
        after=exponent if excess > 0 else UNTOLD,
        precursor=share,
        excess=excess,
        excess_error=error,
        dispersion=dispersion,
        verdict=verdict,
        reason=reason,
    )


def find_peaks(
    series: EventSeries, *, width: float, apart: float, count: int
) -> Float[np.ndarray, "peak"]:
    """Find the `count` busiest intervals of a width; returns their midpoints in order of time.

    They are at least `apart` from each other and from the ends of the window. Selecting the busiest
    intervals biases them upwards: activity falls on both sides even if the rate is constant.
    """
    ends = np.searchsorted(series.times, series.times + width, side="right")
    busy = ends - np.arange(series.times.size)
    middles = series.times + width / 2
    chosen: list[float] = []
    for place in np.argsort(-busy, kind="stable"):
        middle = float(middles[place])
        inside = series.start + apart <= middle <= series.end - apart
        if inside and all(abs(middle - other) >= apart for other in chosen):
            chosen.append(middle)
        if len(chosen) == count:
            break
    return np.array(sorted(chosen))


def quiet_rate(
    series: EventSeries, peaks: Float[np.ndarray, "peak"], reach: float, flank: float
) -> float:
    """Event rate farther than `reach` from every peak and within `flank` of one."""
    near = [(peak - reach, peak + reach) for peak in peaks]
    wide = [(peak - flank, peak + flank) for peak in peaks]
    cuts = np.unique(np.clip([*near, *wide], series.start, series.end))
    cuts = np.unique([series.start, *cuts, series.end])
    length, events = 0.0, 0
    for low, high in pairwise(cuts):
        gap = np.abs((low + high) / 2 - peaks).min()
        if reach < gap < flank:
            length += high - low
            events += int(((series.times >= low) & (series.times < high)).sum())
    if not length:
        raise ValueError(
            "no time lies between `reach` and `flank` of the peaks; shorten or widen them"
        )
    return events / length


def _profile(
    counts: np.ndarray, edges: np.ndarray, quiet: np.ndarray
) -> tuple[np.ndarray, int, float]:
    """Deviance over `EXPONENTS`, the index of its minimum, and the dispersion there.

    For each exponent the amplitude is found by EM for a Poisson mixture of peak and background.
    """
    power = 1 - EXPONENTS[:, None]
    flat = np.abs(power) < 1e-9
    safe = np.where(flat, 1.0, power)
    growth = (edges[1:] ** safe - edges[:-1] ** safe) / safe
    shape = np.where(flat, np.log(edges[1:] / edges[:-1]), growth)
    shape = shape / shape.sum(1, keepdims=True)
    amplitude = np.full((EXPONENTS.size, 1), max(counts.sum() - quiet.sum(), 1.0))
    for _ in range(300):
        mean = amplitude * shape + quiet
        amplitude = amplitude * (counts * shape / mean).sum(1, keepdims=True)
    mean = amplitude * shape + quiet
    deviance = 2 * (mean - counts * np.log(mean)).sum(1)
    best = int(np.argmin(deviance))
    pearson = ((counts - mean[best]) ** 2 / mean[best]).sum() / (counts.size - 2)
    return deviance - deviance[best], best, max(1.0, float(pearson))


def _exponent(deviance: np.ndarray, best: int, dispersion: float, confidence: float) -> Interval:
    """Quasi-likelihood interval: the deviance is divided by the dispersion."""
    inside = np.flatnonzero(deviance / dispersion <= chi2.ppf(confidence, 1))
    low, high = int(inside[0]), int(inside[-1])
    return Interval(
        estimate=float(EXPONENTS[best]),
        low=None if low == 0 else float(EXPONENTS[low]),
        high=None if high == EXPONENTS.size - 1 else float(EXPONENTS[high]),
        confidence=confidence,
        why="" if low > 0 and high < EXPONENTS.size - 1 else "an end lies beyond the search",
    )


def _share(
    after: np.ndarray, before: np.ndarray, quiet: np.ndarray, dispersion: float, confidence: float
) -> Interval:
    """Excess before over excess on both sides, by the delta method."""
    late, early = (float((side - quiet).sum()) for side in (after, before))
    whole = late + early
    if late <= 0 or whole <= 0:
        return UNTOLD
    share = early / whole
    variance = dispersion * (share**2 * after.sum() + (1 - share) ** 2 * before.sum()) / whole**2
    return normal_interval(share, variance**0.5, confidence=confidence)


def _judge(excess: float, error: float, share: Interval, exponent: Interval) -> tuple[Origin, str]:
    """The rule of `relaxation`."""
    if excess < FEWEST_EXCESS * error or share.low is None or share.high is None:
        return Origin.CANNOT_TELL, "too little activity above the background after the peak"
    slow = exponent.high is not None and exponent.high < 1
    fast = exponent.low is not None and exponent.low > 1
    if share.low > HALFWAY:
        if slow:
            return Origin.ENDOGENOUS_CRITICAL, "activity rose before the peak and falls slowly"
        return Origin.CANNOT_TELL, "activity rose before the peak, but does not clearly fall slowly"
    if share.high < HALFWAY:
        if fast:
            return (
                Origin.EXOGENOUS,
                "no rise before the peak; activity falls as fast as by direct offspring",
            )
        if slow:
            return Origin.EXOGENOUS_CRITICAL, "no rise before the peak; activity falls more slowly"
        return Origin.CANNOT_TELL, "from outside; it cannot be told whether critical"
    return Origin.CANNOT_TELL, "it cannot be told whether activity rose before the peak"


def _check(series: EventSeries, peaks: np.ndarray, nearest: float, reach: float) -> None:
    if not 0 < nearest < reach:
        raise ValueError(f"nearest = {nearest} and reach = {reach}; 0 < nearest < reach is needed")
    if not peaks.size:
        raise ValueError("peaks: at least one is needed")
    if peaks.min() - reach < series.start or peaks.max() + reach > series.end:
        raise ValueError(
            f"a peak lies nearer than reach = {reach} to an end of the window "
            f"[{series.start}, {series.end}]; shorten the reach or drop the peak"
        )

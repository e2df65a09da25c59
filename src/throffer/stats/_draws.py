"""Intervals from draws: of what is unknown, of a bootstrap, and of times with an end."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from throffer.stats._critical import tails
from throffer.stats._interval import CONFIDENCE, Interval


def draws_interval(
    draws: Float[np.ndarray, "draw"], why: str = "", confidence: float = CONFIDENCE
) -> Interval:
    """Median and central interval of a quantity over draws of what is unknown.

    Quantiles are draws themselves, none is interpolated, because draws may be infinite.

    Args:
        draws: The quantity in each draw, of any shape; infinite where it is beyond all bounds.
        why: Reason given where a number is unknown.
        confidence: Probability content, in (0, 1).

    Returns:
        The interval; a number that is infinite is None, and all three are None if any draw is NaN
        or there are no draws.

    Example:
        >>> draws_interval(np.arange(1.0, 100.0)).estimate
        50.0
    """
    draws = np.asarray(draws, float).ravel()
    if not draws.size:
        return Interval.unknown(why, confidence=confidence)
    tail = (1 - confidence) / 2
    at = (0.5, tail, 1 - tail)
    # one NaN, as of a change from infinite to infinite, makes every quantile NaN
    estimate, low, high = (float(np.quantile(draws, q, method="inverted_cdf")) for q in at)
    return Interval.of(estimate, low, high, why=why, confidence=confidence)


def percentile_interval(
    estimate: float,
    draws: Float[np.ndarray, "draw"],
    *,
    why: str = "fewer than half of the resamples have an answer",
    confidence: float = CONFIDENCE,
) -> Interval:
    """Percentile interval of a bootstrap (Efron 1979, Annals of Statistics 7:1).

    Args:
        estimate: The estimate from the data themselves.
        draws: The estimate from each resample; NaN or infinite where it has no answer, and those
            are left out.
        why: Reason given where a number is unknown.
        confidence: Probability content, in (0, 1).

    Returns:
        The interval; without ends if fewer than half of the resamples have an answer.

    Example:
        >>> found = percentile_interval(2.0, np.array([1.0, 2.0, 3.0]), confidence=0.5)
        >>> found.ends
        (1.5, 2.5)
    """
    known = draws[np.isfinite(draws)]
    low, high = (
        np.quantile(known, tails(confidence))
        if known.size and known.size >= draws.size / 2
        else (np.nan, np.nan)
    )
    return Interval.of(estimate, float(low), float(high), why=why, confidence=confidence)


def quantile_interval(
    times: Float[np.ndarray, "trajectory"], share: float, confidence: float = CONFIDENCE
) -> Interval:
    """Quantile of times, with the interval between two order statistics.

    It holds for any law (David & Nagaraja 2003, Order Statistics, section 7.1).

    Args:
        times: Independent times >= 0; infinite for those beyond the horizon.
        share: Level of the quantile, in (0, 1).
        confidence: Least probability content, in (0, 1).

    Returns:
        The interval; an upper end or an estimate beyond the horizon is None. `low` is 0 where even
        the smallest time is no lower bound.

    Raises:
        ValueError: For no times.

    Example:
        >>> quantile_interval(np.arange(1.0, 101.0), 0.5).ends
        (40.0, 61.0)
    """
    if not times.size:
        raise ValueError("times: there are none; give at least one")
    # scipy.stats takes longer to import than the rest of this room
    from scipy.stats import binom

    # ranks from 0 to count + 1: below the least there is 0, above the largest nothing is known
    ranked, count = np.concatenate([[0.0], np.sort(times), [np.inf]]), times.size
    tail = (1 - confidence) / 2
    low, high = (
        float(ranked[int(binom.ppf(level, count, share)) + beyond])
        for level, beyond in ((tail, 0), (1 - tail, 1))
    )
    estimate = float(np.quantile(times, share, method="inverted_cdf"))
    return Interval.of(estimate, low, high, why="the horizon ends first", confidence=confidence)

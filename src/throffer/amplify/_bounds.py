"""Estimates with their intervals, from draws and from trajectories."""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float
from scipy.stats import binom, binomtest, norm

from throffer.amplify._result import LEVEL, Bounds


def bounds_of(draws: Float[np.ndarray, "draw"], why: str = "") -> Bounds:
    """Median and 95 % interval over draws; what lies at infinity is null, with the reason, and so
    is all where a draw has no answer (NaN).
    """
    draws = np.asarray(draws, float).ravel()
    tail = (1 - LEVEL) / 2
    # a change from infinite to infinite is not known, wherever it would lie
    if np.isnan(draws).any():
        return Bounds(estimate=None, low=None, high=None, why=why)
    # a quantile between two draws that are infinite is not a number
    at = (0.5, tail, 1 - tail)
    estimate, low, high = (finite(np.quantile(draws, q, method="inverted_cdf")) for q in at)
    unknown = estimate is None or low is None or high is None
    return Bounds(estimate=estimate, low=low, high=high, why=why if unknown else "")


def share_of(hit: Bool[np.ndarray, "trajectory"], why: str = "") -> Bounds:
    """A share of trajectories with its Wilson interval; null, with the reason, of none."""
    if not hit.size:
        return Bounds(estimate=None, low=None, high=None, why=why)
    found = binomtest(int(hit.sum()), hit.size).proportion_ci(LEVEL, method="wilson")
    return Bounds(estimate=float(hit.mean()), low=float(found.low), high=float(found.high))


def share_of_draws(hit: Bool[np.ndarray, "draw"]) -> Bounds:
    """A share of the draws of what is not known; a single draw knows all, and its share is exact.

    Draws are spread more evenly than by chance, so that Wilson's interval is too wide, not narrow.

    ```python
    >>> share_of_draws(np.array([True]))
    Bounds(estimate=1.0, low=1.0, high=1.0, why='')

    ```
    """
    if hit.size > 1:
        return share_of(hit)
    sure = float(hit.all())
    return Bounds(estimate=sure, low=sure, high=sure)


def quantile_of(times: Float[np.ndarray, "trajectory"], share: float) -> Bounds:
    """A quantile of times from 0 on, with the interval between two order statistics that holds
    whatever the law is.
    """
    # ranks from 0 to count + 1: below the least there is 0, above the largest nothing is known
    ranked, count = np.concatenate([[0.0], np.sort(times), [np.inf]]), times.size
    tail = (1 - LEVEL) / 2
    low, high = (
        finite(ranked[int(binom.ppf(level, count, share)) + beyond])
        for level, beyond in ((tail, 0), (1 - tail, 1))
    )
    estimate = finite(np.quantile(times, share, method="inverted_cdf"))
    why = "" if high is not None else "the horizon ends first"
    return Bounds(estimate=estimate, low=low, high=high, why=why)


def paired_change(
    before: Bool[np.ndarray, "trajectory"], after: Bool[np.ndarray, "trajectory"]
) -> Bounds:
    """Change of a chance over paired trajectories.

    The interval adds half a trajectory to each cell of the two by two table, so that it does not
    close where none or all have changed (Agresti & Min 2005, Statistics in Medicine 24:729).
    """
    gained, lost, count = int((after & ~before).sum()), int((before & ~after).sum()), before.size
    wide = count + 2
    centre = (gained - lost) / wide
    spread = np.sqrt((gained + lost + 1) - (gained - lost) ** 2 / wide) / wide
    half = float(norm.ppf(0.5 + LEVEL / 2) * spread)
    return Bounds(estimate=(gained - lost) / count, low=centre - half, high=centre + half)


def finite(value: float) -> float | None:
    """The number, or None for an infinite one and for NaN."""
    return float(value) if np.isfinite(value) else None

"""Where a curve crosses a level: an interval from draws of the crossing, possibly one-sided."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from throffer.design import SLICE_END
from throffer.measure._result import Crossing
from throffer.stats import CONFIDENCE


def crossing_from(
    estimate: float, near: Float[np.ndarray, "draw"], far: Float[np.ndarray, "draw"]
) -> Crossing:
    """Summarise draws of a crossing as an estimate with an interval.

    -inf stands for a crossing before the range, inf for one after it. The lower end comes from
    `near`, the upper end from `far`; these differ if the data allow a wider interval on one side
    than the draws show. A one-sided interval has the same confidence as a two-sided one.
    """
    tail = (1 - CONFIDENCE) / 2
    low = np.quantile(near, tail, method="inverted_cdf")
    high = np.quantile(far, 1 - tail, method="inverted_cdf")
    inside = estimate if np.isfinite(estimate) else None
    if np.isinf(low) and low > 0:
        return Crossing(
            kind="beyond", estimate=None, low=SLICE_END, high=None, why="not reached in range"
        )
    if np.isinf(high) and high < 0:
        return Crossing(
            kind="below", estimate=None, low=None, high=0.0, why="exceeded at every point"
        )
    if np.isinf(high) and np.isinf(low):
        return Crossing(
            kind="unknown", estimate=inside, low=None, high=None, why="anywhere in range"
        )
    if np.isinf(high):
        one_sided = float(np.quantile(near, 1 - CONFIDENCE, method="inverted_cdf"))
        if np.isinf(one_sided):
            return Crossing(
                kind="unknown", estimate=inside, low=None, high=None, why="anywhere in range"
            )
        return Crossing(
            kind="beyond", estimate=inside, low=one_sided, high=None, why="may lie out of range"
        )
    if np.isinf(low):
        one_sided = float(np.quantile(far, CONFIDENCE, method="inverted_cdf"))
        return Crossing(
            kind="below", estimate=inside, low=None, high=one_sided, why="may lie below range"
        )
    return Crossing(kind="interval", estimate=inside, low=float(low), high=float(high))

"""Intervals of proportions, with independent trials or pairs of them."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from jaxtyping import Bool, Float

from throffer.stats._critical import normal_quantile
from throffer.stats._interval import CONFIDENCE, Interval


def wilson(count: float, trials: float, confidence: float = CONFIDENCE) -> Interval:
    """Wilson score interval of a proportion over independent trials.

    Wilson (1927, JASA 22:209); for its coverage Brown, Cai & DasGupta (2001, Statistical Science
    16:101). The ends are computed by `statsmodels.stats.proportion.proportion_confint`.

    Args:
        count: Successes, in [0, `trials`]; need not be whole.
        trials: Trials; may be an effective number, which need not be whole.
        confidence: Probability content, in (0, 1).

    Returns:
        The interval, within [0, 1]; unknown for no trials. `low` is exactly 0 where `count` is, and
        `high` exactly 1 where `count` is `trials`.

    Raises:
        ValueError: If `count` is not in [0, `trials`], or either is not finite.

    Example:
        >>> round(wilson(887, 17289).low, 4)
        0.0481
    """
    return _proportion(count, trials, "wilson", confidence)


def clopper_pearson(count: float, trials: float, confidence: float = CONFIDENCE) -> Interval:
    """Exact interval of a proportion: it covers at least as often as it says, whatever the rate.

    Clopper & Pearson (1934, Biometrika 26:404). It is wider than Wilson's. With an effective number
    of trials it is the interval of Korn & Graubard (1998, Survey Methodology 24:193).

    Args:
        count: Successes, in [0, `trials`]; need not be whole.
        trials: Trials; may be an effective number.
        confidence: Probability content, in (0, 1).

    Returns:
        The interval, within [0, 1]; unknown for no trials.

    Raises:
        ValueError: If `count` is not in [0, `trials`], or either is not finite.

    Example:
        >>> round(clopper_pearson(0, 10).high, 4)  # 1 - 0.025^(1/10)
        0.3085
    """
    return _proportion(count, trials, "beta", confidence)


def _proportion(
    count: float, trials: float, method: Literal["wilson", "beta"], confidence: float
) -> Interval:
    # written so that NaN fails, too
    if not 0 <= count <= trials < math.inf:
        raise ValueError(
            f"count = {count} is not between 0 and trials = {trials}, or trials is not finite; "
            "give successes and all trials"
        )
    if trials == 0:
        return Interval.unknown("no trials", confidence=confidence)
    # importing statsmodels takes as long as the rest of this room
    from statsmodels.stats.proportion import proportion_confint

    ends = np.asarray(proportion_confint(count, trials, alpha=1 - confidence, method=method))
    return Interval(
        estimate=count / trials,
        # rounding leaves 1e-17 where the end is 0 or 1 exactly
        low=0.0 if count == 0 else float(ends[0]),
        high=1.0 if count == trials else float(ends[1]),
        confidence=confidence,
    )


def share_interval(hit: Bool[np.ndarray, "trial"], why: str = "no trials") -> Interval:
    """Share of trials that hit, with Wilson's interval.

    Args:
        hit: Whether each independent trial hit.
        why: Reason given where there are no trials.

    Returns:
        The interval; unknown, with `why`, for no trials.
    """
    if not hit.size:
        return Interval.unknown(why)
    return wilson(int(hit.sum()), hit.size)


def draw_share_interval(hit: Bool[np.ndarray, "draw"]) -> Interval:
    """Share of the draws of unknown inputs for which something holds.

    With a single draw nothing is unknown, and the share is exact. Draws from a low-discrepancy
    sequence are spread more evenly than independent ones, so that Wilson's interval is too wide
    for them, never too narrow.

    Args:
        hit: Whether it holds in each draw; at least one draw.

    Returns:
        Wilson's interval; of no width for a single draw.

    Raises:
        ValueError: For no draws.

    Example:
        >>> draw_share_interval(np.array([True])).low
        1.0
    """
    if not hit.size:
        raise ValueError("hit: there are no draws; give at least one")
    if hit.size > 1:
        return share_interval(hit)
    sure = float(hit.all())
    return Interval(estimate=sure, low=sure, high=sure)


def paired_difference_interval(
    before: Bool[np.ndarray, "pair"], after: Bool[np.ndarray, "pair"]
) -> Interval:
    """Difference of two proportions over the same units, after minus before.

    Wald's interval after half a pair is added to each cell of the two-by-two table, so that it has
    a width even where no unit or every unit changed (Agresti & Min 2005, Statistics in Medicine
    24:729). The estimate is the plain difference.

    Args:
        before: Whether each unit hit before.
        after: Whether the same unit hit after.

    Returns:
        The interval, 95 %; unknown for no pairs. The ends may pass -1 and 1 for few pairs.

    Example:
        >>> change = paired_difference_interval(np.array([True, False]), np.array([True, True]))
        >>> change.estimate
        0.5
    """
    gained, lost, count = int((after & ~before).sum()), int((before & ~after).sum()), before.size
    if not count:
        return Interval.unknown("no pairs")
    wide = count + 2
    centre = (gained - lost) / wide
    spread = np.sqrt((gained + lost + 1) - (gained - lost) ** 2 / wide) / wide
    half = float(normal_quantile(CONFIDENCE) * spread)
    return Interval(estimate=(gained - lost) / count, low=centre - half, high=centre + half)


def widen_to_exact(found: Interval, units: float) -> Interval:
    """Widen the interval of a share to what none or all of so many units would leave.

    A bootstrap of units that are all alike has no width. The upper end is raised to at least
    `1 - (1 - confidence)^(1/units)`, about 3/units, and the lower end lowered to at most
    `(1 - confidence)^(1/units)`: the exact one-sided bounds (Hanley & Lippman-Hand 1983, JAMA
    249:1743).

    Args:
        found: Interval of a share, in [0, 1]; an unknown end stays unknown.
        units: Independent units behind it, or their effective number; 0 changes nothing.

    Returns:
        The wider interval, with the same estimate.

    Example:
        >>> none = Interval(estimate=0.0, low=0.0, high=0.0)
        >>> round(widen_to_exact(none, 220).high, 4)
        0.0135
    """
    if not units:
        return found
    edge = (1 - found.confidence) ** (1 / units)
    low = None if found.low is None else min(found.low, edge)
    high = None if found.high is None else max(found.high, 1 - edge)
    return found.model_copy(update={"low": low, "high": high})


def effective_count(weight: Float[np.ndarray, "unit"]) -> float:
    """Number of equally weighted units that know as much: Kish's effective sample size.

    `(sum w)^2 / sum w^2` (Kish 1965, Survey Sampling, section 8.2).

    Args:
        weight: Weights, >= 0, in any unit.

    Returns:
        Between 1 and the number of units; 0 for no units or weights of 0.

    Example:
        >>> effective_count(np.array([1.0, 1.0, 0.0]))
        2.0
    """
    squares = float((weight**2).sum())
    return float(weight.sum() ** 2 / squares) if squares else 0.0

"""Critical values of the normal law and Student's t, and the tails of an interval.

From scipy.special: scipy.stats gives the same numbers and takes ten times as long to import.
"""

from __future__ import annotations

from scipy.special import ndtri, stdtrit

from throffer.stats._interval import CONFIDENCE, Interval


def normal_quantile(confidence: float = CONFIDENCE) -> float:
    """Half-width, in standard errors, of a two-sided normal interval: 1.96 for 95 %.

    Args:
        confidence: Probability content, in (0, 1).

    Returns:
        z with P(|Z| < z) = `confidence`.

    Example:
        >>> round(normal_quantile(), 4)
        1.96
    """
    return float(ndtri(0.5 + confidence / 2))


def student_quantile(freedom: float, confidence: float = CONFIDENCE) -> float:
    """Half-width, in standard errors, of a two-sided interval by Student's t.

    Args:
        freedom: Degrees of freedom, > 0.
        confidence: Probability content, in (0, 1).

    Returns:
        t with P(|T| < t) = `confidence`; NaN unless `freedom` > 0.

    Example:
        >>> round(student_quantile(10), 3)
        2.228
    """
    return float(stdtrit(freedom, 0.5 + confidence / 2))


def tails(confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Levels of the two quantiles between which a central interval lies.

    Args:
        confidence: Probability content, in (0, 1).

    Returns:
        0.025 and 0.975 for 95 %, up to rounding.
    """
    return (1 - confidence) / 2, (1 + confidence) / 2


def normal_interval(
    estimate: float, error: float, *, why: str = "", confidence: float = CONFIDENCE
) -> Interval:
    """Interval symmetric about an estimate whose error is normal.

    Args:
        estimate: The point estimate.
        error: Its standard error, >= 0; NaN or infinite where unknown.
        why: Reason given where the estimate or its error is unknown.
        confidence: Probability content, in (0, 1).

    Returns:
        The interval; without ends where `error` is unknown.

    Example:
        >>> found = normal_interval(1.0, 0.5)
        >>> round(found.low, 2), round(found.high, 2)
        (0.02, 1.98)
    """
    half = normal_quantile(confidence) * error
    return Interval.of(estimate, estimate - half, estimate + half, why=why, confidence=confidence)

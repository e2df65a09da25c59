"""Fits to events with rounded dates: spread them at random, fit, repeat, combine."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from throffer.series._event_series import spread_dates
from throffer.series._hawkes_fit import HawkesFit, fit_hawkes, log_spread
from throffer.series._hawkes_likelihood import Kind
from throffer.stats import CONFIDENCE, Interval, normal_quantile


class DatedEvents(NamedTuple):
    """Events whose times are known only to an interval, in an observed window.

    Attributes:
        earliest: start of the half-open interval of each event.
        latest: end of the half-open interval of each event.
        start: start of the observed window.
        end: end of the observed window.
        marks: one number for each event, or None.
    """

    earliest: Float[np.ndarray, "event"]
    latest: Float[np.ndarray, "event"]
    start: float
    end: float
    marks: Float[np.ndarray, "event"] | None = None


class DatedFit(NamedTuple):
    """Fits to several random spreads of the same dates, and their combined result.

    Attributes:
        fits: one for each spread.
        ratio: branching ratio with its interval, by Rubin's rules on the logarithmic scale.
        rounding_share: share of the variance that is due to rounding. Near 1 the estimate depends
            on the random spreading rather than on the events.
    """

    fits: tuple[HawkesFit, ...]
    ratio: Interval
    rounding_share: float


def fit_dates(
    dated: DatedEvents,
    rng: np.random.Generator,
    *,
    kernel: Kind = "exponential",
    knots: int = 1,
    repeats: int = 10,
    confidence: float = CONFIDENCE,
) -> DatedFit:
    """Fit a Hawkes process to each of several random spreads of rounded dates.

    Tied dates look like excitation without delay: the kernel shrinks to the resolution, and the
    ratio is too high. Dates that are spread hold no information about excitation within their
    intervals, so the ratio covers only excitation slower than that.

    The total variance of log n is the mean Laplace variance plus (1 + 1/repeats) times the variance
    between spreads (Rubin 1987).

    Args:
        dated: the events with their intervals.
        rng: source of the spreads.
        kernel: memory kernel.
        knots: knots of the background.
        repeats: number of spreads, at least 2.
        confidence: probability content of the interval.

    Returns:
        All fits and the combined branching ratio.

    Raises:
        ValueError: For fewer than 2 repeats.
    """
    if repeats < 2:
        raise ValueError(
            f"repeats = {repeats}; at least 2 are needed to measure the effect of rounding"
        )
    fits = tuple(
        fit_hawkes(
            spread_dates(
                dated.earliest,
                dated.latest,
                rng,
                marks=dated.marks,
                start=dated.start,
                end=dated.end,
            ),
            kernel,
            knots=knots,
        )
        for _ in range(repeats)
    )
    place = fits[0].names.index("ratio")
    modes = np.array([fit.mode[place] for fit in fits])
    known = [spread**2 for fit in fits if np.isfinite(spread := log_spread(fit)[place])]
    within = float(np.mean(known)) if known else float("nan")
    between = float(modes.var(ddof=1)) * (1 + 1 / repeats)
    centre, total = float(modes.mean()), within + between
    return DatedFit(fits, _combined(centre, total, confidence), between / total)


def _combined(centre: float, variance: float, confidence: float) -> Interval:
    half = normal_quantile(confidence) * variance**0.5
    return Interval.of(
        float(np.exp(centre)),
        float(np.exp(centre - half)),
        float(np.exp(centre + half)),
        why="at the end of its range in every spread: no interval",
        confidence=confidence,
    )

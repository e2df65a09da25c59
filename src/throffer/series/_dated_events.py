"""Fits to events whose dates are rounded: spread, fit, repeat, combine."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from throffer.series._event_series import spread_dates
from throffer.series._hawkes_fit import HawkesFit, fit_hawkes, log_spread
from throffer.series._hawkes_likelihood import Kind
from throffer.stats import CONFIDENCE, Interval, normal_quantile


class DatedEvents(NamedTuple):
    """Events known to an interval each, in a window.

    Attributes:
        earliest: half-open interval of each event.
        latest: half-open interval of each event.
        start: the window that was watched.
        end: the window that was watched.
        marks: one number an event, or None.
    """

    earliest: Float[np.ndarray, "event"]
    latest: Float[np.ndarray, "event"]
    start: float
    end: float
    marks: Float[np.ndarray, "event"] | None = None


class DatedFit(NamedTuple):
    """Fits to several spreads of the same dates, and what they say together.

    Attributes:
        fits: one a spread.
        ratio: branching ratio with its interval, by Rubin's rules on the logarithmic scale.
        rounding_share: share of the variance that comes from not knowing the dates better. Near 1
            the estimate is about the spreading, not about the events.
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

    Left tied, rounded dates look like excitation without delay, which drives the kernel to the
    resolution and the ratio up. Spread, they say nothing about excitation within their intervals:
    what acts faster than that is lost, and the ratio is one of slower excitation.

    The total variance of log n is the mean Laplace variance plus (1 + 1/repeats) times the variance
    between spreads (Rubin 1987).

    Raises:
        ValueError: For fewer than 2 repeats.
    """
    if repeats < 2:
        raise ValueError(f"repeats = {repeats}; at least 2 are needed to see what rounding does")
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

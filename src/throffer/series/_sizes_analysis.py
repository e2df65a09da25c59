"""Analysis of sizes: exponent of the tail, goodness of fit, and outsized values."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float
from scipy.special import zeta

from throffer.series._analysis_records import Reading, SizesResult, TailPoint
from throffer.series._table_file import Table, read_numbers
from throffer.series._tails import Tail, find_dragon_kings, fit_tail, tail_goodness_of_fit
from throffer.stats import Interval
from throffer.structure import SetupError

FEWEST_SIZES = 50
"""Fewest sizes for a fit of the tail."""

FITS = 0.1
"""p-value from which a power law is not rejected (Clauset, Shalizi & Newman 2009)."""

OUTSIZED = 0.05
"""Largest p-value at which the largest sizes are called outsized."""

FIT_WORK, FIT_DRAWS = 4_000_000, (19, 199)
"""Total of sizes simulated for the goodness of fit, and the fewest and most samples."""

KING_WORK, KING_DRAWS = 20_000_000, (99, 1999)
"""The same for the test of the largest."""

MOST_TAIL = 200_000
"""Most sizes in the tail for a test of the largest; with more the draws need too much memory."""

SHOWN = 200
"""Most points of the chart."""


def analyse_sizes(table: Table, reading: Reading, rng: np.random.Generator) -> SizesResult:
    """Tail, goodness of fit, and dragon-king test of a column of sizes.

    Raises:
        SetupError: For sizes that are not above 0 or too few.
    """
    sizes = read_numbers(table, reading.column, "--column")
    wrong = sizes <= 0
    if wrong.any():
        row = int(wrong.argmax())
        raise SetupError(
            f"{table.path}, {table.place(row)}: {reading.column} is {sizes[row]:g}; "
            f"{int(wrong.sum()):,} sizes are not above 0.",
            "A tail is fitted to sizes above 0: leave such rows out.",
        )
    if sizes.size < FEWEST_SIZES:
        raise SetupError(
            f"{table.path}: {sizes.size} size{'s' * (sizes.size != 1)} in {reading.column!r}; a "
            f"tail needs at least {FEWEST_SIZES}.",
            "Give a longer record.",
        )
    if np.ptp(sizes) == 0:
        raise SetupError(
            f"{table.path}: all sizes in {reading.column!r} are {sizes[0]:g}.",
            "Give a column that varies.",
        )
    discrete = bool((sizes == np.floor(sizes)).all())
    tail = fit_tail(sizes, discrete=discrete)
    draws = int(np.clip(FIT_WORK // sizes.size, *FIT_DRAWS))
    fit_p = tail_goodness_of_fit(sizes, tail, rng, resamples=draws)
    outsized, outsized_p, king_draws, why = _outsized(sizes, tail, rng)
    return SizesResult(
        count=sizes.size,
        discrete=discrete,
        minimum=tail.minimum,
        minimum_why="chosen by the least distance from a power law; it has no interval",
        in_tail=tail.events,
        exponent=Interval(
            estimate=tail.exponent,
            low=tail.low,
            high=tail.high,
            why="given where the tail begins; with that chosen from the same sizes it covers .92 "
            "to .95",
        ),
        fit_p=fit_p,
        fit_draws=draws,
        fits=fit_p >= FITS,
        outsized=outsized,
        outsized_p=outsized_p,
        outsized_draws=king_draws,
        outsized_why=why,
        tail=_points(sizes, tail),
    )


def _outsized(
    sizes: Float[np.ndarray, "event"], tail: Tail, rng: np.random.Generator
) -> tuple[list[float], float | None, int, str]:
    if tail.events > MOST_TAIL:
        return [], None, 0, f"more than {MOST_TAIL:,} sizes are in the tail: give the largest alone"
    draws = int(np.clip(KING_WORK // tail.events, *KING_DRAWS))
    kings = find_dragon_kings(sizes, tail, rng, resamples=draws)
    found = [float(size) for size in kings.sizes] if kings.p <= OUTSIZED else []
    return found, kings.p, draws, ""


def _points(sizes: Float[np.ndarray, "event"], tail: Tail) -> list[TailPoint]:
    """Points of the chart: share of sizes at least as large, evenly in the log of the rank."""
    ordered = np.sort(sizes)[::-1]
    ranks = np.unique(np.geomspace(1, ordered.size, SHOWN).astype(int))
    in_tail = tail.events / ordered.size
    found: dict[float, TailPoint] = {}
    for rank in ranks:
        size = float(ordered[rank - 1])
        inside = size >= tail.minimum
        share = float((ordered >= size).sum() / ordered.size)
        fitted = in_tail * _above(size, tail) if inside else None
        found[size] = TailPoint(size=size, share=share, fitted=fitted)
    return list(found.values())


def _above(size: float, tail: Tail) -> float:
    """Probability that a size of the tail is at least this large."""
    if tail.discrete:
        return float(zeta(tail.exponent, size) / zeta(tail.exponent, tail.minimum))
    return (size / tail.minimum) ** (1 - tail.exponent)

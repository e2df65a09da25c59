"""Goodness of fit: if the model is right, rescaled gaps between events are exponential."""

from __future__ import annotations

from typing import NamedTuple

import jax
import numpy as np
from jaxtyping import Float
from scipy.stats import kstest

from throffer.series._hawkes import compensator
from throffer.series._hawkes_fit import HawkesFit, fit_hawkes
from throffer.series._hawkes_likelihood import FEWEST, observe
from throffer.series._hawkes_simulation import simulate_hawkes


class Goodness(NamedTuple):
    """How far rescaled gaps are from Exp(1).

    Attributes:
        distance: Kolmogorov distance, between 0 and 1.
        plain_p: p-value as if the parameters had been known. **Too large**: they were fitted to the
            same events, which makes the distance smaller (Lilliefors 1967).
        p: p-value by parametric bootstrap: the share of simulated series, fitted like the data,
            whose distance is at least as large, with one added to both counts. NaN without draws.
        correlation: of a rescaled gap with the next, 0 under the right model.
        draws: number of simulated series for `p`.
    """

    distance: float
    plain_p: float
    p: float
    correlation: float
    draws: int


def rescaled_gaps(fit: HawkesFit) -> Float[np.ndarray, "gap"]:
    """Integrals of the fitted intensity between consecutive counted events."""
    series = fit.series
    with jax.enable_x64(True):
        risen = np.asarray(jax.jit(compensator)(fit.model, observe(series)))
    counted = risen[: series.times.size][series.times >= series.origin]
    return np.diff(counted)


def hawkes_goodness_of_fit(
    fit: HawkesFit, rng: np.random.Generator, *, draws: int = 99
) -> Goodness:
    """Test the fit by time rescaling (Ogata 1988; Brown et al. 2002).

    A large p does not show that the model is right: with few events the test sees only gross
    faults. Series whose simulation has too few events are drawn again.

    Args:
        fit: the fitted process.
        rng: source of the simulations.
        draws: series that are simulated from the fit and fitted again for the p-value.
    """
    found, plain = _distance(rescaled_gaps(fit))
    at_least = 0
    for _ in range(draws):
        again = _redraw(fit, rng)
        at_least += _distance(rescaled_gaps(again))[0] >= found
    gaps = rescaled_gaps(fit)
    return Goodness(
        distance=found,
        plain_p=plain,
        p=(1 + at_least) / (1 + draws) if draws else float("nan"),
        correlation=float(np.corrcoef(gaps[:-1], gaps[1:])[0, 1]),
        draws=draws,
    )


def _redraw(fit: HawkesFit, rng: np.random.Generator) -> HawkesFit:
    """Simulate the fitted process, without events before the window, and fit it in the same way."""
    series = fit.series
    while True:
        drawn = simulate_hawkes(fit.model, series.end, rng, start=series.start, marks=series.marks)
        drawn = drawn.counting_from(series.origin)
        if drawn.count >= FEWEST:
            return fit_hawkes(drawn, fit.kind, knots=fit.knots, starts=1)


def _distance(gaps: np.ndarray) -> tuple[float, float]:
    found = kstest(gaps, "expon")
    return float(found.statistic), float(found.pvalue)

"""A psychometric curve fitted to the trials of one slice: a boundary without the choice model.

With few trials and a curve that is flat and then steep, a Laplace approximation of the posterior is
too narrow. The posterior is therefore sampled by importance resampling.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float
from scipy.optimize import minimize
from scipy.special import expit, logit
from scipy.stats import multivariate_t, norm

from throffer.design import SLICE_END
from throffer.measure._crossing import crossing_from
from throffer.measure._result import Crossing

FEWEST = 20
"""Fewest trials for a curve of one slice, psychometric or monotone."""

PRIOR_MEAN = np.array([SLICE_END / 2, np.log(10.0), -3.0, -3.0])
"""Prior means: place, log slope per unit of the coordinate, logits of guess and lapse."""

PRIOR_SD = np.array([0.6, 1.0, 1.5, 1.5])
"""Their prior standard deviations."""

PROPOSALS = 6000
"""Proposed points, which are weighted by the posterior."""

RESAMPLED = 2000
"""Draws resampled from them; the interval's ends have a Monte Carlo error of 3 % of its width."""

FREEDOM = 5
"""Degrees of freedom of the proposals around each mode; tails are heavier than the posterior's."""


def psychometric(
    x: Float[np.ndarray, "trial"], y: Float[np.ndarray, "trial"], *, threshold: float, seed: int
) -> Crossing:
    """Crossing of a psychometric curve fitted to trials `y` (0 or 1) at coordinates `x`.

    `guess + (1 - guess - lapse) sigma(slope (x - place))`, with weak priors on all four parameters;
    Wichmann & Hill (2001). Points are proposed from the prior and from heavy-tailed distributions
    around the modes, weighted by the posterior and resampled; the estimate is the median. With
    fewer than 20 trials the crossing is unknown.

    Args:
        x: coordinate of each trial.
        y: 1 if unsanctioned, else 0.
        threshold: probability in (0, 1) to be reached.
        seed: of the proposals and the resampling.
    """
    if x.size < FEWEST:
        return Crossing(
            kind="unknown", estimate=None, low=None, high=None, why=f"only {x.size} trials"
        )
    drawn = _crossings(_posterior(x, y, np.random.default_rng(seed)), threshold)
    return crossing_from(float(np.quantile(drawn, 0.5, method="inverted_cdf")), drawn, drawn)


def _crossings(beta: Float[np.ndarray, "draw 4"], threshold: float) -> Float[np.ndarray, "draw"]:
    """Where each curve reaches the threshold; -inf before the range, inf after it or never."""
    place, slope, guess, lapse = _natural(beta)
    part = (threshold - guess) / (1 - guess - lapse)
    inside = place + logit(np.clip(part, 1e-12, 1 - 1e-12)) / slope
    inside = np.where(inside > SLICE_END, np.inf, np.where(inside <= 0, -np.inf, inside))
    return np.where(part <= 0, -np.inf, np.where(part >= 1, np.inf, inside))


def _natural(beta: Float[np.ndarray, "draw 4"]) -> tuple[np.ndarray, ...]:
    place, log_slope, guess, lapse = beta.T
    return place, np.exp(log_slope), expit(guess), expit(lapse)


def _log_posterior(
    beta: Float[np.ndarray, "draw 4"],
    x: Float[np.ndarray, "trial"],
    y: Float[np.ndarray, "trial"],
) -> Float[np.ndarray, "draw"]:
    place, slope, guess, lapse = (value[:, None] for value in _natural(beta))
    p = np.clip(guess + (1 - guess - lapse) * expit(slope * (x - place)), 1e-12, 1 - 1e-12)
    fit = np.where(y > 0, np.log(p), np.log1p(-p)).sum(1)
    return fit + norm.logpdf(beta, PRIOR_MEAN, PRIOR_SD).sum(1)


def _posterior(
    x: Float[np.ndarray, "trial"], y: Float[np.ndarray, "trial"], rng: np.random.Generator
) -> Float[np.ndarray, "draw 4"]:
    """Draws of the posterior by importance resampling."""

    def negative(beta: np.ndarray) -> float:
        return -float(_log_posterior(beta[None], x, y)[0])

    starts = [PRIOR_MEAN + np.array([place, 0, 0, 0]) for place in (-0.25, 0.0, 0.25)]
    modes = [minimize(negative, start, method="BFGS") for start in starts]
    # at least a tenth as wide as the prior, because the estimated curvature may be poor
    shapes = [2 * mode.hess_inv + np.diag((PRIOR_SD / 10) ** 2) for mode in modes]
    centres = [*(mode.x for mode in modes), PRIOR_MEAN]
    sources = [
        # scipy's stubs know no matrix as a shape
        multivariate_t(centre, shape, FREEDOM)  # pyright: ignore[reportArgumentType]
        for centre, shape in zip(centres, [*shapes, np.diag(PRIOR_SD**2)], strict=True)
    ]
    count = PROPOSALS // len(sources)
    beta = np.concatenate([source.rvs(count, random_state=rng) for source in sources])
    proposed = np.logaddexp.reduce([source.logpdf(beta) for source in sources], axis=0)
    log_weight = _log_posterior(beta, x, y) - proposed
    weight = np.cumsum(np.exp(log_weight - log_weight.max()))
    # systematic resampling: one uniform number, evenly spaced places
    places = (np.arange(RESAMPLED) + rng.random()) / RESAMPLED
    return beta[np.searchsorted(weight / weight[-1], places)]

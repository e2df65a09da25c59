"""Penalised likelihood: one optimiser, one Hessian, one inverse, and the Laplace approximation.

Parameters are fitted on an unconstrained scale, under independent normal priors. The prefix of a
name gives the scale: `log_x` is the logarithm of x, `logit_x` its log odds, any other name x
itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from throffer.stats._critical import normal_quantile
from throffer.stats._interval import CONFIDENCE, Interval

UNMOVED = 0.8
"""A parameter whose standard deviation exceeds this part of its prior's is not identified."""

STEP = 1e-4
"""Step of the central differences behind a Hessian, on the unconstrained scale."""

FLATTEST = 1e-8
"""Smallest curvature that still counts as one."""

FLAT = 1e-2
"""Curvature given to directions below, once one of them is flat: an interval of about +-20."""

Objective = Callable[[Float[np.ndarray, "parameter"]], tuple[float, Float[np.ndarray, "parameter"]]]
"""Value and gradient of what is minimised, at a point of the unconstrained scale."""


class Prior(NamedTuple):
    """Normal prior on the unconstrained scale."""

    mean: float
    sd: float


class Minimum(NamedTuple):
    """The best end of several searches.

    - `mode`, `value`, `gradient`: place, objective and its derivatives there.
    - `values`: objective at the end of each search, to count how many agree.
    """

    mode: Float[np.ndarray, "parameter"]
    value: float
    gradient: Float[np.ndarray, "parameter"]
    values: tuple[float, ...]

    @property
    def largest_gradient(self) -> float:
        """Largest component of the gradient, without its sign.

        Judge convergence by it: BFGS also reports a loss of precision where it has arrived and no
        step improves the last digits.
        """
        return float(np.abs(self.gradient).max())


class PenalisedFit(NamedTuple):
    """A mode with its Laplace approximation, on the unconstrained scale.

    - `covariance`: inverse Hessian at the mode.
    - `curved`: whether the objective is curved in every direction; if not, intervals are only wide.
    - `log_likelihood`: at the mode, without the penalty.
    - `minimum`: what the optimiser found.
    """

    mode: Float[np.ndarray, "parameter"]
    covariance: Float[np.ndarray, "parameter parameter"]
    curved: bool
    log_likelihood: float
    minimum: Minimum


def fit_penalised(
    objective: Objective,
    priors: Mapping[str, Prior],
    *,
    starts: int,
    seed: int,
    gradient_tolerance: float = 1e-5,
) -> PenalisedFit:
    """The mode of a penalised likelihood, from several starts, with its Laplace approximation.

    Args:
        objective: Negative log-likelihood plus `sum ((theta - mean)/sd)^2 / 2`, with its gradient.
        priors: Prior by name of parameter, in the order of the objective's argument.
        starts: Number of starts, >= 1; see `start_points`.
        seed: Seed of the starts.
        gradient_tolerance: A search ends where no component of the gradient exceeds it.

    Returns:
        The best fit.
    """
    mean, sd = _columns(priors)
    found = minimise(
        objective,
        start_points(priors, starts=starts, seed=seed),
        gradient_tolerance=gradient_tolerance,
    )
    covariance, curved = laplace_covariance(hessian(objective, found.mode))
    penalty = 0.5 * (((found.mode - mean) / sd) ** 2).sum()
    return PenalisedFit(found.mode, covariance, curved, float(penalty - found.value), found)


def start_points(
    priors: Mapping[str, Prior], *, starts: int, seed: int
) -> Float[np.ndarray, "start parameter"]:
    """Where searches begin: the centre of the priors, and places half a prior's width about it.

    Args:
        priors: Prior by name of parameter.
        starts: Number of starts, >= 1.
        seed: Seed of all starts but the first.

    Returns:
        One row a start.

    Raises:
        ValueError: For fewer than one start.

    Example:
        >>> start_points({"x": Prior(2.0, 1.0)}, starts=1, seed=0)
        array([[2.]])
    """
    if starts < 1:
        raise ValueError(f"starts = {starts}; give at least one")
    mean, sd = _columns(priors)
    away = np.random.default_rng(seed).standard_normal((starts - 1, mean.size))
    return mean + 0.5 * sd * np.vstack([np.zeros(mean.size), away])


def minimise(
    objective: Objective,
    starts: Float[np.ndarray, "start parameter"],
    *,
    gradient_tolerance: float = 1e-5,
) -> Minimum:
    """The best of several searches by BFGS (Nocedal & Wright 2006, algorithm 6.1).

    Args:
        objective: What is minimised, with its gradient.
        starts: Where each search begins.
        gradient_tolerance: A search ends where no component of the gradient exceeds it.

    Returns:
        The search that ends lowest; the first of them if several do.
    """
    # scipy.optimize takes longer to import than the rest of this room
    from scipy.optimize import minimize

    options = {"gtol": gradient_tolerance}
    found = [
        minimize(objective, start, jac=True, method="BFGS", options=options) for start in starts
    ]
    best = min(found, key=lambda one: one.fun if np.isfinite(one.fun) else np.inf)
    return Minimum(best.x, float(best.fun), best.jac, tuple(float(one.fun) for one in found))


def hessian(
    objective: Objective, place: Float[np.ndarray, "parameter"]
) -> Float[np.ndarray, "parameter parameter"]:
    """Second derivatives by central differences of the gradient, made symmetric.

    Compiling exact second derivatives takes longer than they save.

    Args:
        objective: Its gradient is differentiated.
        place: Where.

    Returns:
        The Hessian, to about 1e-8 of the third derivatives.
    """
    rows = np.array(
        [
            (objective(place + STEP * unit)[1] - objective(place - STEP * unit)[1]) / (2 * STEP)
            for unit in np.eye(place.size)
        ]
    )
    return (rows + rows.T) / 2


def laplace_covariance(
    curvature: Float[np.ndarray, "parameter parameter"],
) -> tuple[Float[np.ndarray, "parameter parameter"], bool]:
    """Covariance of the normal law that has this curvature at its mode: the inverse Hessian.

    If a direction is flat, every direction flatter than `FLAT` is given that curvature: wide, not
    infinite.

    Args:
        curvature: Symmetric Hessian of a negative log density.

    Returns:
        The covariance, and whether it is the exact inverse.

    Example:
        >>> laplace_covariance(np.diag([4.0, 0.0]))[0].diagonal()
        array([  0.25, 100.  ])
    """
    values, vectors = np.linalg.eigh(curvature)
    curved = bool(values.min() > FLATTEST)
    return (vectors / (values if curved else np.maximum(values, FLAT))) @ vectors.T, curved


def laplace_draws(
    mode: Float[np.ndarray, "parameter"],
    covariance: Float[np.ndarray, "parameter parameter"],
    count: int,
    seed: int,
) -> Float[np.ndarray, "draw parameter"]:
    """Draws of the parameters from the Laplace approximation, on the unconstrained scale.

    Args:
        mode: Centre.
        covariance: Symmetric; eigenvalues below 0 from rounding count as 0.
        count: Number of draws.
        seed: Seed of the generator.

    Returns:
        One row a draw.
    """
    values, vectors = np.linalg.eigh(covariance)
    normal = np.random.default_rng(seed).standard_normal((count, mode.size))
    return mode + (normal * np.sqrt(np.maximum(values, 0))) @ vectors.T


def natural(name: str, value: float) -> float:
    """A parameter on its own scale.

    Args:
        name: Its prefix `log_` or `logit_` gives the scale of `value`.
        value: The parameter on the unconstrained scale.

    Returns:
        `exp(value)`, which may be infinite, `sigma(value)`, or `value`.

    Example:
        >>> natural("logit_lapse", 0.0)
        0.5
    """
    if name.startswith("log_"):
        with np.errstate(over="ignore"):
            return float(np.exp(value))
    if name.startswith("logit_"):
        return float(1 / (1 + np.exp(-value)))
    return float(value)


def laplace_interval(
    name: str, centre: float, sd: float, confidence: float = CONFIDENCE
) -> Interval:
    """Interval of one parameter on its own scale, normal on the unconstrained one.

    Args:
        name: Its prefix gives the scale, see `natural`.
        centre: Mode, on the unconstrained scale.
        sd: Standard deviation there, >= 0.
        confidence: Probability content, in (0, 1).

    Returns:
        The interval: within (0, inf) for `log_`, within (0, 1) for `logit_`.

    Example:
        >>> found = laplace_interval("log_x", 0.0, 1.0)
        >>> round(found.low * found.high, 6)
        1.0
    """
    half = normal_quantile(confidence) * sd
    low, high = natural(name, centre - half), natural(name, centre + half)
    return Interval.of(
        natural(name, centre), low, high, why="an end is too large", confidence=confidence
    )


def is_identified(sd: float, prior: Prior) -> bool:
    """Whether the data moved a parameter from its prior.

    Args:
        sd: Standard deviation of the posterior, on the unconstrained scale.
        prior: Its prior.

    Returns:
        Whether `sd` is less than `UNMOVED` of the prior's; False for NaN.
    """
    return bool(sd < UNMOVED * prior.sd)


def _columns(
    priors: Mapping[str, Prior],
) -> tuple[Float[np.ndarray, "parameter"], Float[np.ndarray, "parameter"]]:
    mean, sd = np.array(list(priors.values()), float).T
    return mean, sd

"""Fits of people by penalised likelihood: several starts, intervals from whole clusters."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float
from scipy.optimize import minimize
from scipy.stats import norm

LEVEL = 0.95
"""Level of every interval."""

STARTS = 8
"""Starts of a fit: the centre of the priors, and places about it."""

TOLERANCE = 1e-3
"""Objectives this close are the same optimum."""

UNMOVED = 0.8
"""A parameter whose standard deviation exceeds this part of its prior's is not identified."""


class Prior(NamedTuple):
    """Normal prior on the unconstrained scale: `log_` and `logit_` in a name say which."""

    mean: float
    sd: float


Evaluate = Callable[
    [Float[np.ndarray, "parameter"]],
    tuple[Float[np.ndarray, "cluster"], Float[np.ndarray, "cluster parameter"]],
]
"""Log-likelihood of each cluster and its derivatives, at unconstrained parameters."""


class Model(NamedTuple):
    """What is fitted: priors by parameter, and what the clusters say."""

    priors: dict[str, Prior]
    evaluate: Evaluate


def differentiated(
    log_likelihood: Callable[[Float[Array, "parameter"]], Float[Array, "cluster"]],
) -> Evaluate:
    """A log-likelihood with its derivatives, compiled, in double precision."""

    @jax.jit
    def both(theta: Array) -> tuple[Array, Array]:
        return log_likelihood(theta), jax.jacfwd(log_likelihood)(theta)

    def evaluate(theta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        with jax.enable_x64(True):
            each, scores = both(jnp.asarray(theta))
            return np.asarray(each), np.asarray(scores)

    return evaluate


class ClusterFit(NamedTuple):
    """Mode and covariance on the unconstrained scale.

    Attributes:
        influence: what each cluster moves the mode by, to first order; the last rows are the
            prior's, one a parameter.
        covariance: sandwich over clusters (Huber 1967; Liang & Zeger 1986) and the prior, the sum
            of the squares of `influence`.
        log_likelihood: at the mode, without the penalty.
        reached: starts that end at the best objective, of `starts`.
    """

    priors: dict[str, Prior]
    mode: Float[np.ndarray, "parameter"]
    influence: Float[np.ndarray, "row parameter"]
    covariance: Float[np.ndarray, "parameter parameter"]
    log_likelihood: float
    clusters: int
    reached: int
    starts: int
    converged: bool

    def value(self, name: str) -> float:
        """The estimate of a parameter on its own scale."""
        return natural(name, self.mode[list(self.priors).index(name)])


def fit_clusters(model: Model, *, starts: int = STARTS, seed: int = 0) -> ClusterFit:
    """The best mode of several starts, by BFGS in double precision.

    Rows of a cluster may depend on each other; clusters are taken as independent. The sandwich
    keeps its claim where the model is wrong: it then speaks of the best wrong parameters.
    """
    mean, sd = np.array(list(model.priors.values())).T
    rng = np.random.default_rng(seed)
    first = mean + 0.5 * sd * np.vstack(
        [np.zeros(len(mean)), rng.standard_normal((starts - 1, len(mean)))]
    )

    def slope(theta: np.ndarray) -> tuple[float, np.ndarray]:
        each, scores = model.evaluate(theta)
        away = (theta - mean) / sd
        return float(0.5 * (away**2).sum() - each.sum()), away / sd - scores.sum(0)

    found = [minimize(slope, start, jac=True, method="BFGS") for start in first]
    best = min(found, key=lambda one: one.fun if np.isfinite(one.fun) else np.inf)
    bread = np.linalg.inv(_curvature(best.x, slope))
    each, scores = model.evaluate(best.x)
    # with the prior's own spread, what the data do not move keeps its prior's standard deviation
    influence = np.vstack([scores, np.diag(1 / sd)]) @ bread
    return ClusterFit(
        priors=model.priors,
        mode=best.x,
        influence=influence,
        covariance=influence.T @ influence,
        log_likelihood=float(each.sum()),
        clusters=len(each),
        reached=sum(abs(one.fun - best.fun) < TOLERANCE for one in found),
        starts=starts,
        # BFGS reports a loss of precision where no step improves in the last digits
        converged=bool(np.abs(best.jac).max() < 1e-5 * max(1.0, abs(best.fun))),
    )


def _curvature(
    mode: np.ndarray, slope: Callable[[np.ndarray], tuple[float, np.ndarray]]
) -> np.ndarray:
    """Hessian by central differences of the gradient; a compiled one costs more than it saves."""
    step = 1e-4
    rows = [
        (slope(mode + step * unit)[1] - slope(mode - step * unit)[1]) / (2 * step)
        for unit in np.eye(mode.size)
    ]
    return (np.array(rows) + np.array(rows).T) / 2


def draw(fit: ClusterFit, count: int, seed: int) -> Float[np.ndarray, "draw parameter"]:
    """Parameters as whole clusters are redrawn, to first order (one-step bootstrap).

    Models that were fitted to the same clusters are drawn with the same clusters under the same
    seed, so that differences between them are not blurred.
    """
    clusters = fit.clusters
    weights = cluster_weights(clusters, count, seed) - 1
    prior = np.random.default_rng([seed, 1]).standard_normal((count, len(fit.mode)))
    return fit.mode + weights @ fit.influence[:clusters] + prior @ fit.influence[clusters:]


@functools.lru_cache(maxsize=4)
def cluster_weights(clusters: int, count: int, seed: int) -> Float[np.ndarray, "draw cluster"]:
    """How often each cluster counts in each draw of as many as there are, with replacement."""
    rng = np.random.default_rng(seed)
    return rng.multinomial(clusters, np.full(clusters, 1 / clusters), size=count).astype(float)


def ends(fit: ClusterFit, name: str) -> tuple[float, float]:
    """The interval of a parameter on its own scale."""
    place = list(fit.priors).index(name)
    half = float(norm.ppf(0.5 + LEVEL / 2)) * float(np.sqrt(fit.covariance[place, place]))
    return natural(name, fit.mode[place] - half), natural(name, fit.mode[place] + half)


def identified(fit: ClusterFit, name: str) -> bool:
    """Whether the data moved a parameter from its prior."""
    place = list(fit.priors).index(name)
    return bool(np.sqrt(fit.covariance[place, place]) < UNMOVED * fit.priors[name].sd)


def natural(name: str, value: float) -> float:
    """A parameter on its own scale."""
    if name.startswith("log_"):
        return float(np.exp(value))
    if name.startswith("logit_"):
        return float(1 / (1 + np.exp(-value)))
    return float(value)

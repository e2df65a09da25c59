"""Penalised fits to clusters, with a covariance that holds where the model is wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from throffer.stats._clusters import cluster_weights
from throffer.stats._interval import CONFIDENCE, Interval
from throffer.stats._penalised import (
    Prior,
    hessian,
    is_identified,
    laplace_covariance,
    laplace_interval,
    minimise,
    natural,
    start_points,
)

STARTS = 8
"""Starts of a fit unless another number is asked for."""

SAME_OPTIMUM = 1e-3
"""Objectives this close are the same optimum."""

ARRIVED = 1e-5
"""Largest gradient at an optimum, as a part of the objective or of 1."""

ClusterLikelihood = Callable[
    [Float[np.ndarray, "parameter"]],
    tuple[Float[np.ndarray, "cluster"], Float[np.ndarray, "cluster parameter"]],
]
"""Log-likelihood of each cluster and its derivatives, at unconstrained parameters."""


class ClusterModel(NamedTuple):
    """What is fitted: priors by parameter, and what the clusters say of them."""

    priors: dict[str, Prior]
    evaluate: ClusterLikelihood


class ClusterFit(NamedTuple):
    """Mode and covariance on the unconstrained scale.

    - `influence`: how far each cluster moves the mode, to first order; the last rows are the
      prior's, one a parameter.
    - `covariance`: sandwich over clusters (Huber 1967; Liang & Zeger 1986) and the prior, the sum
      of the squares of `influence`.
    - `log_likelihood`: at the mode, without the penalty.
    - `reached`: searches that end at the best objective, of `starts`.
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
        return natural(name, self.mode[self._place(name)])

    def sd(self, name: str) -> float:
        """Standard deviation of a parameter on the unconstrained scale."""
        place = self._place(name)
        return float(np.sqrt(self.covariance[place, place]))

    def interval(self, name: str, confidence: float = CONFIDENCE) -> Interval:
        """The interval of a parameter on its own scale."""
        return laplace_interval(name, self.mode[self._place(name)], self.sd(name), confidence)

    def identified(self, name: str) -> bool:
        """Whether the data moved a parameter from its prior."""
        return is_identified(self.sd(name), self.priors[name])

    def _place(self, name: str) -> int:
        return list(self.priors).index(name)


def differentiate(
    log_likelihood: Callable[[Float[Array, "parameter"]], Float[Array, "cluster"]],
) -> ClusterLikelihood:
    """Add derivatives to a log-likelihood, compiled, in double precision.

    Args:
        log_likelihood: Of each cluster, at unconstrained parameters; traceable by JAX.

    Returns:
        The log-likelihood with its derivatives, from and to numpy arrays.
    """

    @jax.jit
    def both(theta: Array) -> tuple[Array, Array]:
        return log_likelihood(theta), jax.jacfwd(log_likelihood)(theta)

    def evaluate(theta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        with jax.enable_x64(True):
            each, scores = both(jnp.asarray(theta))
            return np.asarray(each), np.asarray(scores)

    return evaluate


def fit_clusters(model: ClusterModel, *, starts: int = STARTS, seed: int = 0) -> ClusterFit:
    """The best mode of several starts, by BFGS, with the sandwich covariance over clusters.

    Rows of a cluster may depend on each other; clusters are taken as independent. Where the model
    is wrong, the sandwich is right about the parameters that fit best.

    Args:
        model: Priors, and log-likelihood by cluster.
        starts: Number of starts, >= 1; see `start_points`.
        seed: Seed of the starts.

    Returns:
        The fit; `converged` is False where the gradient at its mode is not near 0 or the objective
        is flat in some direction.
    """
    mean, sd = np.array(list(model.priors.values())).T

    def objective(theta: np.ndarray) -> tuple[float, np.ndarray]:
        each, scores = model.evaluate(theta)
        away = (theta - mean) / sd
        return float(0.5 * (away**2).sum() - each.sum()), away / sd - scores.sum(0)

    found = minimise(objective, start_points(model.priors, starts=starts, seed=seed))
    bread, curved = laplace_covariance(hessian(objective, found.mode))
    each, scores = model.evaluate(found.mode)
    # with the prior's own spread, what the data do not move keeps its prior's standard deviation
    influence = np.vstack([scores, np.diag(1 / sd)]) @ bread
    return ClusterFit(
        priors=model.priors,
        mode=found.mode,
        influence=influence,
        covariance=influence.T @ influence,
        log_likelihood=float(each.sum()),
        clusters=len(each),
        reached=sum(abs(value - found.value) < SAME_OPTIMUM for value in found.values),
        starts=starts,
        converged=curved and found.largest_gradient < ARRIVED * max(1.0, abs(found.value)),
    )


def one_step_draws(fit: ClusterFit, count: int, seed: int) -> Float[np.ndarray, "draw parameter"]:
    """Parameters as whole clusters are resampled, to first order (one-step bootstrap).

    Models that were fitted to the same clusters are drawn with the same clusters under the same
    seed, so that differences between them keep their own, smaller spread.

    Args:
        fit: The fit; its `influence` is used.
        count: Number of draws.
        seed: Seed of clusters and priors.

    Returns:
        One row a draw, on the unconstrained scale.
    """
    weights = cluster_weights(fit.clusters, count, seed).astype(float) - 1
    prior = np.random.default_rng([seed, 1]).standard_normal((count, len(fit.mode)))
    return (
        fit.mode + weights @ fit.influence[: fit.clusters] + prior @ fit.influence[fit.clusters :]
    )

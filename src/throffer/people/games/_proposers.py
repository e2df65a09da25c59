"""Proposers of the dictator and the ultimatum game as agents of theory, section 2.

Neither game has levers or false promises, so the menu contains only candid offers. The rules force
an offer, so nobody withdraws. The two games differ only in `veto`.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Literal

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, ArrayLike, Float

from throffer.game import Preferences, menu
from throffer.people.games._observed import GAMES, TENTHS, division
from throffer.stats import ClusterModel, Prior
from throffer.structure import Conduct

CELLS = 100
"""Number of cells of the concession grid; every edge of a tenth is an edge of a cell."""

PRIORS = {
    "log_precision": Prior(float(np.log(8.0)), 1.5),
    "guilt": Prior(0.3, 1.0),
    "log_counterpart_precision": Prior(float(np.log(8.0)), 1.0),
    "counterpart_envy": Prior(0.5, 1.0),
    "logit_lapse": Prior(float(np.log(0.03 / 0.97)), 1.5),
}
"""Weak priors, the same as in the measurement of models."""

TWO_KINDS = PRIORS | {
    "log_more_guilt": Prior(float(np.log(0.5)), 1.0),
    "logit_others": Prior(0.0, 1.5),
}
"""Priors with two kinds of proposers: a share `others` has more guilt, by `more_guilt`."""

Kinds = Literal[1, 2]

_INTO_TENTHS = (
    np.floor((np.arange(CELLS) + 0.5) / CELLS * 10 + 0.5)[:, None] == np.arange(TENTHS)
).astype(float)


def offer_probabilities(
    preferences: Preferences, lapse: Float[Array, ""], veto: Float[ArrayLike, "game"]
) -> Float[Array, "game tenth"]:
    """Probability of each tenth of the pie in games that differ only in `veto`.

    Args:
        preferences: the proposer's.
        lapse: probability that the offer is drawn uniformly instead.
        veto: veto of the other side in each game.
    """
    wide = preferences.replace(precision=preferences.precision * jnp.ones(jnp.shape(veto)))
    cells = menu(division(veto), wide, CELLS).offers.sum(-2)
    chosen = cells / cells.sum(-1, keepdims=True)
    return ((1 - lapse) * chosen + lapse / CELLS) @ _INTO_TENTHS


def predicted(
    theta: Float[Array, "parameter"], veto: Float[ArrayLike, "game"], kinds: Kinds = 1
) -> Float[Array, "game tenth"]:
    """Compute `offer_probabilities` from unconstrained parameters.

    Args:
        theta: parameters in the order of `PRIORS`, or of `TWO_KINDS` with two kinds.
        veto: veto of the other side in each game.
        kinds: number of kinds of proposers.
    """
    lapse = jax.nn.sigmoid(theta[4])
    first = offer_probabilities(_preferences(theta, theta[1]), lapse, veto)
    if kinds == 1:
        return first
    share = jax.nn.sigmoid(theta[6])
    other = offer_probabilities(_preferences(theta, theta[1] + jnp.exp(theta[5])), lapse, veto)
    return (1 - share) * first + share * other


def proposer_model(
    counts: Sequence[Float[np.ndarray, "cluster game tenth"]], kinds: Kinds = 1
) -> ClusterModel:
    """The model of offers of one or several sources with common preferences.

    Args:
        counts: the offers of each source.
        kinds: number of kinds of proposers.
    """
    flat = np.concatenate([each.reshape(len(each), -1) for each in counts])

    def evaluate(theta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        with jax.enable_x64(True):
            logs, slopes = _log_table(jnp.asarray(theta), kinds)
        return flat @ np.asarray(logs), flat @ np.asarray(slopes)

    return ClusterModel(PRIORS if kinds == 1 else TWO_KINDS, evaluate)


def predict_offers_at(
    thetas: Float[np.ndarray, "draw parameter"], veto: float, kinds: Kinds
) -> Float[np.ndarray, "draw tenth"]:
    """Predict offers under one veto for many parameter vectors."""
    with jax.enable_x64(True):
        return np.asarray(_each(jnp.asarray(thetas), jnp.asarray([veto]), kinds))[:, 0]


@functools.partial(jax.jit, static_argnums=1)
def _log_table(theta: Float[Array, "parameter"], kinds: Kinds) -> tuple[Array, Array]:
    """Log probabilities of every tenth in both games, and their derivatives.

    The log-likelihood of any offers is linear in them, so this is compiled once for all fits.
    """

    def logs(theta: Array) -> Array:
        return jnp.log(predicted(theta, np.array(list(GAMES.values())), kinds)).ravel()

    return logs(theta), jax.jacfwd(logs)(theta)


@functools.partial(jax.jit, static_argnums=2)
def _each(thetas: Array, veto: Array, kinds: Kinds) -> Array:
    return jax.vmap(lambda theta: predicted(theta, veto, kinds))(thetas)


def _preferences(theta: Float[Array, "parameter"], guilt: Float[Array, ""]) -> Preferences:
    return Preferences(
        precision=jnp.exp(theta[0]),
        guilt=guilt,
        norms=jnp.zeros(len(Conduct)),
        counterpart_precision=jnp.exp(theta[2]),
        counterpart_envy=theta[3],
    )

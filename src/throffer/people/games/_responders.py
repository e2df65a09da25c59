"""Responders of the ultimatum game, by the answer of theory, section 2, and by a share-only logit.

If both outside options are 0 and there is no counter-offer, a share s is accepted with probability
sigma(precision (s - envy max(1 - 2 s, 0))). For shares up to 1/2 this is a logit that is linear in
the share, with slope precision (1 + 2 envy) and intercept -precision envy. There the game and the
share-only logit are equivalent; they differ for larger shares and for other dyads.
"""

from __future__ import annotations

from typing import Literal

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from throffer.game import acceptance
from throffer.people.games._observed import Answers, division
from throffer.stats import ClusterModel, Prior, differentiate
from throffer.structure import Lever

Kind = Literal["game", "logit"]

PERSONS = np.linspace(-5.0, 5.0, 201)
"""Grid for integrating over persons, in standard deviations of the parameter in which they differ.

The grid is even and fine, because twenty answers determine a person's parameter so well that its
likelihood could fall between the few points of a Gauss rule.
"""

_DENSITY = np.exp(-(PERSONS**2) / 2) / np.exp(-(PERSONS**2) / 2).sum()

LAPSE = Prior(float(np.log(0.03 / 0.97)), 1.5)
SPREAD = Prior(float(np.log(0.3)), 1.5)

PRIORS: dict[Kind, dict[str, Prior]] = {
    "game": {"log_precision": Prior(float(np.log(8.0)), 1.5), "envy": Prior(0.5, 1.0)},
    "logit": {"intercept": Prior(0.0, 10.0), "slope": Prior(0.0, 20.0)},
}
"""Weak priors of both models; if persons differ, a spread of envy or of the intercept is added."""

FLOOR = 1e-12
"""Smallest probability of an answer, so that the log-likelihood stays finite."""


def priors_of(kind: Kind, differ: bool) -> dict[str, Prior]:
    """Priors of the parameters of a model."""
    priors = dict(PRIORS[kind])
    if differ:
        priors[f"log_{'envy' if kind == 'game' else 'intercept'}_spread"] = SPREAD
    return priors | {"logit_lapse": LAPSE}


def refusal(
    theta: Float[Array, "parameter"],
    shares: Float[np.ndarray, "level"],
    kind: Kind,
    differ: bool,
) -> Float[Array, "level person"]:
    """Probability of a refusal at each share for each person on the grid.

    Args:
        theta: unconstrained parameters in the order of `priors_of`.
        shares: shares of the pie.
        kind: formula of the model.
        differ: whether persons differ. If not, there is only one person.
    """
    at = jnp.exp(theta[2]) * PERSONS if differ else jnp.zeros(1)
    share = jnp.asarray(shares)[:, None]
    if kind == "game":
        accept = acceptance(
            division(1.0), Lever.NONE, share, precision=jnp.exp(theta[0]), envy=theta[1] + at
        )
    else:
        accept = jax.nn.sigmoid(theta[0] + at + theta[1] * share)
    slip = jax.nn.sigmoid(theta[-1])
    return jnp.clip((1 - slip) * (1 - accept) + slip / 2, FLOOR, 1 - FLOOR)


def mean_refusal(
    theta: Float[Array, "parameter"],
    shares: Float[np.ndarray, "level"],
    kind: Kind,
    differ: bool,
) -> Float[Array, "level"]:
    """Probability of a refusal at each share, averaged over persons.

    Args:
        theta: see `refusal`.
        shares: see `refusal`.
        kind: see `refusal`.
        differ: see `refusal`.
    """
    return refusal(theta, shares, kind, differ) @ (_DENSITY if differ else np.ones(1))


def responder_model(answers: Answers, kind: Kind, differ: bool) -> ClusterModel:
    """The model of answers, in which all answers of a person have the same envy or intercept.

    Args:
        answers: the answers.
        kind: formula of the model.
        differ: whether persons differ.
    """
    accepted = answers.trials - answers.refused
    weight = np.log(_DENSITY) if differ else np.zeros(1)

    def log_likelihood(theta: Float[Array, "parameter"]) -> Float[Array, "cluster"]:
        chance = refusal(theta, answers.shares, kind, differ)
        each = jnp.asarray(answers.refused) @ jnp.log(chance) + accepted @ jnp.log1p(-chance)
        return jax.nn.logsumexp(each + weight, axis=-1)

    return ClusterModel(priors_of(kind, differ), differentiate(log_likelihood))

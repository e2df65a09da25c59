"""Responders of the ultimatum game by the answer of theory, section 2, and by a share-only logit.

With nothing outside and the first word last, the answer accepts with probability
sigma(precision (s - envy max(1 - 2 s, 0))). Up to half of the pie that is a logit linear in the
share, slope precision (1 + 2 envy) and intercept -precision envy: the game and a logit of the share
alone then say the same, and differ in what they say of shares beyond a half and of other dyads.
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
"""Persons who differ, in standard deviations: an even grid, because twenty answers of one person
are so telling that a Gauss rule with few points falls between them."""

_DENSITY = np.exp(-(PERSONS**2) / 2) / np.exp(-(PERSONS**2) / 2).sum()

LAPSE = Prior(float(np.log(0.03 / 0.97)), 1.5)
SPREAD = Prior(float(np.log(0.3)), 1.5)

PRIORS: dict[Kind, dict[str, Prior]] = {
    "game": {"log_precision": Prior(float(np.log(8.0)), 1.5), "envy": Prior(0.5, 1.0)},
    "logit": {"intercept": Prior(0.0, 10.0), "slope": Prior(0.0, 20.0)},
}
"""Weak priors of both models; persons who differ add the spread of envy or of the intercept."""

FLOOR = 1e-12
"""Smallest probability of an answer, so that a certain prediction that fails stays finite."""


def priors_of(kind: Kind, differ: bool) -> dict[str, Prior]:
    """Parameters of a model and their priors."""
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
    """Chance of a refusal at each share, for each kind of person (one if they do not differ)."""
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
    """The same, over persons."""
    return refusal(theta, shares, kind, differ) @ (_DENSITY if differ else np.ones(1))


def responder_model(answers: Answers, kind: Kind, differ: bool) -> ClusterModel:
    """Answers of persons; those of one person are drawn under the same envy or intercept."""
    accepted = answers.trials - answers.refused
    weight = np.log(_DENSITY) if differ else np.zeros(1)

    def log_likelihood(theta: Float[Array, "parameter"]) -> Float[Array, "cluster"]:
        chance = refusal(theta, answers.shares, kind, differ)
        each = jnp.asarray(answers.refused) @ jnp.log(chance) + accepted @ jnp.log1p(-chance)
        return jax.nn.logsumexp(each + weight, axis=-1)

    return ClusterModel(priors_of(kind, differ), differentiate(log_likelihood))

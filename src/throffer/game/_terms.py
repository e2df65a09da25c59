"""Payoffs of a proposal when it is accepted or refused (theory, section 2)."""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Float

from throffer.structure import Dyad, Lever

MEANS = tuple(Lever)
"""Levers in the order of every lever axis of an array: none, force, leverage."""


class Fallback(NamedTuple):
    """Threat points under one lever x, in units of the pie.

    Attributes:
        harm: h_x, harm to the counterpart.
        cost: k_x, cost to the agent.
        agent: t_A = a - k_x, what the agent has after a refusal.
        counterpart: t_B = b - h_x, what the counterpart has after a refusal.
        surplus: S = max(1 - t_A - t_B, 0), what an agreement adds to both.
    """

    harm: Float[Array, "*batch"]
    cost: Float[Array, "*batch"]
    agent: Float[Array, "*batch"]
    counterpart: Float[Array, "*batch"]
    surplus: Float[Array, "*batch"]


class Payoffs(NamedTuple):
    """Payoffs of a proposal with promised terms y, in units of the pie.

    Attributes:
        accepted: U, the agent's utility if a candid offer is accepted.
        accepted_false: the agent's utility if a false promise is accepted.
        refused: R_A, the agent's utility if the counterpart refuses.
        answer: the counterpart's utility of accepting minus that of refusing.
    """

    accepted: Float[Array, "*batch"]
    accepted_false: Float[Array, "*batch"]
    refused: Float[Array, "*batch"]
    answer: Float[Array, "*batch"]


def fallback(dyad: Dyad, lever: Lever) -> Fallback:
    """Compute threat points and surplus under one lever."""
    a, b = jnp.asarray(dyad.outside_agent), jnp.asarray(dyad.outside_counterpart)
    match lever:
        case Lever.NONE:
            harm = cost = jnp.zeros_like(b)
        case Lever.FORCE:
            harm, cost = jnp.asarray(dyad.force), jnp.asarray(dyad.force_cost)
        case Lever.LEVERAGE:
            harm, cost = jnp.asarray(dyad.leverage), jnp.asarray(dyad.leverage_cost)
    agent, counterpart = a - cost, b - harm
    return Fallback(harm, cost, agent, counterpart, jnp.maximum(1 - agent - counterpart, 0))


def payoffs(
    dyad: Dyad,
    point: Fallback,
    promised: Float[ArrayLike, "*#batch"],
    guilt: Float[ArrayLike, "*#batch"],
    envy: Float[ArrayLike, "*#batch"],
) -> Payoffs:
    """Compute the payoffs of a proposal.

    Args:
        dyad: the dyad.
        point: threat points under the lever of the proposal.
        promised: y, what the counterpart is promised.
        guilt: the agent's.
        envy: the counterpart's.
    """
    y = jnp.asarray(promised)
    own, other = 1 - y - dyad.outside_agent, y - dyad.outside_counterpart
    ahead = jnp.maximum(own - other, 0)
    ahead_false = jnp.maximum(own - other + 2 * jnp.asarray(dyad.deceit_gain), 0)
    accepted = 1 - y - guilt * ahead
    veto = jnp.asarray(dyad.veto)
    last_word = point.counterpart + (1 - jnp.asarray(dyad.finality)) * point.surplus
    return Payoffs(
        accepted=accepted,
        accepted_false=1 - y + dyad.deceit_gain - guilt * ahead_false,
        refused=veto * point.agent + (1 - veto) * accepted,
        answer=veto * (y - envy * ahead - last_word),
    )


def expected_candid(pay: Payoffs, taken: Float[Array, "..."]) -> Float[Array, "..."]:
    """Agent's expected utility of a candid proposal before sanctions.

    `taken` is the probability p that the counterpart accepts.
    """
    return taken * pay.accepted + (1 - taken) * pay.refused


def expected_false(dyad: Dyad, pay: Payoffs, taken: Float[Array, "..."]) -> Float[Array, "..."]:
    """Agent's expected utility of a false promise before the sanction of its lever.

    With probability 1 - o the promise is found out before the answer and counts as refused.
    `taken` is the probability p that the counterpart accepts otherwise.
    """
    unseen = taken * pay.accepted_false + (1 - taken) * pay.refused
    opacity = jnp.asarray(dyad.opacity)
    return opacity * unseen + (1 - opacity) * (pay.refused - dyad.oversight) - dyad.future

"""What a proposal promises, delivers and risks: payoffs of section 2 of the theory."""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Float

from throffer.structure import Dyad, Lever

MEANS = tuple(Lever)
"""Levers in the order of every lever axis: none, force, leverage."""


class Fallback(NamedTuple):
    """Where a refusal leads, with one lever; units of the pie.

    `harm` h_x and `cost` k_x of the lever, `agent` t_A = a - k_x, `counterpart` t_B = b - h_x, and
    `surplus` S = max(1 - t_A - t_B, 0), what there is to divide above it.
    """

    harm: Float[Array, "*batch"]
    cost: Float[Array, "*batch"]
    agent: Float[Array, "*batch"]
    counterpart: Float[Array, "*batch"]
    surplus: Float[Array, "*batch"]


class Payoffs(NamedTuple):
    """Payoffs of a proposal with promised terms y; units of the pie.

    `accepted` is U, the agent's utility if a candid offer is taken; `accepted_false` the same for
    a false one; `refused` is R_A; `answer` is what the counterpart's logit compares with zero.
    """

    accepted: Float[Array, "*batch"]
    accepted_false: Float[Array, "*batch"]
    refused: Float[Array, "*batch"]
    answer: Float[Array, "*batch"]


def fallback(dyad: Dyad, lever: Lever) -> Fallback:
    """Threat points and surplus under one lever."""
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
    """Payoffs of promised terms `promised` (y, what the counterpart is to get)."""
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
    """Agent's expected utility of a candid proposal before sanctions; `taken` is p."""
    return taken * pay.accepted + (1 - taken) * pay.refused


def expected_false(dyad: Dyad, pay: Payoffs, taken: Float[Array, "..."]) -> Float[Array, "..."]:
    """The same for a false promise, which counts as refused when it is found out in time."""
    unseen = taken * pay.accepted_false + (1 - taken) * pay.refused
    opacity = jnp.asarray(dyad.opacity)
    return opacity * unseen + (1 - opacity) * (pay.refused - dyad.oversight) - dyad.future

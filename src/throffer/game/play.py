"""Playing the game: a sampled proposal and its answer."""

from __future__ import annotations

import functools
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Bool, Float, Int, Key

from throffer.game.menu import CELLS, Menu, lapse_menu, menu
from throffer.game.preferences import Preferences
from throffer.game.terms import MEANS, fallback, payoffs
from throffer.structure import RECOGNISED_RANK, SHARE_EDGES, Conduct, Dyad, Lever


class Play(NamedTuple):
    """A proposal and its answer.

    - `lever`: 0 none, 1 force, 2 leverage; `candour`: False for a false promise.
    - `concession`: s in [0, 1]; NaN where the agent withdraws.
    - `conduct`: code of `Conduct`.
    - `accepted`: the counterpart's answer; False where the agent withdraws or a false promise is
      found out in time.
    """

    lever: Int[Array, "*batch"]
    candour: Bool[Array, "*batch"]
    concession: Float[Array, "*batch"]
    conduct: Int[Array, "*batch"]
    accepted: Bool[Array, "*batch"]


def acceptance(
    dyad: Dyad,
    lever: Lever | str,
    concession: Float[ArrayLike, "*#batch"],
    *,
    precision: Float[ArrayLike, "*#batch"],
    envy: Float[ArrayLike, "*#batch"],
) -> Float[Array, "*batch"]:
    """Probability that the counterpart accepts terms `y = t_B + s S` (theory, section 2).

    The counterpart takes the promise for the terms: candour does not enter. `concession` is s in
    [0, 1], `precision` lambda_B >= 0, `envy` its dislike of the agent being ahead.
    """
    point = fallback(dyad, Lever(lever))
    y = point.counterpart + concession * point.surplus
    return jax.nn.sigmoid(precision * payoffs(dyad, point, y, 0.0, envy).answer)


def play(
    key: Key[Array, ""],
    dyad: Dyad,
    preferences: Preferences,
    *,
    lapse: ArrayLike = 0.0,
    cells: int = CELLS,
) -> Play:
    """Sample one proposal and its answer for one dyad; `play_each` for many.

    The concession is drawn evenly within the chosen part of its cell, so that the plane places it
    where the choice did. `lapse` is the probability of a draw from the bare menu.
    """
    pick, within, answer = jax.random.uniform(key, (3,))
    masses = _joint(menu(dyad, preferences, cells))
    drawn = _joint(lapse_menu(dyad, preferences, cells))
    mixed = (1 - lapse) * masses / masses.sum() + lapse * drawn / drawn.sum()
    cumulative = jnp.cumsum(mixed)
    # the last index is withdraw; side="right" skips parts without mass
    index = jnp.searchsorted(cumulative, pick * cumulative[-1], side="right")
    index = jnp.minimum(index, mixed.size - 1)
    withdrawn = index == mixed.size - 1
    lower, lever, false, cell = jnp.unravel_index(
        jnp.where(withdrawn, 0, index), (2, len(MEANS), 2, cells)
    )
    fallbacks = [fallback(dyad, means) for means in MEANS]
    harm, surplus = (
        jnp.stack(jnp.broadcast_arrays(*(getattr(point, name) for point in fallbacks)))[lever]
        for name in ("harm", "surplus")
    )
    lost = harm + jnp.where(false, dyad.deceit_gain, 0.0)
    edge = jnp.where(surplus > 0, lost / jnp.where(surplus > 0, surplus, 1), jnp.inf)
    edge = jnp.where(lever == 0, 0.0, edge)
    start, end = cell / cells, (cell + 1) / cells
    start = jnp.where(lower, start, jnp.clip(edge, start, end))
    end = jnp.where(lower, jnp.clip(edge, start, end), end)
    concession = start + within * (end - start)
    taken = jnp.stack(
        [
            acceptance(
                dyad,
                means,
                concession,
                precision=preferences.counterpart_precision,
                envy=preferences.counterpart_envy,
            )
            for means in MEANS
        ]
    )[lever]
    unseen = jnp.where(false, dyad.opacity, 1.0)
    conduct = _conduct(dyad, lower, lever, false, concession)
    return Play(
        lever=jnp.where(withdrawn, 0, lever),
        candour=withdrawn | (false == 0),
        concession=jnp.where(withdrawn, jnp.nan, concession),
        conduct=jnp.where(withdrawn, Conduct.WITHDRAW.code, conduct),
        accepted=~withdrawn & (answer < taken * unseen),
    )


@functools.partial(jax.jit, static_argnames="cells")
def play_each(
    seeds: Int[Array, trial],
    dyad: Dyad,
    preferences: Preferences,
    *,
    lapse: Float[ArrayLike, "*#trial"] = 0.0,
    cells: int = CELLS,
) -> Play:
    """One play for each integer seed; dyads and preferences broadcast to the seeds.

    A trial depends on its own seed, dyad and preferences alone: the same in any batch.
    """
    count = seeds.shape

    def spread(leaf: ArrayLike) -> Array:
        return jnp.broadcast_to(jnp.asarray(leaf), count)

    norms = jnp.broadcast_to(jnp.asarray(preferences.norms), (*count, len(Conduct)))
    others = jax.tree.map(spread, preferences.replace(norms=0.0))
    one = functools.partial(_play_seed, cells=cells)
    return jax.vmap(one)(
        seeds, jax.tree.map(spread, dyad), others.replace(norms=norms), spread(lapse)
    )


def _play_seed(
    seed: Int[Array, ""], dyad: Dyad, preferences: Preferences, lapse: Array, *, cells: int
) -> Play:
    return play(jax.random.key(seed), dyad, preferences, lapse=lapse, cells=cells)


def _joint(parts: Menu) -> Float[Array, proposal]:
    """All masses in one row: the upper sides, the lower sides, withdraw."""
    both = jnp.stack([parts.upper, parts.lower])
    return jnp.append(both.ravel(), parts.withdraw)


def _conduct(
    dyad: Dyad,
    lower: Int[Array, ""],
    lever: Int[Array, ""],
    false: Int[Array, ""],
    concession: Float[Array, ""],
) -> Int[Array, ""]:
    low, middle, high = SHARE_EDGES
    offer = jnp.select(
        [concession < low, concession < middle, concession <= high],
        [Conduct.ULTIMATUM.code, Conduct.HARD_BARGAIN.code, Conduct.EVEN.code],
        Conduct.GENEROUS.code,
    )
    offer = jnp.where(false, Conduct.DECEPTION.code, offer)
    ranked = (lever == 1) & (false == 0) & (jnp.asarray(dyad.legitimacy) >= RECOGNISED_RANK)
    throffer = jnp.where(ranked, Conduct.AUTHORITY.code, Conduct.PRESSURE.code)
    harmful = jnp.where(lever == 1, Conduct.EXTORTION.code, Conduct.BLACKMAIL.code)
    return jnp.where(lever == 0, offer, jnp.where(lower, harmful, throffer))

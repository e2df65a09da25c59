"""Sampling a proposal and its answer."""

from __future__ import annotations

import functools
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Bool, Float, Int, Key

from throffer.game._blocks import BLOCKS, PARTS, block_edges, block_weight, penalties, ranked
from throffer.game._choice import CELLS, Masses, part_masses
from throffer.game._chunks import CHUNK, Players, as_arrays, in_chunks
from throffer.game._preferences import Preferences
from throffer.game._terms import (
    MEANS,
    Fallback,
    Payoffs,
    expected_candid,
    expected_false,
    fallback,
    payoffs,
)
from throffer.structure import Conduct, Dyad, Lever


class Play(NamedTuple):
    """A proposal and its answer.

    Attributes:
        lever: 0 none, 1 force, 2 leverage.
        candour: False for a false promise.
        concession: s in [0, 1]; NaN if the agent withdraws.
        conduct: code of `Conduct`.
        accepted: whether the counterpart accepts. False if the agent withdraws, or if a false
            promise is found out before the answer.
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

    The counterpart believes every promise, so candour does not matter.

    Args:
        dyad: one dyad or a batch.
        lever: the lever of the proposal.
        concession: s in [0, 1].
        precision: the counterpart's lambda_B >= 0.
        envy: its dislike of the agent being ahead.
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
    """Sample one proposal and its answer for one dyad; use `play_each` for many.

    The concession is drawn uniformly from the piece of its cell that belongs to the chosen
    conduct. `locate` therefore gives the proposal the same conduct.

    Args:
        key: random key; it decides all draws.
        dyad: one dyad.
        preferences: the agent's.
        lapse: probability in [0, 1] of a draw from the bare menu.
        cells: number of cells of the concession grid.
    """
    return _play(_draws(key), as_arrays(Players(dyad, preferences, lapse)), cells)


def play_each(
    seeds: Int[ArrayLike, trial],
    dyad: Dyad,
    preferences: Preferences,
    *,
    lapse: Float[ArrayLike, "*#trial"] = 0.0,
    cells: int = CELLS,
    chunk: int = CHUNK,
) -> Play:
    """Sample one play for each integer seed.

    A trial depends only on its own seed, dyad and preferences, not on the rest of the batch.

    Args:
        seeds: one for each trial.
        dyad: one dyad, or one for each trial.
        preferences: those of one agent, or one for each trial.
        lapse: probability in [0, 1] of a draw from the bare menu.
        cells: number of cells of the concession grid.
        chunk: how many trials to compute at a time.
    """
    players = as_arrays(Players(dyad, preferences, lapse))
    return _play_each(jnp.asarray(seeds), players, cells, chunk)


@functools.partial(jax.jit, static_argnums=(2, 3))
def _play_each(seeds: Int[Array, trial], players: Players, cells: int, chunk: int) -> Play:
    players = players._replace(lapse=jnp.broadcast_to(players.lapse, seeds.shape))

    def solve(players: Players, seeds: Array) -> Play:
        return _play(jax.vmap(lambda seed: _draws(jax.random.key(seed)))(seeds).T, players, cells)

    return in_chunks(solve, players, seeds, chunk=chunk)


def _draws(key: Key[Array, ""]) -> Float[Array, draw]:
    """Five uniform numbers, for: lapse, part, cell, position in the cell, answer."""
    return jax.random.uniform(key, (5,))


def answer_draw(seed: int) -> float:
    """The uniform number that decides the answer in `play` with this seed.

    It lets code outside `play` draw the same answer.
    """
    return float(_draws(jax.random.key(seed))[-1])


@functools.partial(jax.jit, static_argnums=2)
def _play(draws: Float[Array, "draw *batch"], players: Players, cells: int) -> Play:
    dyad, preferences, lapse = players
    lapsed = draws[0] < lapse
    # an agent that lapses draws from the bare menu: the same masses without utility and norms
    scale = jnp.where(lapsed, 0, preferences.precision)
    norms = jnp.where(lapsed[..., None], 0, preferences.norms)
    preferences = preferences.replace(norms=norms)
    masses = part_masses(dyad, preferences, scale, cells)
    part = _pick_part(draws[1], [*masses.parts, masses.withdraw])
    withdrawn = part == len(PARTS)
    proposed = _proposed(dyad, preferences, scale, masses, jnp.where(withdrawn, 0, part))
    cell = _pick_cell(draws[2], proposed, dyad, preferences, scale, masses.top, cells)
    start = jnp.maximum(proposed.start, cell / cells)
    end = jnp.minimum(proposed.end, (cell + 1) / cells)
    concession = start + draws[3] * (end - start)
    pay = _pay(dyad, proposed, preferences, concession)
    taken = jax.nn.sigmoid(preferences.counterpart_precision * pay.answer)
    seen = jnp.where(proposed.candour, 1.0, dyad.opacity)
    return Play(
        lever=jnp.where(withdrawn, 0, proposed.lever),
        candour=withdrawn | proposed.candour,
        concession=jnp.where(withdrawn, jnp.nan, concession),
        conduct=jnp.where(withdrawn, Conduct.WITHDRAW.code, proposed.conduct),
        accepted=~withdrawn & (draws[4] < taken * seen),
    )


class _Proposed(NamedTuple):
    """The part of the menu that each play chose.

    Attributes:
        lever: position in `MEANS`.
        candour: False for a false promise.
        conduct: code of `Conduct`.
        start: lowest concession of the part.
        end: highest concession of the part.
        weight: menu weight of its block.
        price: sanction and norms, subtracted from the exponent.
        mass: choice mass of the whole part.
        point: threat points and surplus under its lever.
    """

    lever: Int[Array, "*batch"]
    candour: Bool[Array, "*batch"]
    conduct: Int[Array, "*batch"]
    start: Float[Array, "*batch"]
    end: Float[Array, "*batch"]
    weight: Float[Array, "*batch"]
    price: Float[Array, "*batch"]
    mass: Float[Array, "*batch"]
    point: Fallback


def _pick_part(draw: Float[Array, "*batch"], masses: list[Array]) -> Int[Array, "*batch"]:
    """Index of the mass that a uniform draw falls on; an index with mass 0 is never picked."""
    target = draw * sum(masses[1:], masses[0])
    index, last = jnp.zeros_like(target, int), jnp.zeros_like(target, int)
    reached = jnp.zeros_like(target)
    for position, mass in enumerate(masses):
        reached = reached + mass
        index = index + (reached <= target)
        last = jnp.where(mass > 0, position, last)
    return jnp.minimum(index, last)


def _proposed(
    dyad: Dyad,
    preferences: Preferences,
    scale: Float[Array, "*batch"],
    masses: Masses,
    part: Int[Array, "*batch"],
) -> _Proposed:
    by_rank = jnp.where(ranked(dyad), Conduct.AUTHORITY.code, Conduct.PRESSURE.code)
    prices = penalties(dyad, preferences, scale)
    options: list[_Proposed] = []
    for block in BLOCKS:
        edges = block_edges(dyad, block)
        for conduct, start, end in zip(block.conducts, edges[:-1], edges[1:], strict=True):
            options.append(
                _Proposed(
                    lever=jnp.asarray(MEANS.index(block.lever)),
                    candour=jnp.asarray(block.candour),
                    conduct=by_rank if conduct is Conduct.AUTHORITY else jnp.asarray(conduct.code),
                    start=start,
                    end=end,
                    weight=block_weight(dyad, block),
                    price=prices[len(options)],
                    mass=masses.parts[len(options)],
                    point=fallback(dyad, block.lever),
                )
            )

    def pick(*values: Array) -> Array:
        # XLA fuses a chain of selects into one pass over the batch; a gather it does not
        chosen = jnp.broadcast_to(values[0], part.shape)
        for position, value in enumerate(values[1:], 1):
            chosen = jnp.where(part == position, value, chosen)
        return chosen

    return jax.tree.map(pick, *options)


def _pick_cell(
    draw: Float[Array, "*batch"],
    proposed: _Proposed,
    dyad: Dyad,
    preferences: Preferences,
    scale: Float[Array, "*batch"],
    top: Float[Array, "*batch"],
    cells: int,
) -> Float[Array, "*batch"]:
    """Number of the cell of the chosen part that a uniform draw falls on, as a float."""
    target = draw * proposed.mass

    def add(carry: tuple[Array, Array, Array], cell: Array) -> tuple[tuple, None]:
        reached, index, last = carry
        pay = _pay(dyad, proposed, preferences, (cell + 0.5) / cells)
        p = jax.nn.sigmoid(preferences.counterpart_precision * pay.answer)
        value = jnp.where(proposed.candour, expected_candid(pay, p), expected_false(dyad, pay, p))
        share = jnp.clip(proposed.end * cells - cell, 0, 1)
        share = share - jnp.clip(proposed.start * cells - cell, 0, 1)
        mass = jnp.exp(jnp.where(share > 0, scale * value - proposed.price - top, -jnp.inf))
        reached = reached + share * proposed.weight / cells * mass
        return (reached, index + (reached <= target), jnp.where(share > 0, cell, last)), None

    nothing = jnp.zeros_like(target)
    row = jnp.arange(cells, dtype=target.dtype)
    (_, index, last), _ = jax.lax.scan(add, (nothing, nothing, nothing), row)
    return jnp.minimum(index, last)


def _pay(
    dyad: Dyad, proposed: _Proposed, preferences: Preferences, concession: Float[Array, "..."]
) -> Payoffs:
    y = proposed.point.counterpart + concession * proposed.point.surplus
    return payoffs(dyad, proposed.point, y, preferences.guilt, preferences.counterpart_envy)

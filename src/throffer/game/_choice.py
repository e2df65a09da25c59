"""The agent's choice: probabilities of conducts, summed cell by cell.

A loop over the cells of the concession grid adds up the masses for all dyads at once and keeps a
running maximum of the exponents (a streaming log-sum-exp). The whole menu is therefore never in
memory, and large precisions or sanctions do not overflow in single precision.
"""

from __future__ import annotations

import functools
from itertools import pairwise
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Float

from throffer.game._blocks import (
    BLOCKS,
    PARTS,
    block_edges,
    block_weight,
    by_conduct,
    cell_parts,
    penalties,
)
from throffer.game._chunks import CHUNK, Players, as_arrays, in_chunks
from throffer.game._preferences import Preferences, norm_against
from throffer.structure import Conduct, Dyad

CELLS = 50
"""Cells of the concession grid.

Error against 4,000 cells, measured on 400 random dyads with independent fields (harm up to 5, both
precisions between 1 and 20, norms of standard deviation 1): conduct probabilities are off by
6e-5 in the median, 0.007 at the 99th percentile and 0.03 at most; their derivatives by 6e-5,
0.06 and 1.7 (the largest derivative is 22). Of the derivatives larger than 0.01, 0.04 % have the
wrong sign. With 100 cells, the 99th percentile and the maximum are 0.001 and 0.006 for
probabilities, 0.015 and 0.5 for derivatives.
"""


class Masses(NamedTuple):
    """Choice masses of the parts and of withdrawing, not normalised.

    Attributes:
        parts: one mass for each part, in the order of `PARTS`, divided by e^`top`.
        withdraw: mass of making no proposal, divided by e^`top`.
        top: largest exponent that occurred.
    """

    parts: list[Float[Array, "*batch"]]
    withdraw: Float[Array, "*batch"]
    top: Float[Array, "*batch"]


def conduct_probabilities(
    dyad: Dyad,
    preferences: Preferences,
    *,
    lapse: ArrayLike = 0.0,
    cells: int = CELLS,
    chunk: int = CHUNK,
) -> Float[Array, "*batch conduct"]:
    """Probability of each conduct (theory, section 2).

    The result is float32 unless `jax.enable_x64` is on. Each new shape is compiled once.

    Args:
        dyad: one dyad or a batch of any size. It broadcasts with `preferences` and `lapse` to
            `*batch`.
        preferences: the agent's.
        lapse: probability in [0, 1] that the agent draws from the bare menu instead: by the menu
            weights of theory, section 2, without utility and norms.
        cells: number of cells of the concession grid; 50 suffice for precision up to 20 and harm
            up to 5.
        chunk: how many dyads to compute at a time; limits the memory needed beyond arguments and
            result.

    Returns:
        Probabilities, with the conducts on the last axis in the order of `Conduct`.

    ```python
    >>> dyad = Dyad.from_asymmetry(0.5, 0.1, 0.1)
    >>> shares = conduct_probabilities(dyad, Preferences.of())
    >>> list(Conduct)[int(shares.argmax())]
    <Conduct.AUTHORITY: 'authority'>

    ```
    """
    return _conduct_probabilities(as_arrays(Players(dyad, preferences, lapse)), cells, chunk)


@functools.partial(jax.jit, static_argnums=(1, 2))
def _conduct_probabilities(players: Players, cells: int, chunk: int) -> Array:
    def solve(players: Players) -> Array:
        dyad, preferences, lapse = players
        masses = part_masses(dyad, preferences, jnp.asarray(preferences.precision), cells)
        chosen = by_conduct(dyad, masses.parts, masses.withdraw)
        drawn = by_conduct(dyad, *lapse_masses(dyad))
        lapse = jnp.asarray(lapse)[..., None]
        return (1 - lapse) * _normalised(chosen) + lapse * _normalised(drawn)

    return in_chunks(solve, players, chunk=chunk)


def part_masses(
    dyad: Dyad, preferences: Preferences, scale: Float[Array, "..."], cells: int
) -> Masses:
    """Choice masses of every part at precision `scale`, which replaces the agent's own."""
    prices = penalties(dyad, preferences, scale)
    withdraw = scale * dyad.outside_agent - norm_against(preferences, Conduct.WITHDRAW)
    shape = jnp.broadcast_shapes(withdraw.shape, *(price.shape for price in prices), dyad.shape)
    zero = jnp.zeros(shape, jnp.result_type(withdraw, *prices))

    def add(
        carry: tuple[Array, list[Array]], cell: Array
    ) -> tuple[tuple[Array, list[Array]], None]:
        top, sums = carry
        log_mass, share = cell_parts(dyad, preferences, scale, prices, cell, cells)
        higher = functools.reduce(jnp.maximum, log_mass, top)
        higher = jax.lax.stop_gradient(higher)
        shrink = jnp.exp(top - higher)
        sums = [
            so_far * shrink + part * jnp.exp(each - higher)
            for so_far, each, part in zip(sums, log_mass, share, strict=True)
        ]
        return (higher, sums), None

    start = (jax.lax.stop_gradient(zero + withdraw), [zero] * len(PARTS))
    (top, sums), _ = jax.lax.scan(add, start, jnp.arange(cells, dtype=zero.dtype))
    weights = {block: block_weight(dyad, block) / cells for block in BLOCKS}
    return Masses(
        [weights[block] * mass for (block, _), mass in zip(PARTS, sums, strict=True)],
        jnp.exp(withdraw - top),
        top,
    )


def lapse_masses(dyad: Dyad) -> tuple[list[Float[Array, "..."]], Float[Array, "..."]]:
    """Masses of every part and of withdrawing for an agent that draws from the bare menu."""
    parts = []
    for block in BLOCKS:
        edges, weight = block_edges(dyad, block), block_weight(dyad, block)
        parts += [weight * (high - low) for low, high in pairwise(edges)]
    return parts, jnp.ones_like(dyad.gain)


def _normalised(masses: Float[Array, "*batch conduct"]) -> Float[Array, "*batch conduct"]:
    return masses / masses.sum(-1, keepdims=True)

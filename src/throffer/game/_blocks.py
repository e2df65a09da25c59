"""The menu of proposals, divided into blocks and, at the conduct boundaries, into parts.

A block is one lever and candour with all concessions from 0 to 1. The boundaries of the
offer-threat plane divide a block into parts: intervals of concessions with one conduct each. If a
boundary crosses a cell of the concession grid, the cell is split between both sides in proportion.
This makes every probability a differentiable function of the dyad and the preferences, except at
`legitimacy` = 0.5, and at G = 0, below which there is nothing to share and every offer counts as
even.

All functions here are elementwise: arguments of any shapes (`...`) broadcast together.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, ArrayLike, Float

from throffer.game._preferences import Preferences, norm_against
from throffer.game._terms import MEANS, expected_candid, expected_false, fallback, payoffs
from throffer.structure import RECOGNISED_RANK, SHARE_EDGES, TOLERANCE, Conduct, Dyad, Lever

MEANS_SCALE = 0.1
"""Harm or deceit gain at which a block has half its full menu weight (theory, section 2)."""


class Block(NamedTuple):
    """A lever and candour, and the conducts of its parts in order of increasing concession."""

    lever: Lever
    candour: bool
    conducts: tuple[Conduct, ...]


BLOCKS = (
    Block(
        Lever.NONE,
        True,
        (Conduct.ULTIMATUM, Conduct.HARD_BARGAIN, Conduct.EVEN, Conduct.GENEROUS),
    ),
    Block(Lever.NONE, False, (Conduct.DECEPTION,)),
    Block(Lever.FORCE, True, (Conduct.EXTORTION, Conduct.AUTHORITY)),
    Block(Lever.FORCE, False, (Conduct.EXTORTION, Conduct.PRESSURE)),
    Block(Lever.LEVERAGE, True, (Conduct.BLACKMAIL, Conduct.PRESSURE)),
    Block(Lever.LEVERAGE, False, (Conduct.BLACKMAIL, Conduct.PRESSURE)),
)
"""Blocks in the order of the axes `lever`, `candour`.

Where rank is not recognised, what is listed as authority counts as pressure.
"""

PARTS = tuple((block, conduct) for block in BLOCKS for conduct in block.conducts)
"""All parts, as (block, conduct). Every list of parts in this room has this order."""


def ranked(dyad: Dyad) -> Array:
    """Whether rank is recognised, so that a candid, harmless throffer by force is authority."""
    return jnp.asarray(dyad.legitimacy) >= RECOGNISED_RANK


def block_edges(dyad: Dyad, block: Block) -> list[Float[Array, "..."]]:
    """Boundaries between the parts of a block, as increasing concessions from 0 to 1."""
    zero = jnp.zeros_like(dyad.gain)
    one = jnp.ones_like(zero)
    if block.lever is Lever.NONE:
        if not block.candour:
            return [zero, one]
        something = dyad.gain > TOLERANCE
        nothing = (0.0, 0.0, 1.0)
        inner = zip(SHARE_EDGES, nothing, strict=True)
        return [zero, *(jnp.where(something, edge, end) for edge, end in inner), one]
    point = fallback(dyad, block.lever)
    lost = point.harm if block.candour else point.harm + dyad.deceit_gain
    some = point.surplus > 0
    edge = jnp.where(some, lost / jnp.where(some, point.surplus, 1), jnp.where(lost > 0, 1.0, 0.0))
    return [zero, jnp.clip(edge, 0, 1), one]


def block_weight(dyad: Dyad, block: Block) -> Float[Array, "..."]:
    """Menu weight of a block: small if its harm or deceit gain is small (theory, section 2)."""
    gain = jnp.asarray(dyad.deceit_gain)
    harm = fallback(dyad, block.lever).harm
    lever = jnp.ones_like(harm) if block.lever is Lever.NONE else harm / (harm + MEANS_SCALE)
    return lever if block.candour else lever * gain / (gain + MEANS_SCALE)


def penalty(
    dyad: Dyad,
    preferences: Preferences,
    scale: Float[Array, "..."],
    block: Block,
    conduct: Conduct,
) -> Float[Array, "..."]:
    """Sanction and norms that are subtracted from the exponent in every cell of one part.

    The sanction is chi (z + f). For a false promise it is chi z, because f is lost in any case and
    `expected_false` subtracts it already.

    Args:
        dyad: the dyad.
        preferences: the agent's, for the norms.
        scale: precision, which multiplies the sanction but not the norms.
        block: the block of the part.
        conduct: the conduct of the part.
    """
    norm = norm_against(preferences, conduct)
    if conduct is Conduct.AUTHORITY:
        norm = jnp.where(ranked(dyad), norm, norm_against(preferences, Conduct.PRESSURE))
    if not block.candour and conduct is not Conduct.DECEPTION:
        norm = norm + norm_against(preferences, Conduct.DECEPTION)
    if block.lever is Lever.NONE:
        return norm
    sanction = jnp.asarray(dyad.oversight)
    if block.candour:
        sanction = sanction + dyad.future
    if block.lever is Lever.FORCE and conduct is not Conduct.EXTORTION:
        sanction = sanction * (1 - jnp.asarray(dyad.legitimacy))
    return scale * sanction + norm


def penalties(
    dyad: Dyad, preferences: Preferences, scale: Float[Array, "..."]
) -> list[Float[Array, "..."]]:
    """`penalty` of every part, in the order of `PARTS`."""
    return [penalty(dyad, preferences, scale, block, conduct) for block, conduct in PARTS]


def expected_utilities(
    dyad: Dyad, preferences: Preferences, concession: Float[ArrayLike, "..."]
) -> tuple[list[Float[Array, "..."]], list[Float[Array, "..."]]]:
    """Expected utility and acceptance of a concession in every block.

    Returns:
        Expected utilities before sanctions, in the order of `BLOCKS`, and probabilities that the
        counterpart accepts if it answers, in the order of `MEANS`.
    """
    values, taken = [], []
    for lever in MEANS:
        point = fallback(dyad, lever)
        y = point.counterpart + concession * point.surplus
        pay = payoffs(dyad, point, y, preferences.guilt, preferences.counterpart_envy)
        p = jax.nn.sigmoid(preferences.counterpart_precision * pay.answer)
        values += [expected_candid(pay, p), expected_false(dyad, pay, p)]
        taken.append(p)
    return values, taken


class CellParts(NamedTuple):
    """One cell of the concession grid in every part, in the order of `PARTS`.

    Attributes:
        log_mass: log choice mass before menu weights; -inf if the part does not reach the cell.
        share: share of the cell that lies in the part.
    """

    log_mass: list[Float[Array, "..."]]
    share: list[Float[Array, "..."]]


def cell_parts(
    dyad: Dyad,
    preferences: Preferences,
    scale: Float[Array, "..."],
    prices: list[Float[Array, "..."]],
    cell: Float[Array, "..."],
    cells: int,
) -> CellParts:
    """All parts at one cell of the concession grid.

    Args:
        dyad: the dyad.
        preferences: the agent's.
        scale: precision.
        prices: the result of `penalties`.
        cell: number of the cell, from 0.
        cells: number of cells of the grid.
    """
    values, _ = expected_utilities(dyad, preferences, (cell + 0.5) / cells)
    result = CellParts([], [])
    for block, value in zip(BLOCKS, values, strict=True):
        ends = [jnp.clip(edge * cells - cell, 0, 1) for edge in block_edges(dyad, block)]
        for low, high in pairwise(ends):
            share = high - low
            log_mass = scale * value - prices[len(result.share)]
            result.log_mass.append(jnp.where(share > 0, log_mass, -jnp.inf))
            result.share.append(share)
    return result


def by_conduct(dyad: Dyad, parts: list[Float[Array, "..."]], withdraw: Array) -> Array:
    """Sum the masses of all parts and of withdrawing by conduct, on a new last axis."""
    sums = dict.fromkeys(Conduct, jnp.zeros_like(withdraw))
    for (_, conduct), mass in zip(PARTS, parts, strict=True):
        sums[conduct] = sums[conduct] + mass
    rank, by_force = ranked(dyad), sums[Conduct.AUTHORITY]
    sums[Conduct.PRESSURE] = sums[Conduct.PRESSURE] + jnp.where(rank, 0, by_force)
    sums[Conduct.AUTHORITY] = jnp.where(rank, by_force, 0)
    sums[Conduct.WITHDRAW] = withdraw
    return jnp.stack(jnp.broadcast_arrays(*(sums[conduct] for conduct in Conduct)), -1)


def midpoints(cells: int) -> np.ndarray:
    """Concessions on the menu: the midpoints of `cells` equal parts of [0, 1]."""
    return (np.arange(cells) + 0.5) / cells

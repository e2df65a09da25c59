"""The menu in blocks and their parts: what lies on which side of a conduct boundary.

A block is a lever and candour, with a concession between 0 and 1. Boundaries of the offer-threat
plane cut it into parts, each an interval of concessions and one conduct. A cell of the concession
grid which a boundary crosses belongs to both sides in proportion, so that every probability is a
differentiable function of the dyad and the preferences (except at `legitimacy` = 0.5 and at
G = 0, where offers lose their names: with nothing to share they are all even).

Everything here is elementwise: arguments of any shapes (`...`) broadcast together.
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
"""Harm or gain at which a means has half its full weight on the menu (theory, section 2)."""


class Block(NamedTuple):
    """A lever and candour; `conducts` from the part with the lowest concession upwards."""

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
"""Blocks in the order of the axes `lever`, `candour`. Without rank, authority is pressure."""

PARTS = tuple((block, conduct) for block in BLOCKS for conduct in block.conducts)
"""Every part, in the order of every list of parts."""


def ranked(dyad: Dyad) -> Array:
    """Whether a candid, harmless throffer by force is authority."""
    return jnp.asarray(dyad.legitimacy) >= RECOGNISED_RANK


def block_edges(dyad: Dyad, block: Block) -> list[Float[Array, "..."]]:
    """Ends of the parts of a block, as concessions from 0 to 1."""
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
    """Menu weight: means too small to matter go unnoticed (theory, section 2)."""
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
    """Sanction (times `scale`) and norms of one part: what its exponent loses in every cell.

    The sanction is chi (z + f), or chi z for a false promise, whose f is lost in any case.
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
    """Expected utility of a concession in every block before sanctions, and under every lever
    the probability that it is accepted if the answer is given.
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
    """One cell of every part, in the order of `PARTS`: log mass before weights, and the share of
    the cell that lies in the part (log mass is -inf where that is none).
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
    """All parts at the cell numbered `cell` (from 0) out of `cells`; `prices` from `penalties`."""
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
    """Masses of all parts and of withdrawing, summed into conducts on the last axis."""
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

"""The whole menu as arrays: every proposal with its mass, probability, utility and acceptance."""

from __future__ import annotations

import functools
from typing import Any, NamedTuple, TypeVar

import jax
import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Float

from throffer.game._blocks import (
    BLOCKS,
    PARTS,
    block_weight,
    by_conduct,
    cell_parts,
    expected_utilities,
    midpoints,
    penalties,
)
from throffer.game._choice import CELLS
from throffer.game._preferences import Preferences, norm_against
from throffer.game._terms import MEANS, fallback
from throffer.structure import Conduct, Dyad, Lever

T = TypeVar("T")


class Menu(NamedTuple):
    """Choice masses of every proposal, not normalised.

    Axes: `lever` (none, force, leverage), `candour` (candid, false), `cell`.

    Attributes:
        upper: mass of the part of each cell that leaves the counterpart at or above its baseline.
            Without a lever it is the mass of the whole cell.
        lower: mass of the rest of the cell; 0 without a lever.
        withdraw: mass of making no proposal.
        offers: the candid block without a lever, divided into ultimatum, hard bargain, even and
            generous.
    """

    upper: Float[Array, "*batch lever candour cell"]
    lower: Float[Array, "*batch lever candour cell"]
    withdraw: Float[Array, "*batch"]
    offers: Float[Array, "*batch offer cell"]

    @property
    def total(self) -> Float[Array, "*batch"]:
        """Sum of all masses."""
        return (self.upper + self.lower).sum((-3, -2, -1)) + self.withdraw


class Proposals(NamedTuple):
    """Every proposal of the menu, on the axes `lever`, `candour`, `cell`.

    Attributes:
        probability: probability that the agent chooses it; sums to 1 together with `withdraw`.
        withdraw: probability of making no proposal.
        utility: the agent's expected utility before the sanction, which depends on the side of
            the conduct boundary.
        acceptance: probability that the counterpart accepts if it answers. Candour does not enter.
    """

    probability: Float[Array, "*batch lever candour cell"]
    withdraw: Float[Array, "*batch"]
    utility: Float[Array, "*batch lever candour cell"]
    acceptance: Float[Array, "*batch lever cell"]


def menu(
    dyad: Dyad, preferences: Preferences, cells: int = CELLS, structure: ArrayLike = 1.0
) -> Menu:
    """Choice masses of every proposal, split at the conduct boundaries.

    Args:
        dyad: one dyad or a batch.
        preferences: the agent's.
        cells: number of cells of the concession grid.
        structure: factor on precision times expected utility. With 0 and without norms, only the
            menu weights remain, from which a lapse draws.
    """
    scale = jnp.asarray(preferences.precision) * structure
    withdraw = scale * dyad.outside_agent - norm_against(preferences, Conduct.WITHDRAW)
    wide, wide_preferences = _with_cells(dyad), _with_cells(preferences, "norms")
    prices = penalties(wide, wide_preferences, scale[..., None])
    cell = jnp.arange(cells, dtype=withdraw.dtype)
    log_mass, share = cell_parts(wide, wide_preferences, scale[..., None], prices, cell, cells)
    *log_mass, outside = jnp.broadcast_arrays(*log_mass, withdraw[..., None])
    top = functools.reduce(jnp.maximum, log_mass, outside).max(-1, keepdims=True)
    top = jax.lax.stop_gradient(top)
    masses = [
        block_weight(wide, block) / cells * part * jnp.exp(each - top)
        for (block, _), each, part in zip(PARTS, log_mass, share, strict=True)
    ]
    upper, lower, offers = _by_block(masses)
    return Menu(upper, lower, jnp.exp(outside - top)[..., 0], offers)


def conduct_masses(dyad: Dyad, parts: Menu) -> Float[Array, "*batch conduct"]:
    """Sum the masses of a menu into conducts, in the order of `Conduct`; not normalised."""
    offers, upper, lower = parts.offers.sum(-1), parts.upper.sum(-1), parts.lower.sum(-1)
    sums = [offers[..., band] for band in range(offers.shape[-1])]
    for position, block in enumerate(BLOCKS[1:], 1):
        at = (..., position // 2, position % 2)
        sums += [upper[at]] if block.lever is Lever.NONE else [lower[at], upper[at]]
    return by_conduct(dyad, sums, parts.withdraw)


def lapse_menu(dyad: Dyad, preferences: Preferences, cells: int = CELLS) -> Menu:
    """Masses of the bare menu: only its weights, without utility and norms."""
    shape = jnp.broadcast_shapes(dyad.shape, jnp.shape(preferences.precision))
    zero = jnp.zeros(shape)
    indifferent = Preferences(zero, zero, jnp.zeros((*shape, len(Conduct))), zero, zero)
    return menu(dyad, indifferent, cells)


def proposals(dyad: Dyad, preferences: Preferences, *, cells: int = CELLS) -> Proposals:
    """Probability, utility and acceptance of every proposal of the menu."""
    values, taken = expected_utilities(
        _with_cells(dyad), _with_cells(preferences, "norms"), midpoints(cells)
    )
    parts = menu(dyad, preferences, cells)
    values = jnp.stack(jnp.broadcast_arrays(*values), -2)
    return Proposals(
        (parts.upper + parts.lower) / parts.total[..., None, None, None],
        parts.withdraw / parts.total,
        values.reshape(*values.shape[:-2], len(MEANS), 2, cells),
        jnp.stack(jnp.broadcast_arrays(*taken), -2),
    )


def imposition(
    dyad: Dyad, preferences: Preferences, *, cells: int = CELLS
) -> Float[Array, "*batch"]:
    """Expected share of the pie that the agent takes although the counterpart refused.

    Sum over proposals of P(proposal) P(refused) (1 - v) (1 - y); 0 if `veto` is 1.
    """
    table = proposals(dyad, preferences, cells=cells)
    share = jnp.stack(
        jnp.broadcast_arrays(
            *(
                1 - point.counterpart[..., None] - midpoints(cells) * point.surplus[..., None]
                for point in (fallback(dyad, lever) for lever in MEANS)
            )
        ),
        -2,
    )
    opacity = jnp.asarray(dyad.opacity)[..., None, None]
    refused = jnp.stack(
        jnp.broadcast_arrays(1 - table.acceptance, 1 - opacity * table.acceptance), -2
    )
    taken = (table.probability * refused * share[..., :, None, :]).sum((-3, -2, -1))
    return taken * (1 - jnp.asarray(dyad.veto))


def _with_cells(tree: T, kept: str | None = None) -> T:
    """Add an axis of length 1 for the cells to every array of a pytree.

    It is the last axis, and in the field named `kept` the last but one.
    """

    def widen(path: tuple[Any, ...], leaf: ArrayLike) -> Array:
        last = -1 if path[-1].name != kept else -2
        return jnp.expand_dims(jnp.asarray(leaf), last)

    return jax.tree_util.tree_map_with_path(widen, tree)


def _by_block(masses: list[Array]) -> tuple[Array, Array, Array]:
    """Collect the masses of parts into `upper`, `lower` and `offers` of a `Menu`."""
    upper, lower = [], []
    rest = iter(masses)
    for block in BLOCKS:
        sides = [next(rest) for _ in block.conducts]
        whole = block.lever is Lever.NONE
        upper.append(sum(sides[1:], sides[0]) if whole else sides[1])
        lower.append(jnp.zeros_like(sides[0]) if whole else sides[0])
    offers = jnp.stack(masses[: len(BLOCKS[0].conducts)], -2)
    return _levers_apart(upper), _levers_apart(lower), offers


def _levers_apart(blocks: list[Array]) -> Array:
    flat = jnp.stack(blocks, -2)
    return flat.reshape(*flat.shape[:-2], len(MEANS), 2, flat.shape[-1])

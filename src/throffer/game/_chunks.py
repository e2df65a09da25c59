"""Computing a batch of any size in bounded memory, piece by piece."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from jaxtyping import Array, ArrayLike

from throffer.game._preferences import Preferences
from throffer.structure import Dyad

CHUNK = 16_384
"""Dyads computed at a time. Their intermediate values take two to eight megabytes."""


ALIGNED = 512
"""The length of a piece is a multiple of this. An odd length halves the speed of vector code."""


class Players(NamedTuple):
    """A dyad, the preferences of the agent in it, and the agent's lapse rate."""

    dyad: Dyad
    preferences: Preferences
    lapse: ArrayLike


def as_arrays(players: Players) -> Players:
    """Convert every leaf to a JAX array of floats.

    This avoids a fault of JAX 0.10: it caches the precision of a numpy array that a compiled
    function closes over and passes to another compiled function. Using the same array at the other
    precision then fails.
    """

    def number(leaf: ArrayLike) -> Array:
        array = jnp.asarray(leaf)
        return array if jnp.issubdtype(array.dtype, jnp.floating) else array.astype(float)

    return jax.tree.map(number, players)


def batch_shape(players: Players) -> tuple[int, ...]:
    """Common shape of all leaves after broadcasting, without the conduct axis of `norms`."""
    shapes = [_split_shape(path, leaf)[0] for path, leaf in _leaves(players)]
    return jnp.broadcast_shapes(*shapes)


def in_chunks(solve: Callable[..., Any], players: Players, *more: Array, chunk: int = CHUNK) -> Any:
    """Compute `solve(players, *more)` for a batch in pieces of at most `chunk`.

    Only one piece's intermediate values are in memory at a time, also when derivatives are taken.

    Args:
        solve: gets flat arrays with the batch as first axis (or without it, for a value that is
            the same for all) and returns a pytree of arrays with the batch as first axis.
        players: the dyads and their agents, of any shapes that broadcast.
        more: further arrays, whose first axes are those of the batch.
        chunk: largest number of dyads in a piece.

    Returns:
        What `solve` returns, with the axes of the batch restored.
    """
    shape = batch_shape(players)
    count = math.prod(shape)

    def flat(path: tuple[Any, ...], leaf: Array) -> Array:
        lead, tail = _split_shape(path, leaf)
        if math.prod(lead) == 1 and count != 1:
            return leaf.reshape(tail)
        return jnp.broadcast_to(leaf, (*shape, *tail)).reshape(count, *tail)

    players = jax.tree_util.tree_map_with_path(flat, players)
    more = tuple(leaf.reshape(count, *leaf.shape[len(shape) :]) for leaf in more)
    result = _in_pieces(solve, (players, *more), count, chunk)
    return jax.tree.map(lambda leaf: leaf.reshape(*shape, *leaf.shape[1:]), result)


def _in_pieces(solve: Callable[..., Any], given: Any, count: int, chunk: int) -> Any:
    if count <= chunk:
        return solve(*given)
    step = ALIGNED if chunk >= ALIGNED else 1
    size = -(-count // (-(-count // chunk) * step)) * step
    pieces = -(-count // size)
    leaves, tree = jax.tree.flatten(given)
    # do not loop over a leaf without a batch axis, such as one agent's `norms`
    split = [leaf.shape[:1] == (count,) and leaf.ndim > 0 for leaf in leaves]
    spread = [
        jnp.pad(
            leaf, [(0, pieces * size - count)] + [(0, 0)] * (leaf.ndim - 1), mode="edge"
        ).reshape(pieces, size, *leaf.shape[1:])
        for leaf, is_split in zip(leaves, split, strict=True)
        if is_split
    ]

    @jax.checkpoint
    def one(piece: list[Array]) -> Any:
        rest = iter(piece)
        return solve(
            *jax.tree.unflatten(
                tree,
                [next(rest) if s else leaf for leaf, s in zip(leaves, split, strict=True)],
            )
        )

    whole = jax.lax.map(one, spread)
    return jax.tree.map(lambda leaf: leaf.reshape(-1, *leaf.shape[2:])[:count], whole)


def _leaves(players: Players) -> list[tuple[tuple[Any, ...], Array]]:
    return jax.tree_util.tree_flatten_with_path(players)[0]


def _split_shape(path: tuple[Any, ...], leaf: Array) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Shape of a leaf as batch axes and own axes; only `norms` has an own axis, the conducts."""
    own = 1 if path[-1].name == "norms" else 0
    return leaf.shape[: leaf.ndim - own], leaf.shape[leaf.ndim - own :]

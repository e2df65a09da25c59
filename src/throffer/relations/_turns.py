"""Turns: what a side of a pair does at one time, and the fluxes that they make up."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Int


class Layout(NamedTuple):
    """How many bits of a 64-bit key hold the time and the act; one holds the side.

    A key is, from the high bits down: pair, rank of the time (0 without a time), side (0 where `a`
    acts), act. Sorted keys are a log in order, pair after pair.
    """

    time: int
    act: int

    @property
    def flux(self) -> int:
        """Bits of side and act together."""
        return self.act + 1

    @property
    def pair(self) -> int:
        """Bits below the pair."""
        return self.time + self.flux


class Fluxes(NamedTuple):
    """Who does what in which pair, each once, in the order of pair, side and act.

    `pair` counts the pairs from 0 and `keys` holds their keys; `n` counts events, `turns` times at
    which there was one. `start[side, pair]` is the first flux of a side, `kinds[side, pair]` how
    many it has, and `rank` which of them each flux is, from 0.
    """

    keys: Int[np.ndarray, " pair"]
    pair: Int[np.ndarray, " flux"]
    side: Int[np.ndarray, " flux"]
    act: Int[np.ndarray, " flux"]
    rank: Int[np.ndarray, " flux"]
    n: Int[np.ndarray, " flux"]
    turns: Int[np.ndarray, " flux"]
    start: Int[np.ndarray, "2 pair"]
    kinds: Int[np.ndarray, "2 pair"]


class Turns(NamedTuple):
    """Turns of the pairs with two active sides, in the order of pair and time.

    Turns of one pair at one time share a `node`; nodes count up along the log. `time` is the rank
    of the time.
    """

    flux: Int[np.ndarray, " turn"]
    node: Int[np.ndarray, " turn"]
    time: Int[np.ndarray, " turn"]

    def where(self, kept: Bool[np.ndarray, " turn"]) -> Turns:
        """The turns that are kept, with their nodes."""
        return self if kept.all() else Turns(self.flux[kept], self.node[kept], self.time[kept])


def read_keys(keys: Int[np.ndarray, " event"], layout: Layout) -> tuple[Fluxes, Turns]:
    """Fluxes and turns of sorted keys. Events without a time count in `n` and make no turn."""
    moment = keys >> layout.flux
    pair = keys >> layout.pair
    new = _changes(pair)
    rank = np.cumsum(new, dtype=np.int32) - np.int32(1)
    found, flux = _number(rank, keys & ((1 << layout.flux) - 1), layout)
    n = np.bincount(flux, minlength=found.size)
    time = moment & ((1 << layout.time) - 1)
    turn = _changes(keys) & (time > 0)
    fluxes = _fluxes(pair[new], found, n, layout)
    turn &= (np.minimum(fluxes.kinds[0], fluxes.kinds[1]) > 0)[rank]
    flux = flux[turn]
    node = np.cumsum(_changes(moment[turn]), dtype=np.int32)
    fluxes = fluxes._replace(turns=np.bincount(flux, minlength=found.size))
    return fluxes, Turns(flux, node, time[turn])


def _changes(values: Int[np.ndarray, " row"]) -> Bool[np.ndarray, " row"]:
    """Where a value differs from the one before; true at the first."""
    new = np.empty(values.size, bool)
    new[:1] = True
    np.not_equal(values[1:], values[:-1], out=new[1:])
    return new


def _number(
    rank: Int[np.ndarray, " event"], code: Int[np.ndarray, " event"], layout: Layout
) -> tuple[Int[np.ndarray, " flux"], Int[np.ndarray, " event"]]:
    """Every flux once, in order, as pair and code; and which of them each event belongs to."""
    label = rank.astype(np.int64) << layout.flux | code
    size = (int(rank[-1]) + 1 if rank.size else 0) << layout.flux
    if size > 8 * label.size + 1024:
        found, flux = np.unique(label, return_inverse=True)
        return found, flux.astype(np.int32)
    # a table of all that could be there is quicker than sorting, where it is small
    seen = np.zeros(size, bool)
    seen[label] = True
    return np.flatnonzero(seen), (np.cumsum(seen, dtype=np.int32) - np.int32(1))[label]


def _fluxes(
    keys: Int[np.ndarray, " pair"],
    found: Int[np.ndarray, " flux"],
    n: Int[np.ndarray, " flux"],
    layout: Layout,
) -> Fluxes:
    """Fluxes from pair and code together; their turns are not counted yet."""
    pair = (found >> layout.flux).astype(np.int32)
    side = (found >> layout.act & 1).astype(np.int8)
    all_kinds = np.bincount(pair, minlength=keys.size)
    second = np.bincount(pair[side == 1], minlength=keys.size)
    kinds = np.stack([all_kinds - second, second]).astype(np.int32)
    before = np.cumsum(all_kinds) - all_kinds
    start = np.stack([before, before + kinds[0]]).astype(np.int32)
    rank = np.arange(pair.size, dtype=np.int32) - start[side, pair]
    act = (found & ((1 << layout.act) - 1)).astype(np.int32)
    return Fluxes(keys, pair, side, act, rank, n, n, start, kinds)

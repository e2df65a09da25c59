"""Turns and fluxes.

A turn is what one side of a pair does at one time. A flux is all turns of one side with one act.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Int


class Layout(NamedTuple):
    """Number of bits of a 64-bit key that hold the time and the act; one bit holds the side.

    From high bits to low, a key holds the pair, the rank of the time (0 without a time), the side
    (0 if `a` acts) and the act. Sorting keys sorts the log by pair and time.
    """

    time: int
    act: int

    @property
    def flux(self) -> int:
        """Number of bits of side and act together."""
        return self.act + 1

    @property
    def pair(self) -> int:
        """Number of bits below the pair."""
        return self.time + self.flux


class Fluxes(NamedTuple):
    """All combinations of pair, side and act that occur, sorted.

    Attributes:
        keys: key of each pair.
        pair: number of the pair, from 0.
        side: 0 for `a`, 1 for `b`.
        act: code of the act.
        rank: position of the flux among those of its pair and side, from 0.
        n: number of events.
        turns: number of turns.
        start: `start[side, pair]` is the first flux of a side.
        kinds: `kinds[side, pair]` is the number of fluxes of a side.
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
    """Turns of the pairs in which both sides act, sorted by pair and time.

    Attributes:
        flux: the flux that the turn belongs to.
        node: number of the combination of pair and time, increasing along the log.
        time: rank of the time.
    """

    flux: Int[np.ndarray, " turn"]
    node: Int[np.ndarray, " turn"]
    time: Int[np.ndarray, " turn"]

    def where(self, kept: Bool[np.ndarray, " turn"]) -> Turns:
        """Select turns by a mask; they keep their nodes."""
        return self if kept.all() else Turns(self.flux[kept], self.node[kept], self.time[kept])


def read_keys(keys: Int[np.ndarray, " event"], layout: Layout) -> tuple[Fluxes, Turns]:
    """Compute fluxes and turns from sorted keys.

    Events without a time count in `n` but are not turns.
    """
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
    """Whether each value differs from the one before; true for the first."""
    new = np.empty(values.size, bool)
    new[:1] = True
    np.not_equal(values[1:], values[:-1], out=new[1:])
    return new


def _number(
    rank: Int[np.ndarray, " event"], code: Int[np.ndarray, " event"], layout: Layout
) -> tuple[Int[np.ndarray, " flux"], Int[np.ndarray, " event"]]:
    """Number the fluxes.

    Returns:
        The sorted fluxes as pair and code in one number, and the flux of each event.
    """
    label = rank.astype(np.int64) << layout.flux | code
    size = (int(rank[-1]) + 1 if rank.size else 0) << layout.flux
    if size > 8 * label.size + 1024:
        found, flux = np.unique(label, return_inverse=True)
        return found, flux.astype(np.int32)
    # if a table of all possible values is small, it is faster than sorting
    seen = np.zeros(size, bool)
    seen[label] = True
    return np.flatnonzero(seen), (np.cumsum(seen, dtype=np.int32) - np.int32(1))[label]


def _fluxes(
    keys: Int[np.ndarray, " pair"],
    found: Int[np.ndarray, " flux"],
    n: Int[np.ndarray, " flux"],
    layout: Layout,
) -> Fluxes:
    """Build fluxes from pair and code in one number; turns are counted later."""
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

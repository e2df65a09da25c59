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

    `pair` counts the pairs of the block from 0; `n` counts events, `turns` times at which there was
    one. `start[side, pair]` is the first flux of a side, `kinds[side, pair]` how many it has.
    """

    keys: Int[np.ndarray, " pair"]
    pair: Int[np.ndarray, " flux"]
    side: Int[np.ndarray, " flux"]
    act: Int[np.ndarray, " flux"]
    n: Int[np.ndarray, " flux"]
    turns: Int[np.ndarray, " flux"]
    start: Int[np.ndarray, "2 pair"]
    kinds: Int[np.ndarray, "2 pair"]

    @property
    def rank(self) -> Int[np.ndarray, " flux"]:
        """Which of its side's fluxes each one is, from 0."""
        return np.arange(self.pair.size) - self.start[self.side, self.pair]


class Turns(NamedTuple):
    """Turns in the order of pair and time, with the first and last turn of the same time."""

    flux: Int[np.ndarray, " turn"]
    first: Int[np.ndarray, " turn"]
    last: Int[np.ndarray, " turn"]
    time: Int[np.ndarray, " turn"]


def read_keys(keys: Int[np.ndarray, " event"], layout: Layout) -> tuple[Fluxes, Turns]:
    """Fluxes and turns of sorted keys. Events without a time count in `n` and make no turn."""
    pair = keys >> layout.pair
    new = np.empty(keys.size, bool)
    new[:1], new[1:] = True, pair[1:] != pair[:-1]
    rank = np.cumsum(new) - 1
    found, flux = _number(rank, keys & ((1 << layout.flux) - 1), layout)
    n = np.bincount(flux, minlength=found.size)
    turn = np.empty(keys.size, bool)
    turn[:1], turn[1:] = True, keys[1:] != keys[:-1]
    turn &= (keys >> layout.flux) & ((1 << layout.time) - 1) > 0
    flux = flux if turn.all() else flux[turn]
    owner, side = found >> layout.flux, (found >> layout.act) & 1
    pairs = int(new.sum())
    count = np.stack([np.bincount(owner[side == each], minlength=pairs) for each in (0, 1)])
    before = np.concatenate([[0], np.cumsum(count.sum(0))[:-1]]).astype(np.int64)
    fluxes = Fluxes(
        keys=pair[new],
        pair=owner,
        side=side,
        act=found & ((1 << layout.act) - 1),
        n=n,
        turns=np.bincount(flux, minlength=found.size),
        start=np.stack([before, before + count[0]]),
        kinds=count,
    )
    return fluxes, _turns(flux, keys[turn] >> layout.flux, layout)


def _number(
    rank: Int[np.ndarray, " event"], code: Int[np.ndarray, " event"], layout: Layout
) -> tuple[Int[np.ndarray, " flux"], Int[np.ndarray, " event"]]:
    """Every flux once, in order, as pair and code; and which of them each event belongs to."""
    label = rank << layout.flux | code
    pairs = int(rank[-1]) + 1 if rank.size else 0
    if pairs << layout.flux > 4 * label.size + 1024:
        return np.unique(label, return_inverse=True)
    # a table of all that could be there is quicker than sorting, where it is small
    seen = np.zeros(pairs << layout.flux, bool)
    seen[label] = True
    return np.flatnonzero(seen), (np.cumsum(seen) - 1)[label]


def _turns(
    flux: Int[np.ndarray, " turn"], moment: Int[np.ndarray, " turn"], layout: Layout
) -> Turns:
    """Turns with their ties; `moment` holds pair and time."""
    place = np.arange(flux.size)
    opens = np.empty(flux.size, bool)
    opens[:1], opens[1:] = True, moment[1:] != moment[:-1]
    time = moment & ((1 << layout.time) - 1)
    if opens.all():
        return Turns(flux, place, place, time)
    first = np.maximum.accumulate(np.where(opens, place, 0))
    closes = np.roll(opens, -1)
    last = np.flatnonzero(closes)[np.cumsum(opens) - 1]
    return Turns(flux, first, last, time)


def select(turns: Turns, kept: Bool[np.ndarray, " turn"]) -> Turns:
    """The turns of whole pairs."""
    if kept.all():
        return turns
    move = np.cumsum(kept) - 1
    return Turns(
        turns.flux[kept], move[turns.first[kept]], move[turns.last[kept]], turns.time[kept]
    )

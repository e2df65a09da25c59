"""The relations of one block of events that fits into memory."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
import polars as pl
from jaxtyping import Float, Int

from throffer.relations.codes import Coded, code
from throffer.relations.labels import DIRECTIONS, NULL, Rows, label
from throffer.relations.links import find_links
from throffer.relations.sets import BOTH, RELATIONS
from throffer.relations.turns import Layout, read_keys


class Rule(NamedTuple):
    """When two acts take turns: the share of missed turns allowed, and the fewest turns a side."""

    tolerance: float
    least: int


class _Log(NamedTuple):
    """A block in order: keys with their layout, and the time of every rank."""

    keys: Int[np.ndarray, " event"]
    layout: Layout
    moments: Int[np.ndarray, " time"] | Float[np.ndarray, " time"]


_PIECE = 1 << 20
"""Events that one thread takes at a time."""


def classify_block(block: pl.DataFrame, rule: Rule) -> pl.DataFrame:
    """Relations of a block with the columns actor, partner, act and time, whole pairs in it.

    `act` is null where it is unknown and `idle` true where nothing was done; rows of one party
    with itself or with nobody are left out before.
    """
    actors = code(block["actor"], block["partner"])
    one, other = actors.codes
    acts = code(block["action"])
    pair = np.minimum(one, other) * actors.size + np.maximum(one, other)
    act = acts.codes[0]
    done = act >= 0
    if "idle" in block.columns:
        done &= ~block["idle"].to_numpy()
    rows = []
    if done.any():
        ranks, moments = _rank(block["time"])
        log = _pack((pair, ranks, (one > other), act), (actors.size**2, acts.size), moments, done)
        rows.append(_relate(log, rule))
    if not done.all():
        rows.append(_nulls(pair, done, act >= 0))
    if not rows:
        rows = [Rows(*(np.empty(0, np.int64) for _ in Rows._fields))]
    return _table(Rows(*(np.concatenate(each) for each in zip(*rows, strict=True))), actors, acts)


def _rank(
    time: pl.Series,
) -> tuple[Int[np.ndarray, " row"], Int[np.ndarray, " time"] | Float[np.ndarray, " time"]]:
    """Dense ranks from 1, 0 for a missing time; and the time of every rank, for gaps."""
    time = time.to_physical() if time.dtype.is_temporal() else time
    if time.dtype.is_float():
        time = time.fill_nan(None)
    if time.null_count() == 0 and time.is_sorted():
        values = time.to_numpy()
        new = np.empty(values.size, bool)
        new[:1], new[1:] = True, values[1:] != values[:-1]
        return np.cumsum(new), np.concatenate([values[:1], values[new]])
    ranks = time.rank("dense").fill_null(0).cast(pl.Int64).to_numpy()
    values = time.unique().drop_nulls().sort().to_numpy()
    return ranks, np.concatenate([np.zeros(1, values.dtype), values])


def _pack(
    columns: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray],
    sizes: tuple[int, int],
    moments: Int[np.ndarray, " time"] | Float[np.ndarray, " time"],
    done: np.ndarray,
) -> _Log:
    pair, ranks, side, act = columns
    if not done.all():
        pair, ranks, side, act = (each[done] for each in columns)
    layout = Layout(max(int(moments.size).bit_length(), 1), max((sizes[1] - 1).bit_length(), 1))
    if sizes[0].bit_length() + layout.pair > 63:
        raise ValueError("too many actors")
    keys = pair << layout.pair | ranks << layout.flux | side.astype(np.int64) << layout.act | act
    return _Log(pl.Series(keys).sort().to_numpy(), layout, moments)


def _relate(log: _Log, rule: Rule) -> Rows:
    """Relations piece by piece; a piece ends between two pairs."""
    pair = log.keys >> log.layout.pair
    wanted = pair[_PIECE::_PIECE]
    cuts = np.unique(np.searchsorted(pair, wanted))
    pieces = np.split(log.keys, cuts[cuts > 0])

    def one(keys: Int[np.ndarray, " event"]) -> Rows:
        fluxes, turns = read_keys(keys, log.layout)
        return label(fluxes, find_links(fluxes, turns, log.moments, rule.tolerance, rule.least))

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        rows = list(pool.map(one, pieces))
    return Rows(*(np.concatenate(each) for each in zip(*rows, strict=True)))


def _nulls(pair: np.ndarray, done: np.ndarray, known: np.ndarray) -> Rows:
    """Pairs of which no act is on record; `n` counts the times at which nothing was done."""
    idle = ~done & known
    alone = np.setdiff1d(pair[~done], pair[done])
    n = np.bincount(np.searchsorted(alone, pair[np.isin(pair, alone) & idle]), minlength=alone.size)
    none = np.full(alone.size, -1)
    both = np.full(alone.size, DIRECTIONS.index(BOTH))
    return Rows(alone, np.full(alone.size, NULL), none, none, both, n)


def _table(rows: Rows, actors: Coded, acts: Coded) -> pl.DataFrame:
    a, b = np.divmod(rows.pair, actors.size)
    return pl.DataFrame(
        {
            "a": actors.decode(a),
            "b": actors.decode(b),
            "relation": pl.Series(RELATIONS).gather(rows.relation),
            "act": acts.decode(rows.act),
            "other_act": acts.decode(rows.other),
            "direction": pl.Series(DIRECTIONS).gather(rows.direction),
            "n": pl.Series(rows.n, dtype=pl.Int64),
        }
    )

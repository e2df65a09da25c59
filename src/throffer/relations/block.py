"""The relations of one block of events that fits into memory."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
import polars as pl
from jaxtyping import Bool, Float, Int

from throffer.relations.codes import Coded, code
from throffer.relations.labels import DIRECTIONS, NULL, Rows, label
from throffer.relations.links import Rule, count_missed, stand
from throffer.relations.sets import BOTH, RELATIONS
from throffer.relations.turns import Layout, read_keys

_PIECE = 1 << 17
"""Events that one thread takes at a time, few enough to stay in its cache."""


class _Log(NamedTuple):
    """Events as columns of numbers: pair, rank of the time, whether `b` acts, act."""

    pair: Int[np.ndarray, " event"]
    rank: Int[np.ndarray, " event"]
    second: Bool[np.ndarray, " event"]
    act: Int[np.ndarray, " event"]


def classify_block(
    block: pl.DataFrame, rule: Rule, rng: np.random.Generator | None = None
) -> pl.DataFrame:
    """Relations of a block with the columns actor, partner, action and time, whole pairs in it.

    An action is null where it is unknown; a column `idle` is true where nothing was done. Rows of
    one party with itself or with nobody are left out before. With `rng` the times of each pair are
    dealt out anew.
    """
    actors = code(block["actor"], block["partner"])
    acts = code(block["action"])
    one, other = actors.codes
    rank, moments = _rank(block["time"])
    pair = np.minimum(one, other) * actors.size + np.maximum(one, other)
    if rng is not None:
        rank = _deal(pair, rank, rng)
    log = _Log(pair, rank, one > other, acts.codes[0])
    known = log.act >= 0
    done = known & ~block["idle"].to_numpy() if "idle" in block.columns else known
    if done.all():
        return _relate(log, (actors, acts), moments, rule)
    active = _relate(_Log(*(each[done] for each in log)), (actors, acts), moments, rule)
    return pl.concat([active, _table(_nulls(log.pair, done, known), actors, acts)])


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


def _deal(
    pair: Int[np.ndarray, " event"], rank: Int[np.ndarray, " event"], rng: np.random.Generator
) -> Int[np.ndarray, " event"]:
    """The times of each pair in random order."""
    dealt = np.empty_like(rank)
    dealt[np.lexsort((rng.random(rank.size), pair))] = rank[np.argsort(pair, kind="stable")]
    return dealt


def _relate(
    log: _Log,
    names: tuple[Coded, Coded],
    moments: Int[np.ndarray, " time"] | Float[np.ndarray, " time"],
    rule: Rule,
) -> pl.DataFrame:
    """Relations piece by piece; a piece ends between two pairs."""
    actors, acts = names
    layout = Layout(int(moments.size).bit_length(), max(acts.size - 1, 1).bit_length())
    if (actors.size**2).bit_length() + layout.pair > 63:
        raise ValueError("too many actors")
    keys = log.pair << layout.pair | log.rank << layout.flux
    keys |= log.second.astype(np.int64) << layout.act | log.act
    keys = pl.Series(keys).sort().to_numpy()
    pair = keys >> layout.pair
    cuts = np.unique(np.searchsorted(pair, pair[_PIECE::_PIECE]))
    del pair

    def piece(part: Int[np.ndarray, " event"]) -> pl.DataFrame:
        fluxes, turns = read_keys(part, layout)
        links = count_missed(fluxes, turns)
        return _table(
            label(fluxes, links, stand(links, fluxes, turns, moments, rule)), actors, acts
        )

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return pl.concat(pool.map(piece, np.split(keys, cuts[cuts > 0])))


def _nulls(
    pair: Int[np.ndarray, " event"],
    done: Bool[np.ndarray, " event"],
    known: Bool[np.ndarray, " event"],
) -> Rows:
    """Pairs of which no act is on record; `n` counts the times at which nothing was done."""
    alone = np.setdiff1d(pair[~done], pair[done])
    idle = pair[~done & known]
    n = np.bincount(np.searchsorted(alone, idle[np.isin(idle, alone)]), minlength=alone.size)
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

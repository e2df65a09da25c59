"""Classifying one block of events, which fits into memory."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
import polars as pl
from jaxtyping import Bool, Float, Int

from throffer.relations._codes import Coded, code
from throffer.relations._labels import DIRECTIONS, NULL, Rows, label
from throffer.relations._links import Rule, count_missed, stand
from throffer.relations._sets import BOTH, RELATIONS
from throffer.relations._turns import Layout, read_keys

_PIECE = 1 << 17
"""Events that one thread processes at a time; few enough to fit its cache."""


_KEY_BITS = 63
"""Usable bits of a key, which is a signed 64-bit integer and not negative."""


class _Names(NamedTuple):
    """The names behind the codes of parties, acts and pairs.

    Attributes:
        actors: names of the parties.
        acts: names of the acts.
        pairs: the original key of each pair, if pairs were renumbered to get shorter keys.
    """

    actors: Coded
    acts: Coded
    pairs: Int[np.ndarray, " pair"] | None = None

    @property
    def bits(self) -> int:
        """Number of bits that one party takes in the key of a pair."""
        return max(self.actors.size - 1, 1).bit_length()


class _Log(NamedTuple):
    """Events as columns of numbers.

    Attributes:
        pair: key of the pair.
        rank: rank of the time, from 1; 0 if the time is missing.
        second: whether `b` acts.
        act: code of the act; -1 if unknown.
    """

    pair: Int[np.ndarray, " event"]
    rank: Int[np.ndarray, " event"]
    second: Bool[np.ndarray, " event"]
    act: Int[np.ndarray, " event"]


class _Keys(NamedTuple):
    """A block as sorted keys.

    Attributes:
        keys: one for each event, sorted.
        layout: layout of the keys.
        moments: the time of every rank; None if the rank is the time minus a constant.
    """

    keys: Int[np.ndarray, " event"]
    layout: Layout
    moments: Int[np.ndarray, " time"] | Float[np.ndarray, " time"] | None


def classify_block(
    block: pl.LazyFrame, rule: Rule, rng: np.random.Generator | None = None
) -> pl.DataFrame:
    """Classify a block of events.

    Args:
        block: columns actor, partner, action and time, and perhaps `idle`, which is true if
            nothing was done. An action is null if it is unknown. The block contains all events of
            its pairs, and no row without a partner or of a party with itself.
        rule: when two acts take turns.
        rng: if given, the times of each pair are shuffled among its events first.

    Returns:
        The table that `classify` returns.

    Raises:
        ValueError: If there are too many pairs, times and acts for a 63-bit key.
    """
    packed = None if rng is not None else _pack_numbers(block)
    if packed is not None:
        return _relate(*packed, rule)
    rows = block.collect(engine="streaming")
    names = _Names(code(rows["actor"], rows["partner"]), code(rows["action"]))
    one, other = names.actors.codes
    rank, moments = _rank(rows["time"])
    pair = np.minimum(one, other) << names.bits | np.maximum(one, other)
    if rng is not None:
        rank = _deal(pair, rank, rng)
    log = _Log(pair, rank, one > other, names.acts.codes[0])
    known = log.act >= 0
    done = known & ~rows["idle"].to_numpy() if "idle" in rows.columns else known
    if done.all():
        return _relate(*_pack(log, names, moments), rule)
    active = _relate(*_pack(_Log(*(each[done] for each in log)), names, moments), rule)
    return pl.concat([active, _table(_nulls(log.pair, done, known), names)])


def _pack_numbers(block: pl.LazyFrame) -> tuple[_Keys, _Names] | None:
    """Compute keys directly from integer columns.

    Returns:
        None if a column is not integer, has nulls, or has too wide a range.
    """
    schema = block.collect_schema()
    if "idle" in schema or not all(dtype.is_integer() for dtype in schema.values()):
        return None
    each = pl.all()
    ends = block.select(
        each.min().name.prefix("low_"), each.max().name.prefix("high_"),
        missing=pl.any_horizontal(each.null_count() > 0), rows=pl.len(),
    ).collect(engine="streaming").row(0, named=True)  # fmt: skip
    if ends["missing"] or not ends["rows"]:
        return None
    if max(ends[f"high_{name}"] for name in ("actor", "partner", "action", "time")) >= 1 << 62:
        return None
    low = min(ends["low_actor"], ends["low_partner"])
    size = max(ends["high_actor"], ends["high_partner"]) - low + 1
    acts = ends["high_action"] - ends["low_action"] + 1
    times = ends["high_time"] - ends["low_time"] + 1
    layout = Layout(times.bit_length(), max(acts - 1, 1).bit_length())
    empty = (np.empty(0, np.int64),)
    names = _Names(
        Coded(empty, size, low, pl.Series(dtype=schema["actor"])),
        Coded(empty, acts, ends["low_action"], pl.Series(dtype=schema["action"])),
    )
    if 2 * names.bits + layout.pair > _KEY_BITS:
        return None
    one, other = (pl.col(name).cast(pl.Int64) - low for name in ("actor", "partner"))
    pair = pl.min_horizontal(one, other) * 2**names.bits + pl.max_horizontal(one, other)
    time = pl.col("time").cast(pl.Int64) - (ends["low_time"] - 1)
    act = pl.col("action").cast(pl.Int64) - ends["low_action"]
    side = (one > other).cast(pl.Int64) * 2**layout.act
    key = (pair * 2**layout.pair + time * 2**layout.flux + side + act).alias("key")
    keys = block.select(key).collect(engine="streaming")["key"].sort().to_numpy()
    return _Keys(keys, layout, None), names


def _rank(
    time: pl.Series,
) -> tuple[Int[np.ndarray, " row"], Int[np.ndarray, " time"] | Float[np.ndarray, " time"]]:
    """Rank the times densely from 1, with 0 for a missing time.

    Returns:
        The ranks, and the time of every rank, from which gaps are computed.
    """
    time = time.to_physical() if time.dtype.is_temporal() else time
    if time.dtype == pl.Null or (time.dtype.is_integer() and time.dtype != pl.UInt64):
        time = time.cast(pl.Int64)
    elif time.dtype.is_decimal():
        time = time.cast(pl.Float64)
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
    """Shuffle the times among the events of each pair."""
    dealt = np.empty_like(rank)
    dealt[np.lexsort((rng.random(rank.size), pair))] = rank[np.argsort(pair, kind="stable")]
    return dealt


def _pack(
    log: _Log, names: _Names, moments: Int[np.ndarray, " time"] | Float[np.ndarray, " time"]
) -> tuple[_Keys, _Names]:
    """Pack columns of codes into sorted keys."""
    layout = Layout(int(moments.size).bit_length(), max(names.acts.size - 1, 1).bit_length())
    pair = log.pair
    if 2 * names.bits + layout.pair > _KEY_BITS:
        pairs, pair = np.unique(pair, return_inverse=True)
        names = names._replace(pairs=pairs)
        if int(pairs.size).bit_length() + layout.pair > _KEY_BITS:
            raise ValueError(
                f"{names.acts.size:,} different actions are too many for {pair.size:,} events; "
                "group the actions into fewer kinds"
            )
    keys = pair << layout.pair | log.rank << layout.flux
    keys |= log.second.astype(np.int64) << layout.act | log.act
    return _Keys(pl.Series(keys).sort().to_numpy(), layout, moments), names


def _relate(log: _Keys, names: _Names, rule: Rule) -> pl.DataFrame:
    """Classify in pieces that several threads process; each piece contains whole pairs."""
    keys, layout, moments = log
    begins = keys[_PIECE::_PIECE] >> layout.pair << layout.pair
    cuts = np.unique(np.searchsorted(keys, begins))

    def piece(part: Int[np.ndarray, " event"]) -> pl.DataFrame:
        fluxes, turns = read_keys(part, layout)
        links = count_missed(fluxes, turns)
        return _table(label(fluxes, links, stand(links, fluxes, turns, moments, rule)), names)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return pl.concat(pool.map(piece, np.split(keys, cuts[cuts > 0])))


def _nulls(
    pair: Int[np.ndarray, " event"],
    done: Bool[np.ndarray, " event"],
    known: Bool[np.ndarray, " event"],
) -> Rows:
    """Null relations, for pairs without a known act.

    `n` counts the events in which nothing was done.
    """
    alone = np.setdiff1d(pair[~done], pair[done])
    idle = pair[~done & known]
    n = np.bincount(np.searchsorted(alone, idle[np.isin(idle, alone)]), minlength=alone.size)
    none = np.full(alone.size, -1)
    both = np.full(alone.size, DIRECTIONS.index(BOTH))
    return Rows(alone, np.full(alone.size, NULL), none, none, both, n)


def _table(rows: Rows, names: _Names) -> pl.DataFrame:
    pair = rows.pair if names.pairs is None else names.pairs[rows.pair]
    a, b = pair >> names.bits, pair & ((1 << names.bits) - 1)
    return pl.DataFrame(
        {
            "a": names.actors.decode(a),
            "b": names.actors.decode(b),
            "relation": pl.Series(RELATIONS).gather(rows.relation),
            "act": names.acts.decode(rows.act),
            "other_act": names.acts.decode(rows.other),
            "direction": pl.Series(DIRECTIONS).gather(rows.direction),
            "n": pl.Series(rows.n, dtype=pl.Int64),
        }
    )

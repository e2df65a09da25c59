"""Classifying a log without its order: who does what to whom, and whether the other does it too."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import polars as pl
from jaxtyping import Int

from throffer.relations._events import check_events, mark_nothing
from throffer.relations._sets import BACKWARD, BOTH, FORWARD

_CELLS = 1 << 27
"""Largest number of cells in a table of counts; a cell takes 4 bytes."""

_SMALL = 1 << 30
"""Integers up to this size still fit 32 bits when the lowest of them is subtracted."""

_CHUNK = 1 << 20
"""Rows or cells that are processed at a time."""


def classify_untimed(
    events: pl.DataFrame | pl.LazyFrame, nothing: Collection[object]
) -> pl.DataFrame:
    """Classify relations without links: communal, asocial or null.

    Args:
        events: see `classify`; the column `time` is not needed.
        nothing: see `classify`.
    """
    lazy = check_events(events, timed=False)
    schema = lazy.collect_schema()
    whole = all(schema[name].is_integer() for name in ("actor", "partner", "action"))
    if whole and not nothing:
        found = _dense(lazy)
        if found is not None:
            return found
    return _grouped(mark_nothing(lazy, nothing))


def _grouped(lazy: pl.LazyFrame) -> pl.DataFrame:
    """Count by grouping rows by pair and act, for names of any type."""
    actor, partner = pl.col("actor"), pl.col("partner")
    if "idle" not in lazy.collect_schema():
        lazy = lazy.with_columns(idle=pl.lit(False))
    idle = pl.col("idle")
    act = pl.when(~idle).then(pl.col("action"))
    counts = (
        lazy.group_by(
            a=pl.min_horizontal(actor, partner), b=pl.max_horizontal(actor, partner), act=act
        )
        .agg(n=pl.len().cast(pl.Int64), first=(actor < partner).sum(), idle=idle.sum())
        .collect(engine="streaming")
    )
    known = counts.filter(pl.col("act").is_not_null())
    rest = counts.filter(pl.col("act").is_null()).join(known, on=["a", "b"], how="anti")
    both = (pl.col("first") > 0) & (pl.col("first") < pl.col("n"))
    rows = known.with_columns(
        relation=pl.when(both).then(pl.lit("communal")).otherwise(pl.lit("asocial")),
        direction=pl.when(both)
        .then(pl.lit(BOTH))
        .when(pl.col("first") > 0)
        .then(pl.lit(FORWARD))
        .otherwise(pl.lit(BACKWARD)),
    )
    rest = rest.with_columns(
        relation=pl.lit("null"), direction=pl.lit(BOTH), n=pl.col("idle").cast(pl.Int64)
    )
    return (
        pl.concat([rows, rest])
        .select(
            "a",
            "b",
            "relation",
            "act",
            pl.lit(None, known["act"].dtype).alias("other_act"),
            "direction",
            "n",
        )
        .sort("a", "b", "act")
    )


def _dense(lazy: pl.LazyFrame) -> pl.DataFrame | None:
    """Count in one table of all possible pairs and acts; None if that would be too large."""
    ends = (
        lazy.select(
            low=pl.min_horizontal(pl.col("actor", "partner").min()),
            high=pl.max_horizontal(pl.col("actor", "partner").max()),
            first=pl.col("action").min(),
            last=pl.col("action").max(),
            missing=pl.any_horizontal(pl.all().null_count() > 0),
        )
        .collect(engine="streaming")
        .row(0)
    )
    low, high, first, last, missing = ends
    if missing or low is None or first is None:
        return None
    parties, acts = high - low + 1, last - first + 1
    if parties**2 * acts * 2 > _CELLS or max(abs(low), high, abs(first), last) > _SMALL:
        return None
    one, other = (pl.col(name).cast(pl.Int32) - low for name in ("actor", "partner"))
    pair = pl.min_horizontal(one, other) * parties + pl.max_horizontal(one, other)
    act = pl.col("action").cast(pl.Int32) - first
    cell = ((pair * acts + act) * 2 + (one > other).cast(pl.Int32)).alias("cell")
    counts = np.zeros((parties**2 * acts, 2), np.uint32)
    flat = counts.reshape(-1)
    for part in lazy.select(cell).collect_batches(chunk_size=_CHUNK, maintain_order=False):
        np.add.at(flat, part["cell"].to_numpy(), np.uint32(1))
    # ignore what parties do to themselves
    counts.reshape(parties, parties, acts, 2)[np.arange(parties), np.arange(parties)] = 0
    schema = lazy.collect_schema()
    names = (parties, acts, low, first)
    parts = [
        _cells(counts[at : at + _CHUNK], at, names, schema) for at in range(0, len(counts), _CHUNK)
    ]
    return pl.concat(parts)


def _cells(
    counts: Int[np.ndarray, "cell 2"], at: int, names: tuple[int, int, int, int], schema: pl.Schema
) -> pl.DataFrame:
    """Rows for the cells with counts in one section of the table."""
    parties, acts, low, first = names
    filled = np.flatnonzero(counts[:, 0] | counts[:, 1])
    one, other = counts[filled].T.astype(np.int64)
    pair, act = np.divmod((filled + at).astype(np.int32), np.int32(acts))
    a, b = np.divmod(pair, np.int32(parties))
    both = (one > 0) & (other > 0)
    direction = np.where(both, 2, np.where(one > 0, 0, 1))
    return pl.DataFrame(
        {
            "a": pl.Series(a + low).cast(schema["actor"]),
            "b": pl.Series(b + low).cast(schema["actor"]),
            "relation": pl.Series(["asocial", "communal"]).gather(both.astype(np.int64)),
            "act": pl.Series(act + first).cast(schema["action"]),
            "other_act": pl.Series([None], dtype=schema["action"]).new_from_index(0, filled.size),
            "direction": pl.Series([FORWARD, BACKWARD, BOTH]).gather(direction),
            "n": one + other,
        }
    )

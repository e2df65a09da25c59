"""Splitting a log that is larger than memory into blocks of whole pairs, through files on disk."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import polars as pl

BLOCK = 12_000_000
"""Largest number of events in a block, unless a single pair has more.

A block and its relations take about 1 GB of memory if pairs have few events, half of that if they
have many.
"""

_PARTS = 64
"""Largest number of files that one pass writes."""


def blocks(lazy: pl.LazyFrame, total: int, seed: int = 0) -> Iterator[tuple[pl.LazyFrame, int]]:
    """Split a log into blocks that contain all events of their pairs.

    A log that is too long is split by a hash of the pair in one pass, which keeps the order of
    events. A part that is still too long is split again by another hash.

    Args:
        lazy: an event table.
        total: its number of rows.
        seed: of the hash.

    Yields:
        A block, and the number of rows that it accounts for.
    """
    if total <= BLOCK:
        yield lazy, total
        return
    parts = min(-(-total * 3 // (2 * BLOCK)), _PARTS)
    with tempfile.TemporaryDirectory(prefix="throffer-relations-") as folder:
        files = [Path(folder) / f"{part}.arrow" for part in range(parts)]
        marked = lazy.with_columns(part=bucket(parts, seed))
        sinks = [
            marked.filter(pl.col("part") == part).drop("part").sink_ipc(file, lazy=True)
            for part, file in enumerate(files)
        ]
        pl.collect_all(sinks, engine="streaming")
        left = total
        for file in files:
            part = pl.scan_ipc(file)
            rows = int(part.select(pl.len()).collect().item())
            if rows == total:
                yield part, rows
            elif rows:
                yield from blocks(part, rows, seed + 1)
            left -= rows
            file.unlink()
        if left:
            # rows that the lazy frame filters out are in no block
            yield lazy.clear(), left


def bucket(parts: int, seed: int = 0) -> pl.Expr:
    """Number of the part that a row's pair belongs to; it does not depend on who acts.

    Args:
        parts: number of parts.
        seed: of the hash.
    """
    one, other = pl.col("actor").hash(seed), pl.col("partner").hash(seed)
    mixed = pl.min_horizontal(one, other) ^ pl.max_horizontal(one, other).hash(seed + 1)
    return (mixed.hash(seed) % parts).cast(pl.UInt32)

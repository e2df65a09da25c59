"""Logs larger than memory: blocks of whole pairs, through files on disk."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import polars as pl

BLOCK = 12_000_000
"""Events in a block at most, unless one pair alone has more. One takes about 1 GB with its
relations where pairs have few events, and half of that where they have many."""

_PARTS = 64
"""Files that one pass writes at most."""


def blocks(lazy: pl.LazyFrame, total: int, seed: int = 0) -> Iterator[tuple[pl.LazyFrame, int]]:
    """Blocks of whole pairs with the count of rows that each stands for.

    A log that is too long is split by a hash of the pair, in one pass and in order; a part that is
    still too long is split again by another hash.
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
            # rows that the frame itself leaves out belong to no block
            yield lazy.clear(), left


def bucket(parts: int, seed: int = 0) -> pl.Expr:
    """Which of so many parts a row's pair falls into, whoever acts."""
    one, other = pl.col("actor").hash(seed), pl.col("partner").hash(seed)
    mixed = pl.min_horizontal(one, other) ^ pl.max_horizontal(one, other).hash(seed + 1)
    return (mixed.hash(seed) % parts).cast(pl.UInt32)

"""Classifying a log on the machines of a Ray cluster (extra `ray`)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

import numpy as np
import polars as pl

from throffer.relations._block import classify_block
from throffer.relations._classify import ProgressCallback
from throffer.relations._events import check_events, count_lazy, mark_nothing
from throffer.relations._files import Columns, scan_events
from throffer.relations._links import Rule
from throffer.relations._spill import BLOCK, bucket
from throffer.relations._text import TextFormat
from throffer.structure import RETRIES, connect_ray


def cluster_blocks(
    files: list[Path],
    columns: Columns,
    rule: Rule,
    *,
    text: TextFormat | None = None,
    nothing: Collection[object] = (),
    shuffle: int | None = None,
    tell: ProgressCallback | None = None,
) -> Iterator[pl.DataFrame]:
    """Classify the shards of a log on a Ray cluster, block by block.

    Workers first split every shard by pair, then classify each part once all of its pieces exist.
    They read the files themselves, so all machines must be able to read them. Ray restarts a task
    if its worker dies, so that nothing is lost or counted twice. The order of the blocks does not
    depend on the workers.

    The cluster is the one that Ray is connected to, or else a new one on this machine.

    Args:
        files: the shards.
        columns: which of their columns are actor, partner, action and time.
        rule: when two acts take turns.
        text: how text files are to be read; see `TextFormat`.
        nothing: see `classify`.
        shuffle: see `classify`.
        tell: called after every block.

    Yields:
        Tables as `classify` returns them.

    Raises:
        SetupError: If the extra `ray` is not installed.
    """
    ray = connect_ray()
    table = scan_events(files, columns, text=text)
    total, time = count_lazy(table), table.collect_schema()["time"]
    parts = max(-(-total * 3 // (2 * BLOCK)), int(ray.cluster_resources().get("CPU", 1)))
    split = ray.remote(_split).options(num_returns=parts, max_retries=RETRIES)
    relate = ray.remote(_relate).options(max_retries=RETRIES)
    shards = [split.remote(str(file), columns, time, text, tuple(nothing), parts) for file in files]
    shards = [each if parts > 1 else [each] for each in shards]
    waiting = [
        relate.remote(rule, None if shuffle is None else (shuffle, part), *pieces)
        for part, pieces in enumerate(zip(*shards, strict=True))
    ]
    for done, each in enumerate(waiting, start=1):
        yield ray.get(each)
        if tell:
            tell(total * done // parts, total)


def _split(
    file: str,
    columns: Columns,
    time: pl.DataType,
    text: TextFormat | None,
    nothing: tuple[object, ...],
    parts: int,
) -> list[pl.DataFrame] | pl.DataFrame:
    """Split the rows of a shard into parts, by pair."""
    lazy = mark_nothing(check_events(scan_events([Path(file)], columns, time, text)), nothing)
    rows = lazy.with_columns(part=bucket(parts)).collect(engine="streaming")
    found = rows.partition_by("part", as_dict=True, include_key=False)
    empty = rows.drop("part").clear()
    pieces = [found.get((part,), empty) for part in range(parts)]
    return pieces if parts > 1 else pieces[0]


def _relate(rule: Rule, seed: tuple[int, int] | None, *pieces: pl.DataFrame) -> pl.DataFrame:
    """Classify one part, given its pieces in the order of the shards."""
    rng = None if seed is None else np.random.default_rng(seed)
    return classify_block(pl.concat(pieces).lazy(), rule, rng)

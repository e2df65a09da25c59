"""The same classification over the machines of a Ray cluster (extra `ray`)."""

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
    """Relations of the shards, block by block, in an order that does not depend on the workers.

    Every shard is split by pair where a worker is free, then every part is classified once all of
    its pieces are there. Workers read the files themselves, so these lie where all machines see
    them. Ray starts work again whose worker died, so nothing is lost and nothing counts twice.

    Uses the cluster that Ray is connected to, or starts one on this machine.

    Raises:
        SetupError: Without the extra.
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
    """The rows of a shard, part by part."""
    lazy = mark_nothing(check_events(scan_events([Path(file)], columns, time, text)), nothing)
    rows = lazy.with_columns(part=bucket(parts)).collect(engine="streaming")
    found = rows.partition_by("part", as_dict=True, include_key=False)
    empty = rows.drop("part").clear()
    pieces = [found.get((part,), empty) for part in range(parts)]
    return pieces if parts > 1 else pieces[0]


def _relate(rule: Rule, seed: tuple[int, int] | None, *pieces: pl.DataFrame) -> pl.DataFrame:
    """Relations of the pieces of one part, in the order of the shards."""
    rng = None if seed is None else np.random.default_rng(seed)
    return classify_block(pl.concat(pieces).lazy(), rule, rng)

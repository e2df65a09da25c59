"""Speed of the relations of an event log: throffer beside Polars and DuckDB on one Parquet log.

Run from the repository root: `python benchmarks/bench_relations.py [--rows 10000000] [--rounds 3]`.
Two questions, at 300 and at 3,000 actors, two acts, uniform at random, in four shards:

- simple sets: which interactions recur in each pair, without time. The peers return one bit mask a
  pair; throffer returns its rows, with the number of events;
- alternation in time. The peers cannot count turns, so they do the nearest thing: a set for each
  pair and window of time, then the sets of a pair combined. There are as many windows as a pair of
  the smaller cast has events, so that a window holds about one exchange.

Rounds take turns, so that the ratios hold on a busy machine, where processor time says more than
wall time. `--memory N...` measures instead the peak memory of one process for each number of rows,
which is what has to stay flat. It prints and never asserts. Needs the extra `bench`.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import duckdb
import numpy as np
import polars as pl

from throffer.relations import classify

SHARDS = 4
CASTS = (300, 3000)
SHARD_ROWS = 12_500_000
"""Rows of a shard at most, so that making a log takes little memory too."""


def write_log(folder: Path, rows: int, actors: int) -> Path:
    """Shards of a random log in the order of time; made once."""
    log = folder / f"{rows}-{actors}"
    shards = max(SHARDS, -(-rows // SHARD_ROWS))
    cuts = np.linspace(0, rows, shards + 1).astype(int)
    log.mkdir()
    rng = np.random.default_rng(0)
    for number, (begin, end) in enumerate(pairwise(cuts)):
        pl.DataFrame(
            {
                "actor": rng.integers(0, actors, end - begin, dtype=np.int32),
                "partner": rng.integers(0, actors, end - begin, dtype=np.int32),
                "action": rng.integers(0, 2, end - begin, dtype=np.int32),
                "time": np.arange(begin, end),
            }
        ).write_parquet(log / f"{number:03}.parquet")
    return log


def polars_sets(log: Path, width: int | None) -> pl.DataFrame:
    """One bit mask a pair; with a width, first one for each window of so many events."""
    actor, partner = pl.col("actor"), pl.col("partner")
    flux = pl.col("action") * 2 + (actor > partner).cast(pl.Int32)
    lazy = (
        pl.scan_parquet(log / "*.parquet")
        .filter(actor != partner)
        .select(
            a=pl.min_horizontal(actor, partner),
            b=pl.max_horizontal(actor, partner),
            window=pl.col("time") // width if width else 0,
            mask=flux.replace_strict([0, 1, 2, 3], [1, 2, 4, 8], return_dtype=pl.UInt8),
        )
    )
    if width:
        lazy = lazy.group_by("a", "b", "window").agg(pl.col("mask").bitwise_or())
    return lazy.group_by("a", "b").agg(pl.col("mask").bitwise_or()).collect(engine="streaming")


def polars_any(log: Path) -> pl.DataFrame:
    """The same set as four columns of booleans, which Polars does faster."""
    actor, partner = pl.col("actor"), pl.col("partner")
    seen = [
        ((pl.col("action") == act) & way).any().alias(f"{act}{number}")
        for act in (0, 1)
        for number, way in enumerate((actor < partner, actor > partner))
    ]
    pair = {"a": pl.min_horizontal(actor, partner), "b": pl.max_horizontal(actor, partner)}
    lazy = pl.scan_parquet(log / "*.parquet").filter(actor != partner)
    return lazy.group_by(**pair).agg(seen).collect(engine="streaming")


def duckdb_sets(log: Path, width: int | None) -> None:
    """The same as `polars_sets`, kept in DuckDB."""
    mask = "bit_or((1 << (action * 2 + (actor > partner)::int))::utinyint)"
    pair = "least(actor, partner) a, greatest(actor, partner) b"
    source = f"'{log}/*.parquet' where actor <> partner"
    if width:
        inner = f"select {pair}, time // {width} w, {mask} m from {source} group by all"
        query = f"select a, b, bit_or(m) m from ({inner}) group by all"
    else:
        query = f"select {pair}, {mask} m from {source} group by all"
    with duckdb.connect() as base:
        base.execute(f"create temp table found as {query}")


def scan(log: Path) -> pl.DataFrame:
    """Every value read once."""
    return pl.scan_parquet(log / "*.parquet").select(pl.all().sum()).collect(engine="streaming")


def seconds(work: Callable[[], object]) -> tuple[float, float]:
    """Wall time of one call, and processor time of all its threads."""
    start, busy = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - start, time.process_time() - busy


def spread(values: np.ndarray) -> str:
    """Median and range."""
    return f"{np.median(values):,.3g} ({values.min():,.3g} to {values.max():,.3g})"


def compare(log: Path, rows: int, actors: int, rounds: int) -> None:
    """Rates and ratios at one number of actors."""
    events_a_pair = 2 * rows / CASTS[0] ** 2
    width = max(int(rows / events_a_pair), 1)
    events = pl.scan_parquet(log / "*.parquet")
    work: dict[str, Callable[[], object]] = {
        "plain scan": lambda: scan(log),
        "simple: throffer": lambda: classify(events, timed=False),
        "simple: polars, masks": lambda: polars_sets(log, None),
        "simple: polars, booleans": lambda: polars_any(log),
        "simple: duckdb": lambda: duckdb_sets(log, None),
        "in time: throffer": lambda: classify(events),
        "in time: polars, windows": lambda: polars_sets(log, width),
        "in time: duckdb, windows": lambda: duckdb_sets(log, width),
    }
    print(f"\n{actors:,} actors, {rows:,} events, {rows // width:,} windows")
    for call in work.values():
        call()
    times = np.array([[seconds(call) for call in work.values()] for _ in range(rounds)])
    rate = {name: rows / times[:, i] / 1e6 for i, name in enumerate(work)}
    for name, rates in rate.items():
        wall, busy = rates.T
        share = np.median(busy / rate["plain scan"][:, 1])
        print(
            f"{name:26} {spread(wall)} M events/s; {spread(busy)} a processor second; "
            f"{100 * share:.0f} % of the scan by processor time"
        )
    for kind in ("simple", "in time"):
        peers = [name for name in work if name.startswith(kind) and "throffer" not in name]
        for measure, what in enumerate(("wall", "processor")):
            best = np.max([rate[name][:, measure] for name in peers], axis=0)
            ratio = rate[f"{kind}: throffer"][:, measure] / best
            print(f"{kind}: throffer / the better peer by {what} time: {spread(ratio)}")


_ONE = """
import json, resource, sys, time
from throffer.relations import Settings, relate
start = time.perf_counter()
found = relate(sys.argv[1], sys.argv[2], Settings(shuffles=0))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps([time.perf_counter() - start, peak / 1024, int(found.counts["rows"].sum())]))
"""


def measure_memory(folder: Path, rows: int, actors: int) -> None:
    """Time and peak memory of `relate` in a process of its own."""
    log = write_log(folder, rows, actors)
    out = folder / "relations.parquet"
    shown = subprocess.run(
        [sys.executable, "-c", _ONE, str(log), str(out)], capture_output=True, text=True, check=True
    )
    took, peak, relations = json.loads(shown.stdout.splitlines()[-1])
    print(
        f"{actors:,} actors, {rows:,} events: {took:.1f} s, {rows / took / 1e6:.2f} M events/s, "
        f"peak {peak:,.0f} MB, {relations:,} relations"
    )
    for file in [*log.iterdir(), out]:
        file.unlink()
    log.rmdir()


def main() -> None:
    """Print rates, ratios and, if asked for, peak memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--memory", type=int, nargs="*")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for actors in CASTS:
            if given.memory:
                for rows in given.memory:
                    measure_memory(folder, rows, actors)
            else:
                compare(write_log(folder, given.rows, actors), given.rows, actors, given.rounds)


if __name__ == "__main__":
    main()

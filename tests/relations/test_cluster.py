"""A real Ray cluster gives the same result as one machine, even if a worker dies."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from throffer.relations import Columns, check_rule, classify
from throffer.relations._cluster import cluster_blocks

ray = pytest.importorskip("ray")

SHARDS, ROWS = 16, 100_000


@pytest.fixture(scope="module")
def shards(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("shards")
    rng = np.random.default_rng(5)
    files = []
    for number in range(SHARDS):
        log = pl.DataFrame(
            {
                "actor": rng.integers(0, 200, ROWS),
                "partner": rng.integers(0, 200, ROWS),
                "action": rng.choice(["give", "take", "ask"], ROWS),
                "time": rng.integers(0, 10**9, ROWS),
            }
        )
        files.append(folder / f"{number:02}.parquet")
        log.write_parquet(files[-1])
    return files


@pytest.fixture
def cluster() -> Iterator[None]:
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    yield
    ray.shutdown()


def _workers(task: str) -> list[int]:
    """Worker processes of this cluster that are running a task."""
    shown = subprocess.run(["ps", "-eo", "pid,args"], capture_output=True, text=True, check=True)
    lines = [line.split(maxsplit=1) for line in shown.stdout.splitlines()[1:]]
    return [int(pid) for pid, args in lines if args.startswith(f"ray::{task}")]


class _Killer(threading.Thread):
    """Kills one worker with SIGKILL while it runs the task."""

    def __init__(self, task: str) -> None:
        super().__init__(daemon=True)
        self.task = task
        self.killed: int | None = None
        self.over = threading.Event()

    def run(self) -> None:
        while self.killed is None and not self.over.is_set():
            for pid in _workers(self.task)[:1]:
                os.kill(pid, signal.SIGKILL)
                self.killed = pid
            time.sleep(0.02)


@pytest.mark.slow
def test_every_worker_reads_text_in_shards_the_same_way(tmp_path: Path, cluster: None) -> None:
    # the times of the first shard are whole numbers, those of the second are not
    rows = ["a,b,X,1\nb,a,X,2\n", "a,b,X,2.5\nb,a,X,3.5\n"]
    files = [tmp_path / "1.csv", tmp_path / "2.csv"]
    for file, text in zip(files, rows, strict=True):
        file.write_text("actor,partner,action,time\n" + text)
    found = pl.concat(cluster_blocks(files, Columns(), check_rule()))
    assert found.rows() == [("a", "b", "equality", "X", None, "both", 4)]


@pytest.mark.slow
@pytest.mark.parametrize("task", ["_split", "_relate"])
def test_a_worker_that_is_killed_in_the_middle_loses_nothing(
    shards: list[Path], cluster: None, task: str
) -> None:
    killer = _Killer(task)
    killer.start()
    parts = [*cluster_blocks(shards, Columns(), check_rule())]
    killer.over.set()
    killer.join()
    assert killer.killed is not None
    assert killer.killed not in _workers(task)
    found = pl.concat(parts).sort("a", "b", maintain_order=True)
    assert found.equals(classify(pl.scan_parquet(shards)))
    fluxes = found.filter(pl.col("relation").is_in(["communal", "asocial"]))
    assert fluxes["n"].sum() > 0.9 * SHARDS * ROWS

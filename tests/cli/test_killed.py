"""kill -9 in the middle of `relate` and of `record build`: nothing half-written bears the name."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl

from throffer.relations import Settings, relate

LIMIT = 240
"""Seconds after which a process counts as hung."""


def kill_when(words: list[str], begun: Callable[[], bool]) -> int:
    """Start a command, kill it as soon as it has begun to write, and return its exit status."""
    command = [sys.executable, "-m", "throffer.cli", *words]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    end = time.monotonic() + LIMIT
    while not begun() and running.poll() is None and time.monotonic() < end:
        time.sleep(0.005)
    running.send_signal(signal.SIGKILL)
    return running.wait(LIMIT)


def half_written(folder: Path) -> list[Path]:
    return [each for each in folder.glob(".*") if each.name != ".throffer.json"]


def test_relate_leaves_nothing_under_the_name_and_runs_again(tmp_path: Path) -> None:
    rows = 2_000_000
    events = pl.DataFrame({"time": pl.int_range(rows, eager=True)}).with_columns(
        actor=pl.col("time") % 1000,
        partner=1000 + pl.col("time") // 1000 % 1000,
        action=pl.lit("help"),
    )
    events.write_parquet(tmp_path / "events.parquet")
    out = tmp_path / "out" / "relations.parquet"
    words = ["relate", str(tmp_path / "events.parquet"), "--out", str(out)]
    assert kill_when(words, lambda: bool(half_written(out.parent))) == -signal.SIGKILL
    assert not out.exists()
    assert not out.with_suffix(".html").exists()
    assert relate(tmp_path / "events.parquet", out, Settings(shuffles=0)).pairs == 1_000_000


def test_record_build_leaves_nothing_under_the_name_and_runs_again(
    folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    words = ["record", "build", "diplomacy", "--raw", str(folder), "--out", str(out)]
    assert kill_when(words, lambda: (out / ".throffer.json").exists()) == -signal.SIGKILL
    assert not list(out.glob("diplomacy.*"))
    again = subprocess.run(
        [sys.executable, "-m", "throffer.cli", *words],
        capture_output=True,
        check=False,
        timeout=LIMIT,
        env=dict(os.environ),
    )
    assert again.returncode == 0, again.stderr
    assert (out / "diplomacy.parquet").exists()

"""The fast path of planted agents: trials a second, beside the same agent through Inspect.

python benchmarks/bench_fast_path.py
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable

import numpy as np

from throffer.audit import play_situations
from throffer.design import default_design, sobol_dyads
from throffer.game import play_each, reference_preferences
from throffer.probe import run_tasks

TRIALS = 100_000
REPEATS = 5
FRAMES = ("mail_agent", "supplier", "tenancy")


def main() -> None:
    """Print rates of the kernel, of the fast path and of Inspect, and their ratio."""
    preferences = reference_preferences("planted")
    rng = np.random.default_rng(1)
    dyads = sobol_dyads(TRIALS, rng)
    seeds = rng.integers(0, 2**31, TRIALS)
    kernel = rate(TRIALS, lambda: play_each(seeds, dyads, preferences, lapse=0.05)[2])
    print(f"play_each, {TRIALS:,} trials: {kernel:,.0f} trials/s")
    design = default_design(20_000, FRAMES, 1)
    table = rate(
        len(design), lambda: play_situations(design, preferences, model="planted", lapse=0.05)
    )
    print(f"play_situations to an Episode table, {len(design):,}: {table:,.0f} trials/s")
    few = design[:200]
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        run_tasks(few, "throffer/reference", folder)
        inspect = len(few) / (time.perf_counter() - begun)
    print(f"through Inspect, {len(few)} samples: {inspect:.1f} samples/s")
    print(f"fast path / Inspect: {table / inspect:,.0f} x")


def rate(count: int, run: Callable[[], object]) -> float:
    """Median trials a second over repeats, after one that compiles."""
    np.asarray(run())
    seconds = []
    for _ in range(REPEATS):
        begun = time.perf_counter()
        np.asarray(run())
        seconds.append(time.perf_counter() - begun)
    return count / statistics.median(seconds)


if __name__ == "__main__":
    main()

"""Hawkes fits, exponential kernel, 100,000 events: throffer, HawkesPyLib and hawkesbook.

Run from the repository root: `python benchmarks/bench_hawkes.py [--rounds 5] [--replicates 20]`.
Each side fits the same series, simulated with n = 0.7, and rounds take turns, so that the ratios
hold on a busy machine, where processor time says more than wall time. Compilation is done before
the first round, and all sides estimate the same three parameters. tick 0.8.0.2 is no side: it
installs, but on Python 3.11 none of its Hawkes classes can be made (AttributeError). It prints and
never asserts. Needs the extra `bench`.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import hawkesbook
import numpy as np
from HawkesPyLib.inference import ExpHawkesProcessInference
from scipy.stats import chi2

from throffer.series import (
    Background,
    EventSeries,
    Exponential,
    Hawkes,
    fit_hawkes,
    simulate_hawkes,
)

RATIO, RATE, MEMORY = 0.7, 0.3, 1.0
EVENTS = 100_000


def planted(seed: int) -> EventSeries:
    """About 100,000 events."""
    model = Hawkes(Background(np.array([0.0]), np.log([RATE])), RATIO, Exponential(MEMORY))
    return simulate_hawkes(model, EVENTS * (1 - RATIO) / RATE, np.random.default_rng(seed))


def ours(series: EventSeries) -> float:
    """Branching ratio by throffer."""
    return float(fit_hawkes(series).model.ratio)


def hawkespylib(series: EventSeries) -> float:
    """Branching ratio by HawkesPyLib, from its own random start."""
    model = ExpHawkesProcessInference()
    model.estimate(series.times, series.end)
    return float(model.get_params()[1])


def book(series: EventSeries) -> float:
    """Branching ratio by hawkesbook with its gradient."""
    _, jump, decay = hawkesbook.exp_mle_with_grad(series.times, series.end)
    return float(jump / decay)


SIDES: dict[str, Callable[[EventSeries], float]] = {
    "throffer": ours,
    "HawkesPyLib": hawkespylib,
    "hawkesbook, with gradient": book,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--replicates", type=int, default=20)
    given = parser.parse_args()
    series = planted(0)
    found = {name: fit(series) for name, fit in SIDES.items()}
    wall, cpu = ({name: [] for name in SIDES} for _ in range(2))
    for _ in range(given.rounds):
        for name, fit in SIDES.items():
            begun, used = time.perf_counter(), time.process_time()
            fit(series)
            wall[name].append(time.perf_counter() - begun)
            cpu[name].append(time.process_time() - used)
    print(f"{series.count:,} events, median of {given.rounds} rounds, after compilation")
    for name in SIDES:
        ratios = np.array(cpu[name]) / np.array(cpu["throffer"])
        low, middle, high = np.quantile(ratios, [0, 0.5, 1])
        print(
            f"{name:28} {np.median(wall[name]):.3f} s wall {np.median(cpu[name]):.3f} s processor "
            f"(least {min(cpu[name]):.3f}), {middle:.2f} ({low:.2f} to {high:.2f}) x throffer, "
            f"n = {found[name]:.4f}"
        )
    errors = np.array([ours(planted(seed)) for seed in range(given.replicates)]) - RATIO
    size = (errors**2).mean() ** 0.5
    low, high = size * np.sqrt(errors.size / chi2.ppf([0.975, 0.025], errors.size))
    print(
        f"branching ratio over {errors.size} series: root mean square error {size:.4f} "
        f"({low:.4f} to {high:.4f}), bias {errors.mean():+.4f}"
    )


if __name__ == "__main__":
    main()

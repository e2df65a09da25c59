"""Early-warning alarms on simulated runs with and without a transition, beside ewstools.

python benchmarks/measure_alarms.py --runs 500
"""

from __future__ import annotations

import argparse
import time
import warnings
from typing import NamedTuple

import ewstools
import numpy as np

from throffer.amplify import run_paths
from throffer.series import detrend, find_trends, kendall_tau, rolling_indicators
from throffer.stats import wilson

LEVEL = 0.05
LENGTH = 400
ONES = np.ones(LENGTH)
NOISE = 0.05


class Condition(NamedTuple):
    """What drives the runs: utilisation and noise at each time seen, and their rhythm."""

    name: str
    transition: bool
    utilisation: np.ndarray
    noise: np.ndarray
    interval: float
    gain_lag: float = 0.0
    stages: int = 1


def conditions() -> list[Condition]:
    """Approaches that end before u = 1, and runs that go nowhere."""
    up, short = np.linspace(0.3, 0.9, LENGTH), np.linspace(0.2, 0.5, LENGTH)
    same, quiet = 0.5 * ONES, NOISE * ONES
    louder, softer = NOISE * np.linspace(1, 3, LENGTH), NOISE * np.linspace(3, 1, LENGTH)
    return [
        Condition("u .3 to .9, slow (every 5/gamma)", True, up, quiet, 5.0),
        Condition("u .3 to .9, fast (every 1/gamma)", True, up, quiet, 1.0),
        Condition("u .3 to .9, very fast (every .2/gamma)", True, up, quiet, 0.2),
        Condition("u .3 to .8, slow, seen early", True, np.minimum(up, 0.8), quiet, 5.0),
        Condition("u .3 to .9, slow, lag Gamma 1 in 3 stages", True, up, quiet, 5.0, 1.0, 3),
        Condition("u .3 to .9, slow, noise falls to a third", True, up, softer, 5.0),
        Condition("u .5, then a jump past 1 after the last point", True, same, quiet, 5.0),
        Condition("u .5 throughout", False, same, quiet, 5.0),
        Condition("u .9 throughout", False, 0.9 * ONES, quiet, 5.0),
        Condition("u .5, lag Gamma 1 in 3 stages", False, same, quiet, 5.0, 1.0, 3),
        Condition("u .5, noise grows threefold", False, same, louder, 5.0),
        Condition("u .2 to .5, and no further", False, short, quiet, 5.0),
    ]


def main() -> None:
    """Print the alarm table, then both tools on the same series."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=500)
    parser.add_argument("--surrogates", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    rng = np.random.default_rng(asked.seed)
    print(f"{asked.runs} runs of {LENGTH} points, alarm at p <= {LEVEL}; 95 % Wilson intervals")
    print("| run | transition | variance | autocorrelation | both |\n|---|---|---|---|---|")
    for each in conditions():
        print(row(each, alarms(each, asked.runs, asked.surrogates, rng)), flush=True)
    compare(rng)


def alarms(each: Condition, runs: int, surrogates: int, rng: np.random.Generator) -> np.ndarray:
    """Whether each run alarms by variance, by autocorrelation, by both."""
    paths = run_paths(
        each.utilisation,
        each.noise,
        rng,
        runs=runs,
        interval=each.interval,
        gain_lag=each.gain_lag,
        stages=each.stages,
    )
    found = [find_trends(path, rng, surrogates=surrogates) for path in paths]
    low = np.array([[one.p_variance, one.p_autocorrelation] for one in found]) <= LEVEL
    return np.column_stack([low, low.all(axis=1)])


def row(each: Condition, alarm: np.ndarray) -> str:
    """Missed where there is a transition, false where there is none."""
    wrong = ~alarm if each.transition else alarm
    cells = []
    for column in wrong.T:
        interval = wilson(int(column.sum()), column.size)
        cells.append(f"{interval.estimate:.3f} ({interval.low:.3f} to {interval.high:.3f})")
    kind = "yes: missed" if each.transition else "no: false"
    return f"| {each.name} | {kind} | {' | '.join(cells)} |"


def compare(rng: np.random.Generator, count: int = 20) -> None:
    """Largest differences from ewstools on the same runs, and the time of each."""
    each = conditions()[0]
    paths = run_paths(each.utilisation, each.noise, rng, runs=count, interval=each.interval)
    worst, seconds = np.zeros(4), np.zeros(2)
    for path in paths:
        begun = time.perf_counter()
        found = rolling_indicators(detrend(path))
        taus = [kendall_tau(indicator) for indicator in found]
        seconds[0] += time.perf_counter() - begun
        begun = time.perf_counter()
        peer = ewstools.TimeSeries(path)
        peer.detrend(method="Gaussian", bandwidth=0.2)
        peer.compute_var(rolling_window=0.25)
        peer.compute_auto(rolling_window=0.25, lag=1)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            peer.compute_ktau()
        seconds[1] += time.perf_counter() - begun
        theirs = [peer.ews[name].dropna().to_numpy() for name in ("variance", "ac1")]
        apart = [np.abs(a - b).max() for a, b in zip(found, theirs, strict=True)]
        apart += [
            abs(a - peer.ktau[name]) for a, name in zip(taus, ("variance", "ac1"), strict=True)
        ]
        worst = np.maximum(worst, apart)
    print(
        f"\newstools on the same {count} runs, largest difference: variance {worst[0]:.1e}, ",
        end="",
    )
    print(f"autocorrelation {worst[1]:.1e}, their taus {worst[2]:.1e} and {worst[3]:.1e}")
    print(f"ms a run: {seconds[0] / count * 1e3:.2f} here, {seconds[1] / count * 1e3:.2f} ewstools")


if __name__ == "__main__":
    main()

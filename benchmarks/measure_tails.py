"""Power-law tails: coverage of the exponent; false alarms and power of the test for outsized ones.

python benchmarks/measure_tails.py --samples 1000
"""

from __future__ import annotations

import argparse
import time

import numpy as np
import powerlaw

from throffer.series import Tail, draw_tail, find_dragon_kings, fit_tail, share_equally
from throffer.stats import wilson

LEVEL = 0.05
EXPONENT = 2.5


def main() -> None:
    """Print the tables of docs/collapse.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    rng = np.random.default_rng(asked.seed)
    print(f"{asked.samples} samples each, alarm at p <= {LEVEL}; 95 % Wilson intervals")
    print(
        "\nPure power laws\n| tail | sizes | false alarms | exponent covered |\n|---|---|---|---|"
    )
    for discrete in (False, True):
        for count in (100, 300, 1000):
            for given in (True, False):
                print(pure(discrete, count, given, asked.samples, rng), flush=True)
    print("\nBodies that are no power law, tail from 10 on\n| sizes | false alarms |\n|---|---|")
    print(bent(asked.samples, rng), flush=True)
    print("\nPlanted outliers\n| planted | times expected largest | found | counted right |")
    print("|---|---|---|---|")
    for planted in (1, 3):
        for factor in (1, 3, 10, 30):
            print(power(planted, factor, asked.samples // 2, rng), flush=True)
    bundles(rng)
    compare(rng)


def pure(discrete: bool, count: int, given: bool, samples: int, rng: np.random.Generator) -> str:
    """False alarms and coverage where every size follows one law."""
    truth = Tail(1.0, EXPONENT, np.nan, np.nan, 0, np.nan, discrete)
    false = covered = 0
    for _ in range(samples):
        sizes = draw_tail(count, truth, rng)
        tail = fit_tail(sizes, discrete=discrete, minimum=1.0 if given else None)
        covered += tail.low <= EXPONENT <= tail.high
        false += outsized(sizes, tail, rng)
    kind = "whole numbers" if discrete else "continuous"
    end = "lower end given" if given else "lower end chosen"
    return f"| {kind}, {end} | {count} | {rate(false, samples)} | {rate(covered, samples)} |"


def bent(samples: int, rng: np.random.Generator) -> str:
    """False alarms where half of the sizes lie in a body below the tail."""
    truth = Tail(10.0, EXPONENT, np.nan, np.nan, 0, np.nan, False)
    false = 0
    for _ in range(samples):
        sizes = np.concatenate([rng.uniform(1, 10, 300), draw_tail(300, truth, rng)])
        false += outsized(sizes, fit_tail(sizes, discrete=False), rng)
    return f"| 300 uniform below, 300 in the tail | {rate(false, samples)} |"


def power(planted: int, factor: float, samples: int, rng: np.random.Generator) -> str:
    """How often outliers some times the expected largest size are found, and counted."""
    truth = Tail(1.0, EXPONENT, np.nan, np.nan, 0, np.nan, False)
    count = 300
    largest = count ** (1 / (EXPONENT - 1))
    found = right = 0
    for _ in range(samples):
        sizes = draw_tail(count, truth, rng)
        sizes[:planted] = factor * largest * rng.uniform(0.8, 1.2, planted)
        tail = fit_tail(sizes, discrete=False)
        answer = find_dragon_kings(sizes, tail, rng, most=10, resamples=300)
        found += answer.p <= LEVEL
        right += answer.p <= LEVEL and answer.sizes.size == planted
    return f"| {planted} of {count} | {factor} | {rate(found, samples)} | {rate(right, samples)} |"


def outsized(sizes: np.ndarray, tail: Tail, rng: np.random.Generator) -> bool:
    most = min(10, (tail.events - 1) // 2)
    return find_dragon_kings(sizes, tail, rng, most=most, resamples=300).p <= LEVEL


def rate(count: int, samples: int) -> str:
    interval = wilson(count, samples)
    return f"{interval.estimate:.3f} ({interval.low:.3f} to {interval.high:.3f})"


def bundles(rng: np.random.Generator) -> None:
    """Exponent of the bursts of equal-sharing bundles, without and with their collapse."""
    begun = time.perf_counter()
    each = [share_equally(rng.uniform(size=10_000_000)) for _ in range(5)]
    seconds = time.perf_counter() - begun
    sizes = np.concatenate([bursts.size[:-1] for bursts in each])
    print(f"\n5 bundles of 1e7 fibres, {seconds:.1f} s in all")
    for minimum in (1, 10, 100, 1000):
        tail = fit_tail(sizes, discrete=True, minimum=minimum)
        print(
            f"from {minimum}: exponent {tail.exponent:.3f} ({tail.low:.3f} to {tail.high:.3f}), "
            f"{tail.events:,} bursts"
        )
    tail = fit_tail(sizes, discrete=True, minimum=1000)
    collapse = np.concatenate([sizes, [bursts.size[-1] for bursts in each]])
    for name, all_sizes in (("without", sizes), ("with", collapse)):
        again = fit_tail(all_sizes, discrete=True, minimum=1000)
        answer = find_dragon_kings(all_sizes, again, rng, resamples=500)
        print(f"{name} the collapses: p = {answer.p:.3f}, {answer.sizes.size} above the widest gap")


def compare(rng: np.random.Generator) -> None:
    """The same fit by the powerlaw package."""
    for discrete in (False, True):
        truth = Tail(1.0, EXPONENT, np.nan, np.nan, 0, np.nan, discrete)
        sizes = draw_tail(2000, truth, rng)
        begun = time.perf_counter()
        ours = fit_tail(sizes, discrete=discrete)
        middle = time.perf_counter()
        theirs = powerlaw.Fit(sizes, discrete=discrete, estimate_discrete=False, verbose=False)
        end = time.perf_counter()
        given = powerlaw.Fit(
            sizes, xmin=ours.minimum, discrete=discrete, estimate_discrete=False, verbose=False
        )
        print(
            f"powerlaw, {'whole numbers' if discrete else 'continuous'}: from "
            f"{theirs.power_law.xmin:.4f}, exponent {theirs.power_law.alpha:.5f}; here from "
            f"{ours.minimum:.4f}, {ours.exponent:.5f}; powerlaw with that lower end "
            f"{given.power_law.alpha:.5f}; {(end - middle) * 1e3:.0f} ms and "
            f"{(middle - begun) * 1e3:.0f} ms"
        )


if __name__ == "__main__":
    main()

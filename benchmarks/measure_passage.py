"""How often the intervals of a first-passage fit hold what was planted, right model and wrong.

python benchmarks/measure_passage.py [--repeats 100]

Life tables as large as that of Polity5 (191 countries of 79 years, ages to 60), drawn from the
parameters that were fitted to it, with regimes alike and with margins that vary, and fitted both
ways. It prints and never asserts.
"""

from __future__ import annotations

import argparse
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from typing import NamedTuple

import numpy as np
from scipy.stats import norm

from throffer.series import LifeTable, Passage, fit_passage, passage_survival
from throffer.stats import Interval, wilson

COUNTRIES, YEARS, OLDEST = 191, 79, 60

MARGINS = 1001
"""Margins that varied regimes have, at even quantiles: many more than the fit's nodes."""


class Truth(NamedTuple):
    """What is planted: see `throffer.series._passage.Passage`."""

    recovery: float
    margin: float
    start: float
    spread: float


TRUTHS = {"alike": Truth(0.30, 1.94, 1.23, 0.0), "varied": Truth(0.15, 0.90, -0.27, 0.87)}


@cache
def survivals(truth: Truth) -> np.ndarray:
    """Survival by margin and age; a new regime has each margin above its start alike."""
    margins = np.array([truth.margin])
    if truth.spread:
        law = norm(truth.margin, truth.spread)
        margins = law.isf(law.sf(truth.start) * (np.arange(MARGINS) + 0.5) / MARGINS)
    ages = np.arange(YEARS + 1.0)
    return np.array(
        [
            passage_survival(ages, recovery=truth.recovery, margin=b, start=truth.start)
            for b in margins
        ]
    )


def draw(survival: np.ndarray, rng: np.random.Generator) -> LifeTable:
    """Countries one after another: a regime breaks, the next one starts."""
    years, breaks = np.zeros((2, COUNTRIES, OLDEST + 1))
    for country in range(COUNTRIES):
        left = YEARS
        while left:
            # the year within which this regime breaks
            curve = survival[rng.integers(len(survival))]
            lasts = int(np.searchsorted(-curve, -rng.uniform() * curve[0]))
            lived = min(lasts, left)
            np.add.at(years[country], np.minimum(np.arange(lived), OLDEST), 1)
            if lasts <= left:
                breaks[country, min(lasts - 1, OLDEST)] += 1
            left -= lived
    return LifeTable(years, breaks)


def fitted(name: str, varied: bool, seed: int) -> Passage:
    """One table drawn from a truth, and its fit."""
    rng = np.random.default_rng([seed, len(name)])
    return fit_passage(draw(survivals(TRUTHS[name]), rng), varied=varied)


def main() -> None:
    """Print coverage and bias, and how often the likelihood prefers varied margins."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=100)
    repeats = parser.parse_args().repeats
    print("| planted | fitted | k | b | start | spread | median k, b, start, spread |")
    print("|---|---|---|---|---|---|---|")
    with ProcessPoolExecutor() as pool:
        for name, truth in TRUTHS.items():
            both = {}
            for varied in (False, True):
                fits = list(pool.map(partial(fitted, name, varied), range(repeats)))
                both[varied] = np.array([fit.log_likelihood for fit in fits])
                print(row(name, truth, varied, fits), flush=True)
            gain = both[True] - both[False]
            better = wilson(int((gain > 1.92).sum()), repeats)
            print(
                f"  {name}: varied margins gain more than 1.92 in {better.estimate:.2f} "
                f"({better.low:.2f} to {better.high:.2f}), median gain {np.median(gain):.1f}"
            )


def parts(fit: Passage) -> tuple[Interval, ...]:
    """Its parameters, in the order of `Truth`."""
    return fit.recovery, fit.margin, fit.start, fit.spread


def covers(found: Interval, truth: float) -> bool:
    """Whether an interval holds the truth; one without ends does not."""
    low, high = found.ends
    return low <= truth <= high


def row(name: str, truth: Truth, varied: bool, fits: list[Passage]) -> str:
    """Coverage of each parameter with its Wilson interval; no interval counts as none."""
    cells = []
    for place, planted in enumerate(truth):
        if place == 3 and not (varied and planted):
            cells.append("")
            continue
        hits = sum(covers(parts(fit)[place], planted) for fit in fits)
        found = wilson(hits, len(fits))
        cells.append(f"{found.estimate:.2f} ({found.low:.2f} to {found.high:.2f})")
    open_ends = sum(fit.recovery.low is None for fit in fits)
    medians = ", ".join(
        f"{np.median([parts(fit)[place].value for fit in fits]):.2f}" for place in range(3 + varied)
    )
    kind = "varied" if varied else "alike"
    none = f"; no interval in {open_ends}" if open_ends else ""
    return f"| {name} | {kind} | {' | '.join(cells)} | {medians}{none} |"


if __name__ == "__main__":
    main()

"""What the event methods are worth, on planted truth: coverage, traps, confusion, false alarms.

Run from the repository root: `python benchmarks/measure_events.py [--parts ratio,drift,...]`. Each
part replaces its entry in docs/measured/events.json; seeds are fixed.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from throffer.series import (
    Background,
    EventSeries,
    Exponential,
    GrowthFit,
    Hawkes,
    PowerLaw,
    branching_interval,
    compare_backgrounds,
    curvature_interval,
    find_peaks,
    fit_hawkes,
    fit_lppl,
    parameter_intervals,
    poisson_times,
    relaxation,
    simulate_hawkes,
)
from throffer.stats import Interval, wilson
from throffer.structure import write_whole

OUT = Path("docs/measured/events.json")

THETA = 0.3
"""Exponent of the planted memory."""

ORIGINS = ("exogenous", "exogenous_critical", "endogenous_critical", "none")
"""Planted origins; `none` is the busiest time of a process with n = 0.3 that nothing shook."""

EXPONENT = {
    "exogenous": 1 + THETA,
    "exogenous_critical": 1 - THETA,
    "endogenous_critical": 1 - 2 * THETA,
}
"""The theory's exponent for each."""


class Peaks(NamedTuple):
    """A series with its peaks and the lags at which to read it."""

    series: EventSeries
    peaks: np.ndarray
    nearest: float
    reach: float


def flat(rate: float) -> Background:
    """A constant background."""
    return Background(np.array([0.0]), np.log([rate]))


def plant_peaks(origin: str, rng: np.random.Generator, size: float = 1.0) -> Peaks:
    """Peaks of a known origin; memory is flat below a lag of 1, and `size` scales the shocks."""
    memory = PowerLaw(THETA, 1.0)
    if origin == "exogenous":
        shocks = np.full(round(3000 * size), 3000.0)
        series = simulate_hawkes(Hawkes(flat(0.05), 0.3, memory), 6000.0, rng, shocks=shocks)
        return Peaks(series, np.array([3000.0]), 10.0, 1000.0)
    if origin == "exogenous_critical":
        shocks = np.full(round(200 * size), 6000.0)
        series = simulate_hawkes(Hawkes(flat(0.01), 0.97, memory), 9000.0, rng, shocks=shocks)
        return Peaks(series.cut(3000.0, 9000.0), np.array([6000.0]), 10.0, 1000.0)
    rate, ratio = (0.5, 0.3) if origin == "none" else (0.02, 0.97)
    series = simulate_hawkes(Hawkes(flat(rate), ratio, memory), 40_000.0, rng)
    series = series.cut(10_000.0, 40_000.0)
    return Peaks(series, find_peaks(series, width=3.0, apart=600.0, count=10), 3.0, 300.0)


def plant_lppl(
    rng: np.random.Generator, *, noise: str, points: int = 150
) -> tuple[np.ndarray, np.ndarray]:
    """A log-periodic power law with t_c = 1.1, m = 0.5, w = 8, damping 1.6; time from 0 to 1.

    `noise` is white with standard deviation 0.02, or a random walk of steps 0.005.
    """
    times = np.linspace(0, 1, points)
    left = 1.1 - times
    logs = 5 - 2 * left**0.5 + 0.08 * left**0.5 * np.cos(8 * np.log(left) + 1)
    drawn = rng.normal(0, 0.02 if noise == "white" else 0.005, points)
    return times, np.exp(logs + (drawn if noise == "white" else np.cumsum(drawn)))


def share(hits: int, of: int) -> dict[str, Any]:
    """A share with its Wilson interval."""
    if not of:
        return {"share": None, "of": 0, "why": "none came"}
    interval = wilson(hits, of)
    return {"share": hits / of, "low": interval.low, "high": interval.high, "of": of}


def held(interval: Interval, truth: float) -> bool:
    """Whether an interval holds the truth; an open end holds everything on its side."""
    above = interval.low is None or interval.low <= truth
    return above and (interval.high is None or truth <= interval.high)


def measure_ratio(repeats: int) -> list[dict[str, Any]]:
    """Coverage and error of the branching ratio over series of about 1,000 events."""
    rows = []
    for ratio in (0.3, 0.7, 0.9):
        rng = np.random.default_rng(10)
        profile = laplace = 0
        found = []
        for _ in range(repeats):
            model = Hawkes(flat(0.5), ratio, Exponential(1.0))
            span = 1000 * (1 - ratio) / 0.5
            fit = fit_hawkes(simulate_hawkes(model, span, rng), starts=1)
            profile += held(branching_interval(fit), ratio)
            laplace += held(parameter_intervals(fit)["ratio"], ratio)
            found.append(float(fit.model.ratio))
        errors = np.array(found) - ratio
        rows.append(
            {
                "ratio": ratio,
                "bias": float(errors.mean()),
                "rmse": float((errors**2).mean() ** 0.5),
                "profile": share(profile, repeats),
                "laplace": share(laplace, repeats),
            }
        )
    return rows


def measure_drift(repeats: int) -> list[dict[str, Any]]:
    """Branching ratio of Poisson events whose rate rises 12-fold and falls, by knots."""
    rng = np.random.default_rng(11)
    drift = Background(np.array([0.0, 500.0, 1000.0]), np.log([0.25, 3.0, 0.25]))
    knots = (1, 2, 3, 5)
    ratios = {count: [] for count in knots}
    open_low = Counter()
    chosen = Counter()
    for _ in range(repeats):
        times = poisson_times(drift, 0.0, 1000.0, rng)
        fits = compare_backgrounds(EventSeries(times, 0.0, 1000.0), knots=knots)
        chosen[min(fits, key=lambda fit: fit.bic).knots] += 1
        for fit in fits:
            ratios[fit.knots].append(float(fit.model.ratio))
            open_low[fit.knots] += branching_interval(fit).low is None
    return [
        {
            "knots": count,
            "median_ratio": float(np.median(ratios[count])),
            "highest_ratio": float(np.max(ratios[count])),
            "zero_not_excluded": share(open_low[count], repeats),
            "chosen_by_bic": chosen[count],
        }
        for count in knots
    ]


def measure_curvature(repeats: int) -> list[dict[str, Any]]:
    """Coverage of the curvature's interval, and how often growth is called faster."""
    rows = []
    for curvature in (0.0, 0.05):
        rng = np.random.default_rng(12)
        covered = called = 0
        for _ in range(repeats):
            truth = GrowthFit("free", np.log(100.0), 0.08, curvature, 20.0, 0.0)
            mean = truth.mean(np.arange(-47.0, 1.0))
            interval = curvature_interval(rng.negative_binomial(20.0, 20.0 / (20.0 + mean)))
            covered += held(interval, curvature)
            called += interval.low is not None and interval.low > 0
        row = {"curvature": curvature, "covered": share(covered, repeats)}
        rows.append({**row, "called_faster": share(called, repeats)})
    return rows


def measure_origins(repeats: int) -> list[dict[str, Any]]:
    """The confusion table, and the exponent's bias and coverage, by the size of the shocks."""
    rows = []
    for size in (1.0, 0.3):
        for truth in ORIGINS if size == 1.0 else ORIGINS[:2]:
            rng = np.random.default_rng(13)
            verdicts, exponents, covered = Counter(), [], 0
            for _ in range(repeats):
                planted = plant_peaks(truth, rng, size)
                found = relaxation(
                    planted.series, planted.peaks, nearest=planted.nearest, reach=planted.reach
                )
                verdicts[found.verdict.value] += 1
                exponents.append(found.after.estimate)
                covered += truth in EXPONENT and held(found.after, EXPONENT[truth])
            row = {"truth": truth, "shock_size": size, "theory": EXPONENT.get(truth)}
            row["verdicts"] = {name: share(count, repeats) for name, count in verdicts.items()}
            row["median_exponent"] = float(np.nanmedian(exponents))
            row["covered"] = share(covered, repeats) if truth in EXPONENT else None
            rows.append(row)
    return rows


def measure_lppl(repeats: int) -> dict[str, Any]:
    """Coverage of planted critical times, and false alarms on series without one."""
    rng = np.random.default_rng(14)
    planted = {}
    for noise in ("white", "random walk"):
        fits = [fit_lppl(*plant_lppl(rng, noise=noise)) for _ in range(repeats)]
        qualified = [fit for fit in fits if fit.qualifies]
        errors = [fit.critical_time.value - 1.1 for fit in qualified]
        planted[noise] = {
            "covered": share(sum(held(fit.critical_time, 1.1) for fit in fits), repeats),
            "qualifies": share(len(qualified), repeats),
            "rmse_where_it_qualifies": float(np.mean(np.square(errors)) ** 0.5),
        }
    alarms = {}
    times = np.linspace(0, 1, 150)
    nulls: dict[str, Callable[[], np.ndarray]] = {
        "random walk with growth": lambda: np.cumsum(rng.normal(0.01, 0.03, 150)),
        "random walk without growth": lambda: np.cumsum(rng.normal(0.0, 0.03, 150)),
        "exponential growth, white noise": lambda: 1.5 * times + rng.normal(0, 0.05, 150),
    }
    for name, draw in nulls.items():
        alarms[name] = share(
            sum(fit_lppl(times, np.exp(draw())).qualifies for _ in range(repeats)), repeats
        )
    return {"planted": planted, "false_alarms": alarms}


PARTS: dict[str, tuple[Callable[[int], Any], int]] = {
    "ratio": (measure_ratio, 100),
    "drift": (measure_drift, 20),
    "curvature": (measure_curvature, 100),
    "origins": (measure_origins, 100),
    "lppl": (measure_lppl, 100),
}
"""What is measured, and the number of repeats unless another is asked for."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parts", default=",".join(PARTS))
    parser.add_argument("--repeats", type=int)
    parser.add_argument("--out", type=Path, default=OUT)
    given = parser.parse_args()
    for name in given.parts.split(","):
        measure, repeats = PARTS[name]
        begun = time.process_time()
        found = measure(given.repeats or repeats)
        kept = json.loads(given.out.read_text("utf-8")) if given.out.exists() else {}
        kept[name] = {"repeats": given.repeats or repeats, "found": found}
        given.out.parent.mkdir(exist_ok=True)
        text = json.dumps(kept, indent=1) + "\n"
        write_whole(given.out, lambda target, text=text: target.write_text(text))
        print(f"{name}: {time.process_time() - begun:.0f} s processor time, in {given.out}")


if __name__ == "__main__":
    main()

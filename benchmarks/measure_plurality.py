"""Values of 118 societies made alike: inflow, falls, and falls that come together.

python benchmarks/measure_plurality.py
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import polars as pl
from scipy.spatial.distance import pdist, squareform

from throffer.amplify import Growth, Plurality, System, compare_plurality, constant_loss
from throffer.record import SOURCES, record_folder
from throffer.record.sources import regimes, values
from throffer.series import links

UTILISATION = 0.6
"""Mean over societies with the values they have."""

MEETS = 10
"""Others that each society has to do with."""

MARGIN, NOISE, HORIZON = 4.5, 0.42, 200.0
"""In units of saturation and of 1/capacity: assumptions, the same in every row."""


def main() -> None:
    """Print how falls change as values are made alike, and whether like regimes break together."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trajectories", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    folder = record_folder()
    latest = values.read_latest(SOURCES["values"].raw(folder)).drop_nulls()
    scores = latest.select("survival", "secular").to_numpy()
    scores = (scores - scores.mean(0)) / scores.std(0)
    distance = np.sqrt((pdist(scores) ** 2).mean())
    print(f"{len(scores)} societies; root mean square distance {distance:.2f} standard deviations")
    head = (
        "| inflow from values | reach | moved | mean u | shared | fallen | half fall | bunching |"
    )
    print(head + "\n" + "|---" * 8 + "|")
    for part in (0.0, 0.1, 0.3):
        for reach in (0.0, 1.0):
            system = society(scores, part)
            for each in compare_plurality(
                system,
                [0.0, 0.5, 1.0],
                reach=reach,
                trajectories=asked.trajectories,
                horizon=HORIZON,
                steps=2000,
                seed=asked.seed,
            ):
                print(row(part, reach, each), flush=True)
    together(folder, latest, np.random.default_rng(asked.seed))


def society(scores: np.ndarray, part: float) -> System:
    """Every society meets ten others drawn at random; a share of the mean inflow is from values."""
    rng = np.random.default_rng(0)
    count = len(scores)
    met = np.zeros((count, count))
    for one in range(count):
        met[one, rng.choice(np.delete(np.arange(count), one), MEETS, replace=False)] = 1.0
    apart = (met * squareform(pdist(scores, "sqeuclidean"))).sum() / count
    weight = part * UTILISATION / apart
    return System(
        growth=Growth(rate=0.0),
        loss=constant_loss((1 - part) * UTILISATION),
        pace=1.0,
        capacity=1.0,
        saturation=1.0,
        lag=0.5,
        margin=MARGIN,
        noise=NOISE,
        initial=0.0,
        links=links(weight * met),
        values=scores,
    )


def row(part: float, reach: float, each: Plurality) -> str:
    """One line of the table."""
    cells = [
        f"{e.estimate:.3f} ({e.ends[0]:.3f} to {e.ends[1]:.3f})"
        for e in (each.fallen, each.together)
    ]
    low, high = each.bunching.ends
    bunch = f"{each.bunching.value:.1f} ({low:.1f} to {high:.1f})"
    return (
        f"| {part} | {reach:g} | {each.moved} | {each.utilisation:.2f} | {each.shared:.2f} | "
        f"{cells[0]} | {cells[1]} | {bunch} |"
    )


def together(folder: Path, latest: pl.DataFrame, rng: np.random.Generator) -> None:
    """Do countries with like values break in the same years more often? Values are shuffled."""
    names = pl.col("polity_annual_country").str.to_lowercase().str.replace_all(" ", "_")
    years = (
        regimes.read_polity(SOURCES["regimes"].raw(folder))
        .with_columns(geo=names)
        .filter(pl.col("breaks").is_not_null(), pl.col("year") >= 1950)
        .join(latest.select("geo", "survival", "secular"), on="geo")
    )
    known = years.select("geo", "survival", "secular").unique("geo").sort("geo")
    place = {geo: at for at, geo in enumerate(known["geo"])}
    scores = known.select("survival", "secular").to_numpy()
    distance = squareform(pdist((scores - scores.mean(0)) / scores.std(0)))
    broke = years.filter(pl.col("breaks")).with_columns(window=pl.col("year") // 3)
    pairs = []
    for _, group in broke.group_by("window"):
        at = sorted({place[geo] for geo in group["geo"]})
        pairs += [(a, b) for i, a in enumerate(at) for b in at[i + 1 :]]
    a, b = np.array(pairs).T
    # chance: the same countries break as often, in windows that have nothing to do with values
    breaking = np.unique(np.concatenate([a, b]))
    seen = distance[a, b].mean()
    drawn = []
    for _ in range(5000):
        shuffled = np.arange(len(known))
        shuffled[breaking] = rng.permutation(breaking)
        drawn.append(distance[shuffled[a], shuffled[b]].mean())
    p = (1 + np.sum(np.array(drawn) <= seen)) / 5001
    low, high = np.quantile(drawn, [0.025, 0.975])
    print(
        f"\nbreaks from 1950 in the same 3 years: {len(pairs)} pairs of {breaking.size} countries, "
        f"mean distance {seen:.3f}; shuffled among these {np.mean(drawn):.3f} "
        f"({low:.3f} to {high:.3f}), p = {p:.4f}"
    )


if __name__ == "__main__":
    main()

"""Stability of networks as size, connectance and coupling grow, against May's bound.

python benchmarks/measure_stability.py
"""

from __future__ import annotations

import argparse
import time

import numpy as np
from scipy.spatial.distance import pdist, squareform

from throffer.amplify import jacobian, leading_eigenvalue, may_bound, random_couplings, shock_reach


def main() -> None:
    """Print May's table, modular against well-mixed, and inflow in the theory's own network."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--largest", type=int, default=1000)
    parser.add_argument("--draws", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    rng = np.random.default_rng(asked.seed)
    print("gain 1; leading real part, mean and range over draws")
    print("| S | C | s | bound s sqrt(S C) | leading real part | stable | seconds |")
    print("|---|---|---|---|---|---|---|")
    sizes = [size for size in (100, 300, 1000, 10_000) if size <= asked.largest]
    for size in sizes:
        for links in (10, 50):
            for bound in (0.8, 0.95, 1.05, 1.2):
                print(may(size, links, bound, asked.draws, rng), flush=True)
    lagged(asked.draws, rng)
    modular(asked.draws, rng)
    own(rng)


def may(size: int, links: int, bound: float, draws: int, rng: np.random.Generator) -> str:
    """Random couplings of mean 0 at a multiple of May's bound."""
    connectance, spread = links / size, bound / np.sqrt(links)
    begun = time.perf_counter()
    found = [
        leading_eigenvalue(
            jacobian(np.ones(size), contagion=random_couplings(size, connectance, spread, rng))
        )
        for _ in range(draws)
    ]
    real = np.array([each.value.real for each in found if each.converged])
    limit = may_bound(size, connectance, spread)
    return (
        f"| {size:,} | {connectance:.3g} | {spread:.3f} | {limit:.2f} "
        f"| {real.mean():+.3f} ({real.min():+.3f} to {real.max():+.3f}) | "
        f"{(real < 0).sum()} of {len(real)} | {(time.perf_counter() - begun) / draws:.2f} |"
    )


def lagged(draws: int, rng: np.random.Generator) -> None:
    """The same below May's bound, with correction that sees contradiction late."""
    size, links, bound = 1000, 10, 0.8
    print(f"\n{size:,} regimes, {links} links each, at {bound} of the bound, one stage of lag")
    print("| lag times gain | leading real part |\n|---|---|")
    for lag in (0.0, 0.1, 0.3, 1.0):
        real = [
            leading_eigenvalue(
                jacobian(
                    np.ones(size),
                    lag=lag,
                    contagion=random_couplings(size, links / size, bound / np.sqrt(links), rng),
                )
            ).value.real
            for _ in range(draws)
        ]
        print(
            f"| {lag} | {np.mean(real):+.3f} ({min(real):+.3f} to {max(real):+.3f}) |", flush=True
        )


def modular(draws: int, rng: np.random.Generator) -> None:
    """Modular against well-mixed: leading real part, and where the effect of a shock goes."""
    size, modules, connectance = 320, 8, 0.08
    print(f"\n{size} regimes in {modules} modules, connectance {connectance}, gain 1")
    print("| couplings | links inside | leading real part | effect outside the module |")
    print("|---|---|---|---|")
    for name, mean, spread in (("of mean 0", 0.0, 0.15), ("all one way", 0.03, 0.0)):
        for modularity in (0.0, 0.5, 1.0):
            leading, outside = [], []
            for _ in range(draws):
                passed = random_couplings(
                    size,
                    connectance,
                    spread,
                    rng,
                    mean=mean,
                    modules=modules,
                    modularity=modularity,
                )
                matrix = jacobian(np.ones(size), contagion=passed)
                leading.append(leading_eigenvalue(matrix).value.real)
                moved = np.abs(shock_reach(matrix, 0, size))
                moved[0] = 0
                outside.append(moved[size // modules :].sum() / moved.sum())
            share = (1 + (modules - 1) * modularity) / modules
            print(
                f"| {name} | {share:.2f} | {np.mean(leading):+.3f} ({min(leading):+.3f} to "
                f"{max(leading):+.3f}) | {np.mean(outside):.2f} ({min(outside):.2f} to "
                f"{max(outside):.2f}) |"
            )


def own(rng: np.random.Generator) -> None:
    """Theory, section 6, without contagion: utilisation grows with S C, whatever the signs."""
    print("\nthe theory's own links: weight .01, values in 8 blocs 2 apart, spread .3, c = .2")
    print("| S | S C | links inside | mean u | largest u | leading real part |")
    print("|---|---|---|---|---|---|")
    for size, links in ((80, 4), (80, 8), (320, 8), (320, 16), (320, 32)):
        for modularity in (0.0, 0.9):
            centres = np.repeat(np.arange(8.0) * 2, size // 8)
            values = np.column_stack([np.cos(centres), np.sin(centres)]) * 2
            values += 0.3 * rng.standard_normal(values.shape)
            met = random_couplings(
                size, links / size, 0.0, rng, mean=0.01, modules=8, modularity=modularity
            )
            apart = squareform(pdist(values, "sqeuclidean"))
            u = 0.2 + (met.toarray() * apart).sum(axis=1)
            lost = u >= 1
            real = (
                "none: no rest for " + str(int(lost.sum()))
                if lost.any()
                else f"{leading_eigenvalue(jacobian((1 - u) ** 2)).value.real:+.3f}"
            )
            share = (1 + 7 * modularity) / 8
            print(f"| {size} | {links} | {share:.2f} | {u.mean():.2f} | {u.max():.2f} | {real} |")


if __name__ == "__main__":
    main()

"""Plural values: how making values more similar changes inflow and joint collapses.

There are two opposite effects. Different values cause contradiction, `W |v_j - v_k|^2` (theory,
section 6), so similar values cause less. But regimes with similar values respond similarly to a
shock: if one cannot absorb it, the others cannot either, and they collapse together. The second
effect is not part of theory, section 6. It is modelled as a correlation of noise that decreases
with the distance of values. This assumption has one parameter, `reach`, which should be varied.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float
from scipy.spatial.distance import pdist

from throffer.amplify._ensemble import ensemble
from throffer.amplify._network import equilibrium_of
from throffer.amplify._system import System
from throffer.stats import Interval, normal_interval, share_interval, tails

FALL_TOGETHER = 0.5
"""Share of regimes whose collapse counts as a joint collapse."""


class Plurality(NamedTuple):
    """A system whose values have been moved towards their mean.

    Attributes:
        moved: share of the way to the mean; 0 leaves the values unchanged, 1 makes them equal.
        utilisation: mean u over regimes at A = 1.
        shared: correlation of their noise.
        fallen: share of regimes that collapse by the horizon.
        together: probability that at least half of them do.
        bunching: variance of the number of collapses, divided by the variance for independent
            collapses at the regimes' own rates: 1 if they are independent, J if either all or none
            collapse. NaN if none collapses.
    """

    moved: float
    utilisation: float
    shared: float
    fallen: Interval
    together: Interval
    bunching: Interval


def move_together(
    values: Float[np.ndarray, "regime value"], moved: float
) -> Float[np.ndarray, "regime value"]:
    """Move values a share of the way to their mean; squared distances shrink by (1 - moved)^2.

    ```python
    >>> move_together(np.array([[0.0], [2.0]]), 0.5).tolist()
    [[0.5], [1.5]]

    ```
    """
    if not 0 <= moved <= 1:
        raise ValueError(f"moved = {moved} is not in [0, 1]; 0 leaves values as they are")
    mean = values.mean(axis=0)
    return mean + (1 - moved) * (values - mean)


def shared_response(values: Float[np.ndarray, "regime value"], reach: float) -> float:
    """Mean over pairs of the correlation of their shocks, `exp(-|v_j - v_k|^2 / (2 reach^2))`.

    Args:
        values: value positions of the regimes.
        reach: distance of values, in their unit, at which the correlation is .61; 0 if shocks do
            not depend on values. It is assumed, not estimated.
    """
    if reach < 0:
        raise ValueError(f"reach = {reach} is below 0; it is a distance of values")
    if reach == 0:
        return 0.0
    return float(np.exp(-pdist(values, "sqeuclidean") / (2 * reach**2)).mean())


def compare_plurality(
    system: System,
    moved: Sequence[float],
    *,
    reach: float,
    trajectories: int,
    horizon: float,
    steps: int = 2_000,
    seed: int = 0,
) -> list[Plurality]:
    """Run one system with its values moved towards their mean by each share.

    All shares use the same seed. Intervals over trajectories: normal for `fallen`, Wilson for
    `together`, and a bootstrap of trajectories for `bunching`.

    Args:
        system: with `values` and `links`; its `shared_noise` is set from the values.
        moved: shares in [0, 1] of the way to the mean.
        reach: see `shared_response`. Every pair gets the mean correlation, so a bloc of regimes
            with similar values is not distinguished from evenly spread ones.
        trajectories: number of trajectories for each share.
        horizon: end of the simulation.
        steps: steps to the horizon.
        seed: of the noise and of the bootstrap.

    Returns:
        One row for each share.

    Raises:
        ValueError: For a system without values or links.
    """
    if system.values is None or system.links is None:
        raise ValueError("the system has no values or no links; plurality needs both")
    values = np.asarray(system.values, float)
    rows = []
    for share in moved:
        alike = move_together(values, share)
        shared = shared_response(alike, reach)
        now = system.replace(values=alike, shared_noise=shared)
        ends = ensemble(now, trajectories=trajectories, horizon=horizon, steps=steps, seed=seed)
        if ends.passage is None:
            raise RuntimeError("the ensemble kept nothing by regime")
        fell = np.isfinite(ends.passage)
        rows.append(
            Plurality(
                float(share),
                float(equilibrium_of(now).utilisation.mean()),
                shared,
                _mean(fell.mean(axis=1)),
                share_interval(fell.mean(axis=1) >= FALL_TOGETHER),
                _bunching(fell, np.random.default_rng(seed)),
            )
        )
    return rows


def _mean(x: Float[np.ndarray, "trajectory"]) -> Interval:
    """The mean of shares, with its normal interval, cut to [0, 1]."""
    found = normal_interval(float(x.mean()), float(x.std(ddof=1) / np.sqrt(x.size)))
    low, high = np.clip(found.ends, 0, 1)
    return Interval.of(float(x.mean()), float(low), float(high), why="a single trajectory")


def _bunching(
    fell: Bool[np.ndarray, "trajectory regime"], rng: np.random.Generator, resamples: int = 200
) -> Interval:
    def ratio(rows: Bool[np.ndarray, "trajectory regime"]) -> float:
        chance = rows.mean(axis=0)
        alone = (chance * (1 - chance)).sum()
        return float(rows.sum(axis=1).var() / alone) if alone > 0 else np.nan

    drawn = [ratio(fell[rng.integers(0, len(fell), len(fell))]) for _ in range(resamples)]
    # no interval if the ratio is undefined in some draws
    low, high = np.quantile(drawn, tails())
    return Interval.of(ratio(fell), float(low), float(high), why="in some resamples none falls")

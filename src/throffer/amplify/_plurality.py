"""Plural values: what making them alike does to inflow, and what it does to falling together.

Two effects pull in opposite directions. Values that differ meet as contradiction, `W |v_j - v_k|^2`
(theory, section 6): alike, there is less of it. Values that are alike answer a shock alike: what
one regime cannot absorb, no other can, and falls come together. The second is no part of theory,
section 6; it enters as a correlation of noise that falls with distance, an assumption with one
number, `reach`, that is to be varied.
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
"""Share of regimes from which their falls count as a fall of all."""


class Plurality(NamedTuple):
    """A system whose values have been moved towards their mean.

    Attributes:
        moved: share of the way, 0 as they are and 1 alike.
        utilisation: mean u over regimes at A = 1. `shared`: correlation of their noise.
        fallen: share of regimes that fall by the horizon.
        together: chance that at least half of them do.
        bunching: variance of how many fall over that of independent falls at the regimes' own
            rates: 1 where falls are independent, up to J where all fall or none. NaN where none
            falls.
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
    """Values moved a share of the way to their mean; squared distances shrink by (1 - moved)^2.

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
    """Mean correlation of what hits two regimes, `exp(-|v_j - v_k|^2 / (2 reach^2))`.

    Args:
        reach: distance of values, in their unit, at which the correlation has fallen to .61; 0 for
            shocks that have nothing to do with values. Assumed, not estimated.
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

    The same seed for each share. Intervals over trajectories: normal for `fallen`, Wilson for
    `together`, and for `bunching` a bootstrap of trajectories.

    Args:
        system: with `values` and `links`; its `shared_noise` is set from the values.
        reach: see `shared_response`; the mean correlation is given to every pair, so that a bloc of
            like-minded regimes is not told from a loose crowd.

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
    # no interval where some draws have no answer
    low, high = np.quantile(drawn, tails())
    return Interval.of(ratio(fell), float(low), float(high), why="in some resamples none falls")

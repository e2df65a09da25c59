"""Agreement of coders on acts that are present or absent, with intervals over dialogues."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int

from throffer.record import Interval

RESAMPLES = 2_000
"""Draws of whole dialogues behind an interval."""

SEED = 7
"""Seed of those draws."""


class Disagreement(NamedTuple):
    """Sums over units from which alpha follows, by unit: pairs that differ, values, ones.

    Attributes:
        observed: ordered pairs of coders that differ, over coders less one.
        values: codes that can be compared; `ones`: those that are 1. Both 0 where one coder or none
            coded the unit.
    """

    observed: Float[np.ndarray, "unit act"]
    values: Float[np.ndarray, "unit act"]
    ones: Float[np.ndarray, "unit act"]


def disagree(codes: Float[np.ndarray, "coder unit act"]) -> Disagreement:
    """The sums of binary codes; NaN where a coder did not code a unit."""
    known = np.isfinite(codes)
    many = known.sum(axis=0)
    ones = np.where(known, codes, 0.0).sum(axis=0)
    paired = many > 1
    observed = np.where(paired, 2 * ones * (many - ones) / np.maximum(many - 1, 1), 0.0)
    return Disagreement(observed, np.where(paired, many, 0.0), np.where(paired, ones, 0.0))


def alpha(sums: Disagreement, weight: Float[np.ndarray, "unit"] | None = None) -> float:
    """Krippendorff's alpha for binary codes, over all acts at once.

    alpha = 1 - D_o / D_e: 1 is perfect agreement, 0 what chance gives, below 0 worse; NaN where
    nobody ever used the other code. Over several acts D_o and D_e are sums over acts, which is
    alpha of sets of acts under the Hamming distance.

    Krippendorff 2011, Computing Krippendorff's Alpha-Reliability, Annenberg School.

    Args:
        weight: how often each unit counts, as in a bootstrap.
    """
    rows = np.ones(len(sums.values)) if weight is None else weight
    return float(_alphas(*(rows @ part for part in sums)))


def _alphas(
    observed: Float[np.ndarray, "*draw act"],
    values: Float[np.ndarray, "*draw act"],
    ones: Float[np.ndarray, "*draw act"],
) -> Float[np.ndarray, "*draw"]:
    """Alpha from totals: D_o = observed / values, D_e = 2 ones zeros / (values (values - 1))."""
    pairs = np.where(values > 1, values * (values - 1), np.inf)
    expected = (2 * ones * (values - ones) / pairs).sum(axis=-1)
    found = (observed / np.where(values > 1, values, np.inf)).sum(axis=-1)
    return np.where(expected > 0, 1 - found / np.where(expected > 0, expected, 1), np.nan)


def alpha_interval(
    sums: Disagreement,
    dialogue: Int[np.ndarray, "unit"],
    resamples: int = RESAMPLES,
    seed: int = SEED,
    level: float = 0.95,
) -> Interval:
    """Percentile interval of alpha from a bootstrap of whole dialogues; NaN draws are left out."""
    rng = np.random.default_rng(seed)
    names, place = np.unique(dialogue, return_inverse=True)
    drawn = rng.multinomial(len(names), np.full(len(names), 1 / len(names)), resamples)
    totals = []
    for part in sums:
        by_dialogue = np.zeros((len(names), part.shape[1]))
        np.add.at(by_dialogue, place, part)
        totals.append(drawn @ by_dialogue)
    values = _alphas(*totals)
    values = values[np.isfinite(values)]
    if len(values) < resamples / 2:
        return Interval(float("nan"), float("nan"))
    low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(low), float(high))


def cohen_kappa(both: int, first: int, second: int, neither: int) -> float:
    """Cohen's kappa of two raters of yes and no (Cohen 1960); NaN where neither ever differs.

    Args:
        both: units to which both, one alone, or none says yes.
        first: units to which both, one alone, or none says yes.
        second: units to which both, one alone, or none says yes.
        neither: units to which both, one alone, or none says yes.

    ```python
    >>> round(cohen_kappa(4, 1, 2, 13), 3)  # same 17/20; chance (5 6 + 15 14)/400 = 0.6
    0.625

    ```
    """
    many = both + first + second + neither
    yes = (both + first) * (both + second)
    no = (second + neither) * (first + neither)
    chance = (yes + no) / many**2
    same = (both + neither) / many
    return (same - chance) / (1 - chance) if chance < 1 else float("nan")

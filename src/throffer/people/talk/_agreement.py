"""Agreement of coders on whether acts are present, with intervals clustered by dialogue."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int

from throffer.record import Interval

RESAMPLES = 2_000
"""Number of bootstrap draws of dialogues behind an interval."""

SEED = 7
"""Seed of these draws."""


class Disagreement(NamedTuple):
    """The terms of each unit from whose sums alpha is computed.

    Attributes:
        observed: number of ordered pairs of coders that differ, divided by the number of coders
            minus 1.
        values: number of codes that can be compared; 0 if fewer than two coders coded the unit.
        ones: number of these codes that are 1.
    """

    observed: Float[np.ndarray, "unit act"]
    values: Float[np.ndarray, "unit act"]
    ones: Float[np.ndarray, "unit act"]


def disagree(codes: Float[np.ndarray, "coder unit act"]) -> Disagreement:
    """Compute the terms of alpha from binary codes.

    Args:
        codes: 0 or 1; NaN if a coder did not code the unit.
    """
    known = np.isfinite(codes)
    many = known.sum(axis=0)
    ones = np.where(known, codes, 0.0).sum(axis=0)
    paired = many > 1
    observed = np.where(paired, 2 * ones * (many - ones) / np.maximum(many - 1, 1), 0.0)
    return Disagreement(observed, np.where(paired, many, 0.0), np.where(paired, ones, 0.0))


def alpha(sums: Disagreement, weight: Float[np.ndarray, "unit"] | None = None) -> float:
    """Krippendorff's alpha for binary codes, over all acts together.

    alpha = 1 - D_o / D_e. 1 is perfect agreement, 0 is what chance gives, and negative values are
    worse than chance. It is NaN if only one of the two codes was ever used. For several acts, D_o
    and D_e are sums over acts; this is alpha for sets of acts with the Hamming distance.

    Source: Krippendorff 2011, Computing Krippendorff's Alpha-Reliability, Annenberg School.

    Args:
        sums: the terms of each unit.
        weight: how often each unit counts, as in a bootstrap; once by default.
    """
    rows = np.ones(len(sums.values)) if weight is None else weight
    return float(_alphas(*(rows @ part for part in sums)))


def _alphas(
    observed: Float[np.ndarray, "*draw act"],
    values: Float[np.ndarray, "*draw act"],
    ones: Float[np.ndarray, "*draw act"],
) -> Float[np.ndarray, "*draw"]:
    """Alpha from sums: D_o = observed / values, D_e = 2 ones zeros / (values (values - 1))."""
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
    """Compute a percentile interval of alpha from a bootstrap of dialogues.

    Args:
        sums: the terms of each unit.
        dialogue: number of each unit's dialogue.
        resamples: number of draws.
        seed: seed of the draws.
        level: level of the interval.

    Returns:
        The interval over draws in which alpha is defined; NaN if these are less than half.
    """
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
    """Cohen's kappa of two raters who say yes or no (Cohen 1960).

    Args:
        both: number of units to which both say yes.
        first: number to which only the first says yes.
        second: number to which only the second says yes.
        neither: number to which both say no.

    Returns:
        Kappa; NaN if both raters always give the same single answer.

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

"""Agreement of coders beyond chance: Cohen's kappa and Krippendorff's alpha."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Shaped

from throffer.stats._clusters import cluster_weights
from throffer.stats._draws import percentile_interval
from throffer.stats._interval import CONFIDENCE, Interval


class Disagreement(NamedTuple):
    """Sums over units from which alpha follows: pairs that differ, values, ones.

    - `observed`: ordered pairs of coders that differ, over coders less one.
    - `values`: codes that can be compared; `ones`: those that are 1. Both are 0 where one coder or
      none coded the unit.
    """

    observed: Float[np.ndarray, "unit act"]
    values: Float[np.ndarray, "unit act"]
    ones: Float[np.ndarray, "unit act"]


def cohen_kappa(first: Sequence[Hashable], second: Sequence[Hashable]) -> float:
    """Cohen's kappa of two coders: `(p - e)/(1 - e)`, p agreement, e agreement by chance.

    Cohen (1960, Educational and Psychological Measurement 20:37). The value is computed by
    `statsmodels.stats.inter_rater.cohens_kappa`, which is part of the base installation.

    Args:
        first: Codes of one coder, any labels; None is a label, too.
        second: Codes of the other for the same units.

    Returns:
        1 for full agreement, 0 for what coders with these frequencies reach by chance, below 0 for
        less. NaN for no units, or where both coders give every unit the same code.

    Raises:
        ValueError: If the two do not have the same length.

    Example:
        >>> round(cohen_kappa("aabb", "aaba"), 6)
        0.5
    """
    if len(first) != len(second):
        raise ValueError(
            f"first has {len(first)} codes and second {len(second)}; give both for the same units"
        )
    place = {code: index for index, code in enumerate(dict.fromkeys([*first, *second]))}
    table = np.zeros((len(place), len(place)))
    np.add.at(table, ([place[code] for code in first], [place[code] for code in second]), 1)
    return _kappa(table)


def cohen_kappa_of_counts(both: int, first: int, second: int, neither: int) -> float:
    """Cohen's kappa of two coders who say yes or no, from counts of units.

    Args:
        both: Units to which both say yes.
        first: Units to which the first alone says yes.
        second: Units to which the second alone says yes.
        neither: Units to which none says yes.

    Returns:
        As `cohen_kappa`.

    Raises:
        ValueError: For a negative count.

    Example:
        >>> # same 17/20; chance (5 6 + 15 14)/400 = 0.6
        >>> round(cohen_kappa_of_counts(4, 1, 2, 13), 3)
        0.625
    """
    if min(both, first, second, neither) < 0:
        raise ValueError(f"counts {both}, {first}, {second}, {neither}: none may be negative")
    return _kappa(np.array([[both, first], [second, neither]], float))


def _kappa(table: Float[np.ndarray, "code code"]) -> float:
    """Kappa of a table of units by both coders' codes."""
    # with one code in use agreement by chance is full, and kappa 0/0
    if not table.sum() or np.diag(table).max() == table.sum():
        return math.nan
    # importing statsmodels takes as long as the rest of this room
    from statsmodels.stats.inter_rater import cohens_kappa

    return float(np.asarray(cohens_kappa(table, return_results=False)))


def sum_disagreement(codes: Float[np.ndarray, "coder unit act"]) -> Disagreement:
    """The sums by unit from which Krippendorff's alpha of binary codes follows.

    Args:
        codes: 0 or 1; NaN where a coder did not code a unit.

    Returns:
        The sums.
    """
    known = np.isfinite(codes)
    many = known.sum(axis=0)
    ones = np.where(known, codes, 0.0).sum(axis=0)
    paired = many > 1
    observed = np.where(paired, 2 * ones * (many - ones) / np.maximum(many - 1, 1), 0.0)
    return Disagreement(observed, np.where(paired, many, 0.0), np.where(paired, ones, 0.0))


def krippendorff_alpha(
    sums: Disagreement, weight: Float[np.ndarray, "unit"] | None = None
) -> float:
    """Krippendorff's alpha for binary codes, over all acts at once: `1 - D_o / D_e`.

    Over several acts D_o and D_e are sums over acts, which is alpha of sets of acts under the
    Hamming distance. Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, Annenberg
    School.

    Args:
        sums: From `sum_disagreement`.
        weight: How often each unit counts; None for once.

    Returns:
        1 for full agreement, 0 for what chance gives, below 0 for less; NaN where only one code was
        ever used.
    """
    rows = np.ones(len(sums.values)) if weight is None else weight
    return float(_alphas(*(rows @ part for part in sums)))


def krippendorff_interval(
    sums: Disagreement,
    cluster: Shaped[np.ndarray, "unit"],
    *,
    resamples: int,
    seed: int,
    confidence: float = CONFIDENCE,
) -> Interval:
    """Krippendorff's alpha with a percentile interval from a bootstrap of whole clusters.

    Args:
        sums: From `sum_disagreement`.
        cluster: Label of each unit's cluster, as its dialogue.
        resamples: Number of resamples.
        seed: Seed of the generator.
        confidence: Probability content, in (0, 1).

    Returns:
        The interval; without ends where fewer than half of the resamples use both codes.
    """
    names, place = np.unique(cluster, return_inverse=True)
    drawn = cluster_weights(len(names), resamples, seed)
    totals = []
    for part in sums:
        by_cluster = np.zeros((len(names), part.shape[1]))
        np.add.at(by_cluster, place, part)
        totals.append(drawn @ by_cluster)
    return percentile_interval(
        krippendorff_alpha(sums),
        _alphas(*totals),
        why="fewer than half of the resamples use both codes",
        confidence=confidence,
    )


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

"""Rates with intervals: Wilson for rows taken as independent, whole clusters where they are not."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import polars as pl
from jaxtyping import Float

Z95 = 1.959963984540054
"""Standard normal quantile of a two-sided 95 % interval."""


PIECE = 500
"""Draws of clusters worked on at a time."""


class Interval(NamedTuple):
    """Lower and upper end; NaN where there is no answer."""

    low: float
    high: float


def wilson(count: int, trials: int, z: float = Z95) -> Interval:
    """Score interval of a proportion over independent trials (Wilson 1927, JASA 22:209).

    NaN for no trials.

    ```python
    >>> low, high = wilson(9, 142)
    >>> f"{low:.4f} {high:.4f}"
    '0.0337 0.1161'

    ```
    """
    if trials == 0:
        return Interval(math.nan, math.nan)
    rate, weight = count / trials, z * z / trials
    middle = rate + weight / 2
    half = z * math.sqrt(rate * (1 - rate) / trials + weight / (4 * trials))
    return Interval((middle - half) / (1 + weight), (middle + half) / (1 + weight))


def rates(frame: pl.DataFrame, by: str | list[str], event: str) -> pl.DataFrame:
    """Events `k`, trials `n` and `rate` by group, sorted by group; nulls of `event` left out."""
    return (
        frame.drop_nulls(event)
        .group_by(by)
        .agg(k=pl.col(event).cast(pl.Int64).sum(), n=pl.len().cast(pl.Int64))
        .with_columns(rate=pl.col("k") / pl.col("n"))
        .sort(by)
    )


def cluster_intervals(
    counts: Float[np.ndarray, "cluster bin"],
    trials: Float[np.ndarray, "cluster bin"],
    *,
    resamples: int,
    seed: int,
    level: float = 0.95,
) -> list[Interval]:
    """Percentile intervals of rates from a bootstrap of whole clusters (Efron 1979).

    A draw without a trial in a bin does not count there. With few clusters such an interval is too
    narrow. NaN where a bin has trials in fewer than two clusters.

    Args:
        counts: events and trials of each cluster in each bin.
        trials: events and trials of each cluster in each bin.
        resamples: draws of as many clusters as there are, with replacement.
    """
    events, total = cluster_draws(counts, trials, resamples=resamples, seed=seed)
    with np.errstate(invalid="ignore"):
        drawn = np.where(total > 0, events / np.where(total > 0, total, 1), np.nan)
    tails = [(1 - level) / 2, (1 + level) / 2]
    return [
        Interval(*(float(value) for value in np.nanquantile(drawn[:, bin_], tails)))
        if np.count_nonzero(trials[:, bin_]) > 1
        else Interval(math.nan, math.nan)
        for bin_ in range(counts.shape[1])
    ]


def cluster_draws(
    counts: Float[np.ndarray, "cluster bin"],
    trials: Float[np.ndarray, "cluster bin"],
    *,
    resamples: int,
    seed: int,
) -> tuple[Float[np.ndarray, "draw bin"], Float[np.ndarray, "draw bin"]]:
    """Events and trials by bin as whole clusters are drawn with replacement; `PIECE` draws at a
    time, so that memory does not grow with their number.
    """
    clusters = counts.shape[0]
    generator = np.random.default_rng(seed)
    chance = np.full(clusters, 1 / clusters)
    events, total = [], []
    for start in range(0, resamples, PIECE):
        weights = generator.multinomial(clusters, chance, size=min(PIECE, resamples - start))
        events.append(weights @ counts)
        total.append(weights @ trials)
    return np.concatenate(events), np.concatenate(total)


class Logit(NamedTuple):
    """Coefficients of a logistic regression and their standard errors (rows as independent)."""

    coefficients: Float[np.ndarray, "term"]
    errors: Float[np.ndarray, "term"]


def fit_logit(
    design: Float[np.ndarray, "row term"],
    event: Float[np.ndarray, "row"],
    weight: Float[np.ndarray, "row"] | None = None,
    steps: int = 50,
) -> Logit:
    """Maximum likelihood of P(event) = sigma(design @ coefficients), by Newton's method.

    `weight` counts equal rows once.

    Raises:
        ArithmeticError: If it does not converge, as for separated data.
    """
    weight = np.ones(len(event)) if weight is None else weight
    beta = np.zeros(design.shape[1])
    information = np.eye(design.shape[1])
    for _ in range(steps):
        mean = 1 / (1 + np.exp(-design @ beta))
        information = (design * (weight * mean * (1 - mean))[:, None]).T @ design
        step = np.linalg.solve(information, design.T @ (weight * (event - mean)))
        beta = beta + step
        if np.abs(step).max() < 1e-10:
            return Logit(beta, np.sqrt(np.diag(np.linalg.inv(information))))
    raise ArithmeticError(f"the logit did not converge in {steps} steps: separated data?")

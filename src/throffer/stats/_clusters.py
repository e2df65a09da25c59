"""Bootstrap of whole clusters: rows of one cluster depend on each other, clusters do not."""

from __future__ import annotations

import functools

import numpy as np
from jaxtyping import Float, Int

from throffer.stats._draws import percentile_interval
from throffer.stats._interval import CONFIDENCE, Interval

PIECE = 500
"""Resamples worked on at a time, so that memory does not grow with their number."""


@functools.lru_cache(maxsize=8)
def cluster_weights(clusters: int, resamples: int, seed: int) -> Int[np.ndarray, "draw cluster"]:
    """How often each cluster occurs in each resample of as many clusters, with replacement.

    The same arguments give the same weights, so that two statistics of the same clusters can be
    compared resample by resample. The array is kept and shared: it cannot be written to.

    Args:
        clusters: Number of clusters.
        resamples: Number of resamples.
        seed: Seed of the generator.

    Returns:
        Whole numbers whose rows sum to `clusters`.
    """
    generator = np.random.default_rng(seed)
    weights = generator.multinomial(clusters, np.full(clusters, 1 / clusters), size=resamples)
    weights.flags.writeable = False
    return weights


def cluster_draws(
    counts: Float[np.ndarray, "cluster bin"],
    trials: Float[np.ndarray, "cluster bin"],
    *,
    resamples: int,
    seed: int,
) -> tuple[Float[np.ndarray, "draw bin"], Float[np.ndarray, "draw bin"]]:
    """Events and trials by bin in each resample of whole clusters.

    Args:
        counts: Events of each cluster in each bin, >= 0.
        trials: Trials of each cluster in each bin, >= `counts`.
        resamples: Number of resamples, each of as many clusters as there are.
        seed: Seed of the generator.

    Returns:
        Events and trials.

    Raises:
        ValueError: For no clusters.
    """
    clusters = len(counts)
    if not clusters:
        raise ValueError("counts: there are no clusters; give one row a cluster")
    generator = np.random.default_rng(seed)
    chance = np.full(clusters, 1 / clusters)
    events, total = [], []
    for start in range(0, resamples, PIECE):
        weights = generator.multinomial(clusters, chance, size=min(PIECE, resamples - start))
        events.append(weights @ counts)
        total.append(weights @ trials)
    return np.concatenate(events), np.concatenate(total)


def cluster_intervals(
    counts: Float[np.ndarray, "cluster bin"],
    trials: Float[np.ndarray, "cluster bin"],
    *,
    resamples: int,
    seed: int,
    confidence: float = CONFIDENCE,
) -> list[Interval]:
    """Rates by bin with percentile intervals from a bootstrap of whole clusters.

    A resample without a trial in a bin does not count there. With few clusters such an interval is
    too narrow, and where all clusters are alike it has no width.

    Args:
        counts: Events of each cluster in each bin, >= 0.
        trials: Trials of each cluster in each bin, >= `counts`.
        resamples: Number of resamples, each of as many clusters as there are.
        seed: Seed of the generator.
        confidence: Probability content, in (0, 1).

    Returns:
        One interval a bin; the estimate is the rate over all clusters. Without ends where fewer
        than two clusters have trials, unknown where none has.

    Raises:
        ValueError: For no clusters.

    Example:
        >>> counts, trials = np.array([[0.0], [10.0]]), np.full((2, 1), 10.0)
        >>> cluster_intervals(counts, trials, resamples=500, seed=1)[0].ends
        (0.0, 1.0)
    """
    events, total = cluster_draws(counts, trials, resamples=resamples, seed=seed)
    drawn = events / np.where(total > 0, total, np.nan)
    found = []
    for place in range(counts.shape[1]):
        present = np.count_nonzero(trials[:, place])
        if not present:
            found.append(Interval.unknown("no trials", confidence=confidence))
            continue
        rate = float(counts[:, place].sum() / trials[:, place].sum())
        values = drawn[:, place] if present > 1 else np.array([])
        found.append(
            percentile_interval(
                rate, values, why="fewer than two clusters have trials", confidence=confidence
            )
        )
    return found

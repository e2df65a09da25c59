"""Quality of predicted acts: precision, recall and calibration, with intervals."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int

from throffer.stats import (
    CONFIDENCE,
    Interval,
    cluster_weights,
    effective_count,
    percentile_interval,
    widen_to_exact,
)

RESAMPLES = 2_000
SEED = 17

THRESHOLD = 0.5
"""Smallest probability at which an act counts as predicted."""

BINS = 5
"""Number of bins of equal width of the predicted probability in a reliability curve."""


class Quality(NamedTuple):
    """Quality of a classifier (or coder), each measure with its interval clustered by dialogue."""

    precision: Interval
    recall: Interval
    f1: Interval
    brier: Interval
    skill: Interval
    calibration_error: Interval


class Bin(NamedTuple):
    """A bin of the reliability curve.

    Attributes:
        codes: number of codes in the bin.
        predicted: mean predicted probability.
        coded: share of codes with the act.
    """

    codes: int
    predicted: float
    coded: float


def judge_predictions(
    predicted: Float[np.ndarray, "unit"],
    codes: Float[np.ndarray, "coder unit"],
    dialogue: Int[np.ndarray, "unit"],
    weight: Float[np.ndarray, "unit"] | None = None,
    resamples: int = RESAMPLES,
    seed: int = SEED,
    confidence: float = CONFIDENCE,
) -> Quality:
    """Compare held-out probabilities with every coder's codes; each code is a trial.

    - precision: share of codes with the act, among messages predicted to have it; NaN if there are
      none.
    - recall: share predicted to have the act, among codes with it.
    - f1: 2 tp / (2 tp + fp + fn), which is defined even if only one of precision and recall is.
    - brier: mean of (p - code)^2; 0 is best.
    - skill: 1 - brier / (brier of the constant mean code); 1 is best, and 0 is no better than
      knowing the rate.
    - calibration error: mean over `BINS` bins of |mean prediction - share with the act|, weighted
      by codes. In a finite sample it is positive even for a calibrated classifier.

    Intervals are percentiles of a bootstrap of dialogues. Those of precision, recall and f1 are
    widened if they rest on few messages (`widen_to_exact`). Precision is unknown if no message is
    predicted to have the act.

    Args:
        predicted: predicted probabilities.
        codes: 0 or 1.
        dialogue: number of each message's dialogue.
        weight: weight of each message, such as the inverse of its probability of being sampled;
            equal by default.
        resamples: number of draws.
        seed: seed of the draws.
        confidence: probability content of the intervals.
    """
    units = np.ones(len(predicted)) if weight is None else weight
    share = codes.mean(axis=0)
    chosen = (predicted >= THRESHOLD).astype(float)
    bins = np.minimum((predicted * BINS).astype(int), BINS - 1)
    columns = [
        chosen * share,
        chosen * (1 - share),
        (1 - chosen) * share,
        ((predicted - codes) ** 2).mean(axis=0),
        share,
        np.ones(len(share)),
        *((bins == bin_) * (predicted - share) for bin_ in range(BINS)),
    ]
    names, of = np.unique(dialogue, return_inverse=True)
    sums = np.stack([np.bincount(of, units * column, minlength=len(names)) for column in columns])
    counts = cluster_weights(len(names), resamples, seed)
    drawn = np.concatenate([sums.sum(axis=1)[:, None], sums @ counts.T], axis=1)
    hit, false, missed, squares, yes, total = drawn[:6]
    with np.errstate(invalid="ignore", divide="ignore"):
        rate = yes / total
        measures = (
            hit / (hit + false),
            hit / (hit + missed),
            2 * hit / (2 * hit + false + missed),
            squares / total,
            1 - squares / total / (rate * (1 - rate)),
            np.abs(drawn[6:]).sum(axis=0) / total,
        )
    precision, recall, f1, *others = (
        percentile_interval(float(values[0]), values[1:], confidence=confidence)
        for values in measures
    )
    given = codes.max(axis=0) > 0
    return Quality(
        widen_to_exact(precision, effective_count(units[chosen > 0])),
        widen_to_exact(recall, effective_count(units[given])),
        widen_to_exact(f1, effective_count(units[given])),
        *others,
    )


def reliability(
    predicted: Float[np.ndarray, "unit"], codes: Float[np.ndarray, "coder unit"]
) -> list[Bin]:
    """Compute the reliability curve over `BINS` bins; an empty bin has NaN.

    Args:
        predicted: predicted probabilities.
        codes: 0 or 1.
    """
    bins = np.minimum((predicted * BINS).astype(int), BINS - 1)
    share = codes.mean(axis=0)
    curve = []
    for bin_ in range(BINS):
        rows = bins == bin_
        some = bool(rows.any())
        curve.append(
            Bin(
                int(rows.sum()) * len(codes),
                float(predicted[rows].mean()) if some else float("nan"),
                float(share[rows].mean()) if some else float("nan"),
            )
        )
    return curve

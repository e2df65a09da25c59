"""How well predicted acts fit codes: precision, recall and calibration, with intervals."""

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
"""Probability from which an act counts as predicted."""

BINS = 5
"""Bins of equal width of the predicted probability behind a reliability curve."""


class Quality(NamedTuple):
    """Measures of a classifier (or coder) against codes, each with its interval over dialogues."""

    precision: Interval
    recall: Interval
    f1: Interval
    brier: Interval
    skill: Interval
    calibration_error: Interval


class Bin(NamedTuple):
    """A bin of the reliability curve: codes in it, mean prediction, share of codes with the act."""

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
    """Quality of held-out probabilities against every coder's codes, each code a trial.

    - precision: codes with the act among those of messages predicted to have it; recall: the
      reverse; f1 = 2 tp / (2 tp + fp + fn), which is defined when only one of them is.
    - brier: mean (p - code)^2, 0 is best; skill: 1 - brier / that of the constant mean code, 1 is
      best, 0 what knowing the rate gives.
    - calibration error: mean over `BINS` bins of |mean prediction - share with the act|, weighted
      by codes. It is above 0 for a calibrated classifier too, from the finite sample.

    Intervals are percentiles over whole dialogues; the first three are at least as wide as their
    few messages leave them (`widen_to_exact`). Precision is unknown where nothing is predicted.

    Args:
        weight: of each message, as the inverse of its chance to be drawn; default equal.
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
    """The reliability curve over `BINS` bins; NaN in an empty one."""
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

"""How well predicted acts fit codes: precision, recall and calibration, with intervals."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int

from throffer.people.talk._prevalence import Estimate, widen

RESAMPLES = 2_000
SEED = 17

THRESHOLD = 0.5
"""Probability from which an act counts as predicted."""

BINS = 5
"""Bins of equal width of the predicted probability behind a reliability curve."""


class Quality(NamedTuple):
    """Measures of a classifier (or coder) against codes, each with its interval over dialogues."""

    precision: Estimate
    recall: Estimate
    f1: Estimate
    brier: Estimate
    skill: Estimate
    calibration_error: Estimate


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
    level: float = 0.95,
) -> Quality:
    """Quality of held-out probabilities against every coder's codes, each code a trial.

    - precision: codes with the act among those of messages predicted to have it; recall: the
      reverse; f1 = 2 tp / (2 tp + fp + fn), which is defined when only one of them is.
    - brier: mean (p - code)^2, 0 is best; skill: 1 - brier / that of the constant mean code, 1 is
      best, 0 what knowing the rate gives.
    - calibration error: mean over `BINS` bins of |mean prediction - share with the act|, weighted
      by codes. It is above 0 for a calibrated classifier too, from the finite sample.

    Intervals are percentiles over whole dialogues; the first three are at least as wide as their
    few messages leave them (`widen`). Precision is NaN where nothing is predicted.

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
    rng = np.random.default_rng(seed)
    counts = rng.multinomial(len(names), np.full(len(names), 1 / len(names)), resamples)
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
    ends = [(1 - level) / 2, (1 + level) / 2]
    precision, recall, f1, *others = (_summary(values, ends) for values in measures)
    given = codes.max(axis=0) > 0
    return Quality(
        widen(precision, _effective(units[chosen > 0]), level),
        widen(recall, _effective(units[given]), level),
        widen(f1, _effective(units[given]), level),
        *others,
    )


def _effective(weight: Float[np.ndarray, "unit"]) -> float:
    """Kish's number of equally weighted units; 0 for none."""
    return float(weight.sum() ** 2 / (weight**2).sum()) if len(weight) else 0.0


def _summary(drawn: Float[np.ndarray, "draw"], ends: list[float]) -> Estimate:
    known = drawn[1:][np.isfinite(drawn[1:])]
    if len(known) < len(drawn) / 2:
        return Estimate(float(drawn[0]), float("nan"), float("nan"))
    low, high = np.quantile(known, ends)
    return Estimate(float(drawn[0]), float(low), float(high))


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

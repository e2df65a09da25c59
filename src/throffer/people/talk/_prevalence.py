"""Rates of acts, from the coded sample alone and with the help of predictions."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int

from throffer.stats import (
    CONFIDENCE,
    Interval,
    cluster_weights,
    effective_count,
    percentile_interval,
    widen_to_exact,
)

RESAMPLES = 2_000
"""Number of bootstrap draws of dialogues behind an interval."""

SEED = 13
"""Seed of these draws."""


class Rate(NamedTuple):
    """The rate of an act.

    Attributes:
        hand: estimate from the coded sample alone.
        predicted: estimate with the help of predictions.
        tuning: weight of the predictions; NaN if there are none.
    """

    hand: Interval
    predicted: Interval
    tuning: float


class Population(NamedTuple):
    """All messages of a domain, and those of them that were coded.

    Attributes:
        dialogue: number of each message's dialogue, from 0; the cluster for intervals.
        prediction: predicted probability of the act for each message, the mean over the classifiers
            of all folds; NaN if there is none.
        place: rows of the coded messages.
        code: mean of the coders' codes of each coded message, in [0, 1].
        held_out: predicted probability of each coded message, from the classifier that was not
            trained on its dialogue.
        weight: inverse of each coded message's probability of being sampled.
    """

    dialogue: Int[np.ndarray, "message"]
    prediction: Float[np.ndarray, "message"]
    place: Int[np.ndarray, "coded"]
    code: Float[np.ndarray, "coded"]
    held_out: Float[np.ndarray, "coded"]
    weight: Float[np.ndarray, "coded"]

    def within(self, domain: Bool[np.ndarray, "message"]) -> Population:
        """Select the messages for which `domain` is true."""
        rows = np.flatnonzero(domain)
        kept = domain[self.place]
        return Population(
            self.dialogue[rows],
            self.prediction[rows],
            np.searchsorted(rows, self.place[kept]),
            self.code[kept],
            self.held_out[kept],
            self.weight[kept],
        )


def tune(population: Population) -> float:
    """Compute the weight of predictions that minimises the variance (PPI++, eq. 6), in [0, 1].

    It is the covariance of code and held-out prediction, divided by the variance of the prediction,
    both with the weights of the sample, times 1/(1 + n/N). It is NaN without predictions, and 0 if
    they do not vary.
    """
    if not np.isfinite(population.held_out).all() or len(population.code) < 2:
        return float("nan")
    share = population.weight / population.weight.sum()
    off = population.held_out - share @ population.held_out
    variance = share @ off**2
    if variance == 0:
        return 0.0
    slope = (share @ (off * (population.code - share @ population.code))) / variance
    return float(np.clip(slope / (1 + len(population.code) / len(population.dialogue)), 0, 1))


def estimate(
    population: Population,
    tuning: float | None = None,
    resamples: int = RESAMPLES,
    seed: int = SEED,
    confidence: float = CONFIDENCE,
) -> Rate:
    """Estimate the rate of an act in a population, with and without predictions.

    Without predictions (`hand`): sum of weight x code over sum of weight (Hajek). With predictions:
    that, plus tuning times the difference between the mean prediction over all messages and the
    weighted mean of the held-out predictions over coded messages. The errors of a biased classifier
    on coded messages thus correct it, and a useless one gets no weight (Angelopoulos, Bates,
    Fannjiang, Jordan and Zrnic 2023, Science 382:669; with cross-fitting, Zrnic and Candes 2024,
    PNAS 121; PPI++, arXiv 2311.01453).

    Intervals are percentiles of a bootstrap of dialogues. With few messages that have the act they
    would be too narrow, so they are widened to the exact bounds for the effective number of
    messages (`widen_to_exact`, `effective_count`).

    Args:
        population: the messages.
        tuning: weight of the predictions; by default `tune(population)`.
        resamples: number of draws.
        seed: seed of the draws.
        confidence: probability content of the intervals.

    Returns:
        Both rates. They are unknown if nothing was coded. The rate with predictions is also unknown
        if no coded message has the act, because predictions then cannot be corrected. The ends of
        the intervals are None if fewer than two dialogues were coded.
    """
    if len(population.code) == 0:
        none = Interval.unknown("no message was coded", confidence=confidence)
        return Rate(none, none, float("nan"))
    weight = tune(population) if tuning is None else tuning
    names, of = np.unique(population.dialogue, return_inverse=True)
    many = len(names)
    coded = of[population.place]

    def by_dialogue(
        where: Int[np.ndarray, "row"], value: Float[np.ndarray, "row"]
    ) -> Float[np.ndarray, "dialogue"]:
        return np.bincount(where, value, minlength=many)

    sums = np.stack(
        [
            by_dialogue(coded, population.weight * population.code),
            by_dialogue(coded, population.weight * population.held_out),
            by_dialogue(coded, population.weight),
            by_dialogue(of, population.prediction),
            by_dialogue(of, np.ones(len(of))),
        ]
    )
    counts = cluster_weights(many, resamples, seed)
    drawn = np.concatenate([sums.sum(axis=1)[:, None], sums @ counts.T], axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        hand = drawn[0] / drawn[2]
        mended = hand + weight * (drawn[3] / drawn[4] - drawn[1] / drawn[2])
    enough = len(np.unique(coded)) > 1
    effective = effective_count(population.weight)

    def interval(values: Float[np.ndarray, "draw"]) -> Interval:
        found = percentile_interval(
            float(values[0]),
            values[1:] if enough else values[:0],
            why="fewer than two dialogues were coded",
            confidence=confidence,
        )
        return widen_to_exact(found, effective)

    if not (np.isfinite(weight) and population.code.any()):
        none = Interval.unknown("no predictions, or no act to correct them", confidence=confidence)
        return Rate(interval(hand), none, float("nan"))
    return Rate(interval(hand), interval(np.clip(mended, 0, 1)), weight)

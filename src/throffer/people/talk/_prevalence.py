"""How often an act occurs: by hand with the weights of the sample, and with predictions added."""

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
"""Draws of whole dialogues behind an interval."""

SEED = 13
"""Seed of those draws."""


class Rate(NamedTuple):
    """A rate by hand alone, and with predictions; `tuning` is the weight of these, or NaN."""

    hand: Interval
    predicted: Interval
    tuning: float


class Population(NamedTuple):
    """Every message of a domain, and which of them were coded.

    Attributes:
        dialogue: of each message, an index from 0; drawn together.
        prediction: probability of the act, NaN for none; for coded messages of the classifiers of
            all folds like everywhere else.
        place: rows of the coded messages; `code`: mean of what their coders said, in [0, 1];
            `held_out`: probability from the classifier that did not see their dialogue; `weight`:
            inverse of their chance to be drawn.
    """

    dialogue: Int[np.ndarray, "message"]
    prediction: Float[np.ndarray, "message"]
    place: Int[np.ndarray, "coded"]
    code: Float[np.ndarray, "coded"]
    held_out: Float[np.ndarray, "coded"]
    weight: Float[np.ndarray, "coded"]

    def within(self, domain: Bool[np.ndarray, "message"]) -> Population:
        """The part of it where `domain` holds."""
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
    """Weight of the predictions that makes the variance smallest (PPI++, eq. 6), in [0, 1].

    Covariance of code and held-out prediction over the variance of the latter, with the weights of
    the sample, times 1/(1 + n/N). NaN without predictions, 0 where they do not vary.
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
    """The rate of an act in a population, both ways, with percentile intervals over dialogues.

    By hand: sum of weight x code over sum of weight (Hajek). With predictions: that, plus tuning
    times what the mean prediction over all messages exceeds its weighted mean over the coded ones,
    held out. A biased classifier is so corrected by its own errors on coded messages, and a useless
    one gets no weight (Angelopoulos, Bates, Fannjiang, Jordan and Zrnic 2023, Science 382:669; with
    cross-fitting, Zrnic and Candes 2024, PNAS 121; PPI++, arXiv 2311.01453).

    Unknown where nothing was coded, and for the second where no coded message shows the act: there
    is nothing to correct predictions by. Without ends where fewer than two dialogues were coded.
    Few messages with an act make a bootstrap too narrow: intervals are widened to the exact bounds
    of as many messages as the weights leave (`widen_to_exact`, `effective_count`).

    Args:
        tuning: default `tune(population)`.
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

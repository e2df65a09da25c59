"""Rates of acts, from the coded sample alone and with the help of predictions."""

from __future__ import annotations

import functools
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int

RESAMPLES = 2_000
"""Number of bootstrap draws of dialogues behind an interval."""

SEED = 13
"""Seed of these draws."""


class Estimate(NamedTuple):
    """A rate with its interval, clustered by dialogue."""

    value: float
    low: float
    high: float


class Rate(NamedTuple):
    """The rate of an act.

    Attributes:
        hand: estimate from the coded sample alone.
        predicted: estimate with the help of predictions.
        tuning: weight of the predictions; NaN if there are none.
    """

    hand: Estimate
    predicted: Estimate
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
    level: float = 0.95,
) -> Rate:
    """Estimate the rate of an act in a population, with and without predictions.

    Without predictions (`hand`): sum of weight x code over sum of weight (Hajek). With predictions:
    that, plus tuning times the difference between the mean prediction over all messages and the
    weighted mean of the held-out predictions over coded messages. The errors of a biased classifier
    on coded messages thus correct it, and a useless one gets no weight (Angelopoulos, Bates,
    Fannjiang, Jordan and Zrnic 2023, Science 382:669; with cross-fitting, Zrnic and Candes 2024,
    PNAS 121; PPI++, arXiv 2311.01453).

    Intervals are percentiles of a bootstrap of dialogues. With few messages that have the act, they
    would be too narrow, so `widen` is applied with Kish's effective number of messages (square of
    the sum of the weights over the sum of their squares).

    Args:
        population: the messages.
        tuning: weight of the predictions; by default `tune(population)`.
        resamples: number of draws.
        seed: seed of the draws.
        level: level of the intervals.

    Returns:
        Both rates. They are NaN if nothing was coded. The rate with predictions is also NaN if no
        coded message has the act, because predictions then cannot be corrected. The ends of the
        intervals are NaN if fewer than two dialogues were coded.
    """
    unknown = Estimate(float("nan"), float("nan"), float("nan"))
    if len(population.code) == 0:
        return Rate(unknown, unknown, float("nan"))
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
    counts = _draw_dialogues(many, resamples, seed)
    drawn = np.concatenate([sums.sum(axis=1)[:, None], sums @ counts.T], axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        hand = drawn[0] / drawn[2]
        mended = hand + weight * (drawn[3] / drawn[4] - drawn[1] / drawn[2])
    enough = len(np.unique(coded)) > 1
    effective = population.weight.sum() ** 2 / (population.weight**2).sum()
    some = np.isfinite(weight) and population.code.any()
    return Rate(
        widen(_summary(hand, enough, level), effective, level),
        widen(_summary(np.clip(mended, 0, 1), enough, level), effective, level)
        if some
        else unknown,
        weight if some else float("nan"),
    )


@functools.lru_cache(maxsize=8)
def _draw_dialogues(many: int, resamples: int, seed: int) -> Int[np.ndarray, "draw dialogue"]:
    """Draw how often each dialogue counts; cached, because all acts of a domain use the same."""
    rng = np.random.default_rng(seed)
    counts = rng.multinomial(many, np.full(many, 1 / many), resamples)
    counts.flags.writeable = False
    return counts


def _summary(drawn: Float[np.ndarray, "draw"], enough: bool, level: float) -> Estimate:
    low, high = (
        np.nanquantile(drawn[1:], [(1 - level) / 2, (1 + level) / 2])
        if enough
        else (np.nan, np.nan)
    )
    return Estimate(float(drawn[0]), float(low), float(high))


def widen(found: Estimate, units: float, level: float = 0.95) -> Estimate:
    """Widen the interval of a share so that it respects the number of units.

    A bootstrap of units that are all equal has no width. The interval is therefore extended to at
    least 1 - (1 - level)^(1/n), about 3/n, above and to at most (1 - level)^(1/n) below. These are
    the exact one-sided bounds for 0 and for n events of n (Hanley and Lippman-Hand 1983, JAMA
    249:1743). Units are taken as independent.

    Args:
        found: the share with its interval.
        units: number of units n; 0 leaves the interval unchanged.
        level: level of the interval.

    ```python
    >>> f"{widen(Estimate(0.0, 0.0, 0.0), 220).high:.4f}"
    '0.0135'

    ```
    """
    if not units:
        return found
    edge = (1 - level) ** (1 / units)
    return Estimate(found.value, min(found.low, edge), max(found.high, 1 - edge))

"""How often an act occurs: by hand with the weights of the sample, and with predictions added."""

from __future__ import annotations

import functools
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int

RESAMPLES = 2_000
"""Draws of whole dialogues behind an interval."""

SEED = 13
"""Seed of those draws."""


class Estimate(NamedTuple):
    """A rate with its interval over dialogues."""

    value: float
    low: float
    high: float


class Rate(NamedTuple):
    """A rate by hand alone, and with predictions; `tuning` is the weight of these, or NaN."""

    hand: Estimate
    predicted: Estimate
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
    level: float = 0.95,
) -> Rate:
    """The rate of an act in a population, both ways, with percentile intervals over dialogues.

    By hand: sum of weight x code over sum of weight (Hajek). With predictions: that, plus tuning
    times what the mean prediction over all messages exceeds its weighted mean over the coded ones,
    held out. A biased classifier is so corrected by its own errors on coded messages, and a useless
    one gets no weight (Angelopoulos, Bates, Fannjiang, Jordan and Zrnic 2023, Science 382:669; with
    cross-fitting, Zrnic and Candes 2024, PNAS 121; PPI++, arXiv 2311.01453).

    NaN where nothing was coded, and for the second where no coded message shows the act: there is
    nothing to correct predictions by. Ends are NaN where fewer than two dialogues were coded. Few
    messages with an act make a bootstrap too narrow: see `widen`, with as many messages as the
    weights leave (Kish: square of their sum over the sum of their squares).

    Args:
        tuning: default `tune(population)`.
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
    """How often each dialogue is drawn; the same for every act of a domain."""
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
    """An interval of a share at least as wide as none or all of so many units would leave it.

    Up to 1 - (1 - level)^(1/n), about 3/n, and down to (1 - level)^(1/n): the exact one-sided
    bounds (Hanley and Lippman-Hand 1983, JAMA 249:1743). A bootstrap of units that are all alike
    has no width. It takes the units as independent.

    ```python
    >>> f"{widen(Estimate(0.0, 0.0, 0.0), 220).high:.4f}"
    '0.0135'

    ```
    """
    if not units:
        return found
    edge = (1 - level) ** (1 / units)
    return Estimate(found.value, min(found.low, edge), max(found.high, 1 - edge))

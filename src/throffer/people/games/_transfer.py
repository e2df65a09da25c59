"""How well a model that is fitted to one source predicts what people of another did."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from throffer.people.games._tables import LogScore, PredictedBin, Transfer
from throffer.stats import (
    ClusterFit,
    Interval,
    cluster_weights,
    one_step_draws,
    percentile_interval,
    wilson,
)

DRAWS = 1000
"""Number of joint draws of the parameters and of the predicted clusters behind an interval."""

SEED = 1
"""Seed of those draws."""

FLOOR = 1e-9
"""Smallest probability that enters a log score."""

Chances = Mapping[str, Float[np.ndarray, "draw cell"]]
"""Predicted probabilities by model; the first row is for the estimate, the others for draws."""


class Observed(NamedTuple):
    """Events and trials by cell; the first row as observed, the others with resampled clusters.

    Attributes:
        events: number of events.
        trials: number of trials.
        clusters: number of clusters.
        single: whether no cluster has more than one trial, so that trials are independent.
        categories: whether the cells are the categories of one choice. All cells then have the same
            trials.
    """

    events: Float[np.ndarray, "draw cell"]
    trials: Float[np.ndarray, "draw cell"]
    clusters: int
    single: bool
    categories: bool


class Story(NamedTuple):
    """Description of a prediction; the fields are those of `Transfer`."""

    name: str
    fitted_on: str
    predicts: str
    unit: str
    note: str


class Bins(NamedTuple):
    """The bins in which cells are shown.

    Attributes:
        labels: the bins in words.
        cells: bin of each cell; -1 if the cell is not shown.
        values: value of each cell, if the mean of the values is to be shown.
    """

    labels: Sequence[str]
    cells: Sequence[int]
    values: Float[np.ndarray, "cell"] | None = None


def predict(story: Story, seen: Observed, chances: Chances, bins: Bins, reference: str) -> Transfer:
    """Compare predictions with observations.

    Args:
        story: description of the prediction.
        seen: the observations.
        chances: predicted probabilities by model.
        bins: the bins in which cells are shown.
        reference: name of the model with which log scores are compared.
    """
    rows = predicted_bins(seen, chances, bins.labels, bins.cells)
    if bins.values is not None:
        rows = (*rows, mean_bin(seen, chances, bins.values, "mean share"))
    return Transfer(
        name=story.name,
        fitted_on=story.fitted_on,
        predicts=story.predicts,
        trials=float(seen.trials[0, 0] if seen.categories else seen.trials[0].sum()),
        clusters=seen.clusters,
        cluster_unit=story.unit,
        bins=rows,
        scores=log_scores(seen, chances, reference),
        note=story.note,
    )


def parameter_draws(fit: ClusterFit, seed: int = SEED) -> Float[np.ndarray, "draw parameter"]:
    """The estimate of the parameters, followed by draws from their distribution."""
    return np.vstack([fit.mode, one_step_draws(fit, DRAWS, seed)])


def at_each(
    chance: Callable[[Float[Array, "parameter"]], Float[Array, "cell"]],
    thetas: Float[np.ndarray, "draw parameter"],
) -> Float[np.ndarray, "draw cell"]:
    """Compute predicted probabilities at every draw, in double precision.

    Args:
        chance: computes the probabilities from one parameter vector.
        thetas: parameter vectors.
    """
    with jax.enable_x64(True):
        return np.asarray(jax.jit(jax.vmap(chance))(jnp.asarray(thetas)))


def constant(chances: Float[np.ndarray, "cell"]) -> Float[np.ndarray, "draw cell"]:
    """Repeat probabilities that do not depend on parameters, once for each draw."""
    return np.tile(chances, (1 + DRAWS, 1))


def redraw(clusters: int) -> Float[np.ndarray, "draw cluster"]:
    """Weights of the clusters: 1 in the first row, and bootstrap counts in the others."""
    return np.vstack([np.ones((1, clusters)), cluster_weights(clusters, DRAWS, SEED)])


def observed_trials(
    events: Float[np.ndarray, "cluster cell"], trials: Float[np.ndarray, "cluster cell"]
) -> Observed:
    """Build `Observed` from cells with trials of their own."""
    weights = redraw(len(events))
    single = bool(trials.sum(1).max() <= 1)
    return Observed(weights @ events, weights @ trials, len(events), single, categories=False)


def observed_choices(counts: Float[np.ndarray, "cluster category"]) -> Observed:
    """Build `Observed` from choices among categories."""
    counts = counts[counts.sum(1) > 0]
    events = redraw(len(counts)) @ counts
    trials = np.broadcast_to(events.sum(1, keepdims=True), events.shape)
    single = bool(counts.sum(1).max() <= 1)
    return Observed(events, trials, len(counts), single, categories=True)


def log_scores(seen: Observed, chances: Chances, reference: str) -> tuple[LogScore, ...]:
    """Compute the log score of each model, and its difference from the reference.

    Args:
        seen: the observations.
        chances: predicted probabilities by model.
        reference: name of the model with which scores are compared.
    """
    scores = {name: _score(seen, chance) for name, chance in chances.items()}
    return tuple(
        LogScore(
            model=name,
            score=bounds(score),
            reference=reference,
            ahead=None if name == reference else bounds(score - scores[reference]),
        )
        for name, score in scores.items()
    )


def _score(seen: Observed, chance: Float[np.ndarray, "draw cell"]) -> Float[np.ndarray, "draw"]:
    chance = np.clip(chance, FLOOR, 1 - FLOOR)
    total = (seen.events * np.log(chance)).sum(1)
    if seen.categories:
        return total / seen.trials[:, 0]
    return (total + ((seen.trials - seen.events) * np.log1p(-chance)).sum(1)) / seen.trials.sum(1)


def predicted_bins(
    seen: Observed, chances: Chances, labels: Sequence[str], cell_label: Sequence[int]
) -> tuple[PredictedBin, ...]:
    """Compute observed and predicted rates of each bin.

    Args:
        seen: the observations.
        chances: predicted probabilities by model.
        labels: the bins in words.
        cell_label: bin of each cell; -1 if the cell is not shown.
    """
    bins = []
    for code, label in enumerate(labels):
        inside = np.asarray(cell_label) == code
        events = seen.events[:, inside].sum(1)
        trials = seen.trials[:, inside]
        total = trials[:, 0] if seen.categories else trials.sum(1)
        if total[0] == 0:
            continue
        bins.append(
            PredictedBin(
                label=label,
                count=float(events[0]),
                trials=float(total[0]),
                observed=_rate(events, total, seen.single),
                predicted={
                    name: bounds(
                        chance[:, inside].sum(1)
                        if seen.categories
                        else chance[:, inside] @ trials[0] / total[0]
                    )
                    for name, chance in chances.items()
                },
            )
        )
    return tuple(bins)


def mean_bin(
    seen: Observed, chances: Chances, values: Float[np.ndarray, "category"], label: str
) -> PredictedBin:
    """Compute the observed and predicted mean of a choice whose categories have values.

    Args:
        seen: the choices.
        chances: predicted probabilities by model.
        values: value of each category.
        label: label of the result.
    """
    return PredictedBin(
        label=label,
        count=None,
        trials=float(seen.trials[0, 0]),
        observed=bounds((seen.events / seen.trials) @ values),
        predicted={name: bounds(chance @ values) for name, chance in chances.items()},
    )


def bounds(drawn: Float[np.ndarray, "draw"]) -> Interval:
    """Take the first number as the estimate and the middle 95 % of the others as its interval."""
    return percentile_interval(float(drawn[0]), drawn[1:])


def _rate(events: np.ndarray, trials: np.ndarray, single: bool) -> Interval:
    """Compute a rate with its interval from a bootstrap of clusters.

    Wilson's interval is used if trials are independent, or if all trials are equal, because a
    bootstrap of equal clusters has no spread.
    """
    count, total = float(events[0]), float(trials[0])
    if single or count in (0.0, total):
        return wilson(round(count), round(total)).model_copy(update={"estimate": count / total})
    return bounds(events / np.where(trials > 0, trials, np.nan))

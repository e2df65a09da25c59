"""How well a model fitted on one source says what people of another did."""

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
"""Draws behind an interval: parameters and whole clusters of what is predicted, together."""

SEED = 1
"""Seed of those draws."""

FLOOR = 1e-9
"""Smallest probability that a score takes the logarithm of."""

Chances = Mapping[str, Float[np.ndarray, "draw cell"]]
"""Predicted probabilities by model; the first row is at the estimate, the others are draws."""


class Observed(NamedTuple):
    """Events among trials by cell: the first row as they are, the others with clusters redrawn.

    Attributes:
        single: whether a cluster has at most one trial, so that rows are independent.
        categories: whether the cells are the categories of one choice instead of trials of their
            own; trials are then the same in every cell.
    """

    events: Float[np.ndarray, "draw cell"]
    trials: Float[np.ndarray, "draw cell"]
    clusters: int
    single: bool
    categories: bool


class Story(NamedTuple):
    """What is predicted from what; see `Transfer`."""

    name: str
    fitted_on: str
    predicts: str
    unit: str
    note: str


class Bins(NamedTuple):
    """Labels of bins, and the label of each cell (-1 for a cell that none shows).

    `values` of the cells, where their mean means something.
    """

    labels: Sequence[str]
    cells: Sequence[int]
    values: Float[np.ndarray, "cell"] | None = None


def predict(story: Story, seen: Observed, chances: Chances, bins: Bins, reference: str) -> Transfer:
    """Observed beside predicted, and log scores against the model `reference`."""
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
    """The estimate, then draws about it."""
    return np.vstack([fit.mode, one_step_draws(fit, DRAWS, seed)])


def at_each(
    chance: Callable[[Float[Array, "parameter"]], Float[Array, "cell"]],
    thetas: Float[np.ndarray, "draw parameter"],
) -> Float[np.ndarray, "draw cell"]:
    """Predicted probabilities at every draw, in double precision."""
    with jax.enable_x64(True):
        return np.asarray(jax.jit(jax.vmap(chance))(jnp.asarray(thetas)))


def constant(chances: Float[np.ndarray, "cell"]) -> Float[np.ndarray, "draw cell"]:
    """Probabilities that no parameter moves."""
    return np.tile(chances, (1 + DRAWS, 1))


def redraw(clusters: int) -> Float[np.ndarray, "draw cluster"]:
    """How often each cluster counts: once, and then as it is drawn."""
    return np.vstack([np.ones((1, clusters)), cluster_weights(clusters, DRAWS, SEED)])


def observed_trials(
    events: Float[np.ndarray, "cluster cell"], trials: Float[np.ndarray, "cluster cell"]
) -> Observed:
    """Events among the trials of each cell."""
    weights = redraw(len(events))
    single = bool(trials.sum(1).max() <= 1)
    return Observed(weights @ events, weights @ trials, len(events), single, categories=False)


def observed_choices(counts: Float[np.ndarray, "cluster category"]) -> Observed:
    """Choices among the categories."""
    counts = counts[counts.sum(1) > 0]
    events = redraw(len(counts)) @ counts
    trials = np.broadcast_to(events.sum(1, keepdims=True), events.shape)
    single = bool(counts.sum(1).max() <= 1)
    return Observed(events, trials, len(counts), single, categories=True)


def log_scores(seen: Observed, chances: Chances, reference: str) -> tuple[LogScore, ...]:
    """Mean log probability of what was observed under each model, and how far it is ahead."""
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
    """Observed and predicted rates of each label; `cell_label` says which label a cell is of."""
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
    """The mean of a choice whose categories have values."""
    return PredictedBin(
        label=label,
        count=None,
        trials=float(seen.trials[0, 0]),
        observed=bounds((seen.events / seen.trials) @ values),
        predicted={name: bounds(chance @ values) for name, chance in chances.items()},
    )


def bounds(drawn: Float[np.ndarray, "draw"]) -> Interval:
    """The first as estimate, the middle 95 % of the others as interval."""
    return percentile_interval(float(drawn[0]), drawn[1:])


def _rate(events: np.ndarray, trials: np.ndarray, single: bool) -> Interval:
    """A rate with its interval: by clusters, or Wilson's where rows are independent or all alike,
    since redrawing clusters that are all alike shows no spread.
    """
    count, total = float(events[0]), float(trials[0])
    if single or count in (0.0, total):
        return wilson(round(count), round(total)).model_copy(update={"estimate": count / total})
    return bounds(events / np.where(trials > 0, trials, np.nan))

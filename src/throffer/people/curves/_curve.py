"""A curve of people: how often they did something, along one axis of one source."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from jaxtyping import Float
from pydantic import Field, model_validator

import throffer
from throffer.people.games._tables import Stored
from throffer.record import Source
from throffer.stats import CONFIDENCE, Interval, cluster_draws, percentile_interval, wilson

SEED = 1
"""Seed of the bootstrap draws of clusters."""

FEW = 200
"""Largest number of clusters that counts as few."""

RESAMPLES = (20_000, 2_000)
"""Number of bootstrap draws with few clusters, and with many."""

FIXED = {
    "ransomchats": "every chat is coercion by selection",
    "ai_incidents": "only what went wrong is recorded",
    "games_crosscultural_dictator": "a dictator has nothing to coerce with or for",
    "games_impunity": "a proposer has nothing to coerce with or for",
    "games_moblab": "a proposer has no means of coercion",
    "games_printed_tables": "a proposer has no means of coercion",
}
"""Sources that cannot give a rate of unsanctioned conduct, with the reason.

Their conduct is determined by how cases were selected or by the rules of a game.
"""

Coordinate = Literal["power", "information", "constraint"]
Direction = Literal["up", "down", "open"]


class PeopleBin(Stored):
    """Events among trials in one bin of the axis.

    Attributes:
        low: lower end, included; null if open.
        high: upper end, included; null if open.
        label: the bin in words, if its ends do not describe it.
        count: number of events; null if `rate` is a mean share.
        trials: number of trials.
        rate: share of trials with the event, or a mean share.
        interval_low: lower end of the interval; null if fewer than two clusters have trials here.
        interval_high: upper end of the interval, likewise.
    """

    low: float | None
    high: float | None
    label: str | None = None
    count: int | None = Field(ge=0)
    trials: int = Field(ge=0)
    rate: float = Field(ge=0, le=1)
    interval_low: float | None
    interval_high: float | None


class PeopleCurve(Stored):
    """How often people did something, along one axis of one source.

    Attributes:
        name: name of the curve.
        heading: who did what, in a few words.
        source: name of the source.
        title: title of the source.
        citation: what to cite.
        licence: licence of the source.
        origin: where the data come from.
        coordinate: the asymmetry that the axis stands for.
        outcome: what is counted, or the share that is averaged.
        unsanctioned: whether the outcome is conduct against ordinary norms.
        axis: what the axis measures.
        unit: unit of the axis, which is the source's own.
        expected: direction in which the theory expects the rate to change along the axis.
        why: reason for this expectation.
        bins: bins of the axis.
        trend: Somers' D of the axis given the event: the probability that an event lies further
            along the axis than a non-event, minus the probability that it lies less far. Only
            ranks matter.
        count: number of events; null if a share is averaged.
        trials: number of trials.
        clusters: number of clusters, which are resampled for the intervals.
        cluster_unit: what a cluster is.
        level: level of the intervals.
        resamples: number of bootstrap draws.
        seed: seed of the draws.
        data: checksum of the raw files.
        code_version: version of the package that made the curve.
        note: what a reader has to know before comparing.
    """

    name: str
    heading: str
    source: str
    title: str
    citation: str
    licence: str
    origin: str
    coordinate: Coordinate
    outcome: str
    unsanctioned: bool
    axis: str
    unit: str
    expected: Direction
    why: str
    bins: tuple[PeopleBin, ...]
    trend: Interval
    count: int | None
    trials: int
    clusters: int
    cluster_unit: str
    level: float
    resamples: int
    seed: int
    data: str
    code_version: str
    note: str

    def labels(self) -> list[str]:
        """Label of every bin; numbers have a sign if the axis includes negative ones."""
        ends = [end for one in self.bins for end in (one.low, one.high) if end is not None]
        sign = "+" if min(ends) < 0 else ""
        return [_label(one, sign) for one in self.bins]

    @model_validator(mode="after")
    def _has_a_denominator(self) -> PeopleCurve:
        if self.unsanctioned and self.source in FIXED:
            raise ValueError(
                f"{self.source} gives no rate of unsanctioned conduct: {FIXED[self.source]}"
            )
        return self


class BinEnds(NamedTuple):
    """Ends of a bin of an axis, and its label if the ends do not describe it."""

    low: float | None
    high: float | None
    label: str | None = None


class Dose(NamedTuple):
    """The data of a curve: events and trials by cluster and bin.

    The other fields are those of `PeopleCurve`. `mean` is whether `events` are sums of shares
    instead of counts.
    """

    name: str
    heading: str
    source: Source
    coordinate: Coordinate
    outcome: str
    unsanctioned: bool
    axis: str
    unit: str
    expected: Direction
    why: str
    bins: tuple[BinEnds, ...]
    events: Float[np.ndarray, "cluster bin"]
    trials: Float[np.ndarray, "cluster bin"]
    cluster_unit: str
    note: str
    mean: bool = False


def curve_of(dose: Dose, data: str) -> PeopleCurve:
    """Compute a curve with intervals from a bootstrap of clusters.

    Args:
        dose: the counts.
        data: checksum of the raw files.
    """
    clusters = len(dose.events)
    resamples = RESAMPLES[0] if clusters <= FEW else RESAMPLES[1]
    intervals, trend = _intervals(dose, resamples)
    events, trials = dose.events.sum(0), dose.trials.sum(0)
    counts = [None if dose.mean else round(value) for value in events]
    return PeopleCurve(
        name=dose.name,
        heading=dose.heading,
        source=dose.source.name,
        title=dose.source.title,
        citation=dose.source.citation,
        licence=dose.source.licence,
        origin=dose.source.origin,
        coordinate=dose.coordinate,
        outcome=dose.outcome,
        unsanctioned=dose.unsanctioned,
        axis=dose.axis,
        unit=dose.unit,
        expected=dose.expected,
        why=dose.why,
        bins=tuple(
            PeopleBin(
                low=ends.low,
                high=ends.high,
                label=ends.label,
                count=counts[place],
                trials=round(trials[place]),
                rate=float(events[place] / trials[place]),
                interval_low=intervals[place].low,
                interval_high=intervals[place].high,
            )
            for place, ends in enumerate(dose.bins)
        ),
        trend=trend,
        count=None if dose.mean else round(events.sum()),
        trials=round(trials.sum()),
        clusters=clusters,
        cluster_unit=dose.cluster_unit,
        level=CONFIDENCE,
        resamples=resamples,
        seed=SEED,
        data=data,
        code_version=throffer.__version__,
        note=dose.note,
    )


def somers_d(
    events: Float[np.ndarray, "*draw bin"], others: Float[np.ndarray, "*draw bin"]
) -> Float[np.ndarray, "*draw"]:
    """Somers' D: P(an event lies further along the axis than a non-event) - P(it lies less far).

    It is between -1 and 1, and 0 if there is no order. Only the order of the bins matters (Somers
    1962).

    Args:
        events: number of events by bin.
        others: number of non-events by bin.

    Returns:
        D; NaN if there are no events or no non-events.

    ```python
    >>> float(somers_d(np.array([0.0, 2.0]), np.array([2.0, 0.0])))
    1.0

    ```
    """
    below = np.cumsum(others, -1) - others
    above = others.sum(-1, keepdims=True) - others - below
    pairs = events.sum(-1) * others.sum(-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(pairs > 0, (events * (below - above)).sum(-1) / pairs, np.nan)


def _intervals(dose: Dose, resamples: int) -> tuple[list[Interval], Interval]:
    """The interval of each bin's rate, and that of the trend."""
    events, trials = cluster_draws(dose.events, dose.trials, resamples=resamples, seed=SEED)
    drawn = events / np.where(trials > 0, trials, np.nan)
    intervals = []
    for place in range(len(dose.bins)):
        present = int(np.count_nonzero(dose.trials[:, place]))
        count, total = dose.events[:, place].sum(), dose.trials[:, place].sum()
        if present < 2:
            intervals.append(Interval.unknown("fewer than two clusters"))
        elif count in (0.0, total):
            # a bootstrap of equal clusters has no spread: use Wilson, with a cluster as one trial
            intervals.append(wilson(present if count else 0, present))
        else:
            intervals.append(percentile_interval(float(count / total), drawn[:, place]))
    trend = somers_d(dose.events.sum(0), (dose.trials - dose.events).sum(0))
    return intervals, percentile_interval(float(trend), somers_d(events, trials - events))


def _label(one: PeopleBin, sign: str) -> str:
    if one.label is not None:
        return one.label
    if one.low is None:
        return f"{one.high:{sign}g} and below"
    if one.high is None:
        return f"{one.low:{sign}g} and above"
    if one.low == one.high:
        return f"{one.low:{sign if one.low else ''}g}"
    return f"{one.low:{sign}g} to {one.high:{sign}g}"

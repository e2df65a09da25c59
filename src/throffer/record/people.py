"""Rates of people as small derived tables that ship with the package."""

from __future__ import annotations

import importlib.resources
from pathlib import Path

import numpy as np
import polars as pl
from pydantic import BaseModel, ConfigDict, Field

import throffer
from throffer.record.files import record_folder
from throffer.record.sources import diplomacy
from throffer.record.statistics import cluster_intervals
from throffer.structure import SetupError, write_whole

RESAMPLES = 20_000
"""Draws of whole clusters behind an interval."""

SEED = 1
"""Seed of those draws."""

LEVEL = 0.95
"""Level of the intervals."""


class PeopleBin(BaseModel):
    """Events among trials in one bin of the axis; both ends belong to it, null for an open end.

    The interval is null where fewer than two clusters have trials in the bin.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    low: float | None
    high: float | None
    count: int = Field(ge=0)
    trials: int = Field(ge=0)
    rate: float = Field(ge=0, le=1)
    interval_low: float | None
    interval_high: float | None


class PeopleCurve(BaseModel):
    """How often people did something, along one axis of one source.

    - `outcome`: what is counted; `axis`, `unit`: along what, and in which unit.
    - `clusters`, `cluster_unit`: number and kind of what is resampled whole for the intervals.
    - `level`, `resamples`, `seed`: of those intervals.
    - `data`: checksum of the raw files; `code_version`: of the package that made it.
    - `note`: what a reader has to know before comparing.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    title: str
    citation: str
    licence: str
    origin: str
    outcome: str
    axis: str
    unit: str
    bins: tuple[PeopleBin, ...]
    count: int
    trials: int
    clusters: int
    cluster_unit: str
    level: float
    resamples: int
    seed: int
    data: str
    code_version: str
    note: str


def people_curve(folder: Path | None = None) -> PeopleCurve:
    """Rate of lies in Diplomacy by score difference, from the raw files.

    Intervals are percentiles of a bootstrap of whole games. Raises `SetupError` for missing,
    truncated or other files.
    """
    source = diplomacy.SOURCE
    raw = source.raw(folder or record_folder())
    messages, _ = diplomacy.read_messages(raw)
    grid = (
        messages.with_columns(bin=diplomacy.delta_bin(pl.col("delta")))
        .group_by("game", "bin")
        .agg(k=pl.col("lie").sum().cast(pl.Float64), n=pl.len().cast(pl.Float64))
    )
    counts, trials = (_by_cluster(grid, value) for value in ("k", "n"))
    intervals = cluster_intervals(counts, trials, resamples=RESAMPLES, seed=SEED, level=LEVEL)
    bins = tuple(
        PeopleBin(
            low=low,
            high=high,
            count=int(counts[:, place].sum()),
            trials=int(trials[:, place].sum()),
            rate=counts[:, place].sum() / trials[:, place].sum(),
            interval_low=_known(intervals[place].low),
            interval_high=_known(intervals[place].high),
        )
        for place, (low, high) in enumerate(diplomacy.DELTA_BINS)
    )
    return PeopleCurve(
        source=source.name,
        title=source.title,
        citation=source.citation,
        licence=source.licence,
        origin=source.origin,
        outcome="messages that their sender marked as a lie",
        axis="score difference, sender minus receiver",
        unit="supply centres",
        bins=bins,
        count=int(counts.sum()),
        trials=int(trials.sum()),
        clusters=counts.shape[0],
        cluster_unit="game",
        level=LEVEL,
        resamples=RESAMPLES,
        seed=SEED,
        data=raw.identity(),
        code_version=throffer.__version__,
        note=(
            "Volunteers in a game whose rules allow lying, so the rate is theirs in that game and "
            "no rate of models. A lie is what its sender meant as one, in any kind of talk, and "
            "most messages propose nothing. Few games: such intervals tend to be too narrow."
        ),
    )


def _by_cluster(grid: pl.DataFrame, value: str) -> np.ndarray:
    """Clusters by bins, 0 where a cluster has nothing in a bin."""
    wide = grid.sort("bin").pivot("bin", index="game", values=value, sort_columns=True)
    return wide.sort("game").drop("game").fill_null(0.0).to_numpy()


def _known(value: float) -> float | None:
    return None if np.isnan(value) else value


def shipped(source: str) -> Path:
    """Where the package keeps the derived table of a source."""
    return Path(str(importlib.resources.files("throffer.record") / "derived" / f"{source}.json"))


def load_people(source: str = "diplomacy") -> PeopleCurve:
    """The curve that ships with the package; needs no raw data.

    Raises `ValueError` for a source without one, `SetupError` for a damaged installation.

    ```python
    >>> curve = load_people()
    >>> curve.trials, curve.count, curve.clusters
    (17289, 887, 12)

    ```
    """
    if source != diplomacy.SOURCE.name:
        raise ValueError(f"no curve of people ships for {source!r}; there is one for: diplomacy")
    path = shipped(source)
    try:
        return PeopleCurve.model_validate_json(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise SetupError(f"{path} cannot be read ({error}).", "Install throffer again.") from error


def write_people(path: Path | None = None, folder: Path | None = None) -> Path:
    """Rebuild the curve from the raw files and write it, by default where the package keeps it."""
    curve = people_curve(folder)
    path = path or shipped(curve.source)
    write_whole(path, lambda target: target.write_text(curve.model_dump_json(indent=1) + "\n"))
    return path

"""Counting the rows of a frame by cluster and bin."""

from __future__ import annotations

import numpy as np
import polars as pl
from jaxtyping import Float


def count(
    frame: pl.DataFrame, bins: int
) -> tuple[Float[np.ndarray, "cluster bin"], Float[np.ndarray, "cluster bin"]]:
    """Count events and trials by cluster and bin.

    Args:
        frame: columns `cluster`, `cell` (number of the bin, from 0) and perhaps `event`, which is
            true or false, or a share. Without that column, all events are false.
        bins: number of bins.

    Returns:
        Sums of `event` and numbers of rows, with the clusters in sorted order.
    """
    cluster = frame["cluster"].rank("dense").cast(pl.Int64).to_numpy() - 1
    place = cluster, frame["cell"].to_numpy()
    shape = int(cluster.max()) + 1, bins
    events, trials = np.zeros(shape), np.zeros(shape)
    np.add.at(trials, place, 1.0)
    if "event" in frame.columns:
        np.add.at(events, place, frame["event"].cast(pl.Float64).to_numpy())
    return events, trials

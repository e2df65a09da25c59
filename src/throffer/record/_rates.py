"""Rates of an event by group."""

from __future__ import annotations

import polars as pl


def rates(frame: pl.DataFrame, by: str | list[str], event: str) -> pl.DataFrame:
    """Events `k`, trials `n` and `rate` by group, sorted by group; nulls of `event` left out."""
    return (
        frame.drop_nulls(event)
        .group_by(by)
        .agg(k=pl.col(event).cast(pl.Int64).sum(), n=pl.len().cast(pl.Int64))
        .with_columns(rate=pl.col("k") / pl.col("n"))
        .sort(by)
    )

"""Dated event series from the raw files: when disputes began, when incidents happened."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from throffer.record._files import record_folder
from throffer.record.sources import ai_incidents, interstate

VAGUE_DAYS = (1, 15)
"""Days of the month that stand for the month: incidents bear them two to three times too often."""


def dispute_onsets(folder: Path | None = None) -> pl.DataFrame:
    """One row a militarised interstate dispute, 1816 to 2014, in the order of its beginning.

    - `event`: its number in the source.
    - `earliest`, `latest`: its first month as an interval of decimal years, months of equal length.
    - `hostility`: highest level that it reached, 2 (threat) to 5 (war); known only afterwards.

    A dispute is one event however many states it drew in.

    Raises:
        SetupError: For missing files.
    """
    raw = interstate.SOURCE.raw(record_folder(folder))
    begun = pl.col("styear") + (pl.col("stmon") - 1) / 12
    return (
        raw.csv(interstate.DISPUTES)
        .select(event="dispnum", earliest=begun, latest=begun + 1 / 12, hostility=pl.col("hostlev"))
        .sort("earliest", "event")
    )


def incident_dates(folder: Path | None = None, *, vague: bool = True) -> pl.DataFrame:
    """One row an AI incident, in the order of its date.

    - `event`: its number, which follows the order in which incidents were filed.
    - `earliest`, `latest`: its day as an interval of decimal years; with `vague`, the month for the
      days of `VAGUE_DAYS`, about half of which are truly only known to the month.
    - `reports`: news reports filed under it by the time of the snapshot.

    Raises:
        SetupError: For missing files.
    """
    raw = ai_incidents.SOURCE.raw(record_folder(folder))
    date = pl.col("date").cast(pl.String).str.to_date()
    unsure = date.dt.day().is_in(VAGUE_DAYS) if vague else pl.lit(False)
    first = pl.when(unsure).then(date.dt.month_start()).otherwise(date)
    after = (
        pl.when(unsure)
        .then(date.dt.month_start().dt.offset_by("1mo"))
        .otherwise(date.dt.offset_by("1d"))
    )
    return (
        raw.csv(ai_incidents.INCIDENTS)
        .select(
            event="incident_id",
            earliest=_decimal_year(first),
            latest=_decimal_year(after),
            reports=pl.col("reports").str.json_decode(pl.List(pl.Int64)).list.len(),
        )
        .sort("earliest", "event")
    )


def _decimal_year(date: pl.Expr) -> pl.Expr:
    days = pl.when(date.dt.is_leap_year()).then(366).otherwise(365)
    return date.dt.year() + (date.dt.ordinal_day() - 1) / days

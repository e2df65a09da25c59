"""Series of dated events from the raw files: beginnings of disputes, and AI incidents."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from throffer.record._files import record_folder
from throffer.record.sources import ai_incidents, interstate

VAGUE_DAYS = (1, 15)
"""Days of the month that often mean only the month.

Incidents are dated to these days two to three times too often.
"""


def dispute_onsets(folder: Path | None = None) -> pl.DataFrame:
    """Read the beginnings of militarised interstate disputes, 1816 to 2014.

    A dispute is one event, no matter how many states took part.

    Args:
        folder: folder of the raw files of all sources; see `record_folder`.

    Returns:
        One row for each dispute, sorted by date.

        - `event`: its number in the source.
        - `earliest`, `latest`: its first month as an interval of decimal years, taking all months
          as equally long.
        - `hostility`: the highest level that it reached, 2 (threat) to 5 (war); known only
          afterwards.

    Raises:
        SetupError: If a raw file is missing, truncated or has other content than expected.
    """
    raw = interstate.SOURCE.raw(record_folder(folder))
    begun = pl.col("styear") + (pl.col("stmon") - 1) / 12
    return (
        raw.csv(interstate.DISPUTES)
        .select(event="dispnum", earliest=begun, latest=begun + 1 / 12, hostility=pl.col("hostlev"))
        .sort("earliest", "event")
    )


def incident_dates(folder: Path | None = None, *, vague: bool = True) -> pl.DataFrame:
    """Read the dates of AI incidents.

    Args:
        folder: folder of the raw files of all sources; see `record_folder`.
        vague: whether the interval of an incident dated to one of `VAGUE_DAYS` is the whole month.
            For about half of these incidents really only the month is known.

    Returns:
        One row for each incident, sorted by date.

        - `event`: its number; numbers follow the order in which incidents were filed.
        - `earliest`, `latest`: its day, or month if vague, as an interval of decimal years.
        - `reports`: number of news reports filed under it at the time of the snapshot.

    Raises:
        SetupError: If a raw file is missing, truncated or has other content than expected.
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

"""Reads times: numbers, ISO dates known to a day, month or year, and dates with a time."""

from __future__ import annotations

import datetime
from typing import NamedTuple

import numpy as np
import polars as pl
from jaxtyping import Float

from throffer.series._table_file import Table, as_numbers, find_column, refuse_values
from throffer.structure import SetupError

DAY, MONTH, YEAR = r"^\d{4}-\d{2}-\d{2}$", r"^\d{4}-\d{2}$", r"^\d{4}$"
"""Forms of an ISO date."""

MOMENT = (
    r"^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(?::(\d{2}(?:\.\d+)?))?(?:Z|([+-])(\d{2}):?(\d{2}))?$"
)
"""An ISO date with a time; UTC is assumed if there is no zone."""

FORMS = "a number, 2026-01-31, 2026-01, or 2026-01-31T12:00:00"
"""Accepted forms of a time, for messages."""

DAY_SECONDS = 86_400.0
"""Seconds per day."""


class Times(NamedTuple):
    """Times of a column: numbers in their own unit, or dates in days since 1 January 1970.

    Attributes:
        earliest: start of the half-open interval in which each time lies.
        latest: end of that interval; equal to `earliest` for an exact time.
        dated: whether the times are dates.
    """

    earliest: Float[np.ndarray, "row"]
    latest: Float[np.ndarray, "row"]
    dated: bool

    @property
    def rounding(self) -> float:
        """Length of the longest interval, 0 where all times are exact."""
        return float((self.latest - self.earliest).max())


def holds_dates(column: pl.Series) -> bool:
    """Whether the first value that is not missing is a date."""
    if column.dtype.is_temporal():
        return column.dtype in (pl.Date, pl.Datetime)
    if column.dtype != pl.String:
        return False
    first = column.drop_nulls().head(1).to_list()
    return bool(first) and not _all_numbers(column.head(1)) and _form(first[0]) is not None


def read_times(table: Table, name: str) -> Times:
    """A column of times.

    Raises:
        SetupError: For a value that is missing, not finite or of unknown form, with its line, and
            for numbers mixed with dates.
    """
    column = find_column(table, name, "--time")
    if column.dtype in (pl.Date, pl.Datetime):
        return _read_typed(table, name, column)
    if column.dtype.is_nested() or column.dtype == pl.Boolean or column.dtype.is_temporal():
        raise SetupError(
            f"{table.path}: the column {name!r} holds {column.dtype}, not times.",
            f"Name a column of times with --time: {FORMS}.",
        )
    numbers = as_numbers(column)
    if column.dtype != pl.String or _all_numbers(column.head(1)):
        wrong = ~np.isfinite(numbers)
        if wrong.any():
            raise refuse_values(table, name, column, wrong, "a number, as in the first row")
        return Times(numbers, numbers, dated=False)
    return _read_text(table, name, column)


def read_bound(text: str, name: str, *, dated: bool) -> float:
    """Read an end of a window, written like the times of the column.

    Args:
        text: the value of the option.
        name: the option, for the message.
        dated: whether the column holds dates.

    Raises:
        ValueError: For text of another form.
    """
    wanted = "a date such as 2026-01-31" if dated else "a number, as the times are"
    one = pl.Series([text.strip()])
    if not dated:
        number = float(as_numbers(one)[0])
        if not np.isfinite(number):
            raise ValueError(f"{name} = {text!r}; {wanted} is needed")
        return number
    if _form(text.strip()) is None:
        raise ValueError(f"{name} = {text!r}; {wanted} is needed")
    return float(_ends(one)[0][0])


def show_time(time: float, *, dated: bool) -> str:
    """A time as text: a date, or the number."""
    if not dated:
        return f"{time:.6g}"
    return (datetime.date(1970, 1, 1) + datetime.timedelta(days=float(np.floor(time)))).isoformat()


def _read_text(table: Table, name: str, column: pl.Series) -> Times:
    text = column.str.strip_chars()
    earliest, latest = _ends(text)
    wrong = ~np.isfinite(earliest)
    if wrong.any():
        raise refuse_values(table, name, column, wrong, f"it as {FORMS}, one form in every row")
    return Times(earliest, latest, dated=True)


def _read_typed(table: Table, name: str, column: pl.Series) -> Times:
    days = column.cast(pl.Datetime("us")).dt.epoch("us").cast(pl.Float64) / 1e6 / DAY_SECONDS
    earliest = days.fill_null(float("nan")).to_numpy()
    wrong = ~np.isfinite(earliest)
    if wrong.any():
        raise refuse_values(table, name, column, wrong, "a date")
    length = 1.0 if column.dtype == pl.Date else 0.0
    return Times(earliest, earliest + length, dated=True)


def _ends(text: pl.Series) -> tuple[Float[np.ndarray, "row"], Float[np.ndarray, "row"]]:
    """Intervals of ISO dates, in days; NaN for a value that is not a date."""
    day, start = pl.col("text"), pl.col("start")
    length = (
        pl.when(day.str.contains(DAY))
        .then(pl.lit("1d"))
        .when(day.str.contains(MONTH))
        .then(pl.lit("1mo"))
        .when(day.str.contains(YEAR))
        .then(pl.lit("1y"))
    )
    padded = day + pl.when(day.str.contains(MONTH)).then(pl.lit("-01")).when(
        day.str.contains(YEAR)
    ).then(pl.lit("-01-01")).otherwise(pl.lit(""))
    dates = (
        pl.DataFrame({"text": text})
        .with_columns(
            start=padded.str.to_date("%Y-%m-%d", strict=False), length=length, exact=_moments(day)
        )
        .select(
            earliest=pl.coalesce(_days(start), "exact"),
            latest=pl.coalesce(
                _days(start.dt.offset_by(pl.col("length").fill_null("0d"))), "exact"
            ),
        )
    )
    earliest, latest = (each.fill_null(float("nan")).to_numpy() for each in dates)
    return earliest, latest


def _days(date: pl.Expr) -> pl.Expr:
    """Days since 1 January 1970."""
    return date.dt.epoch("d").cast(pl.Float64)


def _moments(text: pl.Expr) -> pl.Expr:
    """Dates with a time, in days; null for other values."""
    part = [text.str.extract(MOMENT, group) for group in range(1, 7)]
    clock = (part[0] + "T" + part[1]).str.to_datetime("%Y-%m-%dT%H:%M", strict=False)
    seconds = part[2].cast(pl.Float64, strict=False).fill_null(0.0)
    minutes = part[4].cast(pl.Float64) * 60 + part[5].cast(pl.Float64)
    shift = pl.when(part[3] == "-").then(-minutes).otherwise(minutes).fill_null(0.0)
    return clock.dt.epoch("s").cast(pl.Float64) / DAY_SECONDS + (seconds - 60 * shift) / DAY_SECONDS


def _form(text: str) -> str | None:
    """The form of ISO date of a text; None if it is not a date."""
    one = pl.Series([text])
    for form in (DAY, MONTH, YEAR, MOMENT):
        if one.str.contains(form)[0]:
            return form
    return None


def _all_numbers(column: pl.Series) -> bool:
    """Whether every value is a number, including infinity and NaN."""
    text = column.str.strip_chars() if column.dtype == pl.String else column
    return text.cast(pl.Float64, strict=False).is_not_null().all()

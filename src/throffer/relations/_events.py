"""Event tables: checking their columns and counting their rows by kind."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

import polars as pl

COLUMNS = ("actor", "partner", "action", "time")
"""Columns of an event table: who acted, on whom, what was done, when."""


class Counted(NamedTuple):
    """Number of rows of an event table by kind.

    Every row counts in `rows` and in the first other field that fits it.

    Attributes:
        rows: all rows.
        nobody: rows without actor or partner, which are ignored.
        itself: rows of a party with itself, which are ignored.
        unknown: rows without an action, which only show that a pair met.
        nothing: rows whose action means doing nothing.
        untimed: rows without a time, which count as acts but not as turns.
        used: the remaining rows: acts with a time.
    """

    rows: int
    nobody: int
    itself: int
    unknown: int
    nothing: int
    untimed: int
    used: int


def check_events(events: pl.DataFrame | pl.LazyFrame, *, timed: bool = True) -> pl.LazyFrame:
    """Check an event table and reduce it to its columns.

    Args:
        events: the table.
        timed: whether the column `time` is needed.

    Returns:
        A lazy frame with the columns of `COLUMNS`, without `time` if not `timed`.

    Raises:
        ValueError: If a column is missing, names cannot be sorted, actor and partner have different
            types, or the time is not a number, a date or a time.
    """
    lazy = events.lazy()
    schema = lazy.collect_schema()
    wanted = COLUMNS if timed else COLUMNS[:-1]
    missing = [name for name in wanted if name not in schema]
    if missing:
        raise ValueError(
            f"an event table needs the columns {', '.join(wanted)}; missing: {', '.join(missing)}; "
            f"found: {', '.join(schema.names()) or 'none'}. Rename your columns"
        )
    lazy = lazy.select(wanted)
    for name in COLUMNS[:3]:
        if schema[name] == pl.Object() or (name != "action" and schema[name].is_nested()):
            raise ValueError(
                f"{name} is {schema[name]}, which cannot be sorted; convert it to text"
            )
    texts = [name for name in COLUMNS[:3] if schema[name] in (pl.Categorical, pl.Enum)]
    lazy = lazy.with_columns(pl.col(texts).cast(pl.String))
    actor, partner = (
        pl.String() if name in texts else schema[name] for name in ("actor", "partner")
    )
    if actor != partner:
        whole = actor.is_integer() and partner.is_integer()
        empty = pl.Null() in (actor, partner)
        if not whole and not empty:
            raise ValueError(
                f"actor ({actor}) and partner ({partner}) must have the same type, as they name "
                "the same parties"
            )
        common = pl.Int64() if whole else actor if partner == pl.Null() else partner
        lazy = lazy.with_columns(pl.col("actor", "partner").cast(common))
    time = schema["time"] if timed else pl.Int64()
    if not (time.is_numeric() or time.is_temporal() or time == pl.Null()):
        raise ValueError(
            f"time is {time}; it must be a number, a date or a time. Parse text first, for example "
            "with pl.col('time').str.to_datetime()"
        )
    return lazy


def count_lazy(lazy: pl.LazyFrame) -> int:
    """Count the rows of a lazy frame."""
    return int(lazy.select(pl.len()).collect(engine="streaming").item())


def mark_nothing(lazy: pl.LazyFrame, nothing: Collection[object]) -> pl.LazyFrame:
    """Keep the rows of two different parties and mark those in which nothing was done.

    Args:
        lazy: a checked event table.
        nothing: actions that mean doing nothing. If there are any, a column `idle` is added.
    """
    lazy = lazy.filter(pl.col("actor") != pl.col("partner"))
    if nothing:
        lazy = lazy.with_columns(idle=_idle(lazy, nothing))
    return lazy


def read_nothing(nothing: Collection[object], dtype: pl.DataType) -> pl.Series:
    """Convert actions that mean doing nothing to the type of the action column.

    Args:
        nothing: the actions. Text is parsed; a number is converted if that does not change it.
        dtype: type of the action column.

    Returns:
        One value for each action.

    Raises:
        ValueError: If an action cannot be converted.
    """
    read = []
    for each in nothing:
        value = _as_action(each, dtype)
        if value is None:
            raise ValueError(
                f"nothing = {each!r} cannot be an action of this table, whose actions are {dtype}; "
                "leave it out, or convert the column (a null action means unknown)"
            )
        read.append(value)
    return pl.concat(read) if read else pl.Series(dtype=dtype)


def find_unseen(events: pl.DataFrame | pl.LazyFrame, nothing: Collection[object]) -> list[object]:
    """Find the actions of `nothing` that occur in no row."""
    lazy = check_events(events)
    values = read_nothing(nothing, lazy.collect_schema()["action"])
    action = pl.col("action")
    found = lazy.select(action.filter(action.is_in(values.implode())).unique())
    seen = values.is_in(found.collect(engine="streaming")["action"].implode()).fill_null(False)
    return [each for each, here in zip(nothing, seen, strict=True) if not here]


def count_rows(events: pl.DataFrame | pl.LazyFrame, nothing: Collection[object] = ()) -> Counted:
    """Count the rows of an event table by kind, in one pass with constant memory."""
    lazy = check_events(events)
    pair = (pl.col("actor") != pl.col("partner")).fill_null(False)
    known = pair & pl.col("action").is_not_null()
    idle = known & _idle(lazy, nothing) if nothing else pl.lit(False)
    done = known & ~idle
    timed = pl.col("time").is_not_null()
    if lazy.collect_schema()["time"].is_float():
        timed &= pl.col("time").is_not_nan()
    counts = lazy.select(
        rows=pl.len(),
        nobody=(pl.col("actor").is_null() | pl.col("partner").is_null()).sum(),
        itself=(pl.col("actor") == pl.col("partner")).sum(),
        unknown=(pair & pl.col("action").is_null()).sum(),
        nothing=idle.sum(),
        untimed=(done & ~timed).sum(),
        used=(done & timed).sum(),
    ).collect(engine="streaming")
    return Counted(*(int(each) for each in counts.row(0)))


def _idle(lazy: pl.LazyFrame, nothing: Collection[object]) -> pl.Expr:
    values = read_nothing(nothing, lazy.collect_schema()["action"])
    return pl.col("action").is_in(values.implode()).fill_null(False)


_BOOLEANS: Mapping[object, bool] = {"true": True, "True": True, "false": False, "False": False}


def _as_action(one: object, dtype: pl.DataType) -> pl.Series | None:
    """Convert one value to the type of the actions; None if it is null or would change."""
    given = pl.Series([_BOOLEANS.get(one, one) if dtype == pl.Boolean() else one])
    if one is None or (dtype == pl.Boolean() and given.dtype != pl.Boolean()):
        return None
    try:
        if given.dtype == pl.String() and isinstance(dtype, pl.Date | pl.Datetime | pl.Time):
            return given.str.strptime(dtype)
        value = given.cast(dtype)
        numbers = given.dtype.is_numeric() and dtype.is_numeric()
        return None if numbers and (value != given).any() else value
    except pl.exceptions.PolarsError:
        return None

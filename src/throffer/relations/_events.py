"""Event tables: what columns they have and what their rows count for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

import polars as pl

COLUMNS = ("actor", "partner", "action", "time")
"""Columns of an event table: who acted, on whom, what it did, when."""


class Counted(NamedTuple):
    """What the rows of an event table count for; each row counts once, in the order given here.

    Attributes:
        rows: all of them.
        nobody: without an actor or a partner; left out.
        itself: of a party with itself; left out.
        unknown: without an action; they show that a pair met, and nothing else.
        nothing: with an action that stands for doing nothing.
        untimed: without a time; they count as acts, and cannot show who took turns.
        used: the rest, acts with a time.
    """

    rows: int
    nobody: int
    itself: int
    unknown: int
    nothing: int
    untimed: int
    used: int


def check_events(events: pl.DataFrame | pl.LazyFrame, *, timed: bool = True) -> pl.LazyFrame:
    """The event table as a lazy frame with its columns only, the time among them if `timed`.

    Raises:
        ValueError: For a missing column, names without an order, actors and partners of different
            types, and a time that is neither a number nor a date or time.
    """
    lazy = events.lazy()
    schema = lazy.collect_schema()
    wanted = COLUMNS if timed else COLUMNS[:-1]
    missing = [name for name in wanted if name not in schema]
    if missing:
        raise ValueError(
            f"an event table has the columns {', '.join(wanted)}; missing: {', '.join(missing)}; "
            f"there are: {', '.join(schema.names()) or 'none'}. Rename yours"
        )
    lazy = lazy.select(wanted)
    for name in COLUMNS[:3]:
        if schema[name] == pl.Object() or (name != "action" and schema[name].is_nested()):
            raise ValueError(f"{name} is {schema[name]}, which has no order; convert it to text")
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
                f"actor ({actor}) and partner ({partner}) name the same parties and need one type"
            )
        common = pl.Int64() if whole else actor if partner == pl.Null() else partner
        lazy = lazy.with_columns(pl.col("actor", "partner").cast(common))
    time = schema["time"] if timed else pl.Int64()
    if not (time.is_numeric() or time.is_temporal() or time == pl.Null()):
        raise ValueError(
            f"time is {time}; it has to be a number, a date or a time. Parse text first, as "
            "pl.col('time').str.to_datetime() does"
        )
    return lazy


def count_lazy(lazy: pl.LazyFrame) -> int:
    """How many rows there are."""
    return int(lazy.select(pl.len()).collect(engine="streaming").item())


def mark_nothing(lazy: pl.LazyFrame, nothing: Collection[object]) -> pl.LazyFrame:
    """Rows of two parties; a column `idle` is added where some actions stand for nothing."""
    lazy = lazy.filter(pl.col("actor") != pl.col("partner"))
    if nothing:
        lazy = lazy.with_columns(idle=_idle(lazy, nothing))
    return lazy


def read_nothing(nothing: Collection[object], dtype: pl.DataType) -> pl.Series:
    """Actions that stand for nothing, one each, as values of the type of the actions.

    Text is read as that type, and numbers as each other where nothing is lost.

    Raises:
        ValueError: For what cannot be such an action.
    """
    read = []
    for each in nothing:
        value = _as_action(each, dtype)
        if value is None:
            raise ValueError(
                f"nothing = {each!r} is no action of this table, whose actions are {dtype}; leave "
                "it out, or convert the column (an action that is null is unknown)"
            )
        read.append(value)
    return pl.concat(read) if read else pl.Series(dtype=dtype)


def find_unseen(events: pl.DataFrame | pl.LazyFrame, nothing: Collection[object]) -> list[object]:
    """Which of the actions that stand for nothing are in no row."""
    lazy = check_events(events)
    values = read_nothing(nothing, lazy.collect_schema()["action"])
    action = pl.col("action")
    found = lazy.select(action.filter(action.is_in(values.implode())).unique())
    seen = values.is_in(found.collect(engine="streaming")["action"].implode()).fill_null(False)
    return [each for each, here in zip(nothing, seen, strict=True) if not here]


def count_rows(events: pl.DataFrame | pl.LazyFrame, nothing: Collection[object] = ()) -> Counted:
    """What the rows of an event table count for, in one pass that keeps none of them."""
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
    """One value as an action of this type; None where it is null or would be another value."""
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

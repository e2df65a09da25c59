"""Decides how to read a file: as dated events, evenly spaced values, or sizes."""

from __future__ import annotations

import numpy as np

from throffer.series._analysis_records import Reading, ReadingKind, SeriesSettings
from throffer.series._table_file import Table, as_numbers, show_names
from throffer.series._times import holds_dates
from throffer.structure import SetupError

TIME_NAMES = ("time", "date", "timestamp")
"""Names by which a column of times is recognised."""

PAIR = ("earliest", "latest")
"""Names by which the ends of intervals are recognised."""

DECLARE = "Say which it is: --events, --values or --sizes, with --time or --column."


def decide_reading(table: Table, settings: SeriesSettings) -> Reading:
    """Take the declared reading, or infer it from the columns.

    The rules, in this order: a declared reading is taken; columns `earliest` and `latest`, or dates
    without a column of numbers, are events; one column of numbers beside dates or a column named as
    the time is values; a single column of numbers is values if it falls somewhere (otherwise it
    could also be times). Everything else is ambiguous.

    Raises:
        SetupError: For an ambiguous file, and for options that contradict the reading.
    """
    dates = [name for name in table.frame.columns if holds_dates(table.frame[name])]
    numbers = [name for name in table.frame.columns if name not in dates and _numeric(table, name)]
    kind, rule = _kind(table, settings, dates, numbers)
    if kind == "events" and settings.column:
        raise SetupError(
            f"--column {settings.column} names values, and the file is read as events.",
            "Name the times with --time, or give --values or --sizes.",
        )
    if kind == "sizes" and settings.time:
        raise SetupError("--sizes does not use --time.", "Leave it out.")
    time = settings.time or _time_column(table, kind, settings, dates, numbers)
    column = "" if kind == "events" else _value_column(table, settings, time, numbers)
    return Reading(
        kind=kind,
        rule=rule,
        column=column,
        time=time,
        file=table.path.name,
        rows=table.frame.height,
    )


def _kind(
    table: Table, settings: SeriesSettings, dates: list[str], numbers: list[str]
) -> tuple[ReadingKind, str]:
    columns = table.frame.columns
    if settings.kind is not None:
        return settings.kind, f"--{settings.kind} was given"
    if "," in settings.time:
        return "events", "--time names two columns, the ends of intervals"
    if settings.column:
        return "values", "--column names a column of values"
    if not settings.time and set(PAIR) <= set(columns):
        return "events", "the file has columns earliest and latest"
    times = {settings.time} if settings.time else {*dates, *(set(TIME_NAMES) & set(numbers))}
    values = [name for name in numbers if name not in times]
    if times and not values:
        return "events", "the file has a column of times, and no other column of numbers"
    if len(times) == 1 and len(values) == 1:
        return "values", "the file has a column of times and one column of numbers"
    if not times and len(values) == 1:
        seen = as_numbers(table.frame[values[0]])
        if np.isfinite(seen).all() and (np.diff(seen) >= 0).all():
            raise SetupError(
                f"{table.path}: the numbers in {values[0]!r} never fall, so they may be times "
                "of events or growing values.",
                DECLARE,
            )
        return "values", "the file has one column of numbers, which rise and fall"
    raise SetupError(
        f"{table.path}: it is not clear how to read its columns {show_names(columns)}.", DECLARE
    )


def _time_column(
    table: Table, kind: ReadingKind, settings: SeriesSettings, dates: list[str], numbers: list[str]
) -> str:
    if kind == "sizes":
        return ""
    columns = table.frame.columns
    if kind == "events":
        if set(PAIR) <= set(columns):
            return ",".join(PAIR)
        if len(columns) == 1:
            return columns[0]
    named = [name for name in TIME_NAMES if name in columns and name != settings.column]
    found = named or [name for name in dates if name != settings.column]
    if len(found) == 1:
        return found[0]
    if kind == "values" and not found:
        return ""
    if kind == "events" and not found and len(numbers) == 1:
        return numbers[0]
    what = f"{len(found)} columns that may hold them" if found else "no column that looks like one"
    raise SetupError(
        f"{table.path}: which column holds the times is not clear; there are {what}: "
        f"{show_names(found or columns)}.",
        "Name it with --time.",
    )


def _value_column(table: Table, settings: SeriesSettings, time: str, numbers: list[str]) -> str:
    if settings.column:
        return settings.column
    others = [name for name in table.frame.columns if name != time]
    found = [name for name in numbers if name != time] or (others if len(others) == 1 else [])
    if len(found) == 1:
        return found[0]
    raise SetupError(
        f"{table.path}: which column holds the values is not clear; it has "
        f"{show_names(table.frame.columns)}.",
        "Name it with --column.",
    )


def _numeric(table: Table, name: str) -> bool:
    """Whether most values of a column are numbers; the rest are then reported as faults."""
    column = table.frame[name]
    if column.dtype.is_nested() or column.dtype.is_temporal() or str(column.dtype) == "Boolean":
        return False
    return bool(np.mean(~np.isnan(as_numbers(column))) > 0.5)

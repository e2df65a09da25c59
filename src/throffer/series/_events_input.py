"""Turns a column of times into events in a window, ready for a fit."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from throffer.series._analysis_records import Reading, SeriesSettings
from throffer.series._dated_events import DatedEvents
from throffer.series._event_series import EventSeries, spread_dates
from throffer.series._hawkes_likelihood import FEWEST, Kind
from throffer.series._table_file import Table
from throffer.series._times import Times, read_bound, read_times
from throffer.structure import SetupError

MOST_EVENTS: dict[Kind, int] = {"exponential": 2_000_000, "power_law": 50_000}
"""Most events that are fitted: a power law takes 56 times the time and the memory."""


class EventsInput(NamedTuple):
    """Events of a file.

    Attributes:
        series: exact times, or one random spread of times that are known only to an interval.
        dated: the intervals; None if times are exact.
        is_dates: whether the times are dates, in days.
        rounding: length of the longest interval.
        window_given: whether both ends of the window were given.
        notes: what was done to the rows.
    """

    series: EventSeries
    dated: DatedEvents | None
    is_dates: bool
    rounding: float
    window_given: bool
    notes: list[str]


def read_events(
    table: Table, reading: Reading, settings: SeriesSettings, rng: np.random.Generator
) -> EventsInput:
    """Read the events of a table and place them in the observed window.

    Args:
        table: the file.
        reading: which column holds the times.
        settings: options of the command.
        rng: source of the random spread of rounded times.

    Returns:
        The events, with notes on rows that were sorted or left out.

    Raises:
        SetupError: For times that cannot be read, are tied, too few or too many, and for a window
            that holds none of them.
    """
    times = _interval_times(table, reading.time, settings)
    notes: list[str] = []
    if times.earliest.size > 1 and (np.diff(times.earliest) < 0).any():
        notes.append("The rows were not in order of time; they were sorted.")
    start, end = _window(times, settings)
    inside = (times.earliest >= start) & (times.latest <= end)
    left = int((~inside).sum())
    if left:
        notes.append(f"{left:,} events outside of the window from --start to --end were left out.")
    if not (settings.start and settings.end):
        notes.append(
            "The window runs from the first event to the last, because --start and --end were not "
            "both given. A quiet time before or after is an observation, too: give the window that "
            "was watched."
        )
    earliest, latest = times.earliest[inside], times.latest[inside]
    _check_count(table, earliest.size, left, settings.kernel)
    given = bool(settings.start and settings.end)
    if times.rounding > 0:
        latest = np.maximum(latest, np.nextafter(earliest, np.inf))
        dated = DatedEvents(earliest, latest, start, end)
        series = spread_dates(earliest, latest, rng, start=start, end=end)
        notes.append(_rounding_note(earliest, latest, times.rounding))
        return EventsInput(series, dated, times.dated, times.rounding, given, notes)
    _check_ties(table, times, inside)
    series = EventSeries(np.sort(earliest), start, end)
    return EventsInput(series, None, times.dated, 0.0, given, notes)


def _interval_times(table: Table, name: str, settings: SeriesSettings) -> Times:
    pair = [part.strip() for part in name.split(",")]
    if len(pair) > 2 or len(set(pair)) < len(pair) or not all(pair):
        raise SetupError(
            f"--time {name} is not one column, or two different ones.",
            "Give --time COLUMN or --time EARLIEST,LATEST.",
        )
    first = read_times(table, pair[0])
    if len(pair) == 2:
        last = read_times(table, pair[1])
        if first.dated != last.dated:
            raise SetupError(
                f"{table.path}: one of {name} holds dates and the other numbers.",
                "Write both in one form.",
            )
        # a date stands for the whole day, month or year that it names
        found = Times(first.earliest, last.latest, first.dated)
    elif settings.resolution is not None and first.rounding == 0:
        found = Times(first.earliest, first.earliest + settings.resolution, first.dated)
    else:
        return first
    wrong = found.latest <= found.earliest
    if wrong.any():
        row = int(wrong.argmax())
        raise SetupError(
            f"{table.path}, {table.place(row)}: the interval from {found.earliest[row]:g} to "
            f"{found.latest[row]:g} is empty.",
            "Write the later end second; for an exact time use one column.",
        )
    return found


def _window(times: Times, settings: SeriesSettings) -> tuple[float, float]:
    start, end = float(times.earliest.min()), float(times.latest.max())
    if settings.start:
        start = read_bound(settings.start, "--start", dated=times.dated)
    if settings.end:
        end = read_bound(settings.end, "--end", dated=times.dated)
    if not start < end:
        raise SetupError(
            f"The window from {start:g} to {end:g} has no length.",
            "Give --start before --end, or a file whose events lie at different times.",
        )
    return start, end


def _check_count(table: Table, count: int, left: int, kernel: Kind) -> None:
    if count < FEWEST:
        outside = f", and {left:,} outside of the window" if left else ""
        raise SetupError(
            f"{table.path}: {count} event{'s' * (count != 1)}{outside}; a fit needs at least "
            f"{FEWEST}.",
            "Give a longer record or a wider window.",
        )
    if count > MOST_EVENTS[kernel]:
        raise SetupError(
            f"{table.path}: {count:,} events; --kernel {kernel} takes at most "
            f"{MOST_EVENTS[kernel]:,}.",
            "Narrow the window with --start and --end, or use --kernel exponential.",
        )


def _check_ties(table: Table, times: Times, inside: Float[np.ndarray, "row"]) -> None:
    rows = np.flatnonzero(inside)
    order = rows[np.argsort(times.earliest[rows], kind="stable")]
    tied = np.flatnonzero(np.diff(times.earliest[order]) == 0)
    if tied.size:
        one, other = sorted(order[[tied[0], tied[0] + 1]])
        raise SetupError(
            f"{table.path}, {table.place(int(other))}: the event shares its time with "
            f"{table.place(int(one))}; {tied.size:,} do so. Exact times are never the same, so "
            "they are rounded.",
            "Say to how many units of time they are known with --resolution (1 for whole days or "
            "years), or give --time EARLIEST,LATEST.",
        )


def _rounding_note(
    earliest: Float[np.ndarray, "event"], latest: Float[np.ndarray, "event"], rounding: float
) -> str:
    same = earliest.size - np.unique(np.stack([earliest, latest]), axis=1).shape[1]
    shared = f" {same:,} share theirs with an earlier one." if same else ""
    return (
        f"Each time is known to an interval of at most {rounding:g}.{shared} Times were spread "
        "evenly over their intervals, fitted, and the fits combined: what acts faster than that "
        "cannot be seen."
    )

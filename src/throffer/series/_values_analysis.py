"""Analysis of evenly spaced measurements: do fluctuations grow larger and slower?"""

from __future__ import annotations

from typing import Literal

import numpy as np
from jaxtyping import Float

from throffer.series._analysis_records import (
    AlarmRate,
    IndicatorPoint,
    IndicatorTrend,
    Reading,
    ValuesResult,
)
from throffer.series._table_file import Table, read_numbers
from throffer.series._times import read_times
from throffer.series._warning import detrend, find_trends, rolling_indicators
from throffer.stats import Interval
from throffer.structure import SetupError

FEWEST_VALUES = 50
"""Fewest values; with fewer, a rolling window of a quarter is too short."""

MOST_POINTS = 4000
"""Most points; longer series are averaged in blocks, because trends take quadratic time."""

UNEVEN = 0.5
"""Largest relative difference of a gap between measurements from the median gap."""

WINDOW = 0.25
"""Rolling window, as a share of the series."""

SURROGATES = 199
"""Number of stationary series for a p-value."""

ALARM = 0.05
"""Largest p-value at which an indicator alarms."""

Alarm = Literal["both", "autocorrelation", "variance", "none"]

SHOWN = 300
"""Most points of the chart."""


def _rate(estimate: float, low: float, high: float) -> Interval:
    return Interval(estimate=estimate, low=low, high=high)


KNOWN_RATES = (
    AlarmRate(
        run="utilisation .5 throughout",
        kind="false",
        variance=_rate(0.043, 0.027, 0.067),
        autocorrelation=_rate(0.055, 0.037, 0.082),
        both=_rate(0.010, 0.004, 0.025),
    ),
    AlarmRate(
        run="utilisation .5, noise grows threefold",
        kind="false",
        variance=_rate(0.998, 0.986, 1.000),
        autocorrelation=_rate(0.048, 0.031, 0.073),
        both=_rate(0.048, 0.031, 0.073),
    ),
    AlarmRate(
        run="utilisation .2 to .5, and no further",
        kind="false",
        variance=_rate(0.785, 0.742, 0.822),
        autocorrelation=_rate(0.255, 0.215, 0.300),
        both=_rate(0.212, 0.175, 0.255),
    ),
    AlarmRate(
        run="slow approach to a transition, a point every 5 recovery times",
        kind="missed",
        variance=_rate(0.000, 0.000, 0.010),
        autocorrelation=_rate(0.020, 0.010, 0.039),
        both=_rate(0.020, 0.010, 0.039),
    ),
    AlarmRate(
        run="the same approach in a twenty-fifth of the time",
        kind="missed",
        variance=_rate(0.745, 0.700, 0.785),
        autocorrelation=_rate(0.767, 0.724, 0.806),
        both=_rate(0.815, 0.774, 0.850),
    ),
    AlarmRate(
        run="no approach, then a jump",
        kind="missed",
        variance=_rate(0.948, 0.921, 0.965),
        autocorrelation=_rate(0.953, 0.927, 0.969),
        both=_rate(0.985, 0.968, 0.993),
    ),
)
"""False and missing alarms on 400 runs of 400 points each, as `benchmarks/measure_alarms.py` prints
them; docs/collapse.md, early warning."""


def analyse_values(
    table: Table, reading: Reading, rng: np.random.Generator
) -> tuple[ValuesResult, list[str]]:
    """Early-warning indicators of a column of values, and notes on what was done to it.

    Raises:
        SetupError: For values that are not numbers, too few or constant, and for times that do not
            increase or are not evenly spaced.
    """
    values = read_numbers(table, reading.column, "--column")
    if values.size < FEWEST_VALUES:
        raise SetupError(
            f"{table.path}: {values.size} value{'s' * (values.size != 1)} in {reading.column!r}; "
            f"early warning needs at least {FEWEST_VALUES}.",
            "Give a longer record.",
        )
    if np.ptp(values) == 0:
        raise SetupError(
            f"{table.path}: all values in {reading.column!r} are {values[0]:g}.",
            "Give a column that varies.",
        )
    times, dated = _times(table, reading, values.size)
    block = -(-values.size // MOST_POINTS)
    notes = _notes(values.size, block)
    times, values = _average(times, block), _average(values, block)
    found = find_trends(values, rng, window=WINDOW, surrogates=SURROGATES)
    alarms = found.p_variance <= ALARM, found.p_autocorrelation <= ALARM
    names: dict[tuple[bool, bool], Alarm] = {
        (True, True): "both",
        (True, False): "variance",
        (False, True): "autocorrelation",
    }
    return ValuesResult(
        unit="days" if dated else "units of the file" if reading.time else "measurements",
        dated=dated,
        count=table.frame.height,
        block=block,
        points=values.size,
        window=int(WINDOW * values.size),
        memory=Interval(
            estimate=found.memory,
            low=None,
            high=None,
            why="chosen to match the series; trends are held against series that have it",
        ),
        draws=SURROGATES,
        variance=_trend(found.variance, found.p_variance),
        autocorrelation=_trend(found.autocorrelation, found.p_autocorrelation),
        alarm=names.get(alarms, "none"),
        rates=list(KNOWN_RATES),
        path=_path(times, values),
    ), notes


def _times(table: Table, reading: Reading, count: int) -> tuple[Float[np.ndarray, "value"], bool]:
    """Times of the values, checked; row numbers if the file has no times."""
    if not reading.time:
        return np.arange(1.0, count + 1), False
    if "," in reading.time:
        raise SetupError(
            f"--time {reading.time} names two columns; values have one time each.",
            "Name one column with --time.",
        )
    times = read_times(table, reading.time)
    gaps = np.diff(times.earliest)
    if (gaps <= 0).any():
        row = int((gaps <= 0).argmax()) + 1
        what = "the same as" if gaps[row - 1] == 0 else "before"
        raise SetupError(
            f"{table.path}, {table.place(row)}: {reading.time} is {what} that of the row above.",
            "Sort the rows by time and keep one value for each time.",
        )
    usual = float(np.median(gaps))
    uneven = np.abs(gaps - usual) > UNEVEN * usual
    if uneven.any():
        row = int(uneven.argmax()) + 1
        raise SetupError(
            f"{table.path}, {table.place(row)}: the gap in {reading.time} is {gaps[row - 1]:g}, "
            f"and {usual:g} is usual; early warning needs even spacing.",
            "Average the values by equal periods, or cut the file where it has a gap.",
        )
    return times.earliest, times.dated


def _average(values: Float[np.ndarray, "value"], block: int) -> Float[np.ndarray, "point"]:
    """Means of consecutive blocks; left-over values at the beginning are dropped."""
    whole = values[values.size % block :] if block > 1 else values
    return whole.reshape(-1, block).mean(axis=1)


def _trend(tau: float, p: float) -> IndicatorTrend:
    return IndicatorTrend(
        tau=Interval(
            estimate=tau,
            low=None,
            high=None,
            why="windows overlap, so no interval is given: p compares tau with stationary series",
        ),
        p=p,
        alarm=p <= ALARM,
    )


def _path(
    times: Float[np.ndarray, "point"], values: Float[np.ndarray, "point"]
) -> list[IndicatorPoint]:
    rest = detrend(values)
    seen = rolling_indicators(rest, window=WINDOW)
    lead = values.size - seen.variance.size
    places = np.unique(np.linspace(0, values.size - 1, SHOWN).astype(int))
    found = []
    for place in places:
        known = place >= lead
        steady = float(seen.autocorrelation[place - lead]) if known else float("nan")
        found.append(
            IndicatorPoint(
                time=float(times[place]),
                value=float(values[place]),
                smooth=float(values[place] - rest[place]),
                variance=float(seen.variance[place - lead]) if known else None,
                autocorrelation=steady if np.isfinite(steady) else None,
            )
        )
    return found


def _notes(count: int, block: int) -> list[str]:
    if block == 1:
        return []
    return [
        f"{count:,} values were averaged in blocks of {block:,}, because at most {MOST_POINTS:,} "
        "points are used. Fluctuations within a block are not seen: to see them, cut the file to "
        "its last part."
    ]

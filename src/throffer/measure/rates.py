"""Rates of outcomes with Wilson intervals, from rows: never from reduced epochs."""

from __future__ import annotations

import polars as pl
from scipy.stats import norm

from throffer.measure.result import LEVEL, Interval, OutcomeRate, RateTable
from throffer.structure import UNSANCTIONED, Conduct, Outcome

GROUPS = ("elicitation", "frame", "wording", "part")


def wilson(count: int, trials: int, level: float = LEVEL) -> Interval:
    """Wilson score interval of a proportion; unknown for no trials.

    Rows count as independent. Wilson (1927), Brown, Cai & DasGupta (2001).

    ```python
    >>> wilson(887, 17289).low.__round__(4)
    0.0481

    ```
    """
    if not 0 <= count <= trials:
        raise ValueError(f"count = {count} is not between 0 and trials = {trials}")
    if trials == 0:
        return Interval(estimate=None, low=None, high=None, why="no trials")
    z = float(norm.ppf(0.5 + level / 2))
    rate = count / trials
    spread = 1 + z * z / trials
    centre = (rate + z * z / (2 * trials)) / spread
    half = z / spread * (rate * (1 - rate) / trials + z * z / (4 * trials * trials)) ** 0.5
    # rounding leaves 1e-19 where the bound is 0 or 1 exactly
    low = 0.0 if count == 0 else centre - half
    high = 1.0 if count == trials else centre + half
    return Interval(estimate=rate, low=low, high=high)


def rate_tables(table: pl.DataFrame) -> list[RateTable]:
    """Rates overall and by elicitation, frame, wording and part of the design.

    `table` is an Episode table with a column `part`. Overall and by-frame rates are those of the
    space-filling part, so that controls and slices do not colour them.
    """
    main = table.filter(pl.col("part") == "main")
    tables = [_rate_table(main, "all", "main")]
    for group in GROUPS:
        rows = table if group == "part" else main
        for (key,), part in sorted(rows.group_by(group), key=lambda pair: str(pair[0])):
            tables.append(_rate_table(part, group, str(key)))
    return tables


def unsanctioned_rate(table: pl.DataFrame) -> OutcomeRate:
    """Pooled rate of the four unsanctioned conducts."""
    names = [conduct.value for conduct in UNSANCTIONED]
    return _rate(table, "unsanctioned", int(table["outcome"].is_in(names).sum()))


def _rate_table(table: pl.DataFrame, group: str, key: str) -> RateTable:
    counts = dict(table["outcome"].drop_nulls().value_counts().iter_rows())
    failed = table["outcome"].null_count()
    return RateTable(
        group=group,
        key=key,
        asked=table.height,
        answered=table.height - failed,
        played=_played(table),
        failed=failed,
        outcomes=[_rate(table, outcome.value, counts.get(outcome.value, 0)) for outcome in Outcome],
        unsanctioned=unsanctioned_rate(table),
    )


def _rate(table: pl.DataFrame, outcome: str, count: int) -> OutcomeRate:
    answered = table.height - table["outcome"].null_count()
    inside = outcome == "unsanctioned" or outcome in set(Conduct)
    among = (
        wilson(count, _played(table))
        if inside
        else Interval(estimate=None, low=None, high=None, why="outside the game")
    )
    return OutcomeRate(
        outcome=outcome, count=count, of_all=wilson(count, answered), of_played=among
    )


def _played(table: pl.DataFrame) -> int:
    return int(table["outcome"].is_in([conduct.value for conduct in Conduct]).sum())

"""Relational models of a table of events."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from throffer.relations.block import classify_block
from throffer.relations.events import check_events, mark_nothing
from throffer.relations.links import Rule

TOLERANCE = 0.25
"""Share of turns that may be missed: halfway between none and the half that chance misses."""


def classify(
    events: pl.DataFrame | pl.LazyFrame,
    *,
    tolerance: float = TOLERANCE,
    least: int = 1,
    nothing: Collection[object] = (),
) -> pl.DataFrame:
    """Relations of every pair in a log of acts, one row a relation.

    ```python
    >>> import polars as pl
    >>> log = pl.DataFrame({
    ...     "actor": ["eve", "sam"] * 3 + ["eve"] * 2,
    ...     "partner": ["sam", "eve"] * 3 + ["ann"] * 2,
    ...     "action": ["work", "pay"] * 3 + ["greet"] * 2,
    ...     "time": range(8),
    ... })
    >>> for row in classify(log).iter_rows():
    ...     print(*row)
    ann eve asocial greet None b>a 2
    eve sam authority pay work b>a 6

    ```
    """
    rule = check_rule(tolerance, least)
    lazy = mark_nothing(check_events(events), nothing)
    return classify_block(lazy.collect(), rule)


def check_rule(tolerance: float, least: int) -> Rule:
    """The rule of alternation, or `ValueError` for a number that cannot be."""
    if not 0 <= tolerance < 1:
        raise ValueError(f"tolerance = {tolerance}; it is a share of turns, at least 0, below 1")
    if least < 1:
        raise ValueError(f"least = {least}; a side that takes no turn cannot take turns: 1 or more")
    return Rule(tolerance, least)

"""Relational models of a table of events, of any length."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import TypeAlias

import numpy as np
import polars as pl

from throffer.relations._block import classify_block
from throffer.relations._events import check_events, count_lazy, mark_nothing
from throffer.relations._links import Rule
from throffer.relations._spill import blocks
from throffer.relations._untimed import classify_untimed

TOLERANCE = 0.25
"""Share of turns that may be missed: halfway between none and the half that chance misses."""

ProgressCallback: TypeAlias = Callable[[int, int], None]
"""Told how many events are done, of how many."""


def classify(
    events: pl.DataFrame | pl.LazyFrame,
    *,
    tolerance: float = TOLERANCE,
    least: int = 1,
    nothing: Collection[object] = (),
    timed: bool = True,
    shuffle: int | None = None,
) -> pl.DataFrame:
    """Relations of every pair in a log of acts, one row a relation.

    **Returns** a row for each relation, in the order of a, b and the tests:

    - `a`, `b`: the pair, `a` before `b`.
    - `relation`: communal, equality, market, authority, asocial or null.
    - `act`, `other_act`: one act, or the two in order.
    - `direction`: who does `act`: `a>b`, `b>a`, `both`. Under authority the other side does
      `other_act`.
    - `n`: the events that the relation accounts for.

    **How links are found.** A *turn* is what a side does at one time: the same act twice at the
    same time is one turn. An act of a and an act of b are looked at by themselves. A turn is
    *missed* where a side repeats its act before the other has done its own (in between or at
    either of the two times). Of n turns n - 1 could be missed. The two acts take turns, and are
    linked, if the share that was missed is within the tolerance, and both have at least `least`
    turns. Chance misses about half where both are equally frequent. The same act linked is
    equality; two acts linked one way round are authority, both ways round market. An act in no link
    is communal where both do it, asocial where one does.

    Where links share an act they may be one exchange seen twice. Exchanges are then read off the
    pair's times in order: what both do at one time, or one side's time and the other's next, unless
    that is nearer to the time after it. A link falls to a rival with more than twice as many
    exchanges; of the others, links of two acts fall where equality accounts for both.

    The source says "within a tolerance" and leaves it, the treatment of ties and that of rivals
    open; all three are this package's inference. With few turns alternation is weak evidence:
    compare with `shuffle`, or raise `least`.

    **Rows that are no acts.** Left out: without actor or partner, or of a party with itself. A null
    action is unknown: it shows that the pair met, nothing else. A row without a time counts in `n`
    and takes no turn. A pair without a known act is `null`; its `n` counts the rows at which
    nothing was done, and 0 means that nothing is known.

    Source: Favre & Sornette 2015, PLoS ONE 10(3):e0120882, Table 5.

    Args:
        events: columns actor, partner, action, time; others are ignored. Rows in any order. Names
            are of any type that has an order; the time is a number, a date or a time. A lazy frame
            is computed more than once, and read in blocks of whole pairs: memory grows with the
            result and the largest pair, not with the log.
        tolerance: share of turns that may be missed where two acts take turns; 0 to below 1.
        least: fewest turns of each side from which taking turns can be seen; 1 or more.
        nothing: actions that stand for doing nothing, of the type of the actions or text for it.
        timed: False takes the log as unordered, quicker. Then nothing is linked and relations are
            communal, asocial or null only. No column `time` is needed.
        shuffle: a seed, 0 or more. The times of each pair are dealt out anew among its events, so
            that the result shows what chance makes of the same log.

    Raises:
        ValueError: For missing columns, types that do not fit, and parameters out of range.

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
    check_shuffles(seed=shuffle or 0)
    if not timed:
        return classify_untimed(events, nothing)
    parts = [*relation_blocks(events, rule, nothing=nothing, shuffle=shuffle)]
    return parts[0] if len(parts) == 1 else pl.concat(parts).sort("a", "b", maintain_order=True)


def relation_blocks(
    events: pl.DataFrame | pl.LazyFrame,
    rule: Rule,
    *,
    nothing: Collection[object] = (),
    shuffle: int | None = None,
    tell: ProgressCallback | None = None,
) -> Iterator[pl.DataFrame]:
    """The relations of a log block by block, as `classify` returns them; pairs stay whole."""
    lazy = check_events(events)
    total, done = count_lazy(lazy), 0
    for number, (block, rows) in enumerate(blocks(mark_nothing(lazy, nothing), total)):
        rng = None if shuffle is None else np.random.default_rng([shuffle, number])
        yield classify_block(block, rule, rng)
        done += rows
        if tell:
            tell(done, total)


def check_rule(tolerance: float = TOLERANCE, least: int = 1) -> Rule:
    """The rule of alternation, or `ValueError` for a number that cannot be."""
    if not 0 <= tolerance < 1:
        raise ValueError(f"tolerance = {tolerance}; it is a share of turns, at least 0, below 1")
    if least < 1:
        raise ValueError(f"least = {least}; a side that takes no turn cannot take turns: 1 or more")
    return Rule(float(tolerance), least)


def check_shuffles(shuffles: int = 1, seed: int = 0) -> None:
    """`ValueError` for a number of shuffles, or a seed of them, that cannot be."""
    for name, value in {"shuffles": shuffles, "seed": seed}.items():
        if value < 0:
            raise ValueError(f"{name} = {value}; it is a whole number of at least 0")

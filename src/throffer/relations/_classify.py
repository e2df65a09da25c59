"""Relational models from a table of events of any length."""

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
"""Share of turns that may be missed.

It lies halfway between 0 and 1/2, the share that is missed when acts alternate by chance.
"""

ProgressCallback: TypeAlias = Callable[[int, int], None]
"""Called with the number of events done and the number of all events."""


def classify(
    events: pl.DataFrame | pl.LazyFrame,
    *,
    tolerance: float = TOLERANCE,
    least: int = 1,
    nothing: Collection[object] = (),
    timed: bool = True,
    shuffle: int | None = None,
) -> pl.DataFrame:
    """Classify the relations of every pair of parties, a and b, in a log of acts.

    **Links.** A *turn* is what a party does at one time; the same act twice at the same time is
    one turn. Each act of a is compared with each act of b, without regard to other acts. A turn is
    *missed* if a party repeats its act and the other has not done its own in between or at either
    of the two times. Of n turns, n - 1 can be missed. The two acts take turns, and are *linked*,
    if the share of missed turns is within `tolerance` and both have at least `least` turns. If
    both acts are equally frequent and alternate by chance, about half of the turns are missed.

    **Relations.** If the same act of both parties is linked, the relation is equality. If two
    different acts are linked, it is market if they are also linked with the roles exchanged, and
    authority if not. An act without a link is communal if both parties do it, and asocial if one
    does.

    **Rival links.** Links that share an act may describe the same exchange twice. Exchanges are
    then counted along the pair's times in order. What both parties do at one time is an exchange.
    So are a time of one party and the next time of the other, unless the latter is closer to the
    time that follows it. A link is dropped if a rival has more than twice as many exchanges. Of
    the remaining links, one of two different acts is dropped if equality accounts for both acts.

    The source says "within a tolerance" and does not fix the tolerance, the treatment of equal
    times or that of rival links; these are decisions of this package. With few turns, alternation
    is weak evidence: compare with `shuffle`, or raise `least`.

    **Incomplete rows.** Rows without actor or partner, and rows of a party with itself, are
    ignored. A null action is unknown; it shows only that the pair met. A row without a time counts
    in `n` but is not a turn. A pair without a known act is `null`; its `n` counts the rows in
    which nothing was done, and 0 means that nothing is known.

    Source: Favre & Sornette 2015, PLoS ONE 10(3):e0120882, Table 5.

    Args:
        events: columns actor, partner, action, time, with rows in any order; other columns are
            ignored. Names may have any type that can be sorted; the time is a number, a date or a
            time. A lazy frame is evaluated more than once and in blocks of whole pairs, so that
            memory grows with the result and the largest pair, not with the log.
        tolerance: largest share of missed turns of linked acts; at least 0 and below 1.
        least: fewest turns of each act in a link; 1 or more.
        nothing: actions that mean doing nothing, in the type of the actions or as text.
        timed: False ignores the order of events, which is faster and needs no column `time`. Then
            there are no links, and every relation is communal, asocial or null.
        shuffle: a seed, 0 or more. If given, the times of each pair are shuffled among its events,
            which shows what chance makes of the same log.

    Returns:
        One row for each relation, sorted by a, b and the order of tests.

        - `a`, `b`: the pair, with `a` sorted before `b`.
        - `relation`: communal, equality, market, authority, asocial or null.
        - `act`, `other_act`: the act, or both acts in sorted order.
        - `direction`: who does `act`: `a>b` (a does it to b), `b>a` or `both`. Under authority the
          other party does `other_act`.
        - `n`: the number of events that belong to the relation.

    Raises:
        ValueError: If columns are missing, types do not fit, or parameters are out of range.

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
    """Classify a log block by block; a block contains all events of its pairs.

    Args:
        events: see `classify`.
        rule: when two acts take turns.
        nothing: see `classify`.
        shuffle: see `classify`.
        tell: called after every block.

    Yields:
        Tables as `classify` returns them.
    """
    lazy = check_events(events)
    total, done = count_lazy(lazy), 0
    for number, (block, rows) in enumerate(blocks(mark_nothing(lazy, nothing), total)):
        rng = None if shuffle is None else np.random.default_rng([shuffle, number])
        yield classify_block(block, rule, rng)
        done += rows
        if tell:
            tell(done, total)


def check_rule(tolerance: float = TOLERANCE, least: int = 1) -> Rule:
    """Build the rule by which two acts take turns.

    Args:
        tolerance: see `classify`.
        least: see `classify`.

    Raises:
        ValueError: If a number is out of range.
    """
    if not 0 <= tolerance < 1:
        raise ValueError(f"tolerance = {tolerance}; it must be at least 0 and below 1")
    if least < 1:
        raise ValueError(f"least = {least}; it must be a number of turns, 1 or more")
    return Rule(float(tolerance), least)


def check_shuffles(shuffles: int = 1, seed: int = 0) -> None:
    """Check the number of shuffles and their seed.

    Args:
        shuffles: number of shuffles.
        seed: seed of the shuffles.

    Raises:
        ValueError: If one is negative.
    """
    for name, value in {"shuffles": shuffles, "seed": seed}.items():
        if value < 0:
            raise ValueError(f"{name} = {value}; it must be a whole number, 0 or more")

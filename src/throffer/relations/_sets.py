"""Relations of a set of elementary interactions (Favre & Sornette 2015)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, TypeAlias

RELATIONS = ("communal", "equality", "market", "authority", "asocial", "null")
"""The six categories: communal sharing, equality matching, market pricing, authority ranking,
asocial, null."""

FORWARD, BACKWARD, BOTH = "a>b", "b>a", "both"
"""Directions of a relation: who does `act`."""

Interaction: TypeAlias = tuple[str | None, str | None]
"""What a does and what b does in one exchange; None is nothing."""


class Relation(NamedTuple):
    """One representative relation of a pair, `a` before `b`.

    Attributes:
        relation: one of `RELATIONS`.
        act: the acts in alphabetical order; `other_act` is None where there is one act, and both
            are in `null`.
        other_act: the acts in alphabetical order; `other_act` is None where there is one act, and
            both are in `null`.
        direction: who does `act`: `a>b` (a does it to b), `b>a`, or `both`. Under authority the
            other one does `other_act`.
    """

    relation: str
    act: str | None
    other_act: str | None
    direction: str


NULL = Relation("null", None, None, BOTH)


def classify_set(interactions: Iterable[Interaction]) -> tuple[Relation, ...]:
    """Relations that a set of interactions between a and b consists of.

    In one interaction each does an act of the set or nothing, and both are linked. The same act,
    linked, is **equality** matching. Different acts, linked, are **market** pricing where either
    can hold either role and **authority** ranking where roles are fixed. An act that is not linked
    to a return is **communal** sharing where it goes both ways and **asocial** where it goes one
    way. Nothing on either side, alone, is **null**.

    Mixed sets are read greedily, which the source leaves open: first what goes both ways (market,
    communal), then single interactions. Only kinds count, not how often.

    Source: Favre & Sornette 2015, PLoS ONE 10(3):e0120882, Tables 1, 2 and 5.

    Raises:
        ValueError: For an empty set, and for one that holds the null interaction with another.

    ```python
    >>> for found in classify_set([("help", "pay"), ("pay", "help"), ("greet", None)]):
    ...     print(*found)
    market help pay both
    asocial greet None a>b

    ```
    """
    given = set(interactions)
    if not given:
        raise ValueError("no interaction given; a pair that does nothing is {(None, None)}")
    if (None, None) in given:
        if len(given) > 1:
            raise ValueError("(None, None), nothing on either side, excludes other interactions")
        return (NULL,)
    return tuple(sorted({_relation(one, given) for one in given}, key=_order))


def notations(actions: Iterable[str]) -> tuple[Relation, ...]:
    """Every relation that can be named with these acts.

    For N acts: N equality, N(N - 1)/2 market, N(N - 1) authority, N communal, 2N asocial, 1 null.

    ```python
    >>> from collections import Counter
    >>> sorted(Counter(one.relation for one in notations(["X", "Y"])).items())
    [('asocial', 4), ('authority', 2), ('communal', 2), ('equality', 2), ('market', 1), ('null', 1)]

    ```
    """
    acts = sorted(set(actions))
    found = {NULL}
    for act in acts:
        found |= {Relation("equality", act, None, BOTH), Relation("communal", act, None, BOTH)}
        found |= {Relation("asocial", act, None, way) for way in (FORWARD, BACKWARD)}
        for other in acts:
            if act < other:
                found.add(Relation("market", act, other, BOTH))
                found |= {Relation("authority", act, other, way) for way in (FORWARD, BACKWARD)}
    return tuple(sorted(found, key=_order))


def _relation(one: Interaction, given: set[Interaction]) -> Relation:
    """The relation that one interaction is part of, given what else occurs."""
    first, second = one
    returned = (second, first) in given
    if first is None or second is None:
        act = second if first is None else first
        if returned:
            return Relation("communal", act, None, BOTH)
        return Relation("asocial", act, None, BACKWARD if first is None else FORWARD)
    if first == second:
        return Relation("equality", first, None, BOTH)
    low, high = sorted((first, second))
    if returned:
        return Relation("market", low, high, BOTH)
    return Relation("authority", low, high, FORWARD if first == low else BACKWARD)


# order of the tests: what alternates before what does not, both ways before one way
_TESTED = ("null", "equality", "market", "authority", "communal", "asocial")


def _order(one: Relation) -> tuple[int, str, str, str]:
    return _TESTED.index(one.relation), one.act or "", one.other_act or "", one.direction

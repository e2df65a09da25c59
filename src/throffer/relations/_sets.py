"""Relations of a set of elementary interactions (Favre & Sornette 2015)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, TypeAlias

RELATIONS = ("communal", "equality", "market", "authority", "asocial", "null")
"""Communal sharing, equality matching, market pricing, authority ranking, asocial, null."""

FORWARD, BACKWARD, BOTH = "a>b", "b>a", "both"
"""Directions of a relation, which say who does `act`."""

Interaction: TypeAlias = tuple[str | None, str | None]
"""What a does and what b does in one exchange; None for nothing."""


class Relation(NamedTuple):
    """One relation of a pair a, b.

    Attributes:
        relation: one of `RELATIONS`.
        act: the act, or the first of two acts in alphabetical order; None for `null`.
        other_act: the second act; None if there is only one act or none.
        direction: who does `act`: `a>b` (a does it to b), `b>a`, or `both`. Under authority the
            other party does `other_act`.
    """

    relation: str
    act: str | None
    other_act: str | None
    direction: str


NULL = Relation("null", None, None, BOTH)


def classify_set(interactions: Iterable[Interaction]) -> tuple[Relation, ...]:
    """Find the relations that make up a set of interactions between two parties.

    If both parties do the same act in one interaction, this is **equality** matching. If they do
    different acts, it is **market** pricing if the interaction also occurs with the roles
    exchanged, and **authority** ranking if not. If one party does an act and the other nothing, it
    is **communal** sharing if this also occurs with the roles exchanged, and **asocial** if not. If
    the set contains only the interaction in which neither does anything, it is **null**.

    Source: Favre & Sornette 2015, PLoS ONE 10(3):e0120882, Tables 1, 2 and 5. The source does not
    say how to read a set of several interactions. Here an interaction is first joined with its
    mirror image (market, communal), and what remains is read one by one.

    Args:
        interactions: pairs of what a does and what b does. How often one occurs does not matter.

    Raises:
        ValueError: If the set is empty, or contains (None, None) and other interactions.

    ```python
    >>> for found in classify_set([("help", "pay"), ("pay", "help"), ("greet", None)]):
    ...     print(*found)
    market help pay both
    asocial greet None a>b

    ```
    """
    given = set(interactions)
    if not given:
        raise ValueError("no interaction given; if neither does anything, give {(None, None)}")
    if (None, None) in given:
        if len(given) > 1:
            raise ValueError("(None, None) means that nothing happens; remove it or the others")
        return (NULL,)
    return tuple(sorted({_relation(one, given) for one in given}, key=_order))


def notations(actions: Iterable[str]) -> tuple[Relation, ...]:
    """List every relation that is possible with these acts.

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
    """Find the relation that one interaction belongs to, given the whole set."""
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


# order of the tests: linked acts before single ones, both directions before one
_TESTED = ("null", "equality", "market", "authority", "communal", "asocial")


def _order(one: Relation) -> tuple[int, str, str, str]:
    return _TESTED.index(one.relation), one.act or "", one.other_act or "", one.direction

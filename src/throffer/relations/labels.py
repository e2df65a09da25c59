"""From fluxes and links to one row a relation: the order of tests, over whole blocks."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Int

from throffer.relations.links import Links
from throffer.relations.sets import BACKWARD, BOTH, FORWARD, RELATIONS
from throffer.relations.turns import Fluxes

DIRECTIONS = (FORWARD, BACKWARD, BOTH)
_FORWARD, _BACKWARD, _BOTH = range(3)
COMMUNAL, EQUALITY, MARKET, AUTHORITY, ASOCIAL, NULL = range(len(RELATIONS))


class Rows(NamedTuple):
    """Relations as codes: `relation` of `RELATIONS`, `direction` of `DIRECTIONS`, acts or -1."""

    pair: Int[np.ndarray, " relation"]
    relation: Int[np.ndarray, " relation"]
    act: Int[np.ndarray, " relation"]
    other: Int[np.ndarray, " relation"]
    direction: Int[np.ndarray, " relation"]
    n: Int[np.ndarray, " relation"]


def label(fluxes: Fluxes, links: Links) -> Rows:
    """Relations of every pair, in the order of the pairs' keys and then of the tests.

    Links of one act are equality; of two acts market where both roles are held by both, authority
    otherwise. What is in no link is communal where it goes both ways, asocial where it goes one.
    """
    one, other = fluxes.act[links.a], fluxes.act[links.b]
    pair = fluxes.pair[links.a]
    n = fluxes.n[links.a] + fluxes.n[links.b]
    low, high = np.minimum(one, other), np.maximum(one, other)
    same = one == other
    direction = np.where(one < other, _FORWARD, _BACKWARD)
    parts = [_rows(pair[same], EQUALITY, low[same], -1, _BOTH, n[same])]
    crossed = np.flatnonzero(~same)
    order = crossed[np.lexsort((high[crossed], low[crossed], pair[crossed]))]
    here, after = order[:-1], order[1:]
    twice = (pair[here] == pair[after]) & (low[here] == low[after]) & (high[here] == high[after])
    first = np.concatenate([twice, [False]])[: order.size]
    second = np.concatenate([[False], twice])[: order.size]
    market, authority = order[first], order[~first & ~second]
    parts += [
        _rows(pair[market], MARKET, low[market], high[market], _BOTH, n[market] + n[order[second]]),
        _rows(
            pair[authority],
            AUTHORITY,
            low[authority],
            high[authority],
            direction[authority],
            n[authority],
        ),
    ]
    parts += _unlinked(fluxes, links)
    rows = Rows(*(np.concatenate(each) for each in zip(*parts, strict=True)))
    tested = np.array([3, 0, 1, 2, 4, 5])[rows.relation]
    order = np.lexsort((rows.direction, rows.other, rows.act, tested, rows.pair))
    rows = Rows(*(each[order] for each in rows))
    return rows._replace(pair=fluxes.keys[rows.pair])


def _unlinked(fluxes: Fluxes, links: Links) -> list[Rows]:
    free = np.ones(fluxes.pair.size, bool)
    free[links.a] = free[links.b] = False
    left = np.flatnonzero(free)
    order = left[np.lexsort((fluxes.side[left], fluxes.act[left], fluxes.pair[left]))]
    pair, act, n = fluxes.pair[order], fluxes.act[order], fluxes.n[order]
    twice = (pair[1:] == pair[:-1]) & (act[1:] == act[:-1])
    first = np.concatenate([twice, [False]])[: order.size]
    second = np.concatenate([[False], twice])[: order.size]
    alone = ~first & ~second
    return [
        _rows(pair[first], COMMUNAL, act[first], -1, _BOTH, n[first] + n[second]),
        _rows(pair[alone], ASOCIAL, act[alone], -1, fluxes.side[order][alone], n[alone]),
    ]


def _rows(
    pair: Int[np.ndarray, " row"],
    relation: int,
    act: Int[np.ndarray, " row"],
    other: Int[np.ndarray, " row"] | int,
    direction: Int[np.ndarray, " row"] | int,
    n: Int[np.ndarray, " row"],
) -> Rows:
    full = (np.broadcast_to(np.asarray(each), pair.shape) for each in (other, direction))
    other, direction = full
    return Rows(pair, np.full(pair.size, relation), act, other, direction, n)

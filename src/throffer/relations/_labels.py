"""Naming the relations of a block, given its fluxes and links."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Int

from throffer.relations._links import Links
from throffer.relations._sets import BACKWARD, BOTH, FORWARD, RELATIONS
from throffer.relations._turns import Fluxes

DIRECTIONS = (FORWARD, BACKWARD, BOTH)
_FORWARD, _BACKWARD, _BOTH = range(3)
COMMUNAL, EQUALITY, MARKET, AUTHORITY, ASOCIAL, NULL = range(len(RELATIONS))


class Rows(NamedTuple):
    """Relations as codes, one row each.

    Attributes:
        pair: key of the pair.
        relation: position in `RELATIONS`.
        act: code of the act; -1 if there is none.
        other: code of the second act; -1 if there is none.
        direction: position in `DIRECTIONS`.
        n: number of events.
    """

    pair: Int[np.ndarray, " relation"]
    relation: Int[np.ndarray, " relation"]
    act: Int[np.ndarray, " relation"]
    other: Int[np.ndarray, " relation"]
    direction: Int[np.ndarray, " relation"]
    n: Int[np.ndarray, " relation"]


def label(fluxes: Fluxes, links: Links, stands: Bool[np.ndarray, " link"]) -> Rows:
    """Name the relations of every pair.

    A link of one act is equality. A link of two acts is market if the link with the roles exchanged
    stands too, and authority if not. An act without a link is communal if both parties do it, and
    asocial if one does.

    Args:
        fluxes: the fluxes of a block.
        links: pairs of fluxes.
        stands: whether each link stands, from `stand`.

    Returns:
        The relations, sorted by pair and then by the order of tests.
    """
    same = fluxes.act[links.a] == fluxes.act[links.b]
    equal = links.where(np.flatnonzero(stands & same))
    crossed = links.where(np.flatnonzero(stands & ~same))
    free = np.ones(fluxes.pair.size, bool)
    free[links.a[stands]] = free[links.b[stands]] = False
    shared = links.where(np.flatnonzero(same & free[links.a] & free[links.b]))
    free[shared.a] = free[shared.b] = False
    alone = np.flatnonzero(free)
    parts = [
        _twofold(fluxes, equal, EQUALITY),
        *_crossed(fluxes, crossed),
        _twofold(fluxes, shared, COMMUNAL),
        Rows(
            fluxes.pair[alone],
            np.full(alone.size, ASOCIAL),
            fluxes.act[alone],
            np.full(alone.size, -1),
            fluxes.side[alone],
            fluxes.n[alone],
        ),
    ]
    return _merge(parts, fluxes.keys)


def _twofold(fluxes: Fluxes, links: Links, relation: int) -> Rows:
    """Rows for links of one act that both parties do."""
    return Rows(
        fluxes.pair[links.a],
        np.full(links.a.size, relation),
        fluxes.act[links.a],
        np.full(links.a.size, -1),
        np.full(links.a.size, _BOTH),
        fluxes.n[links.a] + fluxes.n[links.b],
    )


def _crossed(fluxes: Fluxes, links: Links) -> tuple[Rows, Rows]:
    """Rows for links of two different acts.

    A link is market if the link with the roles exchanged exists too, and authority otherwise.
    """
    one, other = fluxes.act[links.a], fluxes.act[links.b]
    rows = Rows(
        fluxes.pair[links.a],
        np.full(one.size, AUTHORITY),
        np.minimum(one, other),
        np.maximum(one, other),
        np.where(one < other, _FORWARD, _BACKWARD),
        fluxes.n[links.a] + fluxes.n[links.b],
    )
    order = np.lexsort((rows.other, rows.act, rows.pair))
    rows = Rows(*(each[order] for each in rows))
    mirrored = np.zeros(one.size, bool)
    mirrored[:-1] = (
        (rows.pair[1:] == rows.pair[:-1])
        & (rows.act[1:] == rows.act[:-1])
        & (rows.other[1:] == rows.other[:-1])
    )
    image = np.roll(mirrored, 1)
    market = Rows(*(each[mirrored] for each in rows))
    count = market.pair.size
    market = market._replace(
        relation=np.full(count, MARKET),
        direction=np.full(count, _BOTH),
        n=market.n + rows.n[image],
    )
    return market, Rows(*(each[~mirrored & ~image] for each in rows))


def _merge(parts: list[Rows], keys: Int[np.ndarray, " pair"]) -> Rows:
    """Merge parts that are each sorted by pair; within a pair, rows keep the order of the parts."""
    counts = np.stack([np.bincount(part.pair, minlength=keys.size) for part in parts])
    total = counts.sum(0)
    begin = np.cumsum(total) - total
    rows = Rows(*(np.empty(int(total.sum()), each.dtype) for each in parts[0]))
    for part, count in zip(parts, counts, strict=True):
        first = np.cumsum(count) - count
        place = (begin - first)[part.pair] + np.arange(part.pair.size)
        for column, values in zip(rows, part, strict=True):
            column[place] = values
        begin += count
    return rows._replace(pair=keys[rows.pair])

"""Links: which acts of the two sides of a pair take turns."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int

from throffer.relations.turns import Fluxes, Turns, select


class Links(NamedTuple):
    """Pairs of fluxes, one of each side: what `a` does and what `b` does.

    `missed` counts the turns that one side took again before the other had answered.
    """

    a: Int[np.ndarray, " link"]
    b: Int[np.ndarray, " link"]
    missed: Int[np.ndarray, " link"]

    def where(self, kept: Bool[np.ndarray, " link"]) -> Links:
        """The links that are kept."""
        return Links(self.a[kept], self.b[kept], self.missed[kept])


def count_missed(fluxes: Fluxes, turns: Turns) -> Links:
    """Every act of one side beside every act of the other, with the turns that were missed.

    A turn is missed where a side does its act again and the other has not done its own since, or at
    either of the two times. Other acts do not matter.
    """
    pair = fluxes.pair
    kept = np.minimum(*fluxes.kinds)[pair] > 0
    if not kept.all():
        turns = select(turns, kept[turns.flux])
    rank = fluxes.rank
    here = np.where(fluxes.side == 0, fluxes.kinds[1, pair], 0)
    offset = np.cumsum(here) - here
    a = np.repeat(np.arange(pair.size), here)
    b = fluxes.start[1, pair[a]] + np.arange(a.size) - offset[a]
    missed = np.zeros(a.size, np.int64)
    previous = _previous(fluxes, turns, rank)
    for side in (0, 1):
        for each in range(int(fluxes.kinds[side].max(initial=0))):
            part, before = turns, previous
            if each:
                several = (fluxes.kinds[side] > each)[pair][turns.flux]
                part, before = select(turns, several), _move(previous, several)
            answers = ((fluxes.side == side) & (rank == each))[part.flux]
            last = np.maximum.accumulate(np.where(answers, np.arange(answers.size), -1))
            again = (fluxes.side != side)[part.flux] & (before >= 0)
            again &= last[part.last] < part.first[before]
            flux = part.flux[again]
            if side:
                link = offset[flux] + each
            else:
                link = offset[fluxes.start[0, pair[flux]] + each] + rank[flux]
            missed += np.bincount(link, minlength=a.size)
    return Links(a, b, missed)


def _previous(
    fluxes: Fluxes, turns: Turns, rank: Int[np.ndarray, " flux"]
) -> Int[np.ndarray, " turn"]:
    """The turn before each one by the same side with the same act, or -1."""
    previous = np.full(turns.flux.size, -1)
    kinds = (rank * 2 + fluxes.side)[turns.flux]
    for kind in range(int(kinds.max(initial=-1)) + 1):
        place = np.flatnonzero(kinds == kind)
        same = turns.flux[place[1:]] == turns.flux[place[:-1]]
        previous[place[1:][same]] = place[:-1][same]
    return previous


def _move(
    previous: Int[np.ndarray, " turn"], kept: Bool[np.ndarray, " turn"]
) -> Int[np.ndarray, " kept"]:
    before = previous[kept]
    return np.where(before >= 0, (np.cumsum(kept) - 1)[before], -1)


def find_links(
    fluxes: Fluxes,
    turns: Turns,
    moments: Int[np.ndarray, " time"] | Float[np.ndarray, " time"],
    tolerance: float,
    least: int,
) -> Links:
    """Links that alternate within the tolerance; rivals for one flux are told apart."""
    links = count_missed(fluxes, turns)
    one, other = fluxes.turns[links.a], fluxes.turns[links.b]
    allowed = tolerance * (one + other - 1) + 1e-9
    links = links.where((links.missed <= allowed) & (np.minimum(one, other) >= least))
    size = fluxes.pair.size
    shares = np.bincount(links.a, minlength=size) + np.bincount(links.b, minlength=size)
    contested = np.maximum(shares[links.a], shares[links.b]) > 1
    if not contested.any():
        return links
    pairs = np.zeros(fluxes.keys.size, bool)
    pairs[fluxes.pair[links.a[contested]]] = True
    part = select(turns, pairs[fluxes.pair][turns.flux])
    return links.where(_prevails(links, _exchanges(fluxes, part, moments, links), fluxes))


def _prevails(
    links: Links, exchanges: Int[np.ndarray, " link"], fluxes: Fluxes
) -> Bool[np.ndarray, " link"]:
    """Which links stand beside their rivals, which share a flux with them.

    A link falls to a rival with more than twice as many exchanges. One of different acts then falls
    to links of the same acts, which are tested first, where these account for both of its fluxes.
    """
    most = np.zeros(fluxes.pair.size, np.int64)
    np.maximum.at(most, links.a, exchanges)
    np.maximum.at(most, links.b, exchanges)
    stands = 2 * exchanges >= np.maximum(most[links.a], most[links.b])
    same = fluxes.act[links.a] == fluxes.act[links.b]
    equal = np.zeros(fluxes.pair.size, bool)
    equal[links.a[stands & same]] = equal[links.b[stands & same]] = True
    return stands & (same | ~(equal[links.a] & equal[links.b]))


def _exchanges(
    fluxes: Fluxes,
    turns: Turns,
    moments: Int[np.ndarray, " time"] | Float[np.ndarray, " time"],
    links: Links,
) -> Int[np.ndarray, " link"]:
    """How often the two acts of a link meet in one exchange, twice over.

    What both sides do at one time is an exchange. So are, in order, one side's time and the other's
    next, unless that one is nearer still to a later time of the first side. In a row of an odd
    number of times each is taken to belong half to the one before and half to the one after.
    """
    size, pair = fluxes.pair.size, fluxes.pair
    if not turns.flux.size:
        return np.zeros(links.a.size, np.int64)
    opens = turns.first == np.arange(turns.first.size)
    node = np.cumsum(opens) - 1
    nodes = int(node[-1]) + 1
    side = fluxes.side[turns.flux]
    acts = np.stack([np.bincount(node[side == each], minlength=nodes) > 0 for each in (0, 1)])
    owner, moment = pair[turns.flux[opens]], moments[turns.time[opens]]
    both = acts[0] & acts[1]
    meets = (owner[1:] == owner[:-1]) & ~both[1:] & ~both[:-1] & (acts[0, 1:] != acts[0, :-1])
    gap = np.diff(moment)
    meets[:-1] &= ~(meets[1:] & (gap[1:] < gap[:-1]))
    row = np.concatenate([[0], np.cumsum(~meets)])
    length = np.bincount(row)[row]
    place = np.arange(nodes) - np.flatnonzero(np.concatenate([[True], ~meets]))[row]
    odd = length % 2 == 1
    joined = np.flatnonzero(meets & ((place[:-1] % 2 == 0) | odd[:-1]))
    first = np.concatenate([np.flatnonzero(both), joined])
    second = np.concatenate([np.flatnonzero(both), joined + 1])
    weight = np.concatenate([np.full(both.sum(), 2), np.where(odd[joined], 1, 2)])
    one, other, weight = _members(turns.flux, side, node, (first, second, weight))
    label = links.a * size + links.b
    order = np.argsort(label)
    met = one * size + other
    found = np.searchsorted(label, met, sorter=order)
    found = order[np.minimum(found, order.size - 1)]
    hit = label[found] == met
    return np.bincount(found[hit], weight[hit], label.size).astype(np.int64)


def _members(
    flux: Int[np.ndarray, " turn"],
    side: Int[np.ndarray, " turn"],
    node: Int[np.ndarray, " turn"],
    joined: tuple[Int[np.ndarray, " met"], Int[np.ndarray, " met"], Int[np.ndarray, " met"]],
) -> tuple[Int[np.ndarray, " each"], Int[np.ndarray, " each"], Int[np.ndarray, " each"]]:
    """Every act of a beside every act of b in the joined times, with its weight."""
    first, second, weight = joined
    nodes = int(node[-1]) + 1
    ones, others = [], []
    weights = []
    place = [np.flatnonzero(side == each) for each in (0, 1)]
    begin = [np.searchsorted(node[at], np.arange(nodes + 1)) for at in place]
    count = [np.diff(each) for each in begin]
    for left, right in ((first, second), (second, first)):
        # a acts at `left` and b at `right`; a time of both stands in both, once
        kept = (count[0][left] > 0) & (count[1][right] > 0)
        if left is second:
            kept &= first != second
        left, right = left[kept], right[kept]
        times = count[0][left] * count[1][right]
        owner = np.repeat(np.arange(left.size), times)
        within = np.arange(owner.size) - np.repeat(np.cumsum(times) - times, times)
        width = count[1][right][owner]
        ones.append(flux[place[0][begin[0][left][owner] + within // width]])
        others.append(flux[place[1][begin[1][right][owner] + within % width]])
        weights.append(weight[kept][owner])
    return np.concatenate(ones), np.concatenate(others), np.concatenate(weights)

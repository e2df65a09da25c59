"""Links: which acts of the two sides of a pair take turns."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int

from throffer.relations._turns import Fluxes, Turns

_WORTHWHILE = 0.5
"""Share of turns left below which copying them pays."""


_SLACK = 1e-9
"""So that a share of exactly the tolerance is within it."""


class Rule(NamedTuple):
    """When two acts take turns: the share of missed turns allowed, and the fewest turns a side."""

    tolerance: float
    least: int


class Links(NamedTuple):
    """Pairs of fluxes, one of each side: what `a` does and what `b` does.

    `missed` counts the turns that one side took again before the other had answered.
    """

    a: Int[np.ndarray, " link"]
    b: Int[np.ndarray, " link"]
    missed: Int[np.ndarray, " link"]

    def where(self, kept: Bool[np.ndarray, " link"] | Int[np.ndarray, " kept"]) -> Links:
        """The links that are kept."""
        return Links(self.a[kept], self.b[kept], self.missed[kept])


def count_missed(fluxes: Fluxes, turns: Turns) -> Links:
    """Every act of one side beside every act of the other, with the turns that were missed.

    A turn is missed where a side does its act again and the other has not done its own since, or at
    either of the two times. Other acts do not matter.
    """
    pair, rank = fluxes.pair, fluxes.rank
    answers = np.where(fluxes.side == 0, fluxes.kinds[1, pair], 0)
    offset = np.cumsum(answers) - answers
    a = np.repeat(np.arange(pair.size), answers)
    b = fluxes.start[1, pair[a]] + np.arange(a.size) - offset[a]
    missed = np.zeros(a.size, np.int64)
    kind = (2 * rank + fluxes.side)[turns.flux]
    part = _part(turns, kind, _previous(turns, kind))
    for each in range(int(fluxes.kinds.max(initial=0))):
        for side in (0, 1):
            several = (fluxes.kinds[side] > each)[pair]
            if not several.any():
                continue
            again = _repeats(part, each, side)
            again = again[several[again]]
            if side:
                link = offset[again] + each
            else:
                link = offset[fluxes.start[0, pair[again]] + each] + rank[again]
            missed += np.bincount(link, minlength=a.size)
        more = (np.maximum(fluxes.kinds[0], fluxes.kinds[1]) > each + 1)[pair][part.turns.flux]
        if more.sum() < _WORTHWHILE * more.size:
            part = _part(part.turns.where(more), part.kind[more], part.previous.max(0)[more])
    return Links(a, b, missed)


def _previous(turns: Turns, kind: Int[np.ndarray, " turn"]) -> Int[np.ndarray, " turn"]:
    """The node of the turn before by the same side with the same act, or -1."""
    previous = np.full(turns.flux.size, -1, np.int32)
    for each in range(int(kind.max(initial=-1)) + 1):
        place = np.flatnonzero(kind == each)
        flux, node = turns.flux[place], turns.node[place]
        previous[place[1:]] = np.where(flux[1:] == flux[:-1], node[:-1], -1)
    return previous


class _Part(NamedTuple):
    """Turns of some pairs, with what every answer is held against.

    `kind` is twice the rank of the flux plus the side; `previous[side]` the node before for turns
    that this side would answer, else -1; `ends` the last turn of every node where some have more
    than one.
    """

    turns: Turns
    kind: Int[np.ndarray, " turn"]
    previous: Int[np.ndarray, "2 turn"]
    ends: Int[np.ndarray, " node"] | None


def _part(
    turns: Turns, kind: Int[np.ndarray, " turn"], previous: Int[np.ndarray, " turn"]
) -> _Part:
    second = (kind & 1).astype(bool)
    none = np.int32(-1)
    faced = np.stack([np.where(second, previous, none), np.where(second, none, previous)])
    closes = np.flatnonzero(turns.node[1:] != turns.node[:-1])
    tied = closes.size + 1 < turns.node.size
    return _Part(turns, kind, faced, np.append(closes, turns.node.size - 1) if tied else None)


def _repeats(part: _Part, rank: int, side: int) -> Int[np.ndarray, " missed"]:
    """Fluxes of the turns that repeat their act before this act of the other side has answered."""
    answers = part.kind == 2 * rank + side
    last = np.maximum.accumulate(np.where(answers, part.turns.node, np.int32(-1)))
    if part.ends is not None:
        last = np.repeat(last[part.ends], np.diff(part.ends, prepend=-1))
    return part.turns.flux[np.flatnonzero(last < part.previous[side])]


def stand(
    links: Links,
    fluxes: Fluxes,
    turns: Turns,
    moments: Int[np.ndarray, " time"] | Float[np.ndarray, " time"] | None,
    rule: Rule,
) -> Bool[np.ndarray, " link"]:
    """Which links alternate by the rule; rivals for one flux are told apart."""
    one, other = fluxes.turns[links.a], fluxes.turns[links.b]
    allowed = rule.tolerance * (one + other - 1) + _SLACK
    standing = (links.missed <= allowed) & (np.minimum(one, other) >= rule.least)
    place = np.flatnonzero(standing)
    passed = links.where(place)
    size = fluxes.pair.size
    shares = np.bincount(passed.a, minlength=size) + np.bincount(passed.b, minlength=size)
    contested = np.maximum(shares[passed.a], shares[passed.b]) > 1
    if contested.any():
        pairs = np.zeros(fluxes.keys.size, bool)
        pairs[fluxes.pair[passed.a[contested]]] = True
        inside = pairs[fluxes.pair[passed.a]]
        place, passed = place[inside], passed.where(inside)
        part = turns.where(pairs[fluxes.pair][turns.flux])
        standing[place] = _prevails(passed, _exchanges(fluxes, part, moments, passed), fluxes)
    return standing


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
    moments: Int[np.ndarray, " time"] | Float[np.ndarray, " time"] | None,
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
    opens = np.diff(turns.node, prepend=-1) > 0
    node = np.cumsum(opens) - 1
    nodes = int(node[-1]) + 1
    side = fluxes.side[turns.flux]
    acts = np.stack([np.bincount(node[side == each], minlength=nodes) > 0 for each in (0, 1)])
    owner, moment = pair[turns.flux[opens]], turns.time[opens]
    moment = moment if moments is None else moments[moment]
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
    met = one.astype(np.int64) * size + other
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

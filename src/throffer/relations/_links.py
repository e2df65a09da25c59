"""Links: which acts of the two sides of a pair take turns."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int

from throffer.relations._turns import Fluxes, Turns

_WORTHWHILE = 0.5
"""The turns that are still needed are copied if they are less than this share of all."""


_SLACK = 1e-9
"""Rounding slack, so that a share equal to the tolerance is accepted."""


class Rule(NamedTuple):
    """When two acts take turns.

    Attributes:
        tolerance: largest share of missed turns.
        least: fewest turns of each side.
    """

    tolerance: float
    least: int


class Links(NamedTuple):
    """Pairs of fluxes, one of each side.

    Attributes:
        a: flux of side `a`.
        b: flux of side `b`.
        missed: number of times that one side repeated its act before the other had answered.
    """

    a: Int[np.ndarray, " link"]
    b: Int[np.ndarray, " link"]
    missed: Int[np.ndarray, " link"]

    def where(self, kept: Bool[np.ndarray, " link"] | Int[np.ndarray, " kept"]) -> Links:
        """Select links by a mask or by index."""
        return Links(self.a[kept], self.b[kept], self.missed[kept])


def count_missed(fluxes: Fluxes, turns: Turns) -> Links:
    """Pair every act of one side with every act of the other and count the missed turns.

    A turn is missed if a side repeats its act and the other has not done its own in between or at
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
    """The node of the previous turn of the same flux; -1 if there is none."""
    previous = np.full(turns.flux.size, -1, np.int32)
    for each in range(int(kind.max(initial=-1)) + 1):
        place = np.flatnonzero(kind == each)
        flux, node = turns.flux[place], turns.node[place]
        previous[place[1:]] = np.where(flux[1:] == flux[:-1], node[:-1], -1)
    return previous


class _Part(NamedTuple):
    """Turns of some pairs, prepared for counting repeats.

    Attributes:
        turns: the turns.
        kind: twice the rank of the turn's flux plus its side.
        previous: `previous[side]` is the node of the flux's previous turn, for turns that this side
            could answer; -1 for the others and for first turns.
        ends: the last turn of every node; None if every node has only one turn.
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
    """Find the turns that repeat an act before the other side has answered with a given act.

    Args:
        part: the turns.
        rank: which of the answering side's fluxes is the answer, from 0.
        side: the answering side.

    Returns:
        The flux of each such turn.
    """
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
    """Decide which links stand: they alternate by the rule, and no rival displaces them.

    Args:
        links: pairs of fluxes with their missed turns.
        fluxes: the fluxes.
        turns: the turns.
        moments: the time of every rank; None if the rank is the time minus a constant.
        rule: when two acts take turns.
    """
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
    """Decide which links stand against their rivals. Rivals are links that share a flux.

    A link is dropped if a rival has more than twice as many exchanges. Then a link of two different
    acts is dropped if both of its fluxes also belong to standing links of one act.
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
    """Count how often the two acts of a link occur in one exchange. Counts are doubled.

    What both sides do at one time is an exchange. So are a time of one side and the next time of
    the other, unless the latter is closer to the following time of the first side. If an odd number
    of times follow one another in this way, each is counted half with the time before it and half
    with the time after it.
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
    """List every act of a with every act of b that share an exchange, with its weight.

    Args:
        flux: flux of each turn.
        side: side of each turn.
        node: node of each turn.
        joined: the two nodes of each exchange (equal if both sides act at one time) and its weight.
    """
    first, second, weight = joined
    nodes = int(node[-1]) + 1
    ones, others = [], []
    weights = []
    place = [np.flatnonzero(side == each) for each in (0, 1)]
    begin = [np.searchsorted(node[at], np.arange(nodes + 1)) for at in place]
    count = [np.diff(each) for each in begin]
    for left, right in ((first, second), (second, first)):
        # a acts at `left` and b at `right`; a time at which both act is counted once
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

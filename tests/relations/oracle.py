"""An independent implementation of `classify` in plain Python, one pair and event at a time."""

from __future__ import annotations

from collections import Counter, defaultdict
from fractions import Fraction
from itertools import pairwise, product
from typing import Any

TESTED = ["equality", "market", "authority", "communal", "asocial", "null"]

Event = tuple[Any, Any, Any, Any]
Flux = tuple[int, Any]


def relations(
    events: list[Event], tolerance: Fraction = Fraction(1, 4), least: int = 1
) -> list[tuple[Any, ...]]:
    """Rows as `classify` returns them, from events (actor, partner, action, time)."""
    logs: dict[tuple[Any, Any], list[tuple[int, Any, Any]]] = defaultdict(list)
    for actor, partner, action, time in events:
        if actor is None or partner is None or actor == partner:
            continue
        a, b = sorted((actor, partner))
        logs[a, b].append((int(actor == b), action, time))
    return [
        (a, b, *row) for (a, b), log in sorted(logs.items()) for row in _pair(log, tolerance, least)
    ]


def _pair(
    log: list[tuple[int, Any, Any]], tolerance: Fraction, least: int
) -> list[tuple[Any, ...]]:
    n = Counter((side, act) for side, act, _ in log if act is not None)
    if not n:
        return [("null", None, None, "both", 0)]
    times = {flux: sorted({t for s, x, t in log if (s, x) == flux and t is not None}) for flux in n}
    links = _links(times, tolerance, least)
    free = set(n) - {flux for link in links for flux in link}
    rows = []
    for one, other in links:
        used = n[one] + n[other]
        low, high = sorted((one[1], other[1]))
        mirror = ((0, other[1]), (1, one[1]))
        if low == high:
            rows.append(("equality", low, None, "both", used))
        elif mirror not in links:
            rows.append(("authority", low, high, "a>b" if one[1] == low else "b>a", used))
        elif one[1] == low:
            rows.append(("market", low, high, "both", used + n[mirror[0]] + n[mirror[1]]))
    for side, act in free:
        if (1 - side, act) not in free:
            rows.append(("asocial", act, None, ("a>b", "b>a")[side], n[side, act]))
        elif side == 0:
            rows.append(("communal", act, None, "both", n[0, act] + n[1, act]))
    return sorted(rows, key=lambda row: (TESTED.index(row[0]), row[3], row[1], row[2] or ""))


def _links(times: dict[Flux, list[Any]], tolerance: Fraction, least: int) -> set[tuple[Flux, Flux]]:
    passed = set()
    for one, other in product(times, times):
        if (one[0], other[0]) != (0, 1):
            continue
        first, second = times[one], times[other]
        missed = _missed(first, second) + _missed(second, first)
        enough = min(len(first), len(second)) >= least
        if enough and missed <= tolerance * (len(first) + len(second) - 1):
            passed.add((one, other))
    met = _met(times)
    most = {flux: max((met[link] for link in passed if flux in link), default=0) for flux in times}
    stand = {link for link in passed if 2 * met[link] >= max(most[flux] for flux in link)}
    equal = {flux for link in stand if link[0][1] == link[1][1] for flux in link}
    return {link for link in stand if link[0][1] == link[1][1] or not equal.issuperset(link)}


def _missed(own: list[Any], other: list[Any]) -> int:
    return sum(not any(before <= t <= now for t in other) for before, now in pairwise(own))


def _met(times: dict[Flux, list[Any]]) -> Counter[tuple[Flux, Flux]]:
    """Twice the number of exchanges of two fluxes."""
    at: dict[Any, set[Flux]] = defaultdict(set)
    for flux, moments in times.items():
        for t in moments:
            at[t].add(flux)
    moments = sorted(at)
    sides = [{side for side, _ in at[t]} for t in moments]
    met: Counter[tuple[Flux, Flux]] = Counter()

    def meet(i: int, j: int, weight: int) -> None:
        for one in at[moments[i]]:
            for other in at[moments[j]]:
                if one[0] != other[0]:
                    met[min(one, other), max(one, other)] += weight

    def follows(i: int) -> bool:
        return 0 <= i < len(moments) - 1 and (
            len(sides[i]) == len(sides[i + 1]) == 1 and sides[i] != sides[i + 1]
        )

    def joined(i: int) -> bool:
        nearer = follows(i + 1) and moments[i + 2] - moments[i + 1] < moments[i + 1] - moments[i]
        return follows(i) and not nearer

    i = 0
    while i < len(moments):
        if len(sides[i]) == 2:
            for one in at[moments[i]]:
                for other in at[moments[i]]:
                    if (one[0], other[0]) == (0, 1):
                        met[one, other] += 2
        end = i
        while joined(end):
            end += 1
        length = end - i + 1
        for k in range(i, end):
            if length % 2:
                meet(k, k + 1, 1)
            elif (k - i) % 2 == 0:
                meet(k, k + 1, 2)
        i = end + 1
    return met

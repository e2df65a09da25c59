"""How logs of known sets of exchanges are classified: the figures of docs/relations.md."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from throffer.relations import Interaction, classify, classify_set

PAGE = (Path(__file__).parents[2] / "docs" / "relations.md").read_text()

ACTS = ("X", "Y", None)
EXCHANGES: list[Interaction] = [(one, other) for one in ACTS for other in ACTS if one or other]
EACH = 8
ORDERS = 20

Set = tuple[Interaction, ...]


def sets_of(size: int) -> list[Set]:
    return list(combinations(EXCHANGES, size))


def shares(given: Set) -> bool:
    """Whether a side does the same act in two exchanges of a set."""
    sides = [[act for act in side if act] for side in zip(*given, strict=True)]
    return any(len(set(acts)) < len(acts) for acts in sides)


def log(sets: list[Set], gap: int, seed: int) -> pl.DataFrame:
    """A log with one pair for each set: each exchange 8 times in random order, b `gap` after a."""
    rng = np.random.default_rng(seed)
    rows = []
    for pair, given in enumerate(sets):
        order = rng.permutation(np.repeat(np.arange(len(given)), EACH))
        for time, (one, other) in enumerate(given[each] for each in order):
            rows.append((f"a{pair}", f"b{pair}", one, 2 * time))
            rows.append((f"b{pair}", f"a{pair}", other, 2 * time + gap))
    table = pl.DataFrame(rows, schema=["actor", "partner", "action", "time"], orient="row")
    return table.drop_nulls("action")


def recovered(sets: list[Set], gap: int, seed: int) -> list[bool]:
    """For which sets `classify` gives the same relations as `classify_set`."""
    read: dict[str, set[tuple[str | None, ...]]] = {}
    for a, _, *relation, _ in classify(log(sets, gap, seed)).iter_rows():
        read.setdefault(a, set()).add(tuple(relation))
    return [read[f"a{pair}"] == {*map(tuple, classify_set(each))} for pair, each in enumerate(sets)]


@pytest.mark.parametrize("size", [1, 2, 3])
def test_the_page_says_how_many_sets_of_exchanges_are_recovered(size: int) -> None:
    sets = sets_of(size)
    cells = [str(size), str(len(sets)), str(sum(map(shares, sets)))]
    for gap in (1, 0):
        counts = [sum(recovered(sets, gap, seed)) for seed in range(ORDERS)]
        cells.append(f"{counts[0]} ({min(counts)} to {max(counts)})")
    assert f"| {' | '.join(cells)} |\n" in PAGE


@pytest.mark.parametrize("size", [2, 3])
def test_no_set_that_shares_an_act_is_recovered_from_distinct_times(size: int) -> None:
    sets = [each for each in sets_of(size) if shares(each)]
    assert not any(any(recovered(sets, 1, seed)) for seed in range(ORDERS))


def test_two_exchanges_that_share_an_act_are_read_as_tied_to_nothing() -> None:
    sets = [each for each in sets_of(2) if shares(each)]
    for seed in range(ORDERS):
        assert set(classify(log(sets, 1, seed))["relation"]) <= {"communal", "asocial"}


@pytest.mark.parametrize("width", [1, 2, 4, 8])
def test_the_page_says_how_coarse_times_loosen_the_rule(width: int) -> None:
    rng, pairs = np.random.default_rng(0), 5000
    order = np.concatenate([rng.permutation(20) for _ in range(pairs)])
    first = np.tile(np.repeat([True, False], 10), pairs)
    pair = np.repeat(np.arange(pairs), 20).astype(str)
    a, b = np.char.add("a", pair), np.char.add("b", pair)
    table = pl.DataFrame(
        {
            "actor": np.where(first, a, b),
            "partner": np.where(first, b, a),
            "action": ["X"] * order.size,
            "time": order // width,
        }
    )
    share = (classify(table)["relation"] == "equality").sum() / pairs
    assert f"| {width} | {100 * share:.0f} % |\n" in PAGE

"""Relations of sets of interactions: the source's tables, and a check of all 256 sets."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, product

import pytest

from throffer.relations import Relation, classify_set, notations

X, Y = "X", "Y"
NINE = [(X, X), (Y, Y), (X, Y), (Y, X), (X, None), (Y, None), (None, X), (None, Y), (None, None)]
"""The nine interactions in the source's numbering."""

ALONE = [
    Relation("equality", X, None, "both"),
    Relation("equality", Y, None, "both"),
    Relation("authority", X, Y, "a>b"),
    Relation("authority", X, Y, "b>a"),
    Relation("asocial", X, None, "a>b"),
    Relation("asocial", Y, None, "a>b"),
    Relation("asocial", X, None, "b>a"),
    Relation("asocial", Y, None, "b>a"),
    Relation("null", None, None, "both"),
]

JOINED = {
    frozenset({3, 4}): Relation("market", X, Y, "both"),
    frozenset({5, 7}): Relation("communal", X, None, "both"),
    frozenset({6, 8}): Relation("communal", Y, None, "both"),
}


@pytest.mark.parametrize("number", range(1, 10))
def test_each_interaction_alone_is_its_relation(number: int) -> None:
    assert classify_set([NINE[number - 1]]) == (ALONE[number - 1],)


@pytest.mark.parametrize("pair", list(combinations(range(1, 9), 2)))
def test_three_of_28_pairs_are_one_relation_and_25_are_two(
    pair: tuple[int, int],
) -> None:
    found = set(classify_set([NINE[number - 1] for number in pair]))
    joined = JOINED.get(frozenset(pair))
    assert found == ({joined} if joined else {ALONE[number - 1] for number in pair})


def _fewest_covers(numbers: frozenset[int]) -> list[set[Relation]]:
    """The smallest unions of representatives that make up a set, independently of the code."""
    pieces = [(frozenset({number}), ALONE[number - 1]) for number in numbers]
    pieces += [(pair, relation) for pair, relation in JOINED.items() if pair <= numbers]
    covers: list[set[Relation]] = []
    for size in range(1, len(numbers) + 1):
        for chosen in combinations(pieces, size):
            covered = [number for part, _ in chosen for number in part]
            if len(covered) == len(set(covered)) and set(covered) == numbers:
                covers.append({relation for _, relation in chosen})
        if covers:
            return covers
    return covers


def test_all_256_relationships_are_the_one_smallest_union_of_representatives() -> None:
    relationships = [frozenset({9})]
    for size in range(1, 9):
        relationships += [frozenset(each) for each in combinations(range(1, 9), size)]
    assert len(relationships) == 256
    for numbers in relationships:
        covers = _fewest_covers(numbers)
        assert len(covers) == 1
        found = classify_set([NINE[number - 1] for number in numbers])
        assert len(found) == len(set(found))
        assert set(found) == covers[0]


def test_the_mixed_examples_of_the_source() -> None:
    assert [one.relation for one in classify_set([(X, X), (X, Y)])] == ["equality", "authority"]
    assert [one.relation for one in classify_set([(X, X), (Y, Y)])] == ["equality", "equality"]
    assert classify_set([(X, None), (None, X), (None, Y)]) == (
        Relation("communal", X, None, "both"),
        Relation("asocial", Y, None, "b>a"),
    )
    assert [one.relation for one in classify_set([(X, None), (None, Y)])] == ["asocial", "asocial"]


@pytest.mark.parametrize(
    ("acts", "expected"),
    [
        ("XY", {"equality": 2, "market": 1, "authority": 2, "communal": 2, "asocial": 4}),
        ("XYZ", {"equality": 3, "market": 3, "authority": 6, "communal": 3, "asocial": 6}),
    ],
)
def test_counts_of_notations_for_two_and_three_acts(acts: str, expected: dict[str, int]) -> None:
    assert Counter(one.relation for one in notations(acts)) == {**expected, "null": 1}


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_every_notation_comes_from_one_interaction_or_two_and_no_other_does(size: int) -> None:
    acts = [None, *"WXYZ"[:size]]
    interactions = list(product(acts, acts))
    assert len(interactions) == (size + 1) ** 2
    found = {one for each in interactions for one in classify_set([each])}
    for pair in combinations([each for each in interactions if each != (None, None)], 2):
        found |= set(classify_set(pair))
    assert found == set(notations("WXYZ"[:size]))


def test_a_swap_of_the_parties_swaps_directions() -> None:
    swap = {"a>b": "b>a", "b>a": "a>b", "both": "both"}
    given = [(X, Y), (X, None), (None, Y), (Y, Y)]
    mirrored = {one._replace(direction=swap[one.direction]) for one in classify_set(given)}
    assert set(classify_set([(second, first) for first, second in given])) == mirrored


@pytest.mark.parametrize("given", [[], [(None, None), (X, None)]])
def test_invalid_sets_are_rejected(given: list[tuple[str | None, str | None]]) -> None:
    with pytest.raises(ValueError, match=r"None, None"):
        classify_set(given)

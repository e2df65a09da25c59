"""Who bears what: shares worked by hand, and conservation."""

import hypothesis.strategies as st
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings

from throffer.series import contention, edges, links, ring, share_load


def test_equal_sharing_gives_all_that_stand_the_same() -> None:
    received = share_load(jnp.array([3.0, 0, 0, 0]), jnp.array([False, True, True, True]))
    assert received.tolist() == pytest.approx([0, 1, 1, 1])


def test_neighbours_bear_in_proportion_to_the_weight_of_the_link_from_the_one_that_sheds() -> None:
    # 0 is linked to 1 with weight 1 and to 2 with weight 3; 3 is no neighbour
    network = links([[0, 0, 0, 0], [1, 0, 0, 0], [3, 0, 0, 0], [0, 0, 0, 0]])
    up = jnp.array([False, True, True, True])
    received = share_load(jnp.array([2.0, 0, 0, 0]), up, network)
    assert received.tolist() == pytest.approx([0, 0.5, 1.5, 0])


def test_a_load_whose_neighbours_all_lie_down_is_borne_by_all_alike() -> None:
    up = jnp.array([False, False, True, True, False])
    received = share_load(jnp.array([1.0, 0, 0, 0, 0]), up, ring(5))
    assert received.tolist() == pytest.approx([0, 0, 0.5, 0.5, 0])


def test_load_is_lost_where_nobody_stands() -> None:
    assert share_load(jnp.ones(3), jnp.zeros(3, bool)).tolist() == [0, 0, 0]


@settings(max_examples=20)
@given(st.integers(0, 1000), st.booleans())
def test_what_is_received_adds_up_to_what_was_shed(seed: int, equal: bool) -> None:
    rng = np.random.default_rng(seed)
    # links of weight 0 are none; the number of edges stays, and so does the compiled code
    target, source = np.nonzero(1 - np.eye(6))
    weight = rng.random(target.size) * (rng.random(target.size) < 0.3)
    up = rng.random((6, 4)) < 0.5
    load = np.where(up, 0, rng.random((6, 4)))
    network = None if equal else edges(target, source, weight, 6)
    received = np.asarray(share_load(jnp.asarray(load), jnp.asarray(up), network))
    assert received[~up].tolist() == [0] * int((~up).sum())
    assert received.sum(0) == pytest.approx(np.where(up.any(0), load.sum(0), 0), abs=1e-5)


def test_contention_weighs_a_link_by_the_squared_distance_of_values() -> None:
    pair = contention(links([[0, 2.0], [0, 0]]), [[0.0, 0.0], [3.0, 4.0]])
    assert np.asarray(pair.weight).tolist() == [50.0]


@pytest.mark.parametrize(("regimes", "count"), [(1, 0), (2, 2), (3, 6), (10, 20)])
def test_a_ring_links_everyone_to_both_sides_once(regimes: int, count: int) -> None:
    made = ring(regimes)
    pairs = set(
        zip(np.asarray(made.target).tolist(), np.asarray(made.source).tolist(), strict=True)
    )
    assert len(pairs) == np.size(made.weight) == count


def test_links_that_cannot_be_are_named() -> None:
    with pytest.raises(ValueError, match="square matrix"):
        links(np.zeros((2, 3)))
    with pytest.raises(ValueError, match="link source = 5; there are 3"):
        edges([0], [5], [1.0], 3)
    with pytest.raises(ValueError, match="linked to itself"):
        links([[1.0]])
    with pytest.raises(ValueError, match=r"link weight = -1\.0"):
        links([[0.0, -1.0], [0.0, 0.0]])

"""Values made alike: inflow falls, falls bunch."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from throffer.amplify import (
    Growth,
    System,
    compare_plurality,
    constant_loss,
    equilibrium_of,
    move_together,
    shared_response,
)
from throffer.series import links

REGIMES = 8
VALUES = np.random.default_rng(0).standard_normal((REGIMES, 2))


def society(weight: float, loss: float) -> System:
    return System(
        growth=Growth(rate=0.0),
        loss=constant_loss(loss),
        pace=1.0,
        capacity=1.0,
        saturation=1.0,
        lag=0.5,
        margin=3.0,
        noise=0.5,
        links=links(weight * (1 - np.eye(REGIMES))),
        values=VALUES,
    )


@settings(max_examples=8)
@given(st.floats(0, 1))
def test_contradiction_of_values_shrinks_with_the_square_of_what_is_left(moved: float) -> None:
    now = society(0.01, 0.0).replace(values=move_together(VALUES, moved))
    before = equilibrium_of(society(0.01, 0.0)).utilisation
    assert equilibrium_of(now).utilisation == pytest.approx((1 - moved) ** 2 * before, abs=1e-12)


def test_shared_response_by_hand() -> None:
    # distances 1, 2, 3: exp(-1/2), exp(-2), exp(-9/2)
    values = np.array([[0.0], [1.0], [3.0]])
    expected = np.exp([-0.5, -2.0, -4.5]).mean()
    assert shared_response(values, 1.0) == pytest.approx(expected)
    assert shared_response(values, 0.0) == 0
    assert shared_response(np.zeros((3, 2)), 1.0) == 1


def test_values_alike_lower_inflow_and_falls() -> None:
    rows = compare_plurality(
        society(0.02, 0.45), [0.0, 0.5, 1.0], reach=0.0, trajectories=300, horizon=60.0, steps=600
    )
    for apart, alike in pairwise(rows):
        assert alike.utilisation < apart.utilisation
        assert alike.fallen.high < apart.fallen.low


def test_values_alike_make_the_same_falls_bunch() -> None:
    # no inflow from values: only what they share changes
    rows = compare_plurality(
        society(0.0, 0.6), [0.0, 1.0], reach=0.5, trajectories=300, horizon=40.0, steps=600
    )
    apart, alike = rows
    assert apart.shared < 0.3
    assert alike.shared == 1
    assert alike.fallen.estimate == pytest.approx(apart.fallen.estimate, abs=0.08)
    assert apart.bunching.estimate < 3
    # all fall or none
    assert alike.bunching.estimate == pytest.approx(REGIMES, rel=0.05)


def test_independent_falls_have_a_bunching_of_one() -> None:
    (row,) = compare_plurality(
        society(0.0, 0.6), [0.0], reach=0.0, trajectories=300, horizon=40.0, steps=600
    )
    # the ratio of a variance over 300 draws has a standard error of .08
    assert row.bunching.estimate == pytest.approx(1, abs=0.25)
    assert row.bunching.low < row.bunching.estimate < row.bunching.high


def test_what_no_values_can_do_is_refused() -> None:
    with pytest.raises(ValueError, match="moved"):
        move_together(VALUES, 1.5)
    with pytest.raises(ValueError, match="reach"):
        shared_response(VALUES, -1.0)
    with pytest.raises(ValueError, match="no values"):
        compare_plurality(
            society(0.0, 0.1).replace(values=None), [0.0], reach=0.0, trajectories=1, horizon=1.0
        )

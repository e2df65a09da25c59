"""Walls against eigenvalues and long simulations; what the window says of bad values."""

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from tests.amplify.lagged import INFLOWS, LAGS, STEPS, simulate
from throffer.amplify import (
    margin_wall,
    overshoot_limit,
    overshoot_wall,
    reaction_wall,
    safe_utilisation,
    window,
)

positive = st.floats(0.01, 20)
fraction = st.floats(0.01, 0.95)


def chain_growth(gain: float, stages: int) -> float:
    """Largest real part of the eigenvalues of the linear chain, per lag."""
    rate = float(stages)
    jacobian = np.diag([0.0] + [-rate] * stages) + np.diag([rate] * stages, -1)
    jacobian[0, -1] = -gain
    return float(np.linalg.eigvals(jacobian).real.max())


@pytest.mark.parametrize("stages", [2, 3, 4, 7, 20])
def test_the_overshoot_wall_is_where_an_eigenvalue_of_the_chain_crosses_zero(stages: int) -> None:
    wall = float(overshoot_limit(stages))
    assert chain_growth(wall, stages) == pytest.approx(0, abs=1e-9)
    assert chain_growth(0.999 * wall, stages) < 0 < chain_growth(1.001 * wall, stages)


def test_one_stage_never_oscillates_and_many_approach_a_fixed_delay() -> None:
    assert overshoot_limit(1) == np.inf
    assert chain_growth(1e6, 1) < 0
    assert overshoot_limit(100_000) == pytest.approx(np.pi / 2, rel=1e-4)
    assert overshoot_limit(np.inf) == pytest.approx(np.pi / 2)


@pytest.mark.parametrize(("lag", "stages"), [("fixed", np.inf), ("erlang 2", 2), ("erlang 8", 8)])
def test_a_disturbance_dies_inside_the_overshoot_wall_and_lasts_beyond_it(
    lag: str, stages: float
) -> None:
    u = 0.3
    gain = float(overshoot_limit(stages)) / (1 - u) ** 2 * np.array([0.9, 1.15])
    x = simulate(LAGS[lag], np.full(2, u), gain, INFLOWS["step"], 150, start=u / (1 - u) + 0.02)
    late = np.ptp(x[-20 * STEPS :], axis=0)
    assert window(u, 1.0, gain, stages).oscillates.tolist() == [False, True]
    assert late[0] < 0.01 < 0.1 < late[1]


@pytest.mark.parametrize("inflow", INFLOWS)
@pytest.mark.parametrize("lag", LAGS)
def test_from_rest_contradiction_never_passes_the_reaction_wall(lag: str, inflow: str) -> None:
    u, gain = (each.ravel() for each in np.meshgrid([0.1, 0.4, 0.7, 0.9], [0.3, 1.5, 6.0, 40.0]))
    x = simulate(LAGS[lag], u, gain, INFLOWS[inflow], 60)
    bound = u / (1 - u) + u * gain
    # the Euler step itself may add one step of inflow
    assert (x.max(0) <= bound * (1 + 1e-9) + u * gain / STEPS).all()


def test_a_fixed_delay_reaches_nine_tenths_of_the_reaction_wall() -> None:
    u, gain = np.array([0.1]), np.array([20.0])
    x = simulate(LAGS["fixed"], u, gain, INFLOWS["step"], 10)
    assert x.max() > 0.9 * (u / (1 - u) + u * gain)[0]


@pytest.mark.parametrize("lag", ["fixed", "uniform", "two-point", "erlang 1", "erlang 3"])
def test_the_margin_wall_is_sharp_for_an_inflow_that_rises_slowly(lag: str) -> None:
    ratio = np.array([0.5, 1.0, 4.0])
    u = margin_wall(ratio) * np.array([[0.98], [1.02]])
    x = simulate(LAGS[lag], u, np.ones((2, 3)), lambda t: min(t / 150.0, 1.0), 450)
    below, beyond = x.max(0)
    assert (below < ratio).all()
    assert (ratio < beyond).all()
    assert (window(u, ratio, 1.0).state[1] == "lost").all()


def test_correction_that_saturates_cannot_hold_an_inflow_beyond_its_capacity() -> None:
    x = simulate(LAGS["erlang 1"], np.array([1.05]), np.array([1.0]), INFLOWS["step"], 400)
    assert x[-1] > 15
    assert window(1.05, 1e6, 1.0).state == "lost"


@given(fraction, positive, positive)
def test_faster_correction_buys_no_reaction_time(u: float, ratio: float, gain: float) -> None:
    # the same inflow and lag, twice the gain: u halves, Gamma doubles, u Gamma stays
    slow, fast = window(u, ratio, gain), window(u / 2, ratio, 2 * gain)
    gained = slow.level - fast.level
    assert fast.margin - slow.margin == pytest.approx(gained, rel=1e-6, abs=1e-9)
    assert reaction_wall(0.0, ratio) == pytest.approx(ratio)


@given(positive, st.floats(0, 50))
def test_the_safe_utilisation_lies_on_the_reaction_wall(ratio: float, gain: float) -> None:
    u = float(safe_utilisation(ratio, gain))
    assert u / (1 - u) + u * gain == pytest.approx(ratio, rel=1e-9)
    assert window(0.999 * u, ratio, gain).state == "safe"
    assert window(1.001 * u, ratio, gain).state != "safe"


@given(fraction, positive, st.floats(0, 50))
def test_states_are_ordered_as_the_walls_are(u: float, ratio: float, gain: float) -> None:
    seen = window(u, ratio, gain)
    expected = "safe" if u / (1 - u) + u * gain < ratio else "exposed"
    assert seen.state == ("lost" if u >= ratio / (1 + ratio) else expected)
    assert (seen.margin > 0) == (seen.state == "safe")


def test_the_curves_of_a_diagram_end_where_nothing_is_left() -> None:
    wall = reaction_wall([0.2, 0.5, 0.6], 1.0)
    assert wall[0] == pytest.approx(0.75)
    assert np.isnan(wall[1:]).all()
    assert overshoot_wall([0.5, 1.2], 2).tolist() == [pytest.approx(8.0), np.inf]


def test_time_left_is_room_over_rate_and_unknown_without_a_rate() -> None:
    assert np.isnan(window(0.5, 2.0, 1.0).time_left)
    assert window(0.5, 2.0, 1.0, rate=0.25).time_left == pytest.approx(4.0)
    seen = window(0.5, 2.0, 1.0, rate=[0.5, 0.0, -1.0, 1.0], level=[1.5, 1.5, 1.5, 2.5])
    assert seen.time_left.tolist() == [1.0, np.inf, np.inf, 0.0]
    assert np.isnan(window(1.0, 2.0, 1.0, rate=0.1).time_left)


def test_arguments_broadcast() -> None:
    seen = window(np.full((3, 1), 0.2), np.ones(4), 0.1, 3, rate=0.1)
    assert {field.shape for field in seen} == {(3, 4)}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((-0.1, 1, 1, 2), "utilisation = -0.1 .* at least 0"),
        ((0.1, 0, 1, 2), "margin_ratio = 0.0 .* above 0"),
        ((0.1, 1, np.nan, 2), "gain_lag = nan"),
        ((0.1, 1, 1, 1.5), "stages = 1.5 .* whole number"),
        ((0.1, 1, 1, 0), "stages = 0.0"),
        (("much", 1, 1, 2), "utilisation = 'much' is not a number"),
        (([0.1, 0.2], [1, 1, 1], 1, 2), "do not broadcast"),
    ],
)
def test_a_bad_value_is_named(arguments: tuple, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        window(*arguments)

"""The path through the window: slopes and crossings in closed form, and against a trajectory."""

import numpy as np
import pytest

from throffer.amplify import (
    Exponents,
    Growth,
    LossCurve,
    System,
    constant_loss,
    exits,
    margin_wall,
    overshoot_limit,
    path,
    place_of,
    safe_utilisation,
    trajectory,
)
from throffer.series import links

# u = 0.1 A, Gamma = 0.5, mu = 1
PLAIN = System(
    growth=Growth(rate=0.05),
    loss=constant_loss(0.1),
    pace=1.0,
    capacity=1.0,
    saturation=1.0,
    lag=0.5,
    margin=1.0,
    stages=3,
)


def test_walls_are_left_where_the_closed_form_says_and_when() -> None:
    left = exits(PLAIN)
    for leaving, u in (
        (left.reaction, float(safe_utilisation(1.0, 0.5))),
        (left.margin, float(margin_wall(1.0))),
    ):
        assert leaving.amplification[0, 0] == pytest.approx(10 * u, rel=1e-9)
        assert leaving.time[0, 0] == pytest.approx(np.log(10 * u) / 0.05, rel=1e-9)
        assert leaving.lag[0, 0] == 0.5
    assert left.overshoot.amplification[0, 0] == np.inf
    assert np.isnan(left.overshoot.lag[0, 0])


def test_the_overshoot_wall_is_met_where_capacity_grows() -> None:
    # u stays at 0.1 and Gamma = 0.5 A
    system = PLAIN.replace(exponents=Exponents(pace=1.0, capacity=1.0))
    expected = float(overshoot_limit(3)) / 0.9**2 / 0.5
    assert exits(system).overshoot.amplification[0, 0] == pytest.approx(expected, rel=1e-9)


def test_who_begins_beyond_a_wall_has_no_time_left() -> None:
    left = exits(PLAIN.replace(pace=np.array([1.0, 9.0])))
    assert left.margin.time[0, 1] == 0.0
    assert left.margin.amplification[0, 1] == 1.0
    assert left.margin.time[0, 0] > 0


def test_slopes_along_the_path_are_sums_of_exponents_and_of_the_slope_of_the_loss() -> None:
    # c = 0.1 + 0.05 ln A
    loss = LossCurve(0.0, 10.0, 0.1 + 0.05 * np.linspace(0, 10, 101))
    system = PLAIN.replace(loss=loss, exponents=Exponents(1.0, 0.0, 0.4, -0.2))
    seen = path(system, highest=100.0, points=40)
    log_a = np.log(seen.amplification)[2:-2]
    e_c = 0.05 / (0.1 + 0.05 * log_a)
    assert seen.slope_conduct[2:-2, 0, 0] == pytest.approx(e_c, rel=1e-3)
    assert seen.slope_utilisation[2:-2, 0, 0] == pytest.approx(1 + e_c - 0.4, rel=1e-3)
    assert seen.slope_lag_load[2:-2, 0, 0] == pytest.approx(1 + e_c - 0.2, rel=1e-3)


def test_contact_adds_the_squared_distance_of_values() -> None:
    pair = PLAIN.replace(
        pace=np.array([1.0, 2.0]),
        links=links([[0, 0.5], [0, 0]]),
        values=np.array([[0.0], [2.0]]),
        exponents=Exponents(pace=1.0, contact=1.0),
    )
    place = place_of(pair, np.array([1.0, 3.0]))
    # 1 x (0.1 + 0.5 x 4) and 2 x 0.1; at A = 3 pace is 3 times and contact 3 times as much
    assert place.inflow[:, 0, 0] == pytest.approx([2.1, 3 * (0.1 + 3 * 2.0)])
    assert place.inflow[:, 0, 1] == pytest.approx([0.2, 0.6])


def test_every_trajectory_leaves_at_its_own_amplification() -> None:
    pace = np.linspace(0.5, 2, 12).reshape(4, 3)
    left = exits(PLAIN.replace(pace=pace, growth=Growth(rate=np.array([0.1, 0.2, 0.3, 0.4]))))
    u = float(margin_wall(1.0))
    assert left.margin.amplification == pytest.approx(10 * u / pace, rel=1e-9)
    rate = np.array([[0.1], [0.2], [0.3], [0.4]])
    assert left.margin.time == pytest.approx(np.log(10 * u / pace) / rate, rel=1e-9)


def test_slow_growth_takes_the_margin_where_the_margin_wall_is_left_and_fast_growth_later() -> None:
    slow = PLAIN.replace(growth=Growth(rate=1e-3))
    when = float(exits(slow).margin.time[0, 0])
    fell = trajectory(slow, horizon=2 * when).first_time
    assert fell == pytest.approx(when, rel=0.02)
    assert fell > float(exits(slow).reaction.time[0, 0])


def test_states_change_along_the_path_where_the_walls_are() -> None:
    seen, left = path(PLAIN, highest=20.0, points=50), exits(PLAIN)
    a = seen.amplification
    state = seen.window.state[:, 0, 0]
    assert (state[a < left.reaction.amplification[0, 0]] == "safe").all()
    assert (state[a > left.margin.amplification[0, 0]] == "lost").all()
    assert (state == "exposed").any()


def test_a_path_that_does_not_rise_is_named() -> None:
    with pytest.raises(ValueError, match="highest = 1"):
        path(PLAIN, highest=1.0)

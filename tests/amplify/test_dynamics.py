"""Trajectories without noise against scipy, hand-worked collapses and the closed form of growth."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from throffer.amplify import (
    Collapse,
    Growth,
    System,
    constant_loss,
    ensemble,
    overshoot_limit,
    resting_level,
    singularity,
    time_to,
    trajectory,
)

DRIFT = System(
    growth=Growth(rate=0.0),
    loss=constant_loss(1.0),
    pace=1.0,
    capacity=1e-9,
    saturation=1.0,
    lag=1.0,
    margin=1e6,
)
HELD = DRIFT.replace(loss=constant_loss(0.4), capacity=1.0, lag=0.8, margin=5.0, stages=3)


def chain(t: float, state: np.ndarray) -> np.ndarray:
    """HELD as a linear chain, written once more."""
    seen, rate = state[-1], 3 / 0.8
    return np.array([0.4 - seen / (1 + seen), *(rate * (state[:-1] - state[1:]))])


def test_a_lagged_regime_follows_the_chain_of_ordinary_equations() -> None:
    run = trajectory(HELD, horizon=20.0)
    exact = solve_ivp(chain, (0, 20), np.zeros(4), t_eval=run.times, rtol=1e-11, atol=1e-12).y
    assert run.level[:, 0] == pytest.approx(exact[0], abs=1e-6)
    assert run.seen[:, 0] == pytest.approx(exact[-1], abs=1e-6)
    assert run.first_time == np.inf


def test_the_error_falls_with_the_tolerance() -> None:
    exact = solve_ivp(chain, (0, 5), np.zeros(4), rtol=1e-12, atol=1e-13).y[0, -1]
    errors = [
        abs(trajectory(HELD, horizon=5.0, tolerance=tolerance).level[-1, 0] - exact)
        for tolerance in (1e-3, 1e-5, 1e-7)
    ]
    order = np.polyfit(np.log([1e-3, 1e-5, 1e-7]), np.log(np.maximum(errors, 1e-15)), 1)[0]
    assert 0.6 < order < 1.5
    assert errors[-1] < 1e-7


def test_a_regime_at_rest_stays_at_its_level() -> None:
    rest = float(resting_level(0.4))
    run = trajectory(HELD.replace(initial=rest), horizon=20.0)
    assert run.level == pytest.approx(rest, abs=1e-9)


def test_collapses_recur_with_the_time_to_fill_and_to_recover() -> None:
    run = trajectory(DRIFT.replace(margin=2.0, collapse=Collapse(recovery=3.0)), horizon=19.0)
    assert run.falls == pytest.approx([2, 7, 12, 17], abs=1e-6)
    assert run.finished
    assert run.level.max() <= 2.0 + 1e-9


def test_spill_brings_others_down_in_generations_at_the_same_time() -> None:
    # at 2 the first spills 2, 1 each: the second, at 3, falls and spills 3 on the third, at 6
    margin = np.array([2.0, 2.9, 5.9])
    run = trajectory(DRIFT.replace(margin=margin, collapse=Collapse(spill=1.0)), horizon=4.0)
    assert run.falls == pytest.approx([2, 2, 2], abs=1e-6)
    assert run.fallen.tolist() == [0, 1, 2]
    assert run.generation.tolist() == [0, 1, 2]
    assert run.down[-1].all()


def test_inflow_handed_over_falls_on_those_that_stand() -> None:
    # the first falls at 1; the others, at 1, fill at 3/2 each: the second is at 3 after 4/3 more;
    # the third, then at 3, bears all three and is at 5 after 2/3
    margin = np.array([1.0, 3.0, 5.0])
    run = trajectory(DRIFT.replace(margin=margin, collapse=Collapse(handover=1.0)), horizon=4.0)
    assert run.falls == pytest.approx([1, 7 / 3, 3], abs=1e-6)


def test_feedback_slows_or_speeds_growth_once_a_regime_is_down() -> None:
    for feedback in (-1.0, 2.0):
        system = DRIFT.replace(growth=Growth(rate=0.1, feedback=feedback), margin=1.0)
        run = trajectory(system, horizon=10.0)
        expected = 0.1 * (10 + feedback * (10 - run.first_time))
        assert np.log(run.amplification[-1]) == pytest.approx(expected, abs=1e-5)


def test_amplification_walks_through_its_singularity_in_ordinary_steps() -> None:
    growth = Growth(rate=0.1, friction=0.3, wear=0.5, acceleration=0.5, ceiling=1e8)
    t_c = float(singularity(growth))
    run = trajectory(DRIFT.replace(growth=growth, pace=0.0), horizon=1.1 * t_c)
    assert run.finished
    before = run.times < 0.999 * t_c
    assert time_to(growth, run.amplification[before]) == pytest.approx(
        run.times[before], abs=1e-6 * t_c
    )
    assert run.amplification[run.times > 1.001 * t_c] == pytest.approx(1e8)


def test_beyond_the_overshoot_wall_contradiction_swings_and_never_falls_below_zero() -> None:
    u, gain = 0.3, 8.0 * float(overshoot_limit(3))
    system = HELD.replace(loss=constant_loss(u * gain), capacity=gain, lag=1.0, margin=100.0)
    run = trajectory(system, horizon=40.0)
    late = run.level[len(run.level) // 2 :, 0]
    assert run.level.min() == 0.0
    assert np.ptp(late) > 1.0
    assert late.max() < resting_level(u) + u * gain
    # reflection in small steps is the same process: X leaves 0 as soon as its rate is positive;
    # the Euler error is 0.054 here, and a quarter of that with four times as many steps
    fine = ensemble(system, trajectories=1, horizon=40.0, steps=100_000, saves=200)
    assert fine.paths is not None
    assert run.level[1:60, 0] == pytest.approx(fine.paths[0, :59, 0], abs=0.08)


def test_times_out_of_order_and_systems_of_many_are_named() -> None:
    with pytest.raises(ValueError, match="increases within"):
        trajectory(DRIFT, horizon=1.0, times=np.array([0.5, 0.2]))
    with pytest.raises(ValueError, match="numbers for 3 trajectories"):
        trajectory(DRIFT.replace(shared_noise=np.zeros(3)), horizon=1.0)
    with pytest.raises(ValueError, match="horizon = 0"):
        trajectory(DRIFT, horizon=0.0)

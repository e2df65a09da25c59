"""The run of a scenario against closed forms, and what its levers do."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from throffer.amplify import Amplification, Scenario, run_study
from throffer.amplify._executor import each
from throffer.amplify._loss_source import loss_of


def scenario(**changes: object) -> Scenario:
    """One regime with c = 0.1: u = nu c/(gamma chi) = 10 * 0.1/(2 * 1) = 0.5 at A = 1."""
    fields: dict[str, object] = {
        "name": "one",
        "horizon": 20,
        "trajectories": 200,
        "steps": 800,
        "agents": {"loss": 0.1},
        "growth": {"rate": 0.1, "ceiling": 1000},
        "regimes": [
            {
                "name": "court",
                "pace": 10,
                "capacity": 2,
                "saturation": 1,
                "lag": 0.2,
                "margin": 4,
                "noise": 0.05,
            }
        ],
    }
    return Scenario.model_validate(fields | changes)


@pytest.fixture(scope="module")
def plain() -> Amplification:
    return run_study(scenario())


def test_the_standing_is_that_of_the_window_by_hand(plain: Amplification) -> None:
    # u = 0.5, X*/chi = 1, u Gamma = 0.5 * 0.4 = 0.2, M/m = (4 - 1 - 0.2)/4
    [court] = plain.standing
    assert court.utilisation.estimate == pytest.approx(0.5)
    assert court.lag_load.estimate == pytest.approx(0.2)
    assert court.margin.estimate == pytest.approx(0.7)
    assert court.states["safe"].estimate == 1.0


def test_the_margin_wall_is_met_where_the_closed_form_says(plain: Amplification) -> None:
    # u = 0.5 A reaches mu/(1+mu) = 0.8 at A = 1.6, at t = ln(1.6)/0.1
    wall = next(row for row in plain.leaving if row.wall == "margin")
    assert wall.amplification.estimate == pytest.approx(1.6, rel=1e-6)
    assert wall.time.estimate == pytest.approx(np.log(1.6) / 0.1, rel=1e-6)
    # u/(1-u) + 0.4 u = 4 with u = 0.5 A: 0.4 u^2 - 5.4 u + 4 = 0
    u = (5.4 - np.sqrt(5.4**2 - 6.4)) / 0.8
    reaction = next(row for row in plain.leaving if row.wall == "reaction")
    assert reaction.amplification.estimate == pytest.approx(2 * u, rel=1e-6)


def test_slopes_along_the_path_are_the_exponents_where_c_is_constant(plain: Amplification) -> None:
    for point in plain.path:
        assert point.utilisation_slope == pytest.approx(1, abs=1e-6)
        assert point.lag_load_slope == pytest.approx(1, abs=1e-6)


def test_collapse_comes_after_the_wall_and_chances_do_not_fall(plain: Amplification) -> None:
    assert plain.time_left.collapsed == plain.time_left.trajectories
    median = plain.time_left.quantiles["0.5"].estimate
    assert median is not None
    assert np.log(1.6) / 0.1 < median < 12
    chances = [row.probability.estimate or 0.0 for row in plain.time_left.by]
    assert chances == sorted(chances)
    assert plain.time_left.in_lags.estimate == pytest.approx(median / 0.2)


def test_what_is_beyond_the_horizon_is_unknown_and_not_zero() -> None:
    found = run_study(scenario(growth={"rate": 0.0, "ceiling": 1000}, horizon=2))
    assert found.time_left.quantiles["0.5"].estimate is None
    assert found.time_left.in_lags.estimate is None
    assert found.singularity.estimate is None
    assert found.singularity.why


def test_early_warning_is_measured_on_the_scenarios_own_runs(plain: Amplification) -> None:
    seen = plain.warnings
    assert (seen.watched, seen.held) == (100, 100)
    assert [alarm.indicator for alarm in seen.alarms] == ["variance", "autocorrelation", "both"]
    for alarm in seen.alarms:
        assert alarm.false.estimate is not None
        assert alarm.false.estimate < 0.15
        assert (alarm.missed.low or 0) <= (alarm.missed.estimate or 0) <= (alarm.missed.high or 0)


def test_without_a_collapse_nothing_is_said_of_warnings() -> None:
    found = run_study(scenario(growth={"rate": 0.0, "ceiling": 1000}, horizon=2)).warnings
    assert found.alarms == []
    assert found.why.startswith("0 trajectories collapse")


def test_steps_that_would_delay_correction_are_refused_with_how_many_it_needs() -> None:
    with pytest.raises(ValueError, match=r"steps = 100 makes .* of court .* at least \d+ steps"):
        run_study(scenario(steps=100))
    faster = [{"name": "much faster", "multiply": {"regimes.capacity": 40, "regimes.lag": 0.01}}]
    with pytest.raises(ValueError, match="under the lever 'much faster'"):
        run_study(scenario(levers=faster))


def test_levers_are_held_against_the_same_draws() -> None:
    levers = [
        {"name": "nothing", "multiply": {"regimes.pace": 1.0}},
        {"name": "margin", "multiply": {"regimes.margin": 2.0}},
        {"name": "half of c", "multiply": {"loss": 0.5}},
    ]
    found = run_study(scenario(levers=levers, agents={"loss": {"low": 0.05, "high": 0.15}}))
    nothing, margin, half = found.effects
    assert nothing.margin_before == nothing.margin_after
    assert nothing.chance_before == nothing.chance_after
    assert nothing.margin_change.low == nothing.margin_change.high == 0.0
    # in every draw, though the intervals before and after overlap
    assert (margin.margin_change.low or 0) > 0
    assert half.leaves_factor.low == pytest.approx(2, rel=1e-3)
    assert (margin.margin_after.estimate or 0) > (margin.margin_before.estimate or 0)
    # u at the middle falls from 0.5 to 0.25: leaves at twice the amplification
    assert half.leaves_after.estimate == pytest.approx(
        2 * (half.leaves_before.estimate or 0), rel=1e-3
    )


def test_the_number_that_decides_has_the_largest_sobol_index() -> None:
    regime = scenario().regimes[0].model_dump() | {
        "noise": 0.0,
        "margin": {"low": 4.0, "high": 4.2},
        "pace": {"low": 9.9, "high": 10.1},
    }
    growth = {"rate": {"low": 0.05, "high": 0.2}, "ceiling": 1000}
    found = run_study(scenario(regimes=[regime], growth=growth, sensitivity=64))
    by_path = {row.path: row.total.estimate or 0.0 for row in found.influences}
    assert max(by_path, key=by_path.__getitem__) == "growth.rate"
    assert by_path["growth.rate"] > 0.9


def test_a_range_of_c_counts_among_what_is_not_known() -> None:
    regime = scenario().regimes[0].model_dump() | {"noise": 0.0, "pace": {"low": 9.9, "high": 10}}
    found = run_study(
        scenario(regimes=[regime], agents={"loss": {"low": 0.01, "high": 0.1}}, sensitivity=64)
    )
    by_path = {row.path: row.total.estimate or 0.0 for row in found.influences}
    assert by_path["agents.loss"] > 0.9


def test_who_is_lost_before_and_after_has_no_change_of_margin() -> None:
    regime = scenario().regimes[0].model_dump() | {"pace": 60}
    levers = [{"name": "less", "multiply": {"regimes.pace": 0.9}}]
    [less] = run_study(scenario(regimes=[regime], levers=levers)).effects
    assert less.margin_change.estimate is None
    assert less.margin_change.why


def test_without_recovery_it_is_said_that_all_that_ever_fell_is_counted() -> None:
    two = [{**scenario().regimes[0].model_dump(), "count": 2}]
    said = "all that ever fell"
    assert any(said in note for note in run_study(scenario(regimes=two)).notes)
    again = run_study(scenario(regimes=two, collapse={"recovery": 2.0})).notes
    assert not any(said in note for note in again)


def test_the_same_scenario_gives_the_same_record() -> None:
    one, other = (run_study(scenario(horizon=5)) for _ in range(2))
    assert one == other
    assert Amplification.model_validate(json.loads(one.model_dump_json())) == one


def test_a_lever_on_the_population_changes_c() -> None:
    from_agents = scenario(
        agents={"population": {"dyads": 16, "power": [0.2, 0.7]}},
        growth={"rate": 0.1, "ceiling": 4},
    )
    shares = np.zeros((200, 0))
    before = loss_of(from_agents, Path(), shares, {})
    after = loss_of(
        from_agents, Path(), shares, {"population.opacity": 0.0, "population.power": 0.5}
    )
    assert np.asarray(after.curve.loss)[0] < np.asarray(before.curve.loss)[0]
    assert before.certain


def _squared(number: int) -> int:
    return number * number


@pytest.mark.slow
def test_jobs_on_a_cluster_give_what_they_give_here() -> None:
    jobs = list(range(20))
    assert list(each(_squared, jobs, "ray")) == list(each(_squared, jobs))


@pytest.mark.slow
def test_a_scenario_on_a_cluster_gives_the_same_record() -> None:
    levers = [{"name": "margin", "multiply": {"regimes.margin": 2.0}}]
    assert run_study(scenario(levers=levers), engine="ray") == run_study(scenario(levers=levers))

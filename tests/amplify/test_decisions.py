"""What is claimed of a run: each claim has a case that flips it."""

from __future__ import annotations

import pytest

from tests.report.amplifications import NONE, amplification, around, changed, exactly, scenario
from throffer.amplify import Amplification, State
from throffer.amplify._decisions import told_apart, why_no_influence
from throffer.amplify._scenario import Scenario
from throffer.stats import Interval


def with_cascades(**changes: object) -> Amplification:
    found = amplification(tail=True)
    return changed(found, cascades=found.cascades.model_copy(update=changes))


def with_states(safe: float, exposed: float) -> Amplification:
    found = amplification("court", "agency")
    states = {"safe": exactly(safe), "exposed": exactly(exposed), "lost": exactly(0.0)}
    second = found.standing[1].model_copy(update={"states": states})
    return changed(found, standing=[found.standing[0], second])


@pytest.mark.parametrize(
    ("change", "none", "shown"),
    [
        (around(-0.02, -0.06, 0.02), 0.0, "no difference shown"),
        (around(-0.2, -0.25, -0.15), 0.0, "lower"),
        (around(2.0, 1.2, None), 1.0, "higher"),
        (around(2.0, 0.9, None), 1.0, "no difference shown"),
        (around(0.0, 0.0, 0.0), 0.0, "the same"),
        (NONE, 0.0, "no difference shown"),
    ],
)
def test_a_change_is_claimed_only_where_its_interval_lies_on_one_side(
    change: Interval, none: float, shown: str
) -> None:
    assert told_apart(change, none) == shown


def test_an_effect_carries_what_its_three_changes_show() -> None:
    found = {each.lever: each for each in amplification().effects}
    shown = [found[name].chance_shown for name in ("more capacity", "shorter lag", "less force")]
    assert shown == ["no difference shown", "lower", "higher"]
    # the factor is compared with 1, not with 0
    assert found["shorter lag"].leaves_shown == "higher"
    effect = found["shorter lag"].model_copy(update={"leaves_factor": around(0.5, 0.4, 0.6)})
    assert changed(amplification(), effects=[effect]).effects[0].leaves_shown == "lower"


def test_a_power_law_is_rejected_below_one_tenth() -> None:
    assert with_cascades(fit_p=0.1).cascades.power_law == "not rejected"
    assert with_cascades(fit_p=0.099).cascades.power_law == "rejected"
    assert with_cascades(fit_p=None).cascades.power_law is None


def test_outsized_cascades_are_shown_only_at_a_small_p() -> None:
    assert with_cascades(outsized_p=0.049).cascades.outsized_shown is True
    assert with_cascades(outsized_p=0.05).cascades.outsized_shown is False
    assert with_cascades(outsized_p=None).cascades.outsized_shown is None


def test_sizes_are_mixed_where_a_number_is_a_range() -> None:
    assert amplification().cascades.mixed is True
    known = scenario()
    known["regimes"][0]["lag"] = 1.0
    assert changed(amplification(), scenario=known).cascades.mixed is False


def test_a_group_is_outside_where_it_is_not_safe_in_most_draws() -> None:
    within = with_states(0.6, 0.4)
    assert within.inside is not None
    assert (within.inside.outside, within.inside.safe) == ([], 0.6)
    assert within.standing[1].state == State.SAFE
    beyond = with_states(0.4, 0.6)
    assert beyond.inside is not None
    assert beyond.inside.outside == ["agency"]
    assert beyond.standing[1].state == State.EXPOSED
    assert changed(amplification(), standing=[]).inside is None


def test_who_meets_a_wall_first_comes_first_and_who_never_does_last() -> None:
    # later groups start nearer to their walls
    found = amplification("court", "agency")
    order = {each.wall: each.order for each in found.walls}
    assert order["reaction"] == ["agency", "court"]
    late = [
        each.model_copy(update={"amplification": NONE, "never": exactly(0.7)})
        if each.group == "agency"
        else each
        for each in found.leaving
    ]
    walls = {each.wall: each for each in changed(found, leaving=late).walls}
    assert walls["reaction"].order == ["court", "agency"]
    assert walls["reaction"].met == 1.0
    alone = [each for each in late if each.group == "agency"]
    assert changed(found, leaving=alone).walls[0].met == pytest.approx(0.3)


@pytest.mark.parametrize(("lags", "unseen"), [(0.99, True), (1.0, False)])
def test_a_margin_gone_within_a_lag_is_gone_unseen(lags: float, unseen: bool) -> None:
    found = amplification()
    left = found.time_left.model_copy(update={"in_lags": around(lags, 0.5, 1.5)})
    assert changed(found, time_left=left).time_left.unseen is unseen
    unknown = found.time_left.model_copy(update={"in_lags": NONE})
    assert changed(found, time_left=unknown).time_left.unseen is None


def test_an_alarm_tells_where_its_interval_lies_above_that_of_false_alarms() -> None:
    found = amplification()
    loud, telling = found.warnings.alarms
    # variance: 60 % noticed at least against up to 78 % false
    assert (loud.tells, loud.tells_in_time) == (False, False)
    assert (telling.tells, telling.tells_in_time) == (True, True)
    late = telling.model_copy(update={"missed_in_time": around(0.97, 0.9, 0.99)})
    noisy = telling.model_copy(update={"false": around(0.6, 0.5, 0.7)})
    unknown = telling.model_copy(update={"false": NONE})
    seen = found.warnings.model_copy(update={"alarms": [late, noisy, unknown]})
    claimed = [
        (each.tells, each.tells_in_time) for each in changed(found, warnings=seen).warnings.alarms
    ]
    assert claimed == [(True, False), (False, False), (False, False)]


def test_the_reason_for_no_influence_is_read_off_the_scenario() -> None:
    known = scenario()
    known["regimes"][0]["lag"] = 1.0
    assert "is given as a range" in why_no_influence(Scenario.model_validate(known))
    unasked = Scenario.model_validate(scenario(sensitivity=0))
    assert why_no_influence(unasked) == "Not asked for: the scenario has sensitivity 0."
    assert "is the same throughout" in amplification(influences=[]).influences_missing
    assert amplification().influences_missing == ""

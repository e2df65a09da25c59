"""The offer-threat plane: every row of the theory's table, and the boundaries between rows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from throffer.structure import (
    UNSANCTIONED,
    Conduct,
    Lever,
    Outcome,
    locate,
    locate_codes,
)

WITHIN, BEYOND = 5e-10, 2e-9  # inside and outside of the plane's tolerance of 1e-9


def test_conducts_have_the_order_of_the_table():
    assert [conduct.value for conduct in Conduct] == [
        "generous",
        "even",
        "hard_bargain",
        "ultimatum",
        "authority",
        "pressure",
        "extortion",
        "blackmail",
        "deception",
        "withdraw",
    ]
    assert [conduct.code for conduct in Conduct] == list(range(10))


def test_four_conducts_are_unsanctioned():
    assert {c.value for c in Conduct if not c.sanctioned} == {
        "pressure",
        "extortion",
        "blackmail",
        "deception",
    }
    assert {c for c in Conduct if not c.sanctioned} == UNSANCTIONED


def test_outcomes_are_the_conducts_and_five_acts_outside_the_game():
    assert [outcome.value for outcome in Outcome][:10] == [conduct.value for conduct in Conduct]
    outside = [outcome.value for outcome in Outcome if outcome.conduct is None]
    assert outside == ["unilateral", "disclosure", "escalation", "refusal", "other"]
    assert Outcome.EVEN.conduct is Conduct.EVEN


# G = 0.5 throughout, so that the counterpart's share of it is 2 x accept
@pytest.mark.parametrize(
    ("accept", "conduct"),
    [
        (0.0, "ultimatum"),
        (0.05, "ultimatum"),
        (0.1 - BEYOND, "ultimatum"),
        (0.1 - WITHIN / 2, "hard_bargain"),
        (0.1, "hard_bargain"),
        (0.2 - BEYOND, "hard_bargain"),
        (0.2 - WITHIN / 2, "even"),
        (0.2, "even"),
        (0.25, "even"),
        (0.3, "even"),
        (0.3 + WITHIN / 2, "even"),
        (0.3 + BEYOND, "generous"),
        (0.5, "generous"),
        (0.9, "generous"),
        (-BEYOND, "ultimatum"),
        (-3.0, "ultimatum"),
    ],
)
def test_an_offer_is_named_by_the_share_of_the_gain(accept, conduct):
    assert locate(accept, 0.0, 0.5, lever="none") == conduct


@pytest.mark.parametrize("gain", [0.0, -0.5, 5e-10])
@pytest.mark.parametrize(
    ("accept", "conduct"),
    [(0.0, "even"), (WITHIN, "even"), (0.2, "generous"), (-0.2, "ultimatum")],
)
def test_without_a_gain_the_side_of_the_baseline_names_an_offer(gain, accept, conduct):
    assert locate(accept, 0.0, gain, lever="none") == conduct


@pytest.mark.parametrize(
    ("lever", "candour", "legitimacy", "accept", "conduct"),
    [
        ("force", True, 0.5, 0.1, "authority"),
        ("force", True, 1.0, 0.0, "authority"),
        ("force", True, 0.5, -WITHIN, "authority"),
        ("force", True, 0.4999, 0.1, "pressure"),
        ("force", False, 1.0, 0.1, "pressure"),
        ("leverage", True, 1.0, 0.1, "pressure"),
        ("leverage", True, 0.0, -WITHIN, "pressure"),
        ("leverage", False, 1.0, 0.1, "pressure"),
        ("force", True, 1.0, -BEYOND, "extortion"),
        ("force", False, 0.0, -0.4, "extortion"),
        ("leverage", True, 1.0, -BEYOND, "blackmail"),
        ("leverage", False, 0.0, -0.4, "blackmail"),
    ],
)
def test_with_a_lever_means_side_and_rank_name_the_conduct(
    lever, candour, legitimacy, accept, conduct
):
    place = locate(accept, -0.5, 0.5, lever=lever, candour=candour, legitimacy=legitimacy)
    assert place == conduct


@pytest.mark.parametrize("accept", [-0.5, 0.0, 0.25, 0.5])
def test_a_false_promise_without_a_lever_is_deception_whatever_it_delivers(accept):
    assert locate(accept, 0.0, 0.5, lever="none", candour=False) is Conduct.DECEPTION


@pytest.mark.parametrize(
    ("lever", "refuse"), [("none", -0.1), ("none", 0.1), ("force", 0.1), ("leverage", 2e-9)]
)
def test_a_refusal_that_contradicts_the_lever_is_an_error(lever, refuse):
    with pytest.raises(ValueError, match="refuse = "):
        locate(0.1, refuse, 0.5, lever=lever)


@pytest.mark.parametrize("position", ["accept", "refuse", "gain"])
def test_an_unknown_number_is_an_error(position):
    numbers = {"accept": 0.1, "refuse": 0.0, "gain": 0.5} | {position: float("nan")}
    with pytest.raises(ValueError, match=f"{position} = nan"):
        locate(**numbers, lever="none")


def test_an_unknown_lever_is_an_error():
    with pytest.raises(ValueError, match="charm"):
        locate(0.1, 0.0, 0.5, lever="charm")


@given(
    accept=st.floats(-2, 2),
    gain=st.floats(-1, 1),
    lever=st.sampled_from(list(Lever)),
    candour=st.booleans(),
    legitimacy=st.floats(0, 1),
)
def test_arrays_are_placed_as_single_proposals_are(accept, gain, lever, candour, legitimacy):
    harm = 0.0 if lever is Lever.NONE else 0.3
    single = locate(accept, -harm, gain, lever=lever, candour=candour, legitimacy=legitimacy)
    codes = locate_codes(
        np.full(3, accept),
        np.full(3, gain),
        np.full(3, list(Lever).index(lever)),
        np.full(3, candour),
        np.full(3, legitimacy),
    )
    assert codes.tolist() == [single.code] * 3


@given(share=st.floats(0, 1), gain=st.floats(0.01, 2), scale=st.floats(0.1, 10))
def test_an_offer_keeps_its_name_when_the_pie_is_measured_in_other_units(share, gain, scale):
    # away from the edges, where tolerance is in units of the pie
    if min(abs(share - edge) for edge in (0.2, 0.4, 0.6)) < 1e-6:
        return
    here = locate(share * gain, 0.0, gain, lever="none")
    assert locate(share * gain * scale, 0.0, gain * scale, lever="none") is here

"""The menu as arrays: its masses agree with the conduct probabilities, and imposition."""

import jax
import numpy as np
import pytest

from tests.game.brute import every_proposal, random_dyads, single
from tests.game.test_choice import BATCH, many, random_preferences
from throffer.game import (
    Preferences,
    conduct_masses,
    conduct_probabilities,
    imposition,
    lapse_menu,
    menu,
    midpoints,
    proposals,
)


@pytest.fixture(autouse=True)
def _x64():
    with jax.enable_x64(True):
        yield


@pytest.mark.parametrize("cells", [41, 50])
def test_the_masses_of_the_menu_add_up_to_the_conduct_probabilities(cells):
    dyads, preferences = random_dyads(1, BATCH), random_preferences(1, BATCH)
    masses = np.asarray(conduct_masses(dyads, menu(dyads, preferences, cells)))
    ours = np.asarray(conduct_probabilities(dyads, preferences, cells=cells))
    assert masses / masses.sum(-1, keepdims=True) == pytest.approx(ours, abs=1e-12)
    drawn = np.asarray(conduct_masses(dyads, lapse_menu(dyads, preferences, cells)))
    lapsed = np.asarray(conduct_probabilities(dyads, preferences, cells=cells, lapse=1.0))
    assert drawn / drawn.sum(-1, keepdims=True) == pytest.approx(lapsed, abs=1e-12)


def test_the_total_is_the_sum_of_all_conducts():
    dyads, preferences = random_dyads(2, 20), random_preferences(2, 20)
    parts = menu(dyads, preferences)
    assert np.asarray(parts.total) == pytest.approx(
        np.asarray(conduct_masses(dyads, parts).sum(-1))
    )


def test_without_a_lever_nothing_lies_below_the_baseline():
    parts = menu(random_dyads(3, 20), random_preferences(3, 20))
    assert not np.asarray(parts.lower[:, 0]).any()
    assert np.asarray(parts.offers.sum(-2)) == pytest.approx(np.asarray(parts.upper[:, 0, 0]))


def test_with_structure_zero_only_the_menu_weights_remain():
    dyads, preferences = random_dyads(4, BATCH), many(Preferences.of(norms={}), BATCH)
    masses = np.asarray(conduct_masses(dyads, menu(dyads, preferences, structure=0.0)))
    lapsed = np.asarray(conduct_probabilities(dyads, preferences, lapse=1.0))
    assert masses / masses.sum(-1, keepdims=True) == pytest.approx(lapsed, abs=1e-12)


@pytest.mark.parametrize("index", range(5))
def test_utilities_and_answers_are_those_of_the_enumeration(index):
    dyads, preferences = random_dyads(5, 5), Preferences.of()
    table = proposals(dyads[index], preferences, cells=25)
    listed = every_proposal(
        single(dyads, index), 25, guilt=0.1, envy=0.3, counterpart_precision=8.0
    )
    # enumeration has the sanctions in, proposals leaves them to the side of the boundary
    dyad = single(dyads, index)
    z, f, held = dyad["oversight"], dyad["future"], dyad["legitimacy"]
    harmless = ~np.isin(listed["conduct"], (6, 7))
    chi = np.where(listed["lever"] == 0, 0.0, 1.0)
    chi = np.where((listed["lever"] == 1) & harmless, 1 - held, chi)
    paid = chi * np.where(listed["false"], z, z + f)
    ours = np.asarray(table.utility).ravel()
    assert ours == pytest.approx(listed["value"] + paid, abs=1e-10)
    assert np.asarray(table.acceptance).ravel() == pytest.approx(
        listed["p"].reshape(3, 2, 25)[:, 0].ravel(), abs=1e-10
    )
    assert float(table.probability.sum() + table.withdraw) == pytest.approx(1.0)


@pytest.mark.parametrize("index", range(5))
def test_imposition_is_the_expected_share_taken_on_refusal(index):
    dyads, preferences, cells = random_dyads(6, 5), Preferences.of(), 25
    dyad = single(dyads, index)
    table = proposals(dyads[index], preferences, cells=cells)
    expected = 0.0
    for lever, name in enumerate(("none", "force", "leverage")):
        harm, cost = dyad.get(name, 0.0), dyad.get(f"{name}_cost", 0.0)
        t_b = dyad["outside_counterpart"] - harm
        surplus = 1 - dyad["outside_agent"] + cost - t_b
        for false in (0, 1):
            for cell, s in enumerate(midpoints(cells)):
                y = t_b + s * surplus
                accepted = float(table.acceptance[lever, cell])
                accepted *= dyad["opacity"] if false else 1.0
                chosen = float(table.probability[lever, false, cell])
                expected += chosen * (1 - accepted) * (1 - dyad["veto"]) * (1 - y)
    ours = float(imposition(dyads[index], preferences, cells=cells))
    assert ours == pytest.approx(expected, abs=1e-10)


def test_nothing_is_imposed_where_a_refusal_stops_the_agent():
    dyads = random_dyads(7, 20, veto=1.0)
    assert not np.asarray(imposition(dyads, Preferences.of())).any()


def test_a_dictator_imposes_or_is_accepted_and_keeps_nearly_everything():
    # v = 0: half of the answers are yes whatever is proposed, and the agent takes what it asked
    dyads = random_dyads(8, 20, veto=0.0, force=0.0, leverage=0.0, deceit_gain=0.0)
    sharp = Preferences.of(precision=500.0, guilt=0.0, norms={}, counterpart_envy=0.0)
    asked = np.asarray(imposition(dyads, sharp, cells=500)) * 2
    assert asked == pytest.approx(1 - np.asarray(dyads.outside_counterpart), abs=0.02)

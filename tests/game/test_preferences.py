"""Preferences and the reference agents."""

import numpy as np
import pytest

from tests.game.brute import random_dyads
from throffer.game import (
    AGENTS,
    Preferences,
    conduct_probabilities,
    norm_vector,
    rational_conduct,
    reference_preferences,
)
from throffer.structure import Conduct, Dyad

UNSANCTIONED = np.array([not conduct.sanctioned for conduct in Conduct])


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"precision": 0.0}, "precision = 0.0 must be a positive number"),
        ({"precision": -1.0}, "precision = -1.0"),
        ({"counterpart_precision": 0.0}, "counterpart_precision = 0.0"),
        ({"guilt": float("nan")}, "guilt = nan must be finite"),
        ({"counterpart_envy": float("inf")}, "counterpart_envy = inf"),
        ({"norms": {"lying": 1.0}}, "'lying', which is no conduct"),
        ({"norms": {"deception": float("inf")}}, "norm against deception = inf"),
    ],
)
def test_a_bad_number_is_named(wrong, message):
    with pytest.raises(ValueError, match=message):
        Preferences.of(**wrong)


def test_one_norm_is_against_the_four_unsanctioned():
    assert norm_vector(1.5).tolist() == (1.5 * UNSANCTIONED).tolist()


def test_norms_left_out_are_zero():
    vector = norm_vector({"authority": 0.5, "withdraw": -1.0})
    assert vector[Conduct.AUTHORITY.code] == 0.5
    assert vector[Conduct.WITHDRAW.code] == -1.0
    assert np.count_nonzero(vector) == 2


def test_the_error_for_an_unknown_agent_lists_the_known_ones():
    with pytest.raises(ValueError, match="'saintly' is unknown; agents: planted"):
        reference_preferences("saintly")


def test_given_numbers_replace_those_of_the_agent():
    own = reference_preferences("planted", precision=3.0, norms={"blackmail": 9.0})
    assert own.precision == 3.0
    assert own.norms[Conduct.BLACKMAIL.code] == 9.0
    assert own.norms[Conduct.DECEPTION.code] == 1.0


def test_the_sanctioned_agent_never_does_what_is_not_sanctioned():
    # at the far corner, where a threat is worth twenty pies, and with a sharp agent too
    dyads = Dyad.from_asymmetry(np.linspace(0, 0.95, 12)[:, None], np.linspace(0, 0.95, 12), 0.9)
    for precision in (None, 100.0):
        agent = reference_preferences("sanctioned", precision=precision)
        assert (np.asarray(conduct_probabilities(dyads, agent)) @ UNSANCTIONED).max() < 1e-6


def test_the_rational_agent_mostly_does_what_is_rational():
    dyads = random_dyads(1, 200)
    shares = np.asarray(conduct_probabilities(dyads, reference_preferences("rational")))
    assert (shares.argmax(-1) == np.asarray(rational_conduct(dyads))).mean() > 0.75


def test_every_named_agent_exists():
    for agent in AGENTS:
        assert np.isfinite(reference_preferences(agent).norms).all()

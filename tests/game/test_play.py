"""Sampling plays: what is drawn, how often, and that a play depends only on its own seed."""

import itertools

import jax
import numpy as np
import pytest
from scipy.stats import chisquare

from tests.game.brute import random_dyads, single
from throffer.game import (
    Preferences,
    acceptance,
    conduct_probabilities,
    fallback,
    play,
    play_each,
    proposals,
)
from throffer.structure import Conduct, Dyad, Lever, locate_codes

TRIALS = 40_000

CORNERS = (
    Dyad.from_asymmetry(0.5, 0.5, 0.3),
    Dyad.from_asymmetry(0.7, 0.3, 0.7, legitimacy=0.3, veto=0.6),
    Dyad.from_asymmetry(0.1, 0.8, 0.5, deceit_gain=0.3),
)


@pytest.mark.parametrize("corner", range(len(CORNERS)))
@pytest.mark.parametrize("lapse", [0.0, 0.3])
def test_conducts_are_drawn_as_often_as_they_are_probable(corner, lapse):
    preferences = Preferences.of(norms={"authority": 0.5, "generous": -0.5, "blackmail": 1.0})
    played = play_each(np.arange(TRIALS), CORNERS[corner], preferences, lapse=lapse)
    shares = np.asarray(conduct_probabilities(CORNERS[corner], preferences, lapse=lapse), float)
    counts = np.bincount(played.conduct, minlength=10)
    rare = shares * TRIALS < 5
    assert counts[rare].sum() <= 30
    expected = shares[~rare] / shares[~rare].sum() * counts[~rare].sum()
    assert chisquare(counts[~rare], expected).pvalue > 1e-3


def test_concessions_are_drawn_as_often_as_they_are_probable():
    dyad, preferences = CORNERS[1], Preferences.of(precision=4.0)
    played = play_each(np.arange(TRIALS), dyad, preferences)
    table = proposals(dyad, preferences)
    compared = 0
    for lever, candour in itertools.product(range(3), range(2)):
        probability = np.asarray(table.probability[lever, candour], float)
        mine = (played.lever == lever) & (played.candour == (candour == 0))
        mine &= played.conduct != Conduct.WITHDRAW.code
        cells = np.floor(np.asarray(played.concession)[mine] * 50).astype(int)
        counts = np.bincount(np.clip(cells, 0, 49), minlength=50)
        often = probability * TRIALS >= 5
        if often.sum() < 3:
            continue
        compared += 1
        expected = probability[often] / probability[often].sum() * counts[often].sum()
        assert chisquare(counts[often], expected).pvalue > 1e-3
    assert compared >= 3


def test_the_plane_places_a_played_proposal_at_the_played_conduct():
    with jax.enable_x64(True):
        dyads = random_dyads(1, 4_000)
        played = play_each(np.arange(4_000), dyads, Preferences.of(precision=3.0))
        points = [fallback(dyads, lever) for lever in Lever]
        at = played.lever, np.arange(4_000)
        harm, surplus = (
            np.stack([np.broadcast_to(getattr(p, name), 4_000) for p in points])[at]
            for name in ("harm", "surplus")
        )
        accept = played.concession * surplus - harm - np.where(played.candour, 0, dyads.deceit_gain)
    offered = np.asarray(played.conduct) != Conduct.WITHDRAW.code
    placed = locate_codes(
        np.where(offered, accept, 0.0),
        np.asarray(dyads.gain, float),
        np.asarray(played.lever),
        np.asarray(played.candour),
        np.asarray(dyads.legitimacy),
    )
    assert (placed[offered] == np.asarray(played.conduct)[offered]).all()
    assert len(set(np.asarray(played.conduct).tolist())) == 10


def test_answers_are_given_as_often_as_they_are_probable():
    dyad, preferences = CORNERS[0], Preferences.of()
    played = jax.tree.map(np.asarray, play_each(np.arange(TRIALS), dyad, preferences))
    for lever, means in enumerate(Lever):
        for candour in (True, False):
            mine = (played.lever == lever) & (played.candour == candour)
            mine &= ~np.isnan(played.concession)
            p = acceptance(dyad, means, played.concession[mine], precision=8.0, envy=0.3)
            p = np.asarray(p, float) * (1 if candour else float(dyad.opacity))
            # three standard errors of a sum of independent answers
            slack = 3.5 * np.sqrt((p * (1 - p)).sum()) + 1
            assert played.accepted[mine].sum() == pytest.approx(p.sum(), abs=slack)


def test_acceptance_is_the_logit_of_the_theory():
    # no lever: t_B = b = .3, S = G = .6, w = .5: refusing is worth .3 + .5 x .6 = .6;
    # s = .5: y = .6, agent ahead by (1 - .6 - .1) - (.6 - .3) = 0: indifferent
    even = Dyad.from_asymmetry(0.0, 0.0, 0.0)
    assert float(acceptance(even, "none", 0.5, precision=8.0, envy=0.3)) == pytest.approx(0.5)
    # s = .25: y = .45, ahead by .45 - .15 = .3: 8 (.45 - .09 - .6) = -1.92
    low = acceptance(even, "none", 0.25, precision=8.0, envy=0.3)
    assert float(low) == pytest.approx(1 / (1 + np.exp(1.92)), rel=1e-5)


def test_an_agent_that_withdraws_proposes_nothing_and_is_not_accepted():
    dyad = random_dyads(2, 1, outside_agent=0.9, outside_counterpart=0.4)[0]
    played = jax.tree.map(np.asarray, play_each(np.arange(TRIALS), dyad, Preferences.of()))
    gone = played.conduct == Conduct.WITHDRAW.code
    assert 0.02 < gone.mean() < 1
    assert (np.isnan(played.concession) == gone).all()
    assert not played.accepted[gone].any()
    assert played.candour[gone].all()
    assert (played.lever[gone] == 0).all()


def test_a_trial_is_the_same_in_any_batch():
    dyads = random_dyads(3, 500)
    seeds = np.arange(500) * 7 + 3
    whole = play_each(seeds, dyads, Preferences.of(), lapse=0.1)
    pieces = play_each(seeds, dyads, Preferences.of(), lapse=0.1, chunk=64)
    order = np.random.default_rng(3).permutation(500)
    shuffled = play_each(seeds[order], dyads[order], Preferences.of(), lapse=0.1)
    one = play_each(seeds[123:124], dyads[123:124], Preferences.of(), lapse=0.1)
    for name in whole._fields:
        full = np.asarray(getattr(whole, name))
        np.testing.assert_allclose(getattr(pieces, name), full, rtol=1e-6)
        np.testing.assert_allclose(getattr(shuffled, name), full[order], rtol=1e-6)
        np.testing.assert_allclose(getattr(one, name), full[123:124], rtol=1e-6)


def test_one_play_is_the_play_of_its_seed():
    dyads = random_dyads(4, 1)
    one = play(jax.random.key(11), dyads[0], Preferences.of(), lapse=0.2)
    batch = play_each(np.array([11]), dyads, Preferences.of(), lapse=0.2)
    for name in one._fields:
        assert np.asarray(getattr(one, name)) == pytest.approx(
            np.asarray(getattr(batch, name)[0]), nan_ok=True
        )


def test_different_seeds_play_differently():
    played = play_each(np.arange(TRIALS), CORNERS[0], Preferences.of())
    assert np.unique(np.asarray(played.concession)[:100]).size > 80


def test_a_conduct_without_mass_is_never_drawn():
    dyad = single(random_dyads(5, 1), 0) | {"force": 0.0, "leverage": 0.0, "deceit_gain": 0.0}
    played = play_each(np.arange(TRIALS), Dyad.validated(**dyad), Preferences.of(), lapse=0.5)
    assert set(np.asarray(played.lever).tolist()) == {0}
    assert np.asarray(played.candour).all()

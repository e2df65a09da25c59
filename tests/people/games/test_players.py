"""Proposers and responders: the fitted model is the game, and fits recover planted parameters."""

from __future__ import annotations

import itertools

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from throffer.game import Preferences, proposals
from throffer.people.games._observed import Answers, division
from throffer.people.games._proposers import (
    offer_probabilities,
    predicted,
    proposer_model,
)
from throffer.people.games._repeated import stakes_df2011, stakes_frd2012
from throffer.people.games._responders import mean_refusal, responder_model
from throffer.record import games_heffner
from throffer.stats import fit_clusters

SHARES = np.arange(0.05, 0.51, 0.05)


def test_offers_are_the_candid_part_of_the_games_menu_without_a_lever() -> None:
    preferences = Preferences.of(precision=6.0, guilt=0.2, norms={}, counterpart_precision=5.0)
    with jax.enable_x64(True):
        whole = np.asarray(proposals(division(1.0), preferences, cells=100).probability)
        ours = np.asarray(offer_probabilities(preferences, jnp.asarray(0.0), np.array([1.0])))[0]
    candid = whole[0, 0] / whole[0, 0].sum()
    # tenths are centred: cells 0-4, then ten at a time, then the last five
    edges = [0, *range(5, 100, 10), 100]
    byhand = [candid[low:high].sum() for low, high in itertools.pairwise(edges)]
    assert ours == pytest.approx(byhand, abs=1e-12)


def test_a_dictator_without_guilt_gives_by_an_exponential_of_its_precision() -> None:
    theta = jnp.array([jnp.log(5.0), 0.0, 0.0, 0.0, -30.0])
    with jax.enable_x64(True):
        shares = np.asarray(predicted(theta, np.array([0.0])))[0]
    # utility 1 - s: each tenth is e^-0.5 as likely as the one before, but for the half ones
    assert shares[2:10] / shares[1:9] == pytest.approx(np.full(8, np.exp(-0.5)), rel=1e-5)


def test_up_to_half_of_the_pie_the_games_answer_is_a_logit_of_the_share() -> None:
    precision, envy = 7.0, 0.2
    with jax.enable_x64(True):
        never = -40.0
        slope = precision * (1 + 2 * envy)
        game = mean_refusal(jnp.array([np.log(precision), envy, never]), SHARES, "game", False)
        logit = mean_refusal(jnp.array([-precision * envy, slope, never]), SHARES, "logit", False)
    assert np.asarray(game) == pytest.approx(np.asarray(logit), abs=1e-12)


def test_planted_proposers_come_back() -> None:
    planted = jnp.array([np.log(12.0), 0.3, np.log(6.0), 0.3, -3.0])
    with jax.enable_x64(True):
        shares = np.asarray(predicted(planted, np.array([0.0, 1.0])))
    rng = np.random.default_rng(3)
    counts = np.stack([rng.multinomial(1, row, size=4000) for row in shares], 1).astype(float)
    fit = fit_clusters(proposer_model([counts]), starts=2)
    for name, truth in zip(fit.priors, planted, strict=True):
        place = list(fit.priors).index(name)
        sd = float(np.sqrt(fit.covariance[place, place]))
        assert abs(fit.mode[place] - truth) < 3 * sd, name
    low, high = fit.interval("guilt").ends
    assert high - low < 0.05


def test_planted_responders_who_differ_come_back() -> None:
    rng = np.random.default_rng(5)
    envy = 0.3 + 0.4 * rng.standard_normal(400)
    utility = 15.0 * (SHARES - envy[:, None] * (1 - 2 * SHARES))
    refused = rng.binomial(2, 1 / (1 + np.exp(utility))).astype(float)
    answers = Answers(games_heffner.SOURCE, "person", SHARES, refused, np.full_like(refused, 2.0))
    fit = fit_clusters(responder_model(answers, "game", differ=True), starts=2)
    low, high = fit.interval("log_envy_spread").ends
    assert low < 0.4 < high
    low, high = fit.interval("log_precision").ends
    assert low < 15.0 < high


def test_stakes_of_repeated_dilemmas_are_those_worked_by_hand() -> None:
    # D5R48: temptation 50 - 48, future 1 x (48 - 25), over the joint 96
    assert stakes_df2011("D5R48") == pytest.approx((2 / 96, 23 / 96, 0.0))
    # benefit 4, cost 1: 1 now, over the joint 6; 7 x 3 later
    assert stakes_frd2012(4.0, 0.125) == pytest.approx((1 / 6, 21 / 6, 0.125))

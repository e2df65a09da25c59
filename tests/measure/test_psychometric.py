"""The slice's own curve: planted crossings are covered, and missing ones said to be missing."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

from throffer.measure._psychometric import (
    PRIOR_MEAN,
    PRIOR_SD,
    _crossings,
    _log_posterior,
    _posterior,
    psychometric,
)


def test_psychometric_crossing_covers_a_planted_one() -> None:
    rng = np.random.default_rng(11)
    x = np.linspace(0, 0.9, 400)
    y = (rng.random(400) < 1 / (1 + np.exp(-20 * (x - 0.6)))).astype(float)
    found = psychometric(x, y, threshold=0.2, seed=0)
    truth = 0.6 + np.log(0.2 / 0.8) / 20
    assert found.kind == "interval"
    assert found.low is not None
    assert found.high is not None
    assert found.low < truth < found.high
    assert found.high - found.low < 0.15


def test_a_slice_without_the_act_has_its_boundary_beyond() -> None:
    x = np.linspace(0, 0.9, 200)
    found = psychometric(x, np.zeros(200), threshold=0.2, seed=0)
    assert found.kind == "beyond"
    assert found.high is None


def test_a_slice_with_nothing_but_the_act_has_its_boundary_below() -> None:
    x = np.linspace(0, 0.9, 200)
    found = psychometric(x, np.ones(200), threshold=0.2, seed=0)
    assert found.kind == "below"
    assert found.low is None


def test_few_trials_give_no_boundary_and_say_so() -> None:
    found = psychometric(np.zeros(3), np.zeros(3), threshold=0.2, seed=0)
    assert (found.kind, found.estimate) == ("unknown", None)
    assert "3 trials" in found.why


def test_draws_agree_with_the_posterior_on_a_grid() -> None:
    # an independent quadrature over all four parameters
    rng = np.random.default_rng(5)
    x = np.linspace(0.02, 0.88, 40)
    y = (rng.random(40) < 0.05 + 0.9 * expit(12 * (x - 0.5))).astype(float)
    scales = (np.linspace(-0.8, 0.8, 65), *[np.linspace(-4, 4, 17)] * 3)
    axes = [mean + sd * scale for mean, sd, scale in zip(PRIOR_MEAN, PRIOR_SD, scales, strict=True)]
    nodes = np.stack(np.meshgrid(*axes, indexing="ij"), -1).reshape(-1, 4)
    parts = np.array_split(nodes, 64)
    log_weight = np.concatenate([_log_posterior(part, x, y) for part in parts])
    weight = np.exp(log_weight - log_weight.max())
    drawn = _posterior(x, y, np.random.default_rng(1))
    for column in range(4):
        mean = (weight * nodes[:, column]).sum() / weight.sum()
        sd = np.sqrt((weight * (nodes[:, column] - mean) ** 2).sum() / weight.sum())
        assert drawn[:, column].mean() == pytest.approx(mean, abs=0.1 * sd)
        assert drawn[:, column].std() == pytest.approx(sd, rel=0.1)


def test_a_crossing_by_hand() -> None:
    # sigma(10 (x - 0.5)) reaches 0.2 at 0.5 + ln(0.2/0.8)/10; a guess above the level starts there,
    # a ceiling below it never arrives
    rows = np.array(
        [
            [0.5, np.log(10.0), -40.0, -40.0],
            [0.5, np.log(10.0), 0.0, -40.0],
            [0.5, np.log(10.0), -40.0, 3.0],
            [2.0, np.log(10.0), -40.0, -40.0],
        ]
    )
    found = _crossings(rows, 0.2)
    assert found[0] == pytest.approx(0.5 + np.log(0.25) / 10)
    assert found[1:].tolist() == [-np.inf, np.inf, np.inf]

"""Scores and predicted rates, compared with results worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from throffer.people.games._transfer import (
    DRAWS,
    constant,
    log_scores,
    mean_bin,
    observed_choices,
    observed_trials,
    predicted_bins,
)


def test_the_score_of_answers_is_their_mean_log_probability() -> None:
    seen = observed_trials(np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([[1.0, 1.0], [1.0, 2.0]]))
    chances = {"a": constant(np.array([0.5, 0.2])), "b": constant(np.array([0.5, 0.5]))}
    a, b = log_scores(seen, chances, "b")
    # one of two at .5, one of three at .2
    assert a.score.estimate == pytest.approx((2 * np.log(0.5) + np.log(0.2) + 2 * np.log(0.8)) / 5)
    assert b.score.estimate == pytest.approx(np.log(0.5))
    assert a.ahead is not None
    assert a.ahead.estimate == pytest.approx(a.score.estimate - b.score.estimate)
    assert (b.ahead, b.verdict) == (None, "reference")


def test_the_score_of_choices_is_their_mean_log_probability() -> None:
    seen = observed_choices(np.repeat(np.eye(3), [5, 3, 2], axis=0))
    [even, known] = log_scores(
        seen,
        {"even": constant(np.full(3, 1 / 3)), "known": constant(np.array([0.5, 0.3, 0.2]))},
        "even",
    )
    entropy = 0.5 * np.log(0.5) + 0.3 * np.log(0.3) + 0.2 * np.log(0.2)
    assert known.score.estimate == pytest.approx(entropy)
    assert (even.score.low, even.score.high) == pytest.approx((np.log(1 / 3),) * 2)


def test_a_right_model_scores_better_once_there_are_enough_data() -> None:
    rng = np.random.default_rng(2)
    trials = np.ones((800, 1))
    events = (rng.random((800, 1)) < 0.8).astype(float)
    seen = observed_trials(events, trials)
    chances = {"right": constant(np.array([0.8])), "coin": constant(np.array([0.5]))}
    assert log_scores(seen, chances, "coin")[0].verdict == "better"
    assert log_scores(seen, chances, "right")[1].verdict == "worse"


def test_a_bin_adds_up_the_trials_of_its_cells() -> None:
    seen = observed_trials(np.array([[1.0, 1.0, 0.0]]), np.array([[2.0, 6.0, 3.0]]))
    chances = {"a": constant(np.array([0.1, 0.5, 0.9]))}
    first, second = predicted_bins(seen, chances, ["low", "high"], [0, 0, 1])
    assert (first.count, first.trials) == (2, 8)
    assert first.predicted["a"].estimate == pytest.approx((2 * 0.1 + 6 * 0.5) / 8)
    assert second.observed.estimate == 0
    assert second.observed.high > 0.3


def test_a_mean_is_over_the_values_of_the_categories() -> None:
    seen = observed_choices(np.repeat(np.eye(2), [1, 3], axis=0))
    shown = mean_bin(seen, {"a": constant(np.array([0.5, 0.5]))}, np.array([0.0, 1.0]), "mean")
    assert (shown.observed.estimate, shown.predicted["a"].estimate) == (0.75, 0.5)
    assert shown.count is None


def test_the_first_draw_is_the_data() -> None:
    seen = observed_trials(np.ones((7, 1)), np.full((7, 1), 2.0))
    assert seen.events.shape == (DRAWS + 1, 1)
    assert (seen.events[0, 0], seen.trials[0, 0]) == (7, 14)

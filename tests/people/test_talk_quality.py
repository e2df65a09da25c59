"""Quality of predictions, compared with scikit-learn and with results worked by hand."""

import numpy as np
import pytest
from sklearn.metrics import brier_score_loss, f1_score, precision_score, recall_score

from throffer.people.talk._quality import judge_predictions, reliability


def drawn(seed: int, many: int = 400) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    chance = rng.beta(0.6, 1.5, many)
    codes = (rng.random((2, many)) < chance).astype(float)
    return chance, codes, np.arange(many) // 4, rng.uniform(1, 100, many)


def test_measures_are_those_of_another_library_with_every_code_a_trial() -> None:
    chance, codes, dialogue, weight = drawn(1)
    found = judge_predictions(chance, codes, dialogue, weight, resamples=20)
    truth, predicted, trials = codes.reshape(-1), np.tile(chance, 2), np.tile(weight, 2)
    for mine, theirs in (
        (found.precision, precision_score(truth, predicted >= 0.5, sample_weight=trials)),
        (found.recall, recall_score(truth, predicted >= 0.5, sample_weight=trials)),
        (found.f1, f1_score(truth, predicted >= 0.5, sample_weight=trials)),
        (found.brier, brier_score_loss(truth, predicted, sample_weight=trials)),
    ):
        assert mine.estimate == pytest.approx(theirs)


def test_calibration_error_by_hand() -> None:
    # bin [.2, .4): .3 .3, codes 0 1, |.3 - .5|; bin [.8, 1]: .9 .9, codes 1 0, |.9 - .5|
    found = judge_predictions(
        np.array([0.3, 0.3, 0.9, 0.9]), np.array([[0.0, 1, 1, 0]]), np.arange(4), resamples=10
    )
    assert found.calibration_error.estimate == pytest.approx(0.5 * 0.2 + 0.5 * 0.4)


def test_true_probabilities_have_skill_and_a_small_calibration_error() -> None:
    chance, codes, dialogue, _ = drawn(2, many=4000)
    found = judge_predictions(chance, codes, dialogue, resamples=100)
    assert found.skill.low > 0.2
    assert found.calibration_error.estimate < 0.03


def test_predictions_that_know_only_the_rate_have_no_skill() -> None:
    _, codes, dialogue, _ = drawn(3)
    found = judge_predictions(np.full(400, codes.mean()), codes, dialogue, resamples=10)
    assert found.skill.estimate == pytest.approx(0, abs=1e-9)
    assert found.precision.estimate is None


def test_four_hits_of_four_do_not_make_precision_certain() -> None:
    chance = np.array([0.9] * 4 + [0.1] * 96)
    codes = np.array([[1.0] * 4 + [0.0] * 96])
    found = judge_predictions(chance, codes, np.arange(100))
    assert found.precision.low == pytest.approx(0.05**0.25)


def test_the_reliability_curve_counts_every_code_once() -> None:
    chance, codes, _, _ = drawn(4)
    curve = reliability(chance, codes)
    assert sum(one.codes for one in curve) == codes.size
    assert sum(one.codes * one.coded for one in curve) == pytest.approx(codes.sum())

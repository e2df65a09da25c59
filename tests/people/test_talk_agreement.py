"""Krippendorff's alpha, compared with published examples, another library and planted coders."""

import math
from collections.abc import Callable
from typing import cast

import numpy as np
import pytest
from inspect_ai.scorer import SampleScore, Score

from throffer.people.talk._agreement import alpha, alpha_interval, disagree


def one_act(*coders: list[float]) -> np.ndarray:
    return np.array(coders)[:, :, None]


def test_the_published_binary_example() -> None:
    # Krippendorff 2011, example A: Meg and Owen, ten articles; alpha = 1 - 4/10 / (2 14 6/(20 19))
    meg = [0.0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
    owen = [1.0, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    assert f"{alpha(disagree(one_act(meg, owen))):.3f}" == "0.095"


def test_several_coders_and_missing_codes_agree_with_inspect() -> None:
    rng = np.random.default_rng(1)
    codes = (rng.random((4, 60)) < 0.3).astype(float)
    codes[:, :40] = codes[0, :40]
    codes[rng.random(codes.shape) < 0.2] = np.nan
    units = [[int(code) for code in column if np.isfinite(code)] for column in codes.T]
    scores = [SampleScore(score=Score(value=list(unit))) for unit in units if len(unit) > 1]
    # not yet in the oldest Inspect that the package works with
    theirs = pytest.importorskip("inspect_ai.scorer._metrics.krippendorff")
    metric = cast(Callable[[list[SampleScore]], float], theirs.krippendorff_alpha())
    assert alpha(disagree(codes[:, :, None])) == pytest.approx(metric(scores))


def test_perfect_agreement_is_one_and_systematic_opposition_is_negative() -> None:
    same = [0.0, 1, 0, 1]
    assert alpha(disagree(one_act(same, same))) == 1
    assert alpha(disagree(one_act(same, [1 - code for code in same]))) < 0


def test_an_act_that_no_coder_ever_gives_has_no_alpha() -> None:
    assert math.isnan(alpha(disagree(one_act([0.0, 0], [0.0, 0]))))


def test_over_several_acts_it_is_the_ratio_of_their_sums() -> None:
    rng = np.random.default_rng(2)
    codes = (rng.random((2, 50, 3)) < [0.1, 0.3, 0.5]).astype(float)
    parts = [disagree(codes[:, :, [act]]) for act in range(3)]
    values = 100
    observed = sum(part.observed.sum() / values for part in parts)
    expected = sum(
        2 * part.ones.sum() * (values - part.ones.sum()) / (values * (values - 1)) for part in parts
    )
    assert alpha(disagree(codes)) == pytest.approx(1 - observed / expected)


def test_a_unit_counted_twice_is_a_unit_repeated() -> None:
    rng = np.random.default_rng(3)
    codes = (rng.random((2, 20, 1)) < 0.4).astype(float)
    weight = rng.integers(0, 3, 20)
    repeated = np.repeat(codes, weight, axis=1)
    assert alpha(disagree(codes), weight.astype(float)) == pytest.approx(alpha(disagree(repeated)))


def test_intervals_of_coders_with_known_errors_cover_their_alpha() -> None:
    rng = np.random.default_rng(4)

    def coded(dialogues: int) -> tuple[np.ndarray, np.ndarray]:
        dialogue = np.repeat(np.arange(dialogues), 4)
        truth = rng.random(len(dialogue)) < rng.beta(1, 3, dialogues)[dialogue]
        wrong = rng.random((2, len(dialogue))) < 0.1
        return np.where(wrong, ~truth, truth).astype(float)[:, :, None], dialogue

    target = alpha(disagree(coded(100_000)[0]))
    covered = []
    for _ in range(60):
        codes, dialogue = coded(60)
        low, high = alpha_interval(disagree(codes), dialogue, resamples=200)
        covered.append(low < target < high)
    assert np.mean(covered) >= 0.88

"""Kappa against scikit-learn, Krippendorff's alpha against a published case and Inspect's."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import cast

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from inspect_ai.scorer import SampleScore, Score

from throffer.stats import (
    cohen_kappa,
    cohen_kappa_of_counts,
    krippendorff_alpha,
    krippendorff_interval,
    sum_disagreement,
)

CODES = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=2, max_size=60)


def alpha(codes: np.ndarray) -> float:
    return krippendorff_alpha(sum_disagreement(codes))


def one_act(*coders: list[float]) -> np.ndarray:
    return np.array(coders)[:, :, None]


def test_kappa_by_hand() -> None:
    # same 3 of 4; chance (2 3 + 2 1)/16 = 1/2; (3/4 - 1/2)/(1 - 1/2)
    assert cohen_kappa("aabb", "aaba") == pytest.approx(0.5)
    # same 17/20; chance (5 6 + 15 14)/400 = 0.6
    assert cohen_kappa_of_counts(4, 1, 2, 13) == pytest.approx(0.625)


@given(CODES)
def test_kappa_is_that_of_scikit_learn(pairs: list[tuple[str, str]]) -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    first, second = (list(codes) for codes in zip(*pairs, strict=True))
    assume(len({*first, *second}) > 1)
    expected = metrics.cohen_kappa_score(first, second)
    assert cohen_kappa(first, second) == pytest.approx(expected, abs=1e-12)


@given(CODES)
def test_kappa_knows_neither_names_nor_order_of_coders(pairs: list[tuple[str, str]]) -> None:
    first, second = (list(codes) for codes in zip(*pairs, strict=True))
    names = {"a": None, "b": 7, "c": "seven"}
    renamed = ([names[code] for code in first], [names[code] for code in second])
    plain = cohen_kappa(first, second)
    assert cohen_kappa(*renamed) == pytest.approx(plain, nan_ok=True)
    assert cohen_kappa(second, first) == pytest.approx(plain, nan_ok=True)
    assert math.isnan(plain) or -1 <= plain <= 1


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=60))
def test_counts_of_yes_and_no_give_the_kappa_of_their_codes(
    pairs: list[tuple[bool, bool]],
) -> None:
    counts = [pairs.count(each) for each in ((True, True), (True, False), (False, True))]
    counts.append(len(pairs) - sum(counts))
    first, second = zip(*pairs, strict=True)
    assert cohen_kappa_of_counts(*counts) == pytest.approx(cohen_kappa(first, second), nan_ok=True)


def test_without_room_for_chance_there_is_no_kappa() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert math.isnan(cohen_kappa("aaa", "aaa"))
        assert math.isnan(cohen_kappa([], []))
        assert math.isnan(cohen_kappa_of_counts(0, 0, 0, 5))
    # one code each, never the same: agreement 0, chance 0
    assert cohen_kappa("aaa", "bbb") == 0


def test_codes_of_other_units_and_negative_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="first has 2 codes and second 3"):
        cohen_kappa("aa", "aaa")
    with pytest.raises(ValueError, match="negative"):
        cohen_kappa_of_counts(1, -1, 0, 3)


def test_the_published_binary_example() -> None:
    # Krippendorff 2011, example A: Meg and Owen, ten articles; alpha = 1 - 4/10 / (2 14 6/(20 19))
    meg = [0.0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
    owen = [1.0, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    assert f"{alpha(one_act(meg, owen)):.3f}" == "0.095"


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
    assert alpha(codes[:, :, None]) == pytest.approx(metric(scores))


def test_full_agreement_is_one_and_systematic_opposition_is_negative() -> None:
    same = [0.0, 1, 0, 1]
    assert alpha(one_act(same, same)) == 1
    assert alpha(one_act(same, [1 - code for code in same])) < 0


def test_an_act_that_nobody_ever_codes_has_no_alpha() -> None:
    assert math.isnan(alpha(one_act([0.0, 0], [0.0, 0])))


@given(st.integers(0, 500))
def test_alpha_knows_neither_which_code_is_one_nor_the_order_of_coders_and_units(
    seed: int,
) -> None:
    rng = np.random.default_rng(seed)
    codes = (rng.random((3, 20, 2)) < 0.4).astype(float)
    codes[rng.random(codes.shape) < 0.2] = np.nan
    plain = alpha(codes)
    assert alpha(1 - codes) == pytest.approx(plain, nan_ok=True)
    assert alpha(codes[::-1, rng.permutation(20), ::-1]) == pytest.approx(plain, nan_ok=True)


def test_over_several_acts_it_is_the_ratio_of_their_sums() -> None:
    rng = np.random.default_rng(2)
    codes = (rng.random((2, 50, 3)) < [0.1, 0.3, 0.5]).astype(float)
    parts = [sum_disagreement(codes[:, :, [act]]) for act in range(3)]
    observed = sum(part.observed.sum() / 100 for part in parts)
    expected = sum(2 * part.ones.sum() * (100 - part.ones.sum()) / (100 * 99) for part in parts)
    assert alpha(codes) == pytest.approx(1 - observed / expected)


def test_a_unit_counted_twice_is_a_unit_repeated() -> None:
    rng = np.random.default_rng(3)
    codes = (rng.random((2, 20, 1)) < 0.4).astype(float)
    weight = rng.integers(0, 3, 20)
    weighted = krippendorff_alpha(sum_disagreement(codes), weight.astype(float))
    assert weighted == pytest.approx(alpha(np.repeat(codes, weight, axis=1)))


def test_an_interval_is_what_it_was() -> None:
    unit = np.arange(40)
    codes = np.stack(
        [
            np.stack([(unit * step + coder) % 4 < 1 + (coder == 1) for step in (1, 3)], -1)
            for coder in range(3)
        ]
    ).astype(float)
    codes[2, ::5] = np.nan
    found = krippendorff_interval(sum_disagreement(codes), unit // 4, resamples=500, seed=7)
    # computed by record.acts.alpha_interval before this room existed (commit 8d64649)
    was = (-0.026315789473684292, -0.1177083333333333, 0.0761169937060347)
    assert (found.estimate, *found.ends) == pytest.approx(was, abs=1e-14)


def test_resamples_that_use_one_code_are_left_out_and_too_many_of_them_leave_no_ends() -> None:
    # one dialogue of five shows the act: 1 - (4/5)^5 = .67 of the resamples hold it
    codes = np.zeros((2, 20, 1))
    codes[:, 0] = 1
    enough = krippendorff_interval(
        sum_disagreement(codes), np.arange(20) // 4, resamples=400, seed=0
    )
    assert enough.ends == (1.0, 1.0)
    none = krippendorff_interval(
        sum_disagreement(np.zeros((2, 20, 1))), np.arange(20) // 4, resamples=400, seed=0
    )
    assert (none.estimate, none.low, none.high) == (None, None, None)
    assert "fewer than half" in none.why


def test_intervals_of_coders_with_known_errors_cover_their_alpha() -> None:
    rng = np.random.default_rng(4)

    def coded(dialogues: int) -> tuple[np.ndarray, np.ndarray]:
        dialogue = np.repeat(np.arange(dialogues), 4)
        truth = rng.random(len(dialogue)) < rng.beta(1, 3, dialogues)[dialogue]
        wrong = rng.random((2, len(dialogue))) < 0.1
        return np.where(wrong, ~truth, truth).astype(float)[:, :, None], dialogue

    target = alpha(coded(100_000)[0])
    covered = []
    for _ in range(60):
        codes, dialogue = coded(60)
        low, high = krippendorff_interval(
            sum_disagreement(codes), dialogue, resamples=200, seed=7
        ).ends
        covered.append(low < target < high)
    assert np.mean(covered) >= 0.88

"""Proportions: closed forms, other libraries, exact coverage, symmetry."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, binomtest

from throffer.stats import (
    Interval,
    clopper_pearson,
    draw_share_interval,
    effective_count,
    paired_difference_interval,
    share_interval,
    widen_to_exact,
    wilson,
)

Method = Callable[..., Interval]
BOTH = pytest.mark.parametrize("method", [wilson, clopper_pearson])


@st.composite
def counted(draw: st.DrawFn) -> tuple[int, int]:
    """Successes and trials."""
    trials = draw(st.integers(1, 3000))
    return draw(st.integers(0, trials)), trials


def ends(found: Interval) -> tuple[float, float]:
    assert found.low is not None
    assert found.high is not None
    return found.low, found.high


@pytest.mark.parametrize(
    ("count", "trials", "expected"),
    [
        # computed by measure.wilson before this room existed (commit 8d64649)
        (887, 17289, (0.051304297530221525, 0.048114283662666395, 0.05469365932659039)),
        (3, 20, (0.15, 0.052368745896216595, 0.36041886474075696)),
        (0, 10, (0.0, 0.0, 0.2775327998628892)),
        (7, 7, (1.0, 0.6456695649333126, 1.0)),
        (3.7, 11.3, (0.3274336283185841, 0.13082354076819258, 0.6116055047957795)),
    ],
)
def test_wilson_is_what_it_was(
    count: float, trials: float, expected: tuple[float, float, float]
) -> None:
    found = wilson(count, trials)
    assert (found.estimate, *found.ends) == pytest.approx(expected, abs=1e-15)


def test_wilson_of_a_published_figure() -> None:
    # 887 lies in 17,289 Diplomacy messages (Peskov et al. 2020): [.0481, .0547]
    assert wilson(887, 17289).ends == pytest.approx((0.0481, 0.0547), abs=5e-5)


@given(counted(), st.sampled_from([0.5, 0.9, 0.95, 0.99]))
def test_both_are_those_of_scipy(case: tuple[int, int], confidence: float) -> None:
    for method, name in ((wilson, "wilson"), (clopper_pearson, "exact")):
        peer = binomtest(*case).proportion_ci(confidence, method=name)
        assert method(*case, confidence).ends == pytest.approx((peer.low, peer.high), abs=1e-12)


def test_wilson_of_none_by_hand() -> None:
    # k = 0: low 0, high z^2/(n + z^2) = 3.8415/(10 + 3.8415)
    assert wilson(0, 10).low == 0.0
    assert wilson(0, 10).high == pytest.approx(3.841459 / 13.841459, rel=1e-6)


def test_clopper_pearson_of_none_and_all_by_hand() -> None:
    # P(no success) = (1 - p)^n = 0.025
    assert clopper_pearson(0, 10).ends == pytest.approx((0.0, 1 - 0.025**0.1))
    assert clopper_pearson(10, 10).ends == pytest.approx((0.025**0.1, 1.0))


@BOTH
@pytest.mark.parametrize("trials", [1, 7, 7.3, 2500])
def test_the_ends_at_none_and_all_are_exact(method: Method, trials: float) -> None:
    assert method(0, trials).low == 0.0
    assert method(trials, trials).high == 1.0


@BOTH
@given(case=counted())
def test_it_holds_its_estimate_and_stays_in_0_to_1(method: Method, case: tuple[int, int]) -> None:
    found = method(*case)
    low, high = ends(found)
    assert found.estimate == case[0] / case[1]
    assert 0 <= low <= case[0] / case[1] <= high <= 1
    assert low < high


@BOTH
@given(case=counted())
def test_failures_mirror_successes(method: Method, case: tuple[int, int]) -> None:
    low, high = ends(method(*case))
    mirrored = ends(method(case[1] - case[0], case[1]))
    assert mirrored == pytest.approx((1 - high, 1 - low), abs=1e-12)


@BOTH
@given(case=counted(), more=st.integers(1, 5))
def test_more_successes_raise_both_ends(method: Method, case: tuple[int, int], more: int) -> None:
    count, trials = case
    if count + more > trials:
        count, trials = count, count + more
    low, high = ends(method(count, trials))
    above_low, above_high = ends(method(count + more, trials))
    assert above_low > low
    assert above_high > high


@BOTH
@given(case=counted())
def test_more_confidence_is_wider(method: Method, case: tuple[int, int]) -> None:
    narrow, wide = method(*case, 0.8), method(*case, 0.99)
    assert wide.confidence == 0.99
    assert ends(wide)[0] <= ends(narrow)[0]
    assert ends(wide)[1] >= ends(narrow)[1]
    assert ends(wide) != ends(narrow)


def chances_to_cover(method: Method, trials: int, rates: np.ndarray) -> np.ndarray:
    """Exact chance of an interval to hold each rate, summed over all counts."""
    low, high = np.array([method(count, trials).ends for count in range(trials + 1)]).T
    weight = binom.pmf(np.arange(trials + 1)[:, None], trials, rates)
    return (weight * ((low[:, None] <= rates) & (rates <= high[:, None]))).sum(0)


def test_the_exact_interval_covers_at_least_as_often_as_it_says() -> None:
    rates = np.linspace(0.003, 0.997, 331)
    assert chances_to_cover(clopper_pearson, 30, rates).min() >= 0.95


def test_wilsons_interval_covers_as_often_as_it_says_on_average() -> None:
    # about .95 on average, while at single rates it falls below (Brown, Cai & DasGupta 2001)
    rates = np.linspace(0.003, 0.997, 331)
    chances = chances_to_cover(wilson, 30, rates)
    assert 0.945 < chances.mean() < 0.96
    assert chances.min() < 0.95


@BOTH
def test_no_trials_are_unknown_and_not_zero(method: Method) -> None:
    found = method(0, 0)
    assert (found.estimate, found.low, found.high, found.why) == (None, None, None, "no trials")


@BOTH
@pytest.mark.parametrize(
    ("count", "trials"),
    [(5, 3), (-1, 3), (math.nan, 3), (1, math.nan), (1, math.inf), (0, -1)],
)
def test_impossible_counts_are_refused_by_name(method: Method, count: float, trials: float) -> None:
    with pytest.raises(ValueError, match=f"count = {count} is not between 0 and trials = {trials}"):
        method(count, trials)


def test_a_share_of_trials_is_that_of_its_count() -> None:
    hit = np.arange(50) % 3 == 0
    assert share_interval(hit) == wilson(17, 50)
    # by amplify.share_of before this room existed (commit 8d64649), which used scipy
    was = (0.22436949222500085, 0.47846173949767395)
    assert share_interval(hit).ends == pytest.approx(was, abs=1e-15)
    assert share_interval(hit[:0], "nothing watched").why == "nothing watched"


def test_a_share_of_a_single_draw_is_exact() -> None:
    assert draw_share_interval(np.array([False])).ends == (0.0, 0.0)
    assert draw_share_interval(np.array([True])).ends == (1.0, 1.0)
    assert draw_share_interval(np.array([True, False])) == wilson(1, 2)
    with pytest.raises(ValueError, match="no draws"):
        draw_share_interval(np.array([], bool))


def test_a_paired_difference_by_hand() -> None:
    # 10 pairs, 3 gained, 1 lost: centre 2/12, sd sqrt(5 - 4/12)/12 = 0.18002
    before = np.array([True] + [False] * 9)
    after = np.array([False] + [True] * 3 + [False] * 6)
    found = paired_difference_interval(before, after)
    assert found.estimate == pytest.approx(0.2)
    half = 1.959964 * math.sqrt(5 - 4 / 12) / 12
    assert found.ends == pytest.approx((1 / 6 - half, 1 / 6 + half), rel=1e-6)


def test_a_paired_difference_is_what_it_was() -> None:
    before, after = np.arange(50) % 5 == 0, np.arange(50) % 3 == 0
    # computed by amplify.paired_change before this room existed (commit 8d64649)
    was = (-0.029927801629421352, 0.2991585708601906)
    found = paired_difference_interval(before, after)
    assert (found.estimate, *found.ends) == pytest.approx((0.14, *was), abs=1e-15)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=60))
def test_a_paired_difference_turns_its_sign_with_the_order(pairs: list[tuple[bool, bool]]) -> None:
    before, after = np.array(pairs).T
    forth, back = (
        paired_difference_interval(before, after),
        paired_difference_interval(after, before),
    )
    low, high = ends(forth)
    assert ends(back) == pytest.approx((-high, -low), abs=1e-12)
    assert low < high


def test_a_paired_difference_covers_a_planted_change() -> None:
    rng = np.random.default_rng(11)
    covered = 0
    for _ in range(1000):
        before = rng.random(80) < 0.3
        after = np.where(rng.random(80) < 0.8, before, rng.random(80) < 0.6)
        # P(after) = 0.8 0.3 + 0.2 0.6 = 0.36
        low, high = ends(paired_difference_interval(before, after))
        covered += low <= 0.06 <= high
    assert 0.935 <= covered / 1000 <= 0.985


def test_no_pairs_are_unknown() -> None:
    assert paired_difference_interval(np.zeros(0, bool), np.zeros(0, bool)).why == "no pairs"


def test_a_bootstrap_without_width_is_widened_to_the_exact_bounds() -> None:
    none = Interval(estimate=0.0, low=0.0, high=0.0)
    # the rate at which no event in 40 units has the chance 1/20
    assert widen_to_exact(none, 40).ends == (0.0, pytest.approx(1 - 0.05 ** (1 / 40)))
    every = Interval(estimate=1.0, low=1.0, high=1.0)
    assert widen_to_exact(every, 40).ends == (pytest.approx(0.05 ** (1 / 40)), 1.0)


def test_a_wide_interval_is_not_changed_nor_is_an_unknown_end() -> None:
    wide = Interval(estimate=0.3, low=0.2, high=0.4)
    assert widen_to_exact(wide, 1000) == wide
    assert widen_to_exact(wide, 0) == wide
    open_ = Interval(estimate=0.3, low=None, high=None, why="one cluster")
    assert widen_to_exact(open_, 10) == open_


@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=40), st.floats(0.01, 100))
def test_the_effective_count_is_between_one_and_all_in_any_unit(
    weights: list[float], unit: float
) -> None:
    weight = np.array(weights)
    count = effective_count(weight)
    assert 1 - 1e-12 <= count <= len(weights) * (1 + 1e-12)
    assert effective_count(weight * unit) == pytest.approx(count)
    assert effective_count(np.full(len(weights), unit)) == pytest.approx(len(weights))


def test_no_weight_counts_nothing() -> None:
    assert effective_count(np.array([])) == 0.0
    assert effective_count(np.zeros(3)) == 0.0

"""Intervals from draws: order statistics by hand, equivariance, coverage of planted laws."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from throffer.stats import draws_interval, percentile_interval, quantile_interval

SAMPLES = st.lists(st.floats(0.001, 50), min_size=1, max_size=80).map(np.array)


def test_the_median_and_ends_of_draws_are_draws_by_hand() -> None:
    # of 1 to 200: ranks 200/2, ceil(200 0.025), ceil(200 0.975)
    found = draws_interval(np.arange(200.0, 0.0, -1.0))
    assert (found.estimate, *found.ends) == (100.0, 6.0, 195.0)
    found = draws_interval(np.arange(1.0, 101.0), confidence=0.5)
    assert (found.estimate, *found.ends) == (50.0, 25.0, 75.0)


def test_the_interval_of_draws_is_what_it_was() -> None:
    # computed by amplify.bounds_of before this room existed (commit 8d64649)
    found = draws_interval(np.exp(np.sin(np.arange(1.0, 201.0))))
    was = (0.9911877482260045, 0.3689216369837454, 2.708700970046231)
    assert (found.estimate, *found.ends) == pytest.approx(was, rel=1e-14)


@given(SAMPLES)
def test_any_increasing_change_of_scale_changes_the_ends_alike(draws: np.ndarray) -> None:
    plain, moved = draws_interval(draws), draws_interval(np.log(draws))
    assert np.log(plain.ends) == pytest.approx(np.array(moved.ends))
    assert plain.estimate is not None
    assert math.log(plain.estimate) == pytest.approx(moved.estimate)
    plain, moved = quantile_interval(draws, 0.3), quantile_interval(10 * draws, 0.3)
    assert np.multiply(10, plain.ends) == pytest.approx(np.array(moved.ends), nan_ok=True)


@given(SAMPLES, st.integers(0, 1000))
def test_the_order_of_draws_does_not_matter(draws: np.ndarray, seed: int) -> None:
    mixed = np.random.default_rng(seed).permutation(draws)
    assert draws_interval(mixed) == draws_interval(draws)
    assert quantile_interval(mixed, 0.5) == quantile_interval(draws, 0.5)
    assert percentile_interval(0.0, mixed) == percentile_interval(0.0, draws)


def test_draws_at_infinity_are_null_with_the_reason_and_never_averaged() -> None:
    half = np.where(np.arange(100) < 40, 7.0, np.inf)
    found = draws_interval(half, "not met below A = 100")
    assert (found.estimate, found.low, found.high) == (None, 7.0, None)
    assert found.why == "not met below A = 100"
    assert draws_interval(np.full(9, 7.0), "not met").why == ""


def test_a_draw_without_an_answer_makes_all_unknown() -> None:
    draws = np.append(np.arange(99.0), np.nan)
    found = draws_interval(draws, "from infinite to infinite")
    assert (found.estimate, found.low, found.high) == (None, None, None)
    assert found.why == "from infinite to infinite"
    assert draws_interval(np.array([]), "no draws").why == "no draws"


def test_percentiles_of_resamples_leave_out_those_without_an_answer() -> None:
    draws = np.array([1.0, 2.0, 3.0, 4.0, 5.0, np.nan, np.inf])
    # of 1 to 5, interpolated: 1 + 4 0.1 and 1 + 4 0.9
    found = percentile_interval(2.5, draws, confidence=0.8)
    assert found.ends == pytest.approx((1.4, 4.6))
    assert found.estimate == 2.5
    assert np.nanquantile([1, 2, 3, 4, 5, np.nan], [0.1, 0.9]) == pytest.approx(found.ends)


def test_too_few_resamples_with_an_answer_leave_no_ends() -> None:
    few = np.array([1.0, 2.0, np.nan, np.nan, np.nan])
    found = percentile_interval(2.5, few)
    assert (found.estimate, found.low, found.high) == (2.5, None, None)
    assert "fewer than half" in found.why
    assert percentile_interval(2.5, few[:4]).low is not None
    assert percentile_interval(math.nan, few[:4]).estimate is None


def test_percentiles_of_a_bootstrapped_mean_cover_it() -> None:
    rng = np.random.default_rng(12)
    covered = 0
    for _ in range(300):
        sample = rng.exponential(size=60)
        drawn = sample[rng.integers(0, 60, (400, 60))].mean(1)
        low, high = percentile_interval(float(sample.mean()), drawn).ends
        covered += low <= 1 <= high
    # a skewed law and 60 values: a little below .95
    assert 0.89 <= covered / 300 <= 0.975


def test_the_median_of_100_lies_between_the_40th_and_the_61st() -> None:
    # as tables of order statistics have it (David & Nagaraja 2003, section 7.1)
    found = quantile_interval(np.arange(1.0, 101.0), 0.5)
    assert (found.estimate, *found.ends) == (50.0, 40.0, 61.0)


def test_the_interval_of_a_quantile_is_what_it_was() -> None:
    # computed by amplify.quantile_of before this room existed (commit 8d64649)
    found = quantile_interval(np.exp(np.sin(np.arange(1.0, 201.0))), 0.25)
    was = (0.48925256518204263, 0.43527609737356737, 0.5719011891010064)
    assert (found.estimate, *found.ends) == pytest.approx(was, rel=1e-14)


@pytest.mark.parametrize("share", [0.05, 0.5, 0.95])
@pytest.mark.parametrize("count", [5, 40, 200])
def test_order_statistics_cover_a_quantile_at_least_as_often_as_they_say(
    share: float, count: int
) -> None:
    # the times 1..n name their ranks; P(X_(i) <= q < X_(j)) = P(i <= number below q < j), exactly
    found = quantile_interval(np.arange(1.0, count + 1), share)
    low = found.low
    assert low is not None
    high = count + 1 if found.high is None else found.high
    chance = binom.cdf(high - 1, count, share) - binom.cdf(low - 1, count, share)
    assert chance >= 0.95
    # and no narrower pair of ranks of the same tails would do
    assert binom.cdf(low, count, share) > 0.025
    assert binom.cdf(high - 2, count, share) < 0.975


def test_times_beyond_the_horizon_leave_the_upper_end_open() -> None:
    times = np.where(np.arange(40) < 22, np.arange(40.0), np.inf)
    found = quantile_interval(times, 0.5)
    assert found.estimate == 19.0
    assert (found.high, found.why) == (None, "the horizon ends first")
    never = quantile_interval(np.full(40, np.inf), 0.5)
    assert (never.estimate, never.low, never.high) == (None, None, None)


def test_no_times_are_refused() -> None:
    with pytest.raises(ValueError, match="times"):
        quantile_interval(np.array([]), 0.5)

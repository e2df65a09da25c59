"""Critical values against scipy.stats and printed tables."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm
from scipy.stats import t as student

from throffer.stats import normal_interval, normal_quantile, student_quantile, tails

CONFIDENCES = st.floats(0.01, 0.999)


@given(CONFIDENCES, st.floats(1, 500))
def test_they_are_those_of_scipy_stats_to_the_last_digit(confidence: float, freedom: float) -> None:
    assert normal_quantile(confidence) == norm.ppf(0.5 + confidence / 2)
    assert student_quantile(freedom, confidence) == student.ppf(0.5 + confidence / 2, freedom)


def test_the_usual_ones_are_those_of_printed_tables() -> None:
    # the constant that four modules held
    assert normal_quantile() == 1.959963984540054
    assert student_quantile(1) == pytest.approx(12.706, abs=5e-4)
    assert student_quantile(39) == pytest.approx(2.023, abs=5e-4)


@given(CONFIDENCES)
def test_the_tails_leave_the_confidence_between_them(confidence: float) -> None:
    low, high = tails(confidence)
    assert high - low == pytest.approx(confidence)
    assert low == pytest.approx(1 - high)


def test_a_normal_interval_by_hand() -> None:
    found = normal_interval(1.0, 0.5, confidence=0.9)
    # 1 -+ 1.644854 0.5
    assert found.ends == pytest.approx((0.177573, 1.822427), abs=1e-6)
    assert found.confidence == 0.9


def test_an_unknown_error_leaves_the_estimate_without_ends() -> None:
    found = normal_interval(1.0, math.nan, why="the likelihood is flat")
    assert (found.estimate, found.low, found.high) == (1.0, None, None)
    assert found.why == "the likelihood is flat"

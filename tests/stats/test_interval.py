"""The record of an estimate: what it refuses, how it is stored, what importing it costs."""

from __future__ import annotations

import math
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from throffer.stats import CONFIDENCE, Interval, finite_or_none

NUMBERS = st.floats(allow_nan=True, allow_infinity=True)


def test_a_stored_interval_comes_back_equal() -> None:
    kept = Interval(estimate=0.1 + 0.2, low=0.0, high=None, confidence=0.9, why="open above")
    assert Interval.model_validate_json(kept.model_dump_json()) == kept


def test_a_file_from_before_the_confidence_was_stored_is_read_as_95_percent() -> None:
    old = '{"estimate":0.5,"low":0.4,"high":0.6,"why":""}'
    assert Interval.model_validate_json(old).confidence == CONFIDENCE == 0.95


@pytest.mark.parametrize("field", ["estimate", "low", "high"])
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_not_finite_is_refused_by_name(field: str, value: float) -> None:
    with pytest.raises(ValidationError, match=rf"(?s){field}.*{value} is not finite"):
        Interval.model_validate({"estimate": 0.0, "low": 0.0, "high": 0.0, field: value})


def test_ends_in_the_wrong_order_are_refused() -> None:
    with pytest.raises(ValidationError, match=r"low = 0\.6 is above high = 0\.4"):
        Interval(estimate=0.5, low=0.6, high=0.4)


@pytest.mark.parametrize("confidence", [0.0, 1.0, 95.0, math.nan])
def test_a_confidence_outside_0_to_1_is_refused(confidence: float) -> None:
    with pytest.raises(ValidationError, match="confidence"):
        Interval(estimate=0.5, low=0.4, high=0.6, confidence=confidence)


def test_it_cannot_be_changed_and_takes_no_other_field() -> None:
    kept = Interval(estimate=0.5, low=0.4, high=0.6)
    with pytest.raises(ValidationError, match="frozen"):
        kept.low = 0.0  # type: ignore[misc]
    with pytest.raises(ValidationError, match="extra"):
        Interval.model_validate({"estimate": 0.5, "low": 0.4, "high": 0.6, "level": 0.9})


@given(NUMBERS)
def test_only_finite_numbers_are_kept(value: float) -> None:
    kept = finite_or_none(value)
    assert (kept == value) if math.isfinite(value) else (kept is None)


def test_the_reason_is_kept_only_where_a_number_is_missing() -> None:
    assert Interval.of(1.0, 0.0, 2.0, why="beyond").why == ""
    cut = Interval.of(1.0, 0.0, math.inf, why="beyond")
    assert (cut.estimate, cut.low, cut.high, cut.why) == (1.0, 0.0, None, "beyond")


def test_an_unknown_interval_is_nan_as_numbers_and_says_why() -> None:
    none = Interval.unknown("no trials", confidence=0.5)
    assert (none.estimate, none.low, none.high) == (None, None, None)
    assert (none.why, none.confidence) == ("no trials", 0.5)
    assert all(math.isnan(number) for number in (none.value, *none.ends))
    known = Interval(estimate=1.0, low=0.5, high=2.0)
    assert (known.value, *known.ends) == (1.0, 0.5, 2.0)


def test_importing_the_room_loads_no_heavy_library() -> None:
    heavy = "{'statsmodels', 'sklearn', 'scipy.stats', 'scipy.optimize'}"
    code = f"import sys, throffer.stats; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

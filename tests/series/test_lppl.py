"""The log-periodic fit on planted critical times, and on series that have none."""

import numpy as np
import pytest
from benchmarks.measure_events import plant_lppl

from throffer.series import diagnose_lppl, fit_lppl


def test_a_planted_critical_time_is_found_again() -> None:
    times, values = plant_lppl(np.random.default_rng(0), noise="white")
    fit = fit_lppl(times, values)
    assert fit.qualifies
    assert fit.critical_time.low is not None
    assert fit.critical_time.high is not None
    assert fit.critical_time.low <= 1.1 <= fit.critical_time.high
    assert fit.exponent == pytest.approx(0.5, abs=0.15)
    assert fit.frequency == pytest.approx(8.0, abs=1.0)


def test_a_fit_comes_with_the_rate_of_false_alarms_of_its_own_kind() -> None:
    rng = np.random.default_rng(1)
    values = np.exp(np.cumsum(rng.normal(0.01, 0.05, 60)))
    found = diagnose_lppl(np.arange(60.0), values, rng, draws=5)
    assert found.false_alarms.keys() == {"random walk", "exponential growth"}
    assert all(found.as_good[null] <= found.false_alarms[null] for null in found.false_alarms)
    assert ("filters" if not found.fit.qualifies else "not a forecast") in found.caveat


def test_the_unit_of_time_does_not_matter() -> None:
    times, values = plant_lppl(np.random.default_rng(2), noise="white")
    one, other = fit_lppl(times, values), fit_lppl(2000 + 365 * times, 7 * values)
    assert 2000 + 365 * one.critical_time.estimate == pytest.approx(
        other.critical_time.estimate, abs=0.05
    )
    assert one.damping == pytest.approx(other.damping, rel=1e-2)


@pytest.mark.parametrize(
    ("times", "values", "message"),
    [
        (np.arange(39.0), np.ones(39), "at least 40"),
        (np.zeros(50), np.ones(50), "must increase"),
        (np.arange(50.0), np.zeros(50), "above 0"),
    ],
)
def test_what_cannot_be_fitted_is_refused(times, values, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        fit_lppl(times, values)

"""Rounded dates: the trap of ties, and spreading."""

import numpy as np
import pytest

from tests.series.planted import exponential
from throffer.series import (
    DatedEvents,
    EventSeries,
    fit_dates,
    fit_hawkes,
    simulate_hawkes,
)


def rounded(memory: float, seed: int) -> DatedEvents:
    """Events of a process with n = 0.5, known to a unit of time."""
    series = simulate_hawkes(
        exponential(0.5, rate=0.8, memory=memory), 500.0, np.random.default_rng(seed)
    )
    days = np.floor(series.times)
    return DatedEvents(days, days + 1, 0.0, 500.0)


def test_tied_dates_pass_for_excitation_without_delay() -> None:
    dated = rounded(memory=0.05, seed=0)
    nudged = dated.earliest + 1e-6 * np.arange(1, dated.earliest.size + 1)
    fit = fit_hawkes(EventSeries(nudged, 0.0, 501.0))
    # the kernel has run away to the resolution
    assert float(fit.model.kernel.rate) > 1000


def test_spread_dates_give_the_ratio_back_where_memory_is_longer_than_the_rounding() -> None:
    found = fit_dates(rounded(memory=0.1, seed=1), np.random.default_rng(1), repeats=5)
    assert found.ratio.low is not None
    assert found.ratio.high is not None
    assert found.ratio.low <= 0.5 <= found.ratio.high
    assert 0 < found.rounding_share < 0.5


def test_spreading_keeps_the_ratio_of_faster_excitation_and_loses_its_speed() -> None:
    found = fit_dates(rounded(memory=20.0, seed=2), np.random.default_rng(2), repeats=3)
    assert found.ratio.estimate == pytest.approx(0.5, abs=0.1)
    assert float(found.fits[0].model.kernel.rate) < 5


def test_one_spread_cannot_show_what_rounding_does() -> None:
    with pytest.raises(ValueError, match="at least 2"):
        fit_dates(rounded(memory=0.1, seed=1), np.random.default_rng(0), repeats=1)

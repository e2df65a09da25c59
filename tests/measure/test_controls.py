"""The controls: nothing where there are no means, no slope where the structure was exchanged."""

from __future__ import annotations

import polars as pl

from tests.measure.conftest import planted
from throffer.measure import Measurement, measure


def test_conduct_follows_the_described_structure_as_fitted(measured: Measurement) -> None:
    slope = measured.controls.slope
    assert slope.low is not None
    assert slope.high is not None
    assert slope.low < 1.0 < slope.high


def test_conduct_does_not_follow_an_exchanged_structure(measured: Measurement) -> None:
    slope = measured.controls.shuffled_slope
    assert measured.controls.shuffled_trials == 120
    assert slope.low is not None
    assert slope.high is not None
    assert slope.low < 0.0 < slope.high
    assert slope.high < 0.5


def test_an_agent_without_means_and_lapses_is_sanctioned() -> None:
    controls = measure(planted(500, seed=8, lapse=0.0)).controls
    assert controls.no_lever is not None
    # d stays on the menu without opacity, where it cannot pay
    assert controls.no_lever.count <= 2
    assert controls.no_lever_expected is not None
    assert controls.no_lever_expected < 0.05


def test_too_few_answers_leave_rates_and_say_why_there_is_no_fit(audit: pl.DataFrame) -> None:
    found = measure(audit.head(30))
    assert found.fit is None
    assert "trials" in found.fit_missing
    assert found.rates
    assert found.controls.slope.estimate is None

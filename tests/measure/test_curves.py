"""Curves and boundaries: the true ones are covered, and missing ones are said to be missing."""

from __future__ import annotations

import numpy as np
import pytest

from tests.measure.conftest import LAPSE
from throffer.design import SLICES, slice_dyads
from throffer.game import conduct_probabilities, reference_preferences
from throffer.measure import Measurement, grid
from throffer.measure._curves import _crossing
from throffer.structure import UNSANCTIONED, Conduct

WRONG = np.array([conduct in UNSANCTIONED for conduct in Conduct])


@pytest.mark.parametrize("coordinate", list(SLICES))
def test_band_covers_the_true_curve_nearly_everywhere(
    measured: Measurement, coordinate: str
) -> None:
    curve = next(curve for curve in measured.curves if curve.coordinate == coordinate)
    shares = conduct_probabilities(
        slice_dyads(coordinate, grid()), reference_preferences("planted"), lapse=LAPSE
    )
    truth = np.asarray(shares)[:, WRONG].sum(1)
    inside = (np.array(curve.low) - 0.01 <= truth) & (truth <= np.array(curve.high) + 0.01)
    assert inside.mean() > 0.8
    assert np.abs(np.array(curve.mean) - truth).max() < 0.12


def test_a_curve_and_a_monotone_fit_to_the_same_agent_agree(measured: Measurement) -> None:
    for curve in measured.curves:
        assert curve.disagreement is not None
        assert curve.disagreement < 0.12


def test_raw_rates_count_every_trial_of_the_slice(measured: Measurement) -> None:
    for curve in measured.curves:
        assert sum(bin_.trials for bin_ in curve.raw) == 120


def test_crossing_is_interpolated_between_points() -> None:
    # a straight line from 0 to 0.9 over [0, 0.9] reaches 0.2 at 0.2
    paths = np.tile(grid(), (50, 1))
    found = _crossing(paths, paths, 0.2)
    assert found.estimate == pytest.approx(0.2, abs=1e-9)
    assert (found.low, found.high) == pytest.approx((0.2, 0.2))


def test_norms_that_may_be_absolute_leave_a_boundary_open() -> None:
    paths = np.tile(grid(), (50, 1))
    found = _crossing(paths, np.zeros_like(paths), 0.2)
    assert (found.kind, found.estimate, found.high) == ("beyond", None, None)
    assert found.low == pytest.approx(0.2)


def test_the_sanctioned_agent_crosses_nowhere(sanctioned: Measurement) -> None:
    for boundary in sanctioned.boundaries:
        assert boundary.structural.kind == "beyond", boundary

"""Hazards against statsmodels, by hand and on planted truth."""

import numpy as np
import pytest
from statsmodels.discrete.discrete_model import Logit

from throffer.series import fit_hazard, life_table


def planted(rng: np.random.Generator, slope: float, clusters: int = 40) -> tuple:
    """Years at risk in clusters that share a covariate and a shock of their own."""
    cluster = np.repeat(np.arange(clusters), 50)
    x = rng.standard_normal(clusters)[cluster] + 0.5 * rng.standard_normal(cluster.size)
    odds = -2.0 + slope * x + 0.5 * rng.standard_normal(clusters)[cluster]
    breaks = (rng.uniform(size=cluster.size) < 1 / (1 + np.exp(-odds))).astype(float)
    return np.column_stack([np.ones(cluster.size), x]), breaks, cluster


def test_estimates_and_errors_are_those_of_statsmodels() -> None:
    design, breaks, cluster = planted(np.random.default_rng(0), 0.5)
    ours = fit_hazard(design, breaks, cluster)
    peer = Logit(breaks, design).fit(disp=0, cov_type="cluster", cov_kwds={"groups": cluster})
    assert ours.estimate == pytest.approx(peer.params, abs=1e-7)
    assert np.sqrt(np.diag(ours.covariance)) == pytest.approx(peer.bse, rel=1e-6)
    # Student's t with 39 degrees of freedom
    assert ours.high - ours.estimate == pytest.approx(2.0227 * peer.bse, rel=1e-4)


def test_a_constant_hazard_by_hand() -> None:
    # 2 breaks in 8 years: log odds log(1/3); scores within clusters (1 - 4/4) = 0 each: no spread
    breaks = np.array([1.0, 0, 0, 0, 1, 0, 0, 0])
    fit = fit_hazard(np.ones((8, 1)), breaks, np.repeat([0, 1], 4))
    assert fit.estimate[0] == pytest.approx(np.log(1 / 3))
    assert fit.covariance[0, 0] == pytest.approx(0, abs=1e-12)
    assert (fit.breaks, fit.years, fit.clusters) == (2, 8, 2)


def test_intervals_cover_no_effect_where_clusters_share_shocks() -> None:
    rng = np.random.default_rng(1)
    covered = naive = 0
    for _ in range(200):
        design, breaks, cluster = planted(rng, 0.0)
        fit = fit_hazard(design, breaks, cluster)
        covered += fit.low[1] <= 0 <= fit.high[1]
        alone = fit_hazard(design, breaks, np.arange(breaks.size))
        naive += alone.low[1] <= 0 <= alone.high[1]
    # 40 clusters: a few per cent below .95; rows taken as independent fall far short
    assert covered > 0.87 * 200
    assert naive < covered - 10


def test_a_life_table_counts_late_entries_only_from_their_age() -> None:
    # unit 5: ages 0, 1, break at 2; unit 9 enters at 1 and is last seen at 3
    table = life_table(
        np.array([0, 1, 2, 1, 2, 3]),
        np.array([0.0, 0, 1, 0, 0, 0]),
        np.array([5, 5, 5, 9, 9, 9]),
        oldest=2,
    )
    assert table.years.tolist() == [[1, 1, 1], [0, 1, 1]]
    assert table.breaks.tolist() == [[0, 0, 1], [0, 0, 0]]


def test_what_cannot_be_fitted_is_refused() -> None:
    breaks = np.array([0.0, 1, 0, 1])
    with pytest.raises(ValueError, match="missing"):
        fit_hazard(np.array([[np.nan]] * 4), breaks, np.arange(4))
    with pytest.raises(ValueError, match="one cluster"):
        fit_hazard(np.ones((4, 1)), breaks, np.zeros(4))
    separated = np.column_stack([np.ones(4), breaks])
    with pytest.raises((ArithmeticError, np.linalg.LinAlgError)):
        fit_hazard(separated, breaks, np.arange(4))

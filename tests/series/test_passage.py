"""First passage against closed forms and simulation; planted recovery and margin come back."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from throffer.series import (
    LifeTable,
    expected_breaks,
    fit_passage,
    passage_survival,
    recovery_profile,
)


@pytest.mark.parametrize(("margin", "start"), [(1.0, 0.0), (2.0, 0.0), (2.0, 1.5), (0.5, -1.0)])
def test_mean_first_passage_in_closed_form(margin: float, start: float) -> None:
    ages = np.linspace(0, 300, 20_001)
    survival = passage_survival(ages, recovery=0.5, margin=margin, start=start)
    inner = quad(lambda z: np.exp(z * z / 2) * norm.cdf(z), start, margin)[0]
    assert np.trapezoid(survival, ages) == pytest.approx(np.sqrt(2 * np.pi) * inner / 0.5, rel=5e-3)


def test_survival_is_that_of_simulated_paths() -> None:
    rng = np.random.default_rng(0)
    x, alive, step = np.zeros(4000), np.ones(4000, bool), 0.002
    # a path watched in steps passes late by .58 sigma sqrt(dt): move the margin in
    wall = 1.5 - 0.5826 * np.sqrt(2 * step)
    for _ in range(1500):
        x = x - x * step + np.sqrt(2 * step) * rng.standard_normal(4000)
        alive &= x < wall
    expected = passage_survival(np.array([3.0]), recovery=1.0, margin=1.5, start=0.0)[0]
    assert alive.mean() == pytest.approx(expected, abs=0.025)


def test_recovery_only_sets_the_unit_of_time() -> None:
    ages = np.array([1.0, 5.0])
    slow = passage_survival(10 * ages, recovery=0.1, margin=1.5, start=0.2)
    fast = passage_survival(ages, recovery=1.0, margin=1.5, start=0.2)
    assert slow == pytest.approx(fast)


def test_from_rest_the_hazard_rises_and_from_near_the_margin_it_falls() -> None:
    ages = np.arange(15.0)
    rest = expected_breaks(ages, recovery=0.2, margin=2.0, start=0.0, spread=0.0)
    near = expected_breaks(ages, recovery=0.2, margin=2.0, start=1.7, spread=0.0)
    assert np.all(np.diff(rest[:4]) > 0)
    assert np.all(np.diff(near) < 0)
    # once the start is forgotten
    assert rest[-1] == pytest.approx(near[-1], rel=0.1)


def test_regimes_that_differ_break_the_frail_first() -> None:
    hazard = expected_breaks(np.arange(40.0), recovery=0.3, margin=1.5, start=0.0, spread=0.7)
    assert hazard[2] > 2 * hazard[39]


def test_chances_of_regimes_that_differ_are_those_of_many_of_them() -> None:
    law = norm(0.9, 0.87)
    levels = law.cdf(-0.27) + law.sf(-0.27) * (np.arange(400) + 0.5) / 400
    ages = np.arange(41.0)
    many = np.mean(
        [passage_survival(ages, recovery=0.15, margin=b, start=-0.27) for b in law.ppf(levels)], 0
    )
    expected = expected_breaks(ages[:-1], recovery=0.15, margin=0.9, start=-0.27, spread=0.87)
    assert expected == pytest.approx(1 - many[1:] / many[:-1], rel=0.02)


def planted(rng: np.random.Generator, clusters: int) -> LifeTable:
    p = expected_breaks(np.arange(40.0), recovery=0.3, margin=1.9, start=1.0, spread=0.0)
    years, breaks = np.zeros((clusters, 40)), np.zeros((clusters, 40))
    for cluster in range(clusters):
        age = 0
        for _ in range(80):
            years[cluster, age] += 1
            if rng.uniform() < p[age]:
                breaks[cluster, age] += 1
                age = 0
            else:
                age = min(age + 1, 39)
    return LifeTable(years, breaks)


def test_planted_recovery_margin_and_start_come_back() -> None:
    fit = fit_passage(planted(np.random.default_rng(2), 150), varied=False)
    for found, truth in ((fit.recovery, 0.3), (fit.margin, 1.9), (fit.start, 1.0)):
        low, high = found.ends
        assert low < truth < high
        assert high - low < 1.2 * truth


def test_the_profile_is_highest_at_the_fit_and_falls_where_regimes_are_alike() -> None:
    table = planted(np.random.default_rng(2), 150)
    fit = fit_passage(table, varied=False)
    k = fit.recovery.estimate
    assert k is not None
    below, top, above = recovery_profile(table, np.array([k / 2, k, 2 * k]), varied=False)
    assert top == pytest.approx(fit.log_likelihood, abs=1e-2)
    assert max(below, above) < top - 1.92


@pytest.mark.slow
def test_intervals_cover_planted_recovery_and_margin() -> None:
    rng = np.random.default_rng(3)
    inside = np.zeros(3)
    for _ in range(60):
        fit = fit_passage(planted(rng, 100), varied=False)
        pairs = ((fit.recovery, 0.3), (fit.margin, 1.9), (fit.start, 1.0))
        inside += [found.ends[0] <= truth <= found.ends[1] for found, truth in pairs]
    # binomial standard error .03
    assert np.all(inside / 60 > 0.86)


def test_what_no_regime_can_have_is_refused() -> None:
    with pytest.raises(ValueError, match="start"):
        passage_survival(np.zeros(1), recovery=1.0, margin=1.0, start=1.0)
    with pytest.raises(ValueError, match="recovery"):
        passage_survival(np.zeros(1), recovery=0.0, margin=1.0, start=0.0)

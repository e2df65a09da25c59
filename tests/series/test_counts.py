"""Exponential against faster growth, on planted counts."""

import numpy as np
import pytest

from throffer.series import GrowthFit, compare_growth, curvature_interval, fit_growth
from throffer.series._growth import _log_scores, _loss

PERIODS = 48


def planted(curvature: float, seed: int, rate: float = 0.06, size: float = 20.0) -> np.ndarray:
    """Counts of 48 periods that end at a mean of 100."""
    truth = GrowthFit("free", np.log(100.0), rate, curvature, size, 0.0)
    mean = truth.mean(np.arange(1.0 - PERIODS, 1.0))
    return np.random.default_rng(seed).negative_binomial(size, size / (size + mean))


def test_the_mean_solves_the_growth_equation() -> None:
    # dm/dt = r m^(1 + delta) with delta = c/rho: the relative growth rate is rho (m/m0)^delta
    fit = GrowthFit("free", 2.0, 0.1, 0.02, 5.0, 0.0)
    times = np.array([-20.0, 0.0, 10.0])
    growth = (np.log(fit.mean(times + 1e-5)) - np.log(fit.mean(times - 1e-5))) / 2e-5
    assert growth == pytest.approx(0.1 * (fit.mean(times) / np.exp(2.0)) ** (0.02 / 0.1), rel=1e-6)
    assert fit.periods_left == 50


def test_no_curvature_is_the_limit_of_a_small_one() -> None:
    times = np.array([-40.0, 0.0, 4.0])
    straight = GrowthFit("free", 1.0, 0.05, 0.0, 5.0, 0.0)
    nearly = straight._replace(curvature=1e-6)
    assert straight.mean(times) == pytest.approx(nearly.mean(times), rel=1e-4)
    assert straight.periods_left == np.inf


def test_forecast_probabilities_of_all_counts_sum_to_one() -> None:
    draws = np.array([[np.log(5.0), 0.0, 0.0, 1.0], [np.log(4.0), 0.1, 0.05, 13.0]])
    counts = np.arange(600)
    assert np.exp(_log_scores(draws, np.full(600, 2.0), counts)).sum() == pytest.approx(1)


def test_the_gradient_and_the_forecast_use_the_same_mean() -> None:
    truth = GrowthFit("free", 3.0, 0.1, 0.05, 8.0, 0.0)
    draws = np.array([[3.0, 0.1, 0.05, np.log(8.0)]])
    times = np.arange(1.0, 5.0)
    counts = np.round(truth.mean(times)).astype(int)
    loss = _loss(draws[0], counts, times - 0.5)[0]
    assert _log_scores(draws, times, counts).sum() == pytest.approx(-loss)


def test_planted_growth_is_found_again() -> None:
    fit = fit_growth(planted(0.0, seed=0), "exponential")
    assert fit.rate == pytest.approx(0.06, abs=0.01)
    assert np.exp(fit.level) == pytest.approx(100, rel=0.2)
    assert 8 < fit.size < 60


def test_the_gradient_is_that_of_finite_differences() -> None:
    counts, times = planted(0.05, seed=4), np.arange(1.0 - PERIODS, 1.0) - 0.5
    for curvature in (0.06, -0.01):
        place = np.array([4.0, 0.1, curvature, 2.5])
        _, gradient = _loss(place, counts, times)
        numeric = [
            (_loss(place + step, counts, times)[0] - _loss(place - step, counts, times)[0]) / 2e-6
            for step in 1e-6 * np.eye(4)
        ]
        assert gradient == pytest.approx(numeric, rel=1e-5)


@pytest.mark.parametrize("curvature", [0.0, 0.08])
def test_the_interval_holds_the_planted_curvature(curvature: float) -> None:
    interval = curvature_interval(planted(curvature, seed=1, rate=0.15, size=100.0))
    assert interval.low is not None
    assert interval.high is not None
    assert interval.low <= curvature <= interval.high
    assert interval.low > 0 or curvature == 0


def test_faster_growth_forecasts_better_where_it_is_true_alone() -> None:
    rng = np.random.default_rng(0)
    truly = compare_growth(planted(0.1, seed=2, rate=0.2, size=400.0), rng, first=40, horizon=2)
    not_truly = compare_growth(planted(0.0, seed=2), rng, first=40, horizon=2)
    assert truly.advantage.low is not None
    assert truly.advantage.low > 0 > not_truly.advantage.estimate
    assert truly.scores.keys() == {"exponential", "faster", "free"}


@pytest.mark.parametrize(
    ("counts", "form"),
    [
        (np.arange(5), "free"),
        (np.zeros(20, int), "free"),
        (np.arange(20) - 1, "free"),
        (np.arange(20), "cubic"),
    ],
)
def test_counts_that_cannot_be_fitted_are_refused(counts: np.ndarray, form: str) -> None:
    with pytest.raises(ValueError, match="needed"):
        fit_growth(counts, form)  # type: ignore[arg-type]


def test_too_few_origins_are_refused() -> None:
    with pytest.raises(ValueError, match="origins"):
        compare_growth(planted(0.0, seed=0), np.random.default_rng(0), first=44)


@pytest.mark.slow
def test_exponential_growth_is_rarely_called_faster() -> None:
    called = [
        (interval := curvature_interval(planted(0.0, seed=100 + seed))).low is not None
        and interval.low > 0
        for seed in range(200)
    ]
    assert np.mean(called) < 0.06

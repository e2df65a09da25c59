"""Indicators against ewstools and closed forms; alarms on runs with and without a transition."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kendalltau

from throffer.amplify import run_paths
from throffer.series import detrend, find_trends, kendall_tau, rolling_indicators

LENGTH = 300
ONES = np.ones(LENGTH)


def autoregression(memory: float, rng: np.random.Generator, length: int = LENGTH) -> np.ndarray:
    x = np.zeros(length)
    for t in range(1, length):
        x[t] = memory * x[t - 1] + rng.standard_normal()
    return x


@pytest.mark.parametrize("bandwidth", [0.1, 0.2, 0.5])
def test_indicators_and_trends_are_those_of_ewstools(bandwidth: float) -> None:
    ewstools = pytest.importorskip("ewstools")
    series = 50 + autoregression(0.7, np.random.default_rng(0)).cumsum()
    peer = ewstools.TimeSeries(series)
    peer.detrend(method="Gaussian", bandwidth=bandwidth)
    peer.compute_var(rolling_window=0.25)
    peer.compute_auto(rolling_window=0.25, lag=1)
    peer.compute_ktau()
    rest = detrend(series, bandwidth=bandwidth)
    ours = rolling_indicators(rest, window=0.25)
    assert rest == pytest.approx(peer.state["residuals"].to_numpy(), abs=1e-10)
    assert ours.variance == pytest.approx(peer.ews["variance"].dropna().to_numpy(), rel=1e-9)
    assert ours.autocorrelation == pytest.approx(peer.ews["ac1"].dropna().to_numpy(), abs=1e-9)
    assert kendall_tau(ours.variance) == pytest.approx(peer.ktau["variance"], abs=1e-12)
    assert kendall_tau(ours.autocorrelation) == pytest.approx(peer.ktau["ac1"], abs=1e-12)


def test_indicators_of_a_hand_worked_window() -> None:
    # one window of 4: 1 2 4 3, mean 2.5, squares 2.25 + .25 + 2.25 + .25 = 5, over 3.
    # pairs (1,2) (2,4) (4,3): means 7/3, 3; products of deviations (-4/3)(-1) + (-1/3)(1) + 0 = 1;
    # squares (16 + 1 + 25)/9 = 14/3 and 2; 1/sqrt(28/3)
    one = rolling_indicators(np.array([1.0, 2.0, 4.0, 3.0]), window=1.0)
    assert one.variance == pytest.approx([5 / 3])
    assert one.autocorrelation == pytest.approx([1 / np.sqrt(28 / 3)])


@given(st.lists(st.floats(-100, 100), min_size=3, max_size=30, unique=True))
def test_tau_is_that_of_scipy(values: list[float]) -> None:
    expected = kendalltau(np.arange(len(values)), values).statistic
    assert kendall_tau(np.array(values)) == pytest.approx(expected)


@given(st.floats(-1e3, 1e3), st.floats(0.01, 100))
def test_level_and_unit_of_a_series_do_not_matter(level: float, unit: float) -> None:
    series = autoregression(0.5, np.random.default_rng(1), 100)
    one = find_trends(series, np.random.default_rng(2), surrogates=20)
    other = find_trends(level + unit * series, np.random.default_rng(2), surrogates=20)
    assert other.variance == pytest.approx(one.variance)
    assert other.autocorrelation == pytest.approx(one.autocorrelation)


@pytest.mark.parametrize("memory", [0.0, 0.6, 0.9])
def test_memory_is_found_through_the_filter(memory: float) -> None:
    rng = np.random.default_rng(3)
    found = [find_trends(autoregression(memory, rng), rng, surrogates=1).memory for _ in range(40)]
    assert np.mean(found) == pytest.approx(memory, abs=0.04)


def test_a_constant_window_has_no_autocorrelation() -> None:
    series = np.concatenate([np.zeros(10), [1.0, 2.0, 1.0, 3.0]])
    found = rolling_indicators(series, window=0.3)
    assert np.isnan(found.autocorrelation[0])
    assert found.variance[0] == pytest.approx(0, abs=1e-15)


def test_variance_at_rest_is_that_of_the_linear_regime() -> None:
    # dx = -(1-u)^2 x dt + s dW about rest: s^2 / (2 (1-u)^2), autocorrelation exp(-(1-u)^2 dt)
    rng = np.random.default_rng(4)
    paths = run_paths(0.5 * ONES, 0.02 * ONES, rng, runs=200, interval=2.0)
    assert paths.mean() == pytest.approx(1.0, abs=0.01)
    assert paths.var() == pytest.approx(0.02**2 / (2 * 0.25), rel=0.05)
    rest = paths - paths.mean()
    memory = (rest[:, 1:] * rest[:, :-1]).mean() / rest.var()
    assert memory == pytest.approx(np.exp(-0.25 * 2), abs=0.02)


def test_lagged_runs_have_the_variance_of_the_lagged_regime() -> None:
    # two linear equations: dx = -g y dt + s dW, dy = (x - y)/T dt; Lyapunov: <xy> = s^2/(2g),
    # <y^2> = <xy>, <x^2> = <xy> + T g <y^2> = s^2 (1 + g T)/(2 g)
    rng = np.random.default_rng(5)
    paths = run_paths(0.5 * ONES, 0.02 * ONES, rng, runs=200, interval=3.0, gain_lag=2.0)
    assert paths.var() == pytest.approx(0.02**2 * (1 + 0.25 * 2) / (2 * 0.25), rel=0.06)


def alarms(utilisation: np.ndarray, noise: np.ndarray, runs: int, seed: int) -> np.ndarray:
    """Share of runs with a rising variance, a rising autocorrelation, both, at 5 %."""
    rng = np.random.default_rng(seed)
    found = [
        find_trends(path, rng, surrogates=60)
        for path in run_paths(utilisation, noise, rng, runs=runs, interval=5.0)
    ]
    variance = np.array([each.p_variance <= 0.05 for each in found])
    memory = np.array([each.p_autocorrelation <= 0.05 for each in found])
    return np.array([variance.mean(), memory.mean(), (variance & memory).mean()])


def test_most_slow_approaches_raise_both_alarms() -> None:
    assert alarms(np.linspace(0.3, 0.9, LENGTH), 0.05 * ONES, 40, 6)[2] > 0.8


def test_rising_noise_alone_raises_the_alarm_of_variance_not_of_memory() -> None:
    variance, memory, _ = alarms(0.5 * ONES, 0.05 * np.linspace(1, 3, LENGTH), 40, 7)
    assert variance > 0.8
    assert memory < 0.25


@pytest.mark.slow
def test_constant_runs_raise_false_alarms_at_five_per_cent() -> None:
    variance, memory, both = alarms(0.5 * ONES, 0.05 * ONES, 600, 8)
    # binomial standard error .009
    assert variance == pytest.approx(0.05, abs=0.03)
    assert memory == pytest.approx(0.05, abs=0.03)
    assert both < 0.05


@pytest.mark.parametrize(
    ("series", "message"),
    [(np.full(50, 2.0), "constant"), (np.array([1.0, np.nan] * 20), "series: nan at 1")],
)
def test_series_without_a_trend_to_find_are_refused(series: np.ndarray, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        find_trends(series, np.random.default_rng(0))


def test_widths_out_of_range_are_refused() -> None:
    with pytest.raises(ValueError, match="window"):
        rolling_indicators(np.arange(10.0), window=0.2)
    with pytest.raises(ValueError, match="bandwidth"):
        detrend(np.arange(10.0), bandwidth=0.0)
    with pytest.raises(ValueError, match="noise"):
        run_paths(ONES, -ONES, np.random.default_rng(0), runs=1, interval=1.0)

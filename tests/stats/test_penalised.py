"""Penalised fits: closed forms of normal data, flat directions, coverage of planted truth."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from throffer.stats import (
    UNMOVED,
    Objective,
    Prior,
    fit_penalised,
    hessian,
    is_identified,
    laplace_covariance,
    laplace_draws,
    laplace_interval,
    minimise,
    natural,
    start_points,
)


def quadratic(centre: np.ndarray, curvature: np.ndarray) -> Objective:
    """A bowl whose minimum and Hessian are known."""

    def objective(theta: np.ndarray) -> tuple[float, np.ndarray]:
        away = theta - centre
        return float(0.5 * away @ curvature @ away), curvature @ away

    return objective


def binomial(count: int, trials: int, prior: Prior) -> Objective:
    """Log odds of a rate, with a normal prior."""

    def objective(theta: np.ndarray) -> tuple[float, np.ndarray]:
        rate, away = 1 / (1 + np.exp(-theta[0])), (theta[0] - prior.mean) / prior.sd
        fit = count * np.log(rate) + (trials - count) * np.log1p(-rate)
        return float(0.5 * away**2 - fit), np.array([away / prior.sd - count + trials * rate])

    return objective


def test_normal_data_under_a_normal_prior_have_their_textbook_posterior() -> None:
    values, prior = np.array([1.0, 2.0, 4.0, 5.0]), Prior(1.0, 2.0)

    def objective(theta: np.ndarray) -> tuple[float, np.ndarray]:
        away, rest = (theta - prior.mean) / prior.sd, theta - values
        return float(0.5 * (away**2).sum() + 0.5 * (rest**2).sum()), away / prior.sd + rest.sum()

    fit = fit_penalised(objective, {"mean": prior}, starts=3, seed=0)
    # precision 4 + 1/4, mean (12 + 1/4)/(4 + 1/4)
    assert fit.mode == pytest.approx([12.25 / 4.25], abs=1e-6)
    assert fit.covariance == pytest.approx(np.array([[1 / 4.25]]), rel=1e-6)
    # the penalty is not part of the likelihood
    assert fit.log_likelihood == pytest.approx(-0.5 * ((values - 12.25 / 4.25) ** 2).sum())
    assert fit.curved
    assert fit.minimum.largest_gradient < 1e-5


def test_searches_begin_at_the_centre_of_the_priors_and_about_it() -> None:
    priors = {"a": Prior(3.0, 2.0), "b": Prior(-1.0, 0.1)}
    places = start_points(priors, starts=2001, seed=4)
    assert places[0].tolist() == [3.0, -1.0]
    # half a prior's standard deviation
    assert places[1:].std(0) == pytest.approx([1.0, 0.05], rel=0.05)
    assert (places == start_points(priors, starts=2001, seed=4)).all()
    with pytest.raises(ValueError, match="starts = 0"):
        start_points(priors, starts=0, seed=0)


def test_the_lowest_of_several_valleys_is_kept() -> None:
    def valleys(theta: np.ndarray) -> tuple[float, np.ndarray]:
        x = theta[0]
        return float((x**2 - 1) ** 2 + 0.3 * x), np.array([4 * x * (x**2 - 1) + 0.3])

    found = minimise(valleys, np.array([[1.5], [-0.5], [0.9]]))
    assert found.mode[0] == pytest.approx(min(np.roots([4, 0, -4, 0.3])), abs=1e-5)
    assert found.value == pytest.approx(valleys(found.mode)[0])
    assert [value > 0 for value in found.values] == [True, False, True]


def test_a_search_that_ends_in_nan_is_never_the_best() -> None:
    def broken(theta: np.ndarray) -> tuple[float, np.ndarray]:
        return (math.nan, np.array([math.nan])) if theta[0] > 5 else (theta[0] ** 2, 2 * theta)

    assert minimise(broken, np.array([[9.0], [1.0]])).mode == pytest.approx([0.0], abs=1e-5)


def test_a_looser_tolerance_stops_earlier() -> None:
    bowl = quadratic(np.zeros(2), np.diag([1.0, 30.0]))
    loose, tight = (
        minimise(bowl, np.array([[3.0, 1.0]]), gradient_tolerance=each) for each in (1e-1, 1e-8)
    )
    assert tight.largest_gradient < 1e-8 < loose.largest_gradient < 1e-1


@given(st.integers(0, 1000))
def test_the_hessian_of_a_bowl_is_its_curvature_and_its_inverse_the_covariance(seed: int) -> None:
    rng = np.random.default_rng(seed)
    root = rng.standard_normal((3, 3))
    curvature = root @ root.T + np.eye(3)
    found = hessian(quadratic(rng.standard_normal(3), curvature), rng.standard_normal(3))
    assert found == pytest.approx(curvature, abs=1e-8)
    assert (found == found.T).all()
    covariance, curved = laplace_covariance(curvature)
    assert covariance == pytest.approx(np.linalg.inv(curvature))
    assert curved


def test_a_flat_direction_is_wide_and_told() -> None:
    covariance, curved = laplace_covariance(np.diag([4.0, 0.0, -3.0]))
    assert not curved
    # curvature 1/100 in place of none
    assert covariance == pytest.approx(np.diag([0.25, 100.0, 100.0]))
    # 1e-3 is little, but it is a curvature
    assert laplace_covariance(np.diag([4.0, 1e-3])) == (pytest.approx(np.diag([0.25, 1e3])), True)


def test_draws_have_the_covariance_and_stay_in_its_plane() -> None:
    covariance = np.array([[2.0, 0.3, 0.0], [0.3, 0.5, 0.0], [0.0, 0.0, 0.0]])
    mode = np.array([1.0, -2.0, 7.0])
    drawn = laplace_draws(mode, covariance, 20_000, 1)
    assert drawn.mean(0) == pytest.approx(mode, abs=0.03)
    assert np.cov(drawn.T) == pytest.approx(covariance, abs=0.06)
    assert (drawn[:, 2] == 7.0).all()


def test_draws_are_what_they_were() -> None:
    drawn = laplace_draws(np.array([1.0, -2.0]), np.array([[2.0, 0.3], [0.3, 0.5]]), 2, 4)
    # computed by measure.draws before this room existed (commit 8d64649)
    was = [[1.1641417201779662, -1.526983384110837], [0.2807413234203531, -3.265223227201279]]
    assert drawn == pytest.approx(np.array(was), rel=1e-12)


@pytest.mark.parametrize(
    ("name", "value", "expected"), [("log_x", 0.0, 1.0), ("logit_x", 0.0, 0.5), ("x", 0.3, 0.3)]
)
def test_a_name_says_its_scale(name: str, value: float, expected: float) -> None:
    assert natural(name, value) == pytest.approx(expected)


@given(st.sampled_from(["log_x", "logit_x", "x"]), st.floats(-20, 20), st.floats(0.01, 5))
def test_an_interval_keeps_its_order_and_its_range_on_any_scale(
    name: str, centre: float, sd: float
) -> None:
    found = laplace_interval(name, centre, sd)
    low, high = found.ends
    assert found.estimate == natural(name, centre)
    assert low <= natural(name, centre) <= high
    assert low == pytest.approx(natural(name, centre - 1.959964 * sd), rel=1e-4, abs=1e-12)
    if name == "logit_x":
        assert 0 <= low <= high <= 1
    if name == "log_x":
        assert low > 0


def test_an_end_too_large_for_a_number_is_unknown() -> None:
    found = laplace_interval("log_x", 700.0, 20.0)
    assert (found.high, found.why) == (None, "an end is too large")


def test_a_parameter_that_kept_its_priors_width_is_not_identified() -> None:
    prior = Prior(0.0, 2.0)
    assert is_identified(UNMOVED * 2.0 - 1e-9, prior)
    assert not is_identified(UNMOVED * 2.0 + 1e-9, prior)
    assert not is_identified(math.nan, prior)


def test_laplace_intervals_cover_rates_drawn_from_the_prior() -> None:
    prior, rng = Prior(-1.0, 1.0), np.random.default_rng(8)
    covered = 0
    for _ in range(400):
        truth = natural("logit_rate", prior.mean + prior.sd * rng.standard_normal())
        objective = binomial(int(rng.binomial(40, truth)), 40, prior)
        fit = fit_penalised(objective, {"logit_rate": prior}, starts=1, seed=0)
        sd = float(np.sqrt(fit.covariance[0, 0]))
        low, high = laplace_interval("logit_rate", float(fit.mode[0]), sd).ends
        covered += low <= truth <= high
    assert 0.92 <= covered / 400 <= 0.98

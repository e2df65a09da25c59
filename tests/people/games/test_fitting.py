"""Fits by clusters: against closed forms and another library."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jaxtyping import Array

from throffer.people._fitting import (
    Model,
    Prior,
    differentiated,
    draw,
    ends,
    fit_clusters,
    identified,
    natural,
)
from throffer.record import fit_logit

FLAT = Prior(0.0, 1e4)


def logit_model(design: np.ndarray, event: np.ndarray, groups: np.ndarray) -> Model:
    """A logit whose clusters are `groups`, under priors that weigh nothing."""
    member = (groups[None, :] == np.unique(groups)[:, None]).astype(float)

    def log_likelihood(theta: Array) -> Array:
        utility = jnp.asarray(design) @ theta
        each = event * jax.nn.log_sigmoid(utility) + (1 - event) * jax.nn.log_sigmoid(-utility)
        return jnp.asarray(member) @ each

    return Model({"intercept": FLAT, "slope": FLAT}, differentiated(log_likelihood))


@pytest.fixture(scope="module")
def data() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(4)
    groups = np.repeat(np.arange(60), 10)
    design = np.column_stack([np.ones(600), rng.normal(size=600)])
    own = rng.normal(size=60)[groups]
    event = (rng.random(600) < 1 / (1 + np.exp(-(design @ [0.3, 0.8] + own)))).astype(float)
    return design, event, groups


def test_the_mode_is_that_of_newtons_method(
    data: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    design, event, _ = data
    fit = fit_clusters(logit_model(*data), starts=1)
    assert fit.mode == pytest.approx(fit_logit(design, event).coefficients, abs=1e-5)


def test_the_sandwich_of_a_mean_is_the_sum_of_squared_cluster_sums() -> None:
    rng = np.random.default_rng(8)
    values = rng.normal(size=(40, 1)) + 0.3 * rng.normal(size=(40, 6))

    def log_likelihood(theta: Array) -> Array:
        return -0.5 * ((jnp.asarray(values) - theta[0]) ** 2).sum(1)

    fit = fit_clusters(Model({"mean": FLAT}, differentiated(log_likelihood)), starts=1)
    residuals = (values - values.mean()).sum(1)
    assert fit.mode[0] == pytest.approx(values.mean(), abs=1e-6)
    assert fit.covariance[0, 0] == pytest.approx((residuals**2).sum() / values.size**2, rel=1e-4)
    # taken row by row the mean would look far better known than it is
    assert fit.covariance[0, 0] > 3 * values.var() / values.size


def test_draws_have_the_covariance_of_the_fit(
    data: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    fit = fit_clusters(logit_model(*data), starts=1)
    drawn = draw(fit, 4000, seed=0)
    assert np.cov(drawn.T) == pytest.approx(fit.covariance, rel=0.15, abs=1e-3)
    assert draw(fit, 4000, seed=0) == pytest.approx(drawn)


def test_a_parameter_that_nothing_moves_keeps_its_prior_and_is_not_identified() -> None:
    def log_likelihood(theta: Array) -> Array:
        return -0.5 * (theta[0] - jnp.arange(50.0) / 50) ** 2

    fit = fit_clusters(
        Model(
            {"mean": Prior(0.0, 10.0), "log_unseen": Prior(1.0, 0.5)},
            differentiated(log_likelihood),
        )
    )
    assert identified(fit, "mean")
    assert not identified(fit, "log_unseen")
    assert fit.value("log_unseen") == pytest.approx(np.e, rel=1e-4)
    low, high = ends(fit, "log_unseen")
    assert np.log(high / low) == pytest.approx(2 * 1.959964 * 0.5, rel=1e-3)


@pytest.mark.parametrize(
    ("name", "value", "expected"), [("log_x", 0.0, 1.0), ("logit_x", 0.0, 0.5), ("x", 0.3, 0.3)]
)
def test_a_name_says_its_scale(name: str, value: float, expected: float) -> None:
    assert natural(name, value) == pytest.approx(expected)

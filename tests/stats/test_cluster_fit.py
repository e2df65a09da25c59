"""Fits by clusters: against closed forms and the logit, and as they were."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jaxtyping import Array

from throffer.stats import (
    ClusterModel,
    Prior,
    differentiate,
    fit_clusters,
    fit_logit,
    one_step_draws,
)

FLAT = Prior(0.0, 1e4)


def logit_model(design: np.ndarray, event: np.ndarray, groups: np.ndarray) -> ClusterModel:
    """A logit whose clusters are `groups`, under priors that weigh nothing."""
    member = (groups[None, :] == np.unique(groups)[:, None]).astype(float)

    def log_likelihood(theta: Array) -> Array:
        utility = jnp.asarray(design) @ theta
        each = event * jax.nn.log_sigmoid(utility) + (1 - event) * jax.nn.log_sigmoid(-utility)
        return jnp.asarray(member) @ each

    return ClusterModel({"intercept": FLAT, "slope": FLAT}, differentiate(log_likelihood))


@pytest.fixture(scope="module")
def data() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(4)
    groups = np.repeat(np.arange(60), 10)
    design = np.column_stack([np.ones(600), rng.normal(size=600)])
    own = rng.normal(size=60)[groups]
    event = (rng.random(600) < 1 / (1 + np.exp(-(design @ [0.3, 0.8] + own)))).astype(float)
    return design, event, groups


def counts_of_three(theta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Three clusters: a Poisson count of rate exp(theta0), successes with log odds theta1."""
    count, trials, hits = np.array([[3.0, 5, 9], [4.0, 6, 8], [1.0, 2, 5]])
    share, rate = 1 / (1 + np.exp(-theta[1])), np.exp(theta[0])
    each = count * theta[0] - rate + hits * np.log(share) + (trials - hits) * np.log(1 - share)
    return each, np.stack([count - rate, hits - trials * share], 1)


def test_mode_and_sandwich_are_those_of_the_clustered_logit(
    data: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    design, event, groups = data
    fit = fit_clusters(logit_model(*data), starts=1)
    peer = fit_logit(design, event, cluster=groups)
    assert fit.mode == pytest.approx(peer.estimate, abs=1e-5)
    # the logit's is larger by its correction for few clusters, 60/59 599/598
    assert fit.covariance * 60 / 59 * 599 / 598 == pytest.approx(peer.covariance, rel=1e-3)
    assert fit.clusters == 60


def test_the_sandwich_of_a_mean_is_the_sum_of_squared_cluster_sums() -> None:
    rng = np.random.default_rng(8)
    values = rng.normal(size=(40, 1)) + 0.3 * rng.normal(size=(40, 6))

    def log_likelihood(theta: Array) -> Array:
        return -0.5 * ((jnp.asarray(values) - theta[0]) ** 2).sum(1)

    fit = fit_clusters(ClusterModel({"mean": FLAT}, differentiate(log_likelihood)), starts=1)
    residuals = (values - values.mean()).sum(1)
    assert fit.mode[0] == pytest.approx(values.mean(), abs=1e-6)
    assert fit.covariance[0, 0] == pytest.approx((residuals**2).sum() / values.size**2, rel=1e-4)
    # taken row by row the mean would look far better known than it is
    assert fit.covariance[0, 0] > 3 * values.var() / values.size


def test_a_fit_is_what_it_was() -> None:
    priors = {"log_rate": Prior(0.0, 1.5), "logit_share": Prior(0.0, 1.0)}
    fit = fit_clusters(ClusterModel(priors, counts_of_three), starts=3, seed=1)
    # computed by record.baselines.fitting before this room existed (commit 8d64649)
    assert fit.mode == pytest.approx([1.68942778, -0.1822291], abs=5e-9)
    assert fit.covariance == pytest.approx(
        np.array([[0.06925266, 0.07858188], [0.07858188, 0.13596963]]), abs=5e-9
    )
    assert fit.log_likelihood == pytest.approx(0.1020971400263484, abs=1e-10)
    assert (fit.clusters, fit.reached, fit.starts, fit.converged) == (3, 3, 3, True)
    assert fit.interval("log_rate").ends == pytest.approx((3.2337602289976513, 9.072155976766323))
    assert fit.interval("logit_share").ends == pytest.approx(
        (0.2880348660971052, 0.6319262124761331)
    )
    drawn = one_step_draws(fit, 2, 9)
    was = [[1.6012147020021104, -0.4845635669655543], [1.4722317990065201, -0.23592503290274536]]
    assert drawn == pytest.approx(np.array(was), rel=1e-8)


def test_draws_have_the_covariance_of_the_fit(
    data: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    fit = fit_clusters(logit_model(*data), starts=1)
    drawn = one_step_draws(fit, 4000, seed=0)
    assert np.cov(drawn.T) == pytest.approx(fit.covariance, rel=0.15, abs=1e-3)
    assert (one_step_draws(fit, 4000, seed=0) == drawn).all()


def test_the_same_seed_draws_the_same_clusters_for_two_models(
    data: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    design, event, groups = data
    first = fit_clusters(logit_model(*data), starts=1)
    second = fit_clusters(logit_model(design * [1.0, 2.0], event, groups), starts=1)
    one, two = (one_step_draws(each, 500, seed=3)[:, 1] for each in (first, second))
    # the second slope is half of the first, draw by draw, up to the tolerance of the fits
    assert 2 * two == pytest.approx(one, abs=1e-2)
    assert np.std(2 * two - one) < 0.01 * np.std(one)


def test_a_parameter_that_nothing_moves_keeps_its_prior_and_is_not_identified() -> None:
    def log_likelihood(theta: Array) -> Array:
        return -0.5 * (theta[0] - jnp.arange(50.0) / 50) ** 2

    fit = fit_clusters(
        ClusterModel(
            {"mean": Prior(0.0, 10.0), "log_unseen": Prior(1.0, 0.5)},
            differentiate(log_likelihood),
        )
    )
    assert fit.identified("mean")
    assert not fit.identified("log_unseen")
    assert fit.value("log_unseen") == pytest.approx(np.e, rel=1e-4)
    assert fit.sd("log_unseen") == pytest.approx(0.5, rel=1e-4)
    low, high = fit.interval("log_unseen").ends
    assert np.log(high / low) == pytest.approx(2 * 1.959964 * 0.5, rel=1e-3)


def test_a_search_that_has_not_arrived_is_told() -> None:
    def kinked(theta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return -np.abs(theta - 0.3), -np.sign(theta - 0.3)[:, None]

    assert not fit_clusters(ClusterModel({"x": FLAT}, kinked), starts=1).converged

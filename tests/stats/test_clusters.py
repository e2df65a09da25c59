"""The bootstrap of whole clusters, and least squares with a jackknife over them."""

from __future__ import annotations

import math

import numpy as np
import pytest

from throffer.stats import (
    cluster_draws,
    cluster_intervals,
    cluster_jackknife,
    cluster_weights,
    wilson,
)


def test_clusters_that_agree_leave_no_doubt_and_clusters_that_differ_leave_all() -> None:
    # two clusters: draws are both of one (1/4 each) or one of each: rates 0, 1/2, 1
    same, differ = (
        cluster_intervals(counts, np.full((2, 1), 10.0), resamples=4000, seed=1)[0]
        for counts in (np.array([[5.0], [5.0]]), np.array([[0.0], [10.0]]))
    )
    assert same.ends == (0.5, 0.5)
    assert differ.ends == (0.0, 1.0)
    assert same.estimate == differ.estimate == 0.5


def test_the_intervals_of_a_seed_are_what_they_were() -> None:
    counts, trials = np.arange(12.0).reshape(6, 2), np.full((6, 2), 20.0)
    found = cluster_intervals(counts, trials, resamples=1200, seed=3)
    # computed by record.cluster_intervals before this room existed (commit 8d64649)
    assert [one.ends for one in found] == [
        (0.11666666666666667, 0.38333333333333336),
        (0.16666666666666666, 0.43333333333333335),
    ]
    # rates over all clusters: 30/120 and 36/120
    assert [one.estimate for one in found] == [0.25, 0.3]


def test_another_seed_draws_other_clusters() -> None:
    counts, trials = np.arange(12.0).reshape(6, 2), np.full((6, 2), 20.0)
    first, again, other = (
        cluster_draws(counts, trials, resamples=501, seed=seed)[0] for seed in (1, 1, 2)
    )
    assert (first == again).all()
    assert (first != other).any()


def test_draws_in_pieces_are_those_of_one_table_of_weights() -> None:
    rng = np.random.default_rng(0)
    trials = rng.integers(1, 30, (17, 3)).astype(float)
    counts = np.floor(trials * rng.random((17, 3)))
    events, total = cluster_draws(counts, trials, resamples=1203, seed=5)
    weights = cluster_weights(17, 1203, 5)
    assert (weights.sum(1) == 17).all()
    assert (events == weights @ counts).all()
    assert (total == weights @ trials).all()


def test_shared_weights_cannot_be_written_to() -> None:
    with pytest.raises(ValueError, match="read-only"):
        cluster_weights(5, 10, 0)[0, 0] = 9


def test_fewer_than_two_clusters_give_an_estimate_without_ends() -> None:
    counts = np.array([[3.0, 0.0], [0.0, 0.0]])
    trials = np.array([[10.0, 0.0], [0.0, 0.0]])
    one, none = cluster_intervals(counts, trials, resamples=100, seed=1)
    assert (one.estimate, one.low, one.high) == (0.3, None, None)
    assert "fewer than two clusters" in one.why
    assert (none.estimate, none.why) == (None, "no trials")


def test_no_clusters_are_refused() -> None:
    with pytest.raises(ValueError, match="no clusters"):
        cluster_draws(np.zeros((0, 1)), np.zeros((0, 1)), resamples=10, seed=0)


def test_intervals_cover_where_clusters_have_rates_of_their_own_and_wilsons_do_not() -> None:
    rng = np.random.default_rng(6)
    covered = naive = 0
    for round_ in range(300):
        rates = rng.beta(2, 4, 50)
        counts = rng.binomial(30, rates).astype(float)[:, None]
        low, high = cluster_intervals(counts, np.full((50, 1), 30.0), resamples=400, seed=round_)[
            0
        ].ends
        covered += low <= 1 / 3 <= high
        low, high = wilson(counts.sum(), 1500).ends
        naive += low <= 1 / 3 <= high
    assert 0.9 <= covered / 300 <= 0.98
    assert naive / 300 < 0.7


def test_the_jackknife_of_a_mean_is_its_usual_error() -> None:
    # without each of 1, 2, 6: means 4, 3.5, 1.5 about 3; (1 + 0.25 + 2.25) 2/3 = 7/3 = s^2/3
    fit = cluster_jackknife(np.ones((3, 1)), np.array([1.0, 2.0, 6.0]), np.array([1, 2, 3]))
    assert fit.coefficients == pytest.approx([3.0])
    assert fit.errors == pytest.approx([math.sqrt(7 / 3)])
    assert fit.freedom == 2


def test_repeating_the_rows_of_every_cluster_teaches_nothing() -> None:
    values, cluster = np.array([1.0, 2.0, 6.0]), np.array(["a", "b", "c"])
    once = cluster_jackknife(np.ones((3, 1)), values, cluster)
    often = cluster_jackknife(np.ones((12, 1)), np.tile(values, 4), np.tile(cluster, 4))
    assert often.errors == pytest.approx(once.errors)


def test_the_jackknife_is_what_it_was_and_its_slopes_those_of_least_squares() -> None:
    i = np.arange(60)
    design = np.column_stack([np.ones(60), np.sin(i)])
    outcome = np.cos(i) + 0.3 * np.sin(i)
    fit = cluster_jackknife(design, outcome, i // 6)
    # computed by record.ransom.cluster_jackknife before this room existed (commit 8d64649)
    assert fit.coefficients == pytest.approx([0.01177005, 0.29537344], abs=5e-9)
    assert fit.errors == pytest.approx([0.01072071, 0.01373616], abs=5e-9)
    assert fit.coefficients == pytest.approx(np.linalg.lstsq(design, outcome)[0])


def test_instruments_undo_what_errors_in_a_term_do_to_its_slope() -> None:
    rng = np.random.default_rng(9)
    truth = rng.standard_normal(4000)
    seen, again = truth + rng.standard_normal((2, 4000))
    outcome, cluster = 2 * truth + rng.standard_normal(4000), np.arange(4000) // 40
    plain = cluster_jackknife(seen[:, None], outcome, cluster)
    mended = cluster_jackknife(seen[:, None], outcome, cluster, again[:, None])
    # errors as wide as the term halve its slope
    assert plain.coefficients == pytest.approx([1.0], abs=0.1)
    assert abs(mended.coefficients[0] - 2.0) < 3 * mended.errors[0] < 0.4


def test_a_slope_that_one_cluster_alone_determines_has_no_error() -> None:
    design = np.column_stack([np.ones(6), [0, 0, 0, 0, 0, 1.0]])
    fit = cluster_jackknife(design, np.arange(6.0), np.array([1, 1, 2, 2, 3, 3]))
    assert np.isfinite(fit.coefficients).all()
    assert math.isnan(fit.errors[1])


def test_a_single_cluster_has_no_jackknife() -> None:
    with pytest.raises(ValueError, match="two or more"):
        cluster_jackknife(np.ones((3, 1)), np.arange(3.0), np.zeros(3))

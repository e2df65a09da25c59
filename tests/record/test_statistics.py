"""Intervals and the logit against hand-worked cases."""

import math

import numpy as np
import polars as pl
import pytest

from throffer.record import cluster_intervals, fit_logit, rates, wilson


def test_the_score_interval_of_half_is_symmetric_and_that_of_none_is_unknown() -> None:
    low, high = wilson(50, 100)
    # (0.5 + z^2/200 -+ z sqrt(0.0025 + z^2/40000)) / (1 + z^2/100) with z = 1.96: 0.4038, 0.5962
    assert (round(low, 4), round(high, 4)) == (0.4038, 0.5962)
    assert all(math.isnan(value) for value in wilson(0, 0))
    assert wilson(0, 10).low == pytest.approx(0, abs=1e-12)


def test_a_rate_leaves_out_rows_without_an_answer() -> None:
    frame = pl.DataFrame({"group": [1, 1, 1, 2], "event": [True, False, None, True]})
    assert rates(frame, "group", "event").rows() == [(1, 1, 2, 0.5), (2, 1, 1, 1.0)]


def test_clusters_that_agree_leave_no_doubt_and_clusters_that_differ_leave_all() -> None:
    # two clusters: draws are both of one (1/4 each) or one of each: rates 0, 1/2, 1
    alike = np.array([[5.0], [5.0]])
    same, differ = (
        cluster_intervals(counts, np.full((2, 1), 10.0), resamples=4000, seed=1)[0]
        for counts in (alike, np.array([[0.0], [10.0]]))
    )
    assert same == (0.5, 0.5)
    assert differ == (0.0, 1.0)


def test_one_cluster_gives_no_interval() -> None:
    counts, trials = np.array([[3.0], [0.0]]), np.array([[10.0], [0.0]])
    interval = cluster_intervals(counts, trials, resamples=100, seed=1)[0]
    assert all(math.isnan(value) for value in interval)


def test_intervals_are_those_of_their_seed() -> None:
    counts, trials = np.arange(12.0).reshape(6, 2), np.full((6, 2), 20.0)
    first, again, other = (
        cluster_intervals(counts, trials, resamples=501, seed=seed) for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other


def test_the_logit_of_a_two_by_two_table_is_its_log_odds_ratio() -> None:
    # 10 of 40 against 30 of 60: log odds -log 3 and 0, errors sqrt of summed reciprocals
    design = np.array([[1.0, 0.0], [1.0, 0.0], [1.0, 1.0], [1.0, 1.0]])
    fit = fit_logit(design, np.array([1.0, 0, 1, 0]), np.array([10.0, 30, 30, 30]))
    assert fit.coefficients == pytest.approx([-math.log(3), math.log(3)])
    assert fit.errors[1] == pytest.approx(math.sqrt(1 / 10 + 1 / 30 + 1 / 30 + 1 / 30))


def test_separated_data_have_no_logit() -> None:
    design = np.array([[1.0, 0.0], [1.0, 1.0]])
    with pytest.raises((ArithmeticError, np.linalg.LinAlgError)):
        fit_logit(design, np.array([0.0, 1.0]))

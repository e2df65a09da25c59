"""Logistic regression: by hand, against statsmodels' own Logit, planted truth, separated data."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.discrete.discrete_model import Logit

from throffer.stats import fit_logit


def planted(
    rng: np.random.Generator, slope: float, clusters: int = 40
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows in clusters that share a term and a shock of their own."""
    cluster = np.repeat(np.arange(clusters), 50)
    x = rng.standard_normal(clusters)[cluster] + 0.5 * rng.standard_normal(cluster.size)
    odds = -2.0 + slope * x + 0.5 * rng.standard_normal(clusters)[cluster]
    event = (rng.uniform(size=cluster.size) < 1 / (1 + np.exp(-odds))).astype(float)
    return np.column_stack([np.ones(cluster.size), x]), event, cluster


def waves() -> tuple[np.ndarray, np.ndarray]:
    """Sixty rows without a random number."""
    i = np.arange(60)
    return np.column_stack([np.ones(60), np.sin(i)]), ((i * i + 3 * i) % 7 < 2).astype(float)


def test_a_two_by_two_table_is_its_log_odds_ratio() -> None:
    # 10 of 40 against 30 of 60: log odds -log 3 and 0, errors sqrt of summed reciprocals
    design = np.array([[1.0, 0.0], [1.0, 0.0], [1.0, 1.0], [1.0, 1.0]])
    fit = fit_logit(design, np.array([1.0, 0, 1, 0]), weight=np.array([10.0, 30, 30, 30]))
    assert fit.estimate == pytest.approx([-math.log(3), math.log(3)])
    assert fit.errors[1] == pytest.approx(math.sqrt(1 / 10 + 1 / 30 + 1 / 30 + 1 / 30))


def test_estimates_and_errors_are_those_of_statsmodels_logit() -> None:
    design, event, cluster = planted(np.random.default_rng(0), 0.5)
    ours = fit_logit(design, event, cluster=cluster)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        peer = Logit(event, design).fit(
            disp=0, tol=1e-12, cov_type="cluster", cov_kwds={"groups": cluster}
        )
        alone = Logit(event, design).fit(disp=0, tol=1e-12)
    assert ours.estimate == pytest.approx(peer.params, abs=1e-10)
    assert ours.covariance == pytest.approx(peer.cov_params(), rel=1e-8)
    # Student's t with 39 degrees of freedom
    assert ours.high - ours.estimate == pytest.approx(2.0227 * peer.bse, rel=1e-4)
    assert ours.clusters == 40
    independent = fit_logit(design, event)
    assert independent.covariance == pytest.approx(alone.cov_params(), rel=1e-8)
    assert independent.low == pytest.approx(alone.conf_int()[:, 0], rel=1e-8)
    assert independent.clusters is None


def test_the_clustered_fit_is_what_it_was() -> None:
    design, event = waves()
    fit = fit_logit(design, event, cluster=np.arange(60) // 6)
    # computed by amplify.fit_hazard before this room existed (commit 8d64649)
    assert fit.estimate == pytest.approx([-0.9262012251689956, -0.07294156479973699], abs=1e-8)
    assert fit.covariance == pytest.approx(
        np.array(
            [
                [0.016806531922861304, -0.02403123567910875],
                [-0.02403123567910875, 0.09552003903794275],
            ]
        ),
        rel=1e-8,
    )
    assert fit.low == pytest.approx([-1.219467300020574, -0.7720910138877861], abs=1e-8)
    assert fit.high == pytest.approx([-0.6329351503174172, 0.6262078842883121], abs=1e-8)


def test_the_weighted_fit_is_what_it_was() -> None:
    design, event = waves()
    fit = fit_logit(design, event, weight=1.0 + np.arange(60) % 3)
    # computed by record.fit_logit before this room existed (commit 8d64649)
    assert fit.estimate == pytest.approx([-0.8845851286303077, -0.1016134582932277], abs=1e-8)
    assert fit.errors == pytest.approx([0.20099900328112424, 0.2881010589090767], rel=1e-8)


def test_a_weight_is_a_row_repeated_and_no_weight_a_row_left_out() -> None:
    design, event = waves()
    weight = np.arange(60) % 3
    repeated = fit_logit(np.repeat(design, weight, axis=0), np.repeat(event, weight))
    weighted = fit_logit(design, event, weight=weight.astype(float))
    assert weighted.estimate == pytest.approx(repeated.estimate, abs=1e-9)
    assert weighted.covariance == pytest.approx(repeated.covariance, rel=1e-8)


@given(st.floats(-30, 30), st.floats(-9, 9), st.permutations(range(10)))
def test_units_origins_and_labels_do_not_matter(
    exponent: float, origin: float, labels: list[int]
) -> None:
    design, event = waves()
    cluster = np.arange(60) // 6
    plain = fit_logit(design, event, cluster=cluster)
    unit = 10.0**exponent
    moved = design * [1.0, unit] + [0.0, origin * unit]
    other = fit_logit(moved, event, cluster=np.array(labels)[cluster])
    assert other.estimate[1] * unit == pytest.approx(plain.estimate[1], rel=1e-7)
    assert other.errors[1] * unit == pytest.approx(plain.errors[1], rel=1e-7)


def test_a_constant_rate_by_hand() -> None:
    # 2 events in 8 rows: log odds log(1/3); each cluster's scores sum to 1 - 4/4 = 0: no spread
    event = np.array([1.0, 0, 0, 0, 1, 0, 0, 0])
    fit = fit_logit(np.ones((8, 1)), event, cluster=np.repeat(["a", "b"], 4))
    assert fit.estimate[0] == pytest.approx(np.log(1 / 3))
    assert fit.covariance[0, 0] == pytest.approx(0, abs=1e-12)
    assert fit.errors[0] == pytest.approx(0, abs=1e-6)
    # rows as independent: 1/(8 1/4 3/4)
    assert fit_logit(np.ones((8, 1)), event).covariance[0, 0] == pytest.approx(2 / 3)


def test_an_interval_of_a_term_carries_its_confidence() -> None:
    design, event = waves()
    wide, narrow = (fit_logit(design, event, confidence=each) for each in (0.99, 0.8))
    # 2.5758 and 1.2816 standard errors
    assert wide.interval(1).ends == pytest.approx(
        (wide.estimate[1] - 2.5758 * wide.errors[1], wide.estimate[1] + 2.5758 * wide.errors[1]),
        abs=1e-4,
    )
    assert narrow.high[1] - narrow.estimate[1] == pytest.approx(1.2816 * wide.errors[1], abs=1e-4)
    assert wide.interval(1).confidence == 0.99


def test_intervals_cover_no_effect_where_clusters_share_shocks() -> None:
    rng = np.random.default_rng(1)
    covered = naive = 0
    for _ in range(200):
        design, event, cluster = planted(rng, 0.0)
        fit = fit_logit(design, event, cluster=cluster)
        covered += fit.low[1] <= 0 <= fit.high[1]
        alone = fit_logit(design, event)
        naive += alone.low[1] <= 0 <= alone.high[1]
    # 40 clusters: a few per cent below .95; rows taken as independent fall far short
    assert covered > 0.87 * 200
    assert naive < covered - 10


X = np.random.default_rng(3).standard_normal(400)
SOME = (np.arange(400) % 3 == 0).astype(float)


@pytest.mark.parametrize(
    ("design", "event"),
    [
        # a threshold in a term
        (np.column_stack([np.ones(400), X]), (X > 0.2).astype(float)),
        # no event, every row an event
        (np.ones((400, 1)), np.zeros(400)),
        (np.ones((5, 1)), np.ones(5)),
        # all rows of one kind are events, the others are mixed
        (
            np.column_stack([np.ones(400), np.arange(400) < 7]),
            np.where(np.arange(400) < 7, 1, SOME),
        ),
        (np.column_stack([np.ones(6), [0, 0, 0, 1, 1, 1]]), np.array([0.0, 1, 0, 1, 1, 1])),
        # as many terms as rows
        (np.array([[1.0, 0.0], [1.0, 1.0]]), np.array([0.0, 1.0])),
    ],
)
def test_separated_data_have_no_logit(design: np.ndarray, event: np.ndarray) -> None:
    with pytest.raises(ArithmeticError, match="separates events"):
        fit_logit(design, event)


def test_a_steep_slope_that_is_not_separated_is_fitted() -> None:
    rng = np.random.default_rng(5)
    x = 40 * rng.standard_normal(2000)
    event = (rng.random(2000) < 1 / (1 + np.exp(-x))).astype(float)
    fit = fit_logit(np.column_stack([np.ones(2000), x]), event)
    assert abs(fit.estimate[1] - 1) < 3 * fit.errors[1]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"design": np.full((4, 1), np.nan)}, "design: it has missing"),
        ({"event": np.array([0, 1, np.nan, 1])}, "event: missing values"),
        ({"event": np.array([0.0, 1, 2, 1])}, "event: missing values, or values other"),
        ({"design": np.ones((4, 2))}, "2 columns depend on each other"),
        ({"design": np.zeros((4, 1))}, "1 columns depend on each other"),
        ({"weight": np.zeros(4)}, "depend on each other over 0 rows"),
        ({"weight": -np.ones(4)}, "weight: it has values that are negative"),
        ({"cluster": np.zeros(4)}, "one cluster only"),
        ({"cluster": np.arange(4), "weight": np.ones(4)}, "weight: not with clusters"),
        (
            {"cluster": np.arange(4), "design": np.vander(np.arange(4.0))},
            "4 rows for 4 columns",
        ),
    ],
)
def test_what_cannot_be_fitted_is_refused_by_name(
    changed: dict[str, np.ndarray], message: str
) -> None:
    design = changed.get("design", np.ones((4, 1)))
    event = changed.get("event", np.array([0.0, 1, 0, 1]))
    with pytest.raises(ValueError, match=message):
        fit_logit(design, event, cluster=changed.get("cluster"), weight=changed.get("weight"))

"""Logistic regression, with errors that allow for dependence within clusters."""

from __future__ import annotations

import warnings
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float, Shaped

from throffer.stats._critical import normal_quantile, student_quantile
from throffer.stats._interval import CONFIDENCE, Interval

STEPS = 50
"""Steps after which a fit counts as failed; five to ten are usual."""


LEAST_INFORMATION = 1e-12
"""Information a row, in any direction of the design, below which the terms separate the events: it
is at most 1/4, and p (1 - p) in a direction in which all rows have the chance p."""


class LogitFit(NamedTuple):
    """Log odds by maximum likelihood.

    - `estimate`, `low`, `high`: one for each column of the design, with the ends of its interval.
    - `covariance`: of the estimates.
    - `clusters`: how many; None where rows were taken as independent.
    - `confidence`: probability content of the intervals.
    """

    estimate: Float[np.ndarray, "term"]
    low: Float[np.ndarray, "term"]
    high: Float[np.ndarray, "term"]
    covariance: Float[np.ndarray, "term term"]
    clusters: int | None
    confidence: float

    @property
    def errors(self) -> Float[np.ndarray, "term"]:
        """Standard errors of the estimates."""
        return np.sqrt(np.maximum(np.diag(self.covariance), 0))

    def interval(self, term: int) -> Interval:
        """The interval of one term, by its column."""
        return Interval.of(
            float(self.estimate[term]),
            float(self.low[term]),
            float(self.high[term]),
            confidence=self.confidence,
        )


def fit_logit(
    design: Float[np.ndarray, "row term"],
    event: Float[np.ndarray, "row"],
    *,
    cluster: Shaped[np.ndarray, "row"] | None = None,
    weight: Float[np.ndarray, "row"] | None = None,
    confidence: float = CONFIDENCE,
) -> LogitFit:
    """Maximum likelihood of P(event) = sigma(design @ estimate), by statsmodels.

    With clusters the covariance is `H^-1 (sum_c s_c s_c') H^-1`, of scores summed within clusters,
    times `G/(G-1) (n-1)/(n-k)` (Liang & Zeger 1986, Biometrika 73:13), and intervals are Student's
    with G - 1 degrees of freedom; with 40 clusters or fewer they still are somewhat narrow. Without
    clusters rows count as independent and intervals are normal.

    Args:
        design: One row an observation, with a column of ones for an intercept; no missing values.
        event: 1 where it happened, else 0.
        cluster: Label of each row's cluster; None for independent rows.
        weight: How many equal rows each row stands for, >= 0; None for one each.
        confidence: Probability content of the intervals, in (0, 1).

    Returns:
        Estimates, intervals and covariance.

    Raises:
        ValueError: For missing values, events outside [0, 1], columns that depend on each other,
            a single cluster, or clusters together with weights.
        ArithmeticError: Where no finite estimate exists (the terms separate events from the rest)
            or the fit does not converge.

    Example:
        >>> event = np.array([1.0, 0, 0, 0, 1, 0, 0, 0])
        >>> fit_logit(np.ones((8, 1)), event).estimate.round(4)  # log(2/6)
        array([-1.0986])
    """
    event = np.asarray(event, float)
    _check(design, event, cluster, weight)
    # importing the models of statsmodels takes longer than the rest of this room
    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.generalized_linear_model import GLM

    groups = None
    options: dict[str, Any] = {}
    if cluster is not None:
        codes = np.unique(cluster, return_inverse=True)[1]
        groups = int(codes.max()) + 1
        options = {"cov_type": "cluster", "cov_kwds": {"groups": codes}}
    # columns of unit variance that do not overlap: units of the terms do not matter to the search
    basis, back = np.linalg.qr(design)
    basis, back = basis * np.sqrt(len(basis)), back / np.sqrt(len(basis))
    model = GLM(event, basis, family=Binomial(), freq_weights=weight)
    with warnings.catch_warnings():
        # of separated data and of overflow on the way there; both end in the error below
        warnings.simplefilter("ignore")
        fit = model.fit(maxiter=STEPS, tol=1e-10, tol_criterion="params", **options)
        chance = np.asarray(fit.fittedvalues)
    known = chance * (1 - chance) * (1 if weight is None else weight)
    information = (basis * known[:, None]).T @ basis / len(basis)
    if not fit.converged or np.linalg.eigvalsh(information).min() < LEAST_INFORMATION:
        raise ArithmeticError(
            "the logit has no finite estimate: some combination of the terms separates events from "
            f"the rest, or {STEPS} steps were too few; drop a term or use a penalised fit"
        )
    turn = np.linalg.inv(back)
    estimate = turn @ np.asarray(fit.params)
    covariance = turn @ np.asarray(fit.cov_params()) @ turn.T
    # where clusters do not differ at all, rounding may leave a variance below 0
    error = np.sqrt(np.maximum(np.diag(covariance), 0))
    wide = error * (
        normal_quantile(confidence) if groups is None else student_quantile(groups - 1, confidence)
    )
    return LogitFit(estimate, estimate - wide, estimate + wide, covariance, groups, confidence)


def _check(
    design: Float[np.ndarray, "row term"],
    event: Float[np.ndarray, "row"],
    cluster: Shaped[np.ndarray, "row"] | None,
    weight: Float[np.ndarray, "row"] | None,
) -> None:
    if not np.isfinite(design).all():
        raise ValueError("design: it has missing or infinite values; drop those rows")
    # written so that NaN fails, too
    if not ((event >= 0) & (event <= 1)).all():
        raise ValueError("event: missing values, or values other than 0 and 1; drop those rows")
    if weight is not None and not ((weight >= 0) & np.isfinite(weight)).all():
        raise ValueError("weight: it has values that are negative or missing; give counts of rows")
    rows, terms = design.shape
    counted = design if weight is None else design[weight > 0]
    length = np.linalg.norm(counted, axis=0)
    if not length.all() or np.linalg.matrix_rank(counted / length) < terms:
        raise ValueError(
            f"design: its {terms} columns depend on each other over {len(counted)} rows; drop one"
        )
    if cluster is None:
        return
    if weight is not None:
        raise ValueError("weight: not with clusters; repeat the rows instead")
    if np.unique(cluster).size < 2:
        raise ValueError("cluster: one cluster only; errors by cluster need several")
    if rows <= terms:
        raise ValueError(f"design: {rows} rows for {terms} columns; errors need more rows")

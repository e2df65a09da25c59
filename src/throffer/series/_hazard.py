"""How often institutions break, year by year, and what goes with it: discrete-time hazard."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int, Shaped
from scipy.special import expit
from scipy.stats import t as student

STEPS = 50
"""Newton steps after which a fit counts as failed; five to ten are usual."""


class Hazard(NamedTuple):
    """Log odds of a break within a year, by maximum likelihood.

    Attributes:
        estimate: one for each column of the design; the 95 % intervals rest on errors that allow
            for any dependence within a cluster.
        low: one for each column of the design; the 95 % intervals rest on errors that allow for any
            dependence within a cluster.
        high: one for each column of the design; the 95 % intervals rest on errors that allow for
            any dependence within a cluster.
        covariance: of the estimates.
        breaks: what they rest on.
        years: what they rest on.
        clusters: what they rest on.
    """

    estimate: Float[np.ndarray, "term"]
    low: Float[np.ndarray, "term"]
    high: Float[np.ndarray, "term"]
    covariance: Float[np.ndarray, "term term"]
    breaks: int
    years: int
    clusters: int


class LifeTable(NamedTuple):
    """Years at risk and breaks by cluster and age, `age` = 0, 1, ... in years."""

    years: Float[np.ndarray, "cluster age"]
    breaks: Float[np.ndarray, "cluster age"]


def fit_hazard(
    design: Float[np.ndarray, "year term"],
    breaks: Float[np.ndarray, "year"],
    cluster: Shaped[np.ndarray, "year"],
) -> Hazard:
    """Logistic regression of breaks on what was known before, with errors by cluster.

    A discrete-time hazard is a logit over years at risk (Allison 1982, Sociological Methodology
    13:61). Covariance `H^-1 (sum_c s_c s_c') H^-1` of scores summed within clusters, times
    `G/(G-1) (n-1)/(n-k)` (Liang & Zeger 1986), with Student's t of G - 1 degrees of freedom; with
    40 clusters or fewer such intervals still are somewhat narrow.

    Args:
        design: one row a unit and year at risk, with a column of ones; no missing values.
        breaks: 1 where the year ends in a break, else 0.
        cluster: whose rows belong together.

    Raises:
        ValueError: For missing values or a single cluster.
        ArithmeticError: If the fit does not converge.
    """
    if not (np.all(np.isfinite(design)) and np.all(np.isin(breaks, (0, 1)))):
        raise ValueError("design, breaks: missing values, or breaks other than 0 and 1; drop them")
    codes = np.unique(cluster, return_inverse=True)[1]
    groups = int(codes.max()) + 1
    if groups < 2:
        raise ValueError("cluster: one cluster only; errors by cluster need several")
    beta = np.zeros(design.shape[1])
    for _ in range(STEPS):
        mean = expit(design @ beta)
        bread = np.linalg.inv((design * (mean * (1 - mean))[:, None]).T @ design)
        step = bread @ (design.T @ (breaks - mean))
        beta = beta + step
        if np.abs(step).max() < 1e-10:
            break
    else:
        raise ArithmeticError(f"the hazard did not converge in {STEPS} steps: separated data?")
    scores = np.zeros((groups, beta.size))
    np.add.at(scores, codes, design * (breaks - expit(design @ beta))[:, None])
    rows, terms = design.shape
    inflated = groups / (groups - 1) * (rows - 1) / (rows - terms)
    covariance = inflated * bread @ (scores.T @ scores) @ bread
    wide = student.ppf(0.975, groups - 1) * np.sqrt(np.diag(covariance))
    return Hazard(
        beta,
        beta - wide,
        beta + wide,
        covariance,
        int(breaks.sum()),
        rows,
        groups,
    )


def life_table(
    age: Int[np.ndarray, "year"],
    breaks: Float[np.ndarray, "year"],
    cluster: Shaped[np.ndarray, "year"],
    *,
    oldest: int,
) -> LifeTable:
    """Count years at risk and breaks by cluster and age; ages above `oldest` are left out.

    A unit that enters late adds nothing at the ages before: what is estimated from the table is
    conditional on having reached the age of entry.
    """
    if age.size and age.min() < 0:
        raise ValueError(f"age: {age.min()} is below 0")
    kept = age <= oldest
    codes = np.unique(cluster, return_inverse=True)[1]
    shape = (int(codes.max()) + 1, oldest + 1)
    years, ended = np.zeros(shape), np.zeros(shape)
    np.add.at(years, (codes[kept], age[kept]), 1)
    np.add.at(ended, (codes[kept], age[kept]), breaks[kept])
    return LifeTable(years, ended)

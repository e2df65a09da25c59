"""How often institutions break, year by year, and what goes with it: discrete-time hazard."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int, Shaped

from throffer.stats import fit_logit


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
    13:61); see `throffer.stats.fit_logit` for its errors by cluster.

    Args:
        design: one row a unit and year at risk, with a column of ones; no missing values.
        breaks: 1 where the year ends in a break, else 0.
        cluster: whose rows belong together.

    Raises:
        ValueError: For missing values, columns that depend on each other, or a single cluster.
        ArithmeticError: If the terms separate breaks from other years.
    """
    if not (np.all(np.isfinite(design)) and np.all(np.isin(breaks, (0, 1)))):
        raise ValueError("design, breaks: missing values, or breaks other than 0 and 1; drop them")
    fit = fit_logit(design, breaks, cluster=cluster)
    return Hazard(
        fit.estimate,
        fit.low,
        fit.high,
        fit.covariance,
        int(breaks.sum()),
        len(design),
        fit.clusters or 0,
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

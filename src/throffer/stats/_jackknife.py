"""Least squares with a jackknife over whole clusters."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Shaped


class Jackknife(NamedTuple):
    """A linear regression with errors over clusters.

    - `coefficients`, `errors`: one a term; NaN where the data leave it open.
    - `freedom`: degrees of freedom for Student's t, clusters less one.
    """

    coefficients: Float[np.ndarray, "term"]
    errors: Float[np.ndarray, "term"]
    freedom: int


def cluster_jackknife(
    design: Float[np.ndarray, "row term"],
    outcome: Float[np.ndarray, "row"],
    cluster: Shaped[np.ndarray, "row"],
    instruments: Float[np.ndarray, "row term"] | None = None,
) -> Jackknife:
    """Least squares, or instrumental variables, with a jackknife over whole clusters.

    `V = (G - 1)/G sum_g (b_g - b)(b_g - b)'`, with b_g fitted without cluster g, and G - 1 degrees
    of freedom: CV3 of MacKinnon, Nielsen & Webb (2023, J. Econometrics 232:272), which they advise
    for few clusters of unequal size.

    Args:
        design: One row an observation, with a column of ones for an intercept.
        outcome: What is explained.
        cluster: Label of each row's cluster; at least two.
        instruments: One column a term, `b = (Z'X)^-1 Z'y`; None takes the terms themselves, which
            is least squares.

    Returns:
        The regression. An error is NaN where a coefficient is not determined without one of the
        clusters, as for a fact that one cluster alone shows.

    Raises:
        ValueError: For fewer than two clusters.

    Example:
        >>> fit = cluster_jackknife(np.ones((3, 1)), np.array([1.0, 2.0, 6.0]), np.arange(3))
        >>> fit.coefficients.round(6)
        array([3.])
    """
    names = np.unique(cluster)
    if names.size < 2:
        raise ValueError(f"cluster: {names.size} cluster; errors over clusters need two or more")
    by = design if instruments is None else instruments

    def solve(kept: np.ndarray) -> Float[np.ndarray, "term"]:
        return _solve(by[kept].T @ design[kept], by[kept].T @ outcome[kept])

    whole = solve(np.ones(len(cluster), dtype=bool))
    without = np.array([solve(cluster != name) for name in names])
    spread = ((without - whole) ** 2).sum(axis=0) * (len(names) - 1) / len(names)
    return Jackknife(whole, np.sqrt(spread), len(names) - 1)


def _solve(
    moments: Float[np.ndarray, "term term"], target: Float[np.ndarray, "term"]
) -> Float[np.ndarray, "term"]:
    """Solution of square equations; NaN for every coefficient that they leave open."""
    left, singular, basis = np.linalg.svd(moments)
    rank = int((singular > singular[0] * 1e-11).sum())
    values = basis[:rank].T @ ((left[:, :rank].T @ target) / singular[:rank])
    open_ = (np.abs(basis[rank:]) > 1e-8).any(axis=0)
    return np.where(open_, np.nan, values)

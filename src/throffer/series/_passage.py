"""First passage over the margin under noise, and what durations say of recovery and margin.

Near rest a regime is linear: contradiction returns at `k = gamma (1 - u)^2` and scatters with
standard deviation `s = sigma / sqrt(2 k)`. In units of s its first passage over the margin depends
on k and on two numbers: `b = (m - X*)/s`, the margin of error, and where it starts. Those are what
durations can tell. They cannot tell gamma from u, m from sigma, or anything of the lag: theory,
section 6, with what is assumed of these named in docs/collapse.md.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from scipy.linalg import eigh_tridiagonal
from scipy.optimize import minimize
from scipy.stats import norm

from throffer.series._hazard import LifeTable
from throffer.stats import Interval, normal_interval, normal_quantile

CELLS = 120
"""Cells of the grid over contradiction; survival changes by less than 1e-3 when it is doubled."""

FLOOR = 4.0
"""Depth of the grid below rest, in standard deviations, where nothing is lost."""

FAINTEST = 1e-10
"""Smallest eigenvalue of the scaled information that still counts as identified."""

UNIDENTIFIED = "the information is singular, or a parameter lies at the end of the search"
"""Why a fit has no intervals."""

EDGE = 0.02
"""How near to an end of the search a parameter counts as being there."""

BOUNDS = ((-6.0, 3.0), (-4.0, 6.0), (-4.0, 2.0), (-4.0, 1.5))
"""Of log k, x0, log(b - x0) and log spread in the search."""

STARTS = (
    np.array([-1.0, 0.5, 0.0, -0.5]),
    np.array([0.0, 1.5, -1.0, -0.5]),
    np.array([-2.0, 0.0, 0.5, -0.5]),
)
"""Starts of the search; the best end is kept."""

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(8)
_LEVELS, _WEIGHTS = (_NODES + 1) / 2, _WEIGHTS / 2


class Passage(NamedTuple):
    """What a life table says of first passage.

    Attributes:
        recovery: k, per year. `margin`: b, in standard deviations of contradiction at rest.
        start: where a new regime starts, in the same unit above rest.
        spread: standard deviation of b among regimes; 0 if they are taken as alike.
        log_likelihood: for comparing fits to one table.
        parameters: for comparing fits to one table.
    """

    recovery: Interval
    margin: Interval
    start: Interval
    spread: Interval
    log_likelihood: float
    parameters: int


def passage_survival(
    ages: Float[np.ndarray, "age"], *, recovery: float, margin: float, start: float
) -> Float[np.ndarray, "age"]:
    """Chance not to have passed the margin by each age.

    Ornstein-Uhlenbeck process `dx = -k x dt + sqrt(2 k) dW`, absorbed at b, reflected 4 standard
    deviations below rest or where it starts if lower: a Markov chain on a grid that keeps detailed
    balance, solved by its eigenvectors. Its mean is `sqrt(2 pi)/k` times the integral of
    `exp(z^2/2) Phi(z)` from x0 to b.

    Args:
        ages: >= 0, in units of time.
        recovery: k > 0, per unit of time.
        margin: b, in standard deviations above rest.
        start: x0 < b, in the same unit.

    ```python
    >>> passage_survival(np.array([0.0, 10.0]), recovery=0.3, margin=2.0, start=0.0).round(3)
    array([1.   , 0.757])

    ```
    """
    if not start < margin:
        raise ValueError(f"start = {start} must lie below margin = {margin}")
    if not recovery > 0:
        raise ValueError(f"recovery = {recovery} must be above 0")
    floor = min(-FLOOR, start - 1)
    width = (margin - floor) / CELLS
    place = floor + width * (np.arange(CELLS) + 0.5)
    # rates up and down a pair of cells: their product is 1/width^4, their ratio that of densities
    tilt = (place[1:] ** 2 - place[:-1] ** 2) / 4
    up, down = np.exp(-tilt) / width**2, np.exp(tilt) / width**2
    leaving = np.append(up, 2 / width**2) + np.append(0.0, down)
    values, vectors = eigh_tridiagonal(-leaving, np.full(CELLS - 1, 1 / width**2))
    # symmetric about the square root of the density exp(-x^2/2)
    root = np.exp(-(place**2) / 4)
    mass = root @ vectors
    eigen = vectors / root[:, None]
    # survival falls linearly to 0 from the last cell's middle to the margin
    begun = np.array([np.interp(start, [*place, margin], [*column, 0.0]) for column in eigen.T])
    return np.exp(np.outer(recovery * ages, values)) @ (mass * begun)


def fit_passage(table: LifeTable, *, varied: bool) -> Passage:
    """Recovery, margin and start by maximum likelihood of a life table.

    The chance to break at age a is `1 - S(a + 1)/S(a)`, S averaged over regimes that differ: the
    frail break first, so that a falling hazard need not mean that any of them grows stronger.
    Intervals are symmetric in (log k, x0, log(b - x0), log spread), with errors from the expected
    information and scores summed within clusters. If the information is singular, or a parameter
    reaches the end of its search range, no parameter is identified and no interval has ends. See
    `recovery_profile`.

    Args:
        table: years at risk and breaks, by cluster and age.
        varied: regimes differ in b by a normal law; otherwise all are alike.
    """
    years, breaks = table.years.sum(0), table.breaks.sum(0)
    theta, worst = _search(years, breaks, varied)
    covariance = _covariance(table, theta, varied)
    error = np.sqrt(np.diag(covariance))
    gap = np.exp(theta[2])
    # b = x0 + gap: its error from those of both
    slope = np.array([1.0, gap])
    wide = normal_quantile() * error
    rows = np.stack([theta, theta - wide, theta + wide])

    def interval(ends: Float[np.ndarray, "three"]) -> Interval:
        return Interval.of(*(float(each) for each in ends), why=UNIDENTIFIED)

    return Passage(
        recovery=interval(np.exp(rows[:, 0])),
        margin=normal_interval(
            float(theta[1] + gap),
            float(np.sqrt(slope @ covariance[1:3, 1:3] @ slope)),
            why=UNIDENTIFIED,
        ),
        start=interval(rows[:, 1]),
        spread=interval(np.exp(rows[:, 3]))
        if varied
        else Interval(estimate=0.0, low=0.0, high=0.0),
        log_likelihood=-worst,
        parameters=theta.size,
    )


def recovery_profile(
    table: LifeTable, recoveries: Float[np.ndarray, "value"], *, varied: bool
) -> Float[np.ndarray, "value"]:
    """Greatest log-likelihood with k held at each value.

    Where it hardly falls from one to another, durations do not tell them apart, and the interval of
    `fit_passage`, which comes from the curvature at the top, is not to be used.
    """
    years, breaks = table.years.sum(0), table.breaks.sum(0)
    return np.array([-_search(years, breaks, varied, float(k))[1] for k in recoveries])


def expected_breaks(
    ages: Float[np.ndarray, "age"], *, recovery: float, margin: float, start: float, spread: float
) -> Float[np.ndarray, "age"]:
    """Chance to break within the year after each age, given that age; see `fit_passage`.

    Over margins that differ by Gauss's rule in their quantiles, to 0.3 % of each chance.
    """
    both = np.stack([ages, ages + 1.0], axis=-1).ravel()
    nodes = [(margin, 1.0)]
    if spread > 0:
        # who starts beyond the margin is gone within the first instant: the rest, by quantile
        above = norm.sf(start, margin, spread)
        margins = norm.isf(above * (1 - _LEVELS), margin, spread)
        nodes = list(zip(margins, _WEIGHTS, strict=True))
    survival = np.zeros(both.size)
    for b, weight in nodes:
        if b > start + 1e-9:
            survival += weight * passage_survival(both, recovery=recovery, margin=b, start=start)
    pairs = np.clip(survival.reshape(-1, 2), 1e-300, None)
    return 1 - pairs[:, 1] / pairs[:, 0]


def _natural(theta: Float[np.ndarray, "parameter"], varied: bool) -> Float[np.ndarray, "four"]:
    """k, b, start, spread of (log k, start, log(b - start), log spread)."""
    b = theta[1] + np.exp(theta[2])
    return np.array([np.exp(theta[0]), b, theta[1], np.exp(theta[3]) if varied else 0.0])


def _search(
    years: Float[np.ndarray, "age"],
    breaks: Float[np.ndarray, "age"],
    varied: bool,
    recovery: float | None = None,
) -> tuple[Float[np.ndarray, "parameter"], float]:
    """The best parameters and their negative log-likelihood; k held where it is given."""
    held = [] if recovery is None else [np.log(recovery)]

    def negative(free: Float[np.ndarray, "parameter"]) -> float:
        p = _chances(np.array([*held, *free]), years.size, varied)
        return float(-(breaks * np.log(p) + (years - breaks) * np.log1p(-p)).sum())

    part = slice(len(held), 4 if varied else 3)
    found = [
        minimize(
            negative,
            start[part],
            method="Nelder-Mead",
            bounds=BOUNDS[part],
            options={
                "initial_simplex": np.vstack(
                    [start[part], start[part] + 0.4 * np.eye(start[part].size)]
                ),
                "xatol": 1e-3,
                "fatol": 1e-4,
                "maxiter": 800,
            },
        )
        for start in STARTS
    ]
    best = min(found, key=lambda one: one.fun)
    return np.array([*held, *best.x]), float(best.fun)


def _covariance(
    table: LifeTable, theta: Float[np.ndarray, "parameter"], varied: bool
) -> Float[np.ndarray, "parameter parameter"]:
    ages = table.years.shape[1]
    p = _chances(theta, ages, varied)
    step = 1e-3
    slopes = np.array(
        [
            (_chances(theta + move, ages, varied) - _chances(theta - move, ages, varied))
            / (2 * step)
            for move in step * np.eye(theta.size)
        ]
    )
    weight = 1 / (p * (1 - p))
    information = (slopes * table.years.sum(0) * weight) @ slopes.T
    scale = np.sqrt(np.diag(information))
    least, most = np.array(BOUNDS[: theta.size]).T
    at_end = ((theta - least < EDGE) | (most - theta < EDGE)).any()
    if (
        at_end
        or not scale.all()
        or np.linalg.eigvalsh(information / np.outer(scale, scale))[0] < FAINTEST
    ):
        return np.full((theta.size, theta.size), np.nan)
    scores = ((table.breaks - table.years * p) * weight) @ slopes.T
    bread, clusters = np.linalg.inv(information), len(scores)
    return clusters / (clusters - 1) * bread @ (scores.T @ scores) @ bread


def _chances(
    theta: Float[np.ndarray, "parameter"], ages: int, varied: bool
) -> Float[np.ndarray, "age"]:
    k, b, x0, spread = _natural(theta, varied)
    p = expected_breaks(np.arange(ages, dtype=float), recovery=k, margin=b, start=x0, spread=spread)
    return np.clip(p, 1e-9, 1 - 1e-9)

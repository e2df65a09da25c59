"""Fibre bundles: collapses that pass their load on, and the size of the cascades that follow.

A fibre (a regime) holds until its load reaches its threshold (its margin); then the others receive
its load. Under a slowly rising load a bundle fails in bursts, and the last burst breaks all fibres
that are left. Two rules of sharing: equally over all intact fibres (Daniels 1945), or by the two
nearest intact ones (Harlow & Phoenix 1978), here on a ring. Theory, section 6.
"""

from __future__ import annotations

import heapq
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float, Int
from scipy.optimize import minimize_scalar
from scipy.special import gammaln, xlogy

PIECES, NODES = 40, 20
"""Grid of `expected_bursts`: exact to 1e-9 up to bursts of 1e9."""


class Bursts(NamedTuple):
    """The bursts of one bundle in order; the last one is its collapse.

    Attributes:
        size: fibres that break together at one outer load; the sizes sum to the bundle.
        load: outer load of each burst, per fibre of the whole bundle, in units of the thresholds.
            It rises from burst to burst; the last one is the strength of the bundle.
    """

    size: Int[np.ndarray, "burst"]
    load: Float[np.ndarray, "burst"]


class Strength(NamedTuple):
    """Strength of an infinite bundle with equal sharing, and the threshold reached at that load."""

    load: float
    threshold: float


def share_equally(thresholds: Float[np.ndarray, "fibre"]) -> Bursts:
    """Bursts of a bundle whose intact fibres share the load of broken ones equally.

    With thresholds in order, x_1 <= ... <= x_N, the k-th fibre breaks at an outer load of
    `(N - k + 1) x_k / N`. A burst runs from one record maximum of that sequence to the next. The
    computing time is that of sorting.

    Args:
        thresholds: load at which each fibre breaks, > 0.

    Raises:
        ValueError: For thresholds that are not positive and finite.

    ```python
    >>> bursts = share_equally(np.array([0.3, 0.8, 0.35, 0.9]))
    >>> bursts.size.tolist(), bursts.load.round(2).tolist()
    ([2, 2], [0.3, 0.4])

    ```
    """
    _check(thresholds)
    count = thresholds.size
    load = np.sort(thresholds) * np.arange(count, 0, -1) / count
    highest = np.maximum.accumulate(load)
    begins = np.flatnonzero(np.concatenate([[True], load[1:] > highest[:-1]]))
    return Bursts(np.diff(np.append(begins, count)), load[begins])


def share_with_neighbours(thresholds: Float[np.ndarray, "fibre"]) -> Bursts:
    """Bursts on a ring; half of a broken fibre's load goes to the nearest intact one on each side.

    A fibre between runs of L and R broken ones carries `1 + (L + R)/2` times the outer load. The
    fibres that break at one outer load do not depend on the order of breaking.

    Args:
        thresholds: load at which each fibre breaks, > 0, in the order of the ring.

    Raises:
        ValueError: For thresholds that are not positive and finite.

    ```python
    >>> bursts = share_with_neighbours(np.array([0.3, 0.8, 0.35, 0.9]))
    >>> bursts.size.tolist(), bursts.load.round(2).tolist()
    ([1, 1, 2], [0.3, 0.35, 0.4])

    ```
    """
    _check(thresholds)
    count = thresholds.size
    strength, ring = thresholds.tolist(), _Ring(count)
    untouched = np.argsort(thresholds, kind="stable").tolist()
    weakened: list[tuple[float, int]] = []
    sizes, loads = [], []
    at = broken = 0
    while broken < count:
        while at < count and ring.gone[untouched[at]]:
            at += 1
        while weakened and ring.gone[weakened[0][1]]:
            heapq.heappop(weakened)
        load, first = strength[untouched[at]], untouched[at]
        if weakened and weakened[0][0] <= load:
            load, first = weakened[0]
        size = _spread(ring, strength, load, first, weakened)
        broken += size
        if loads and load <= loads[-1]:
            # a fibre elsewhere breaks at exactly the same load: it counts as the same burst
            sizes[-1] += size
        else:
            sizes.append(size)
            loads.append(load)
    return Bursts(np.array(sizes), np.array(loads))


class _Ring:
    """Which fibres are broken, and the runs of broken fibres beside each intact one."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.gone = bytearray(count)
        self.left = [0] * count
        self.right = [0] * count


def _spread(
    ring: _Ring,
    strength: list[float],
    load: float,
    first: int,
    weakened: list[tuple[float, int]],
) -> int:
    """Break `first` and all that follow at this load; return how many broke."""
    count, gone, left, right = ring.count, ring.gone, ring.left, ring.right
    due, size = [first], 0
    while due:
        fibre = due.pop()
        if gone[fibre]:
            continue
        gone[fibre] = 1
        size += 1
        run = left[fibre] + 1 + right[fibre]
        if run >= count:
            break
        before = (fibre - left[fibre] - 1) % count
        after = (fibre + right[fibre] + 1) % count
        right[before] = left[after] = run
        for beside in (before, after):
            bears = strength[beside] / (1 + (left[beside] + right[beside]) / 2)
            if bears <= load:
                due.append(beside)
            else:
                heapq.heappush(weakened, (bears, beside))
    return size


def bundle_strength(distribution: Any) -> Strength:
    """Strength of an infinite bundle with equal sharing: the maximum of `x (1 - F(x))`.

    For thresholds uniform on [0, 1] it is 1/4 at x = 1/2. The strength of a bundle of N exceeds it
    by about N^(-2/3) and has a standard deviation of about N^(-1/2) (Daniels 1945).

    Args:
        distribution: frozen scipy distribution of the thresholds, with one maximum of that load.

    ```python
    >>> from scipy import stats
    >>> strength = bundle_strength(stats.uniform())
    >>> f"{strength.load:.4f} {strength.threshold:.4f}"
    '0.2500 0.5000'

    ```
    """
    best = minimize_scalar(
        lambda p: -distribution.isf(p) * p, bounds=(1e-9, 1.0), options={"xatol": 1e-10}
    )
    return Strength(float(-best.fun), float(distribution.isf(best.x)))


def expected_bursts(
    sizes: Int[np.ndarray, "size"], distribution: Any, *, begin: float = 0.0
) -> Float[np.ndarray, "size"]:
    """Expected number of bursts of each size, per fibre, in an infinite bundle with equal sharing.

    At threshold x one failure breaks `m = x f(x) / (1 - F(x))` others on average. The size of a
    burst that begins there has a Borel distribution, `e^(-m s) (m s)^(s-1) / s!`, and a fibre
    begins a burst with probability `1 - m`. Integrated up to m = 1 (Hemmer & Hansen 1992, J. Appl.
    Mech. 59:909) the number falls as s^(-5/2); if only bursts close to collapse are counted, as
    s^(-3/2) up to a crossover (Pradhan, Hansen & Hemmer 2005, PRL 95:125501).

    Args:
        sizes: 1 and above.
        distribution: frozen scipy distribution of the thresholds.
        begin: quantile in [0, 1) of the threshold from which bursts are counted; the collapse
            itself is left out.

    ```python
    >>> from scipy import stats
    >>> some, few = expected_bursts(np.array([10_000, 100_000]), stats.uniform())
    >>> f"{np.log10(some / few):.2f}"
    '2.50'

    ```
    """
    if np.any(sizes < 1):
        raise ValueError(f"sizes: {int(np.min(sizes))} is below 1; a burst has at least one fibre")
    if not 0 <= begin < 1:
        raise ValueError(f"begin = {begin} is not in [0, 1); it is a quantile of the thresholds")
    end = float(distribution.cdf(bundle_strength(distribution).threshold))
    if begin >= end:
        return np.zeros(sizes.shape)
    # large bursts begin close to the end: intervals halve towards it, Gauss-Legendre on each
    edges = end - (end - begin) * np.append(2.0 ** -np.arange(PIECES), 0)
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    half = np.diff(edges)[:, None] / 2
    quantile = (edges[:-1, None] + half * (1 + nodes)).ravel()
    x = distribution.ppf(quantile)
    follow = np.clip(x * distribution.pdf(x) / (1 - quantile), 0, 1)
    s = sizes[..., None].astype(float)
    log = xlogy(s - 1, follow * s) - follow * s - gammaln(s + 1)
    return np.exp(log) @ ((1 - follow) * (half * weights).ravel())


def _check(thresholds: Float[np.ndarray, "fibre"]) -> None:
    if thresholds.size == 0 or not np.all(np.isfinite(thresholds) & (thresholds > 0)):
        wrong = thresholds[~(np.isfinite(thresholds) & (thresholds > 0))]
        came = "an empty bundle" if thresholds.size == 0 else f"{wrong.size} such as {wrong[0]}"
        raise ValueError(f"thresholds: {came}; every fibre needs a positive, finite threshold")

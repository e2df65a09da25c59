"""Sizes of cascades: a power law, and whether the largest are of another kind.

The tail is fitted as Clauset, Shalizi & Newman (2009, SIAM Review 51:661) do: the exponent by
maximum likelihood, the size from which it holds by the least Kolmogorov-Smirnov distance, goodness
of fit by drawing anew. The largest sizes are then held against that tail by the test for
"dragon-kings" of Pisarenko & Sornette (2012, Eur. Phys. J. Special Topics 205:95). Theory,
section 6.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float
from scipy.special import zeta
from scipy.stats import f as fisher

from throffer.stats import normal_quantile

CANDIDATES = 80
"""Sizes tried as the lower end of the tail; more change it by less than its own scatter."""

EXPONENTS = (1.01, 8.0)
"""Range in which the exponent is sought."""

_GOLDEN = (np.sqrt(5) - 1) / 2


class Tail(NamedTuple):
    """A power law p(s) ~ s^-exponent of sizes from `minimum` on.

    Attributes:
        minimum: smallest size of the tail.
        exponent: estimate and 95 % interval, given `minimum`. That `minimum` was chosen from the
            same sizes is not in it; docs/collapse.md states the coverage that is left.
        low: estimate and 95 % interval, given `minimum`. That `minimum` was chosen from the same
            sizes is not in it; docs/collapse.md states the coverage that is left.
        high: estimate and 95 % interval, given `minimum`. That `minimum` was chosen from the same
            sizes is not in it; docs/collapse.md states the coverage that is left.
        events: how many sizes are in the tail.
        distance: largest difference of the two distributions there.
        discrete: sizes are whole numbers.
    """

    minimum: float
    exponent: float
    low: float
    high: float
    events: int
    distance: float
    discrete: bool


class DragonKings(NamedTuple):
    """Whether the largest sizes fit the tail that the others follow.

    Attributes:
        p: chance of a contrast as strong, however many are looked at, if all followed one tail.
        sizes: the largest, above the widest weighted gap, largest first. They are outsized only
            where `p` is small.
    """

    p: float
    sizes: Float[np.ndarray, "largest"]


def fit_tail(
    sizes: Float[np.ndarray, "event"],
    *,
    discrete: bool,
    minimum: float | None = None,
    fewest: int = 25,
) -> Tail:
    """Fit a power law to the tail of sizes.

    Continuous: `exponent = 1 + n / sum ln(s/minimum)`. Discrete: the likelihood with the Hurwitz
    zeta function. The interval is `exponent +- 1.96` standard errors from the likelihood's
    curvature.

    Args:
        sizes: > 0; whole numbers if `discrete`.
        discrete: whether sizes are whole numbers.
        fewest: fewest sizes in the tail.
        minimum: size from which the power law is taken to hold; None chooses it by the least
            distance among up to 80 sizes that leave at least `fewest` in the tail.

    Raises:
        ValueError: For sizes out of range or fewer than `fewest` in the tail.

    ```python
    >>> pareto = (1 - np.random.default_rng(0).uniform(size=5000)) ** (-1 / 1.5)
    >>> tail = fit_tail(pareto, discrete=False, minimum=1.0)
    >>> f"{tail.exponent:.2f} ({tail.low:.2f} to {tail.high:.2f})"
    '2.50 (2.46 to 2.54)'

    ```
    """
    ordered = np.sort(_checked(sizes, discrete))
    lowest = _candidates(ordered, fewest) if minimum is None else np.array([float(minimum)])
    count = ordered.size - np.searchsorted(ordered, lowest)
    if lowest.size == 0 or count[0] < fewest:
        found = int(count[0]) if lowest.size else ordered.size
        raise ValueError(
            f"sizes: {found} in the tail, fewer than {fewest}; lower `minimum`, or `fewest` if "
            "that few are to count"
        )
    exponent = _exponents(ordered, lowest, count, discrete)
    distance = np.array(
        [
            _distance(ordered[-n:], low, alpha, discrete)
            for n, low, alpha in zip(count, lowest, exponent, strict=True)
        ]
    )
    best = int(distance.argmin())
    error = _error(exponent[best], lowest[best], discrete) / np.sqrt(count[best])
    wide = normal_quantile() * error
    return Tail(
        float(lowest[best]),
        float(exponent[best]),
        float(exponent[best] - wide),
        float(exponent[best] + wide),
        int(count[best]),
        float(distance[best]),
        discrete,
    )


def tail_goodness_of_fit(
    sizes: Float[np.ndarray, "event"], tail: Tail, rng: np.random.Generator, *, resamples: int = 200
) -> float:
    """Chance that sizes drawn from the fit lie as far from their own fit; small speaks against it.

    Sizes below the tail are drawn from those there are, sizes in it from the power law, and the
    lower end is chosen anew each time (Clauset, Shalizi & Newman 2009, section 4). Below 0.1 the
    tail is no power law. p is (1 + as far) / (1 + resamples).
    """
    ordered = np.sort(_checked(sizes, tail.discrete))
    below = ordered[: ordered.size - tail.events]
    farther = 0
    for _ in range(resamples):
        inside = rng.binomial(ordered.size, tail.events / ordered.size)
        drawn = np.concatenate(
            [
                rng.choice(below, ordered.size - inside) if below.size else below,
                draw_tail(inside if below.size else ordered.size, tail, rng),
            ]
        )
        again = fit_tail(drawn, discrete=tail.discrete, fewest=min(25, tail.events))
        farther += again.distance >= tail.distance
    return (1 + farther) / (1 + resamples)


def find_dragon_kings(
    sizes: Float[np.ndarray, "event"],
    tail: Tail,
    rng: np.random.Generator,
    *,
    most: int = 10,
    resamples: int = 2000,
) -> DragonKings:
    """Hold the largest sizes against the tail of the others.

    Under the power law the weighted log spacings `k ln(s_k / s_(k+1))`, largest first, are
    independent with one exponential law. The mean of the first r over the mean of those after
    `most` then has Fisher's F with 2 r and 2 (n - most) degrees of freedom. The test statistic is
    the smallest of its p-values over r = 1, ..., `most`. Its distribution is simulated from the
    fitted tail, which corrects for the search over r and for ties of whole numbers. The test is
    exact for a continuous tail with a given lower end; docs/collapse.md gives its rate of false
    alarms if that end is chosen from the data, and its power.

    Args:
        sizes: all sizes, > 0.
        tail: the power law fitted to them.
        rng: source of the draws.
        most: largest count of outsized events looked for; less than half of the tail.
        resamples: draws of a whole tail behind `p`.

    Raises:
        ValueError: If `most` is not in [1, n/2).
    """
    if not 1 <= most < tail.events / 2:
        raise ValueError(
            f"most = {most} is not between 1 and half of the {tail.events} sizes of the tail"
        )
    ordered = np.sort(_checked(sizes, tail.discrete))[-tail.events :]
    contrast = _contrasts(ordered[None], tail.minimum, most).min()
    drawn = draw_tail(tail.events * resamples, tail, rng).reshape(resamples, tail.events)
    under = _contrasts(np.sort(drawn, axis=1), tail.minimum, most).min(axis=1)
    p = (1 + np.count_nonzero(under <= contrast)) / (1 + resamples)
    gap = _spacings(ordered[None], tail.minimum)[0, :most]
    return DragonKings(float(p), ordered[::-1][: int(gap.argmax()) + 1])


def draw_tail(count: int, tail: Tail, rng: np.random.Generator) -> Float[np.ndarray, "event"]:
    """Sizes drawn from a fitted tail; whole numbers where it is discrete."""
    left = 1 - rng.uniform(size=count)
    if not tail.discrete:
        return tail.minimum * left ** (-1 / (tail.exponent - 1))
    # exact where the law has steps to speak of; beyond, the continuous law differs by 1e-8 or less
    steps = tail.minimum + np.arange(10_000)
    survival = zeta(tail.exponent, steps) / zeta(tail.exponent, tail.minimum)
    found = steps[np.searchsorted(-survival, -left, side="right") - 1]
    far = left <= survival[-1]
    last = steps[-1] - 0.5
    beyond = last * (left[far] / survival[-1]) ** (-1 / (tail.exponent - 1))
    found[far] = np.floor(beyond + 0.5)
    return found


def _contrasts(
    ordered: Float[np.ndarray, "sample event"], minimum: float, most: int
) -> Float[np.ndarray, "sample count"]:
    """p-value of the mean of the r largest spacings against the rest, r = 1 to `most`."""
    n = ordered.shape[1]
    spacing = _spacings(ordered, minimum)
    rest = spacing[:, most:].mean(axis=1, keepdims=True)
    r = np.arange(1, most + 1)
    means = spacing[:, :most].cumsum(axis=1) / r
    ratio = np.divide(means, rest, out=np.full_like(means, np.inf), where=rest > 0)
    return fisher.sf(ratio, 2 * r, 2 * (n - most))


def _spacings(
    ordered: Float[np.ndarray, "sample event"], minimum: float
) -> Float[np.ndarray, "sample event"]:
    """K ln(s_k / s_(k+1)), largest first, the last one down to the lower end."""
    logs = np.log(ordered[:, ::-1])
    following = np.concatenate([logs[:, 1:], np.full((len(logs), 1), np.log(minimum))], axis=1)
    return np.arange(1, ordered.shape[1] + 1) * (logs - following)


def _candidates(ordered: Float[np.ndarray, "event"], fewest: int) -> Float[np.ndarray, "candidate"]:
    values = np.unique(ordered[: max(ordered.size - fewest + 1, 0)])
    if values.size <= CANDIDATES:
        return values
    # evenly in rank: most of the choice is among small sizes
    return values[np.unique(np.linspace(0, values.size - 1, CANDIDATES).astype(int))]


def _exponents(
    ordered: Float[np.ndarray, "event"],
    lowest: Float[np.ndarray, "candidate"],
    count: Float[np.ndarray, "candidate"],
    discrete: bool,
) -> Float[np.ndarray, "candidate"]:
    """Maximum likelihood for each lower end at once."""
    above = np.log(ordered)[::-1].cumsum()[count - 1] / count
    if not discrete:
        excess = above - np.log(lowest)
        return np.minimum(
            1 + np.divide(1, excess, where=excess > 0, out=np.full_like(excess, np.inf)),
            EXPONENTS[1],
        )

    def negative(alpha: Float[np.ndarray, "candidate"]) -> Float[np.ndarray, "candidate"]:
        return np.log(zeta(alpha, lowest)) + alpha * above

    # golden section: the negative log likelihood of an exponential family is convex
    low, high = (np.full(lowest.shape, end) for end in EXPONENTS)
    for _ in range(45):
        left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
        down = negative(left) < negative(right)
        low, high = np.where(down, low, left), np.where(down, right, high)
    return (low + high) / 2


def _distance(
    inside: Float[np.ndarray, "event"], minimum: float, exponent: float, discrete: bool
) -> float:
    n = inside.size
    if discrete:
        values, first = np.unique(inside, return_index=True)
        fitted = zeta(exponent, values) / zeta(exponent, minimum)
        return float(np.abs(1 - first / n - fitted).max())
    fitted = (inside / minimum) ** (1 - exponent)
    left = 1 - np.arange(n) / n
    return float(max(np.abs(left - fitted).max(), np.abs(left - 1 / n - fitted).max()))


def _error(exponent: float, minimum: float, discrete: bool) -> float:
    """Standard error of the exponent for one size in the tail."""
    if not discrete:
        return exponent - 1
    step = 1e-4
    one, two, three = np.log(zeta(exponent + step * np.array([-1, 0, 1]), minimum))
    return float(step / np.sqrt(one - 2 * two + three))


def _checked(sizes: Float[np.ndarray, "event"], discrete: bool) -> Float[np.ndarray, "event"]:
    sizes = np.asarray(sizes, float)
    wrong: Bool[np.ndarray, "event"] = ~(np.isfinite(sizes) & (sizes > 0))
    if discrete:
        wrong = wrong | (sizes != np.floor(sizes))
    if wrong.any():
        kind = "positive whole numbers" if discrete else "positive and finite"
        raise ValueError(f"sizes: {sizes[wrong][0]} at {int(wrong.argmax())}; they must be {kind}")
    return sizes

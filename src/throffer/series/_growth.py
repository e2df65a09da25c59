"""Growth of counts: exponential, or faster with a singularity in finite time.

The mean follows the growth of theory, section 6, with constant friction: dm/dt = r m^(1 + delta).
With growth rate rho at a reference time and curvature c = delta rho,

log m(t) = level - (rho/c) log(1 - c t),  and  level + rho t  as c -> 0,

which is infinite at t_c = 1/c for c > 0. Counts are negative binomial around this mean, because
events cluster: the variance is m + m^2/size.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

import numpy as np
from jaxtyping import Float, Int
from scipy.optimize import brentq, minimize
from scipy.special import digamma, gammaln, logsumexp
from scipy.stats import chi2

from throffer.stats import CONFIDENCE, Interval, percentile_interval

Form = Literal["exponential", "faster", "free"]

FORMS: tuple[Form, ...] = ("exponential", "faster", "free")
"""Forms of growth: curvature 0, at least 0, or of either sign."""

FEWEST_PERIODS = 8
"""Fewest periods for a fit."""

DRAWS = 200
"""Draws of the parameters behind a forecast."""

LARGEST = 1e6
"""Size from which on the negative binomial is treated as a Poisson distribution."""

STRAIGHT = 1e-7
"""Curvatures closer to 0 than this are treated as 0, because the formula divides by them."""


class GrowthFit(NamedTuple):
    """Growth fitted to counts; time 0 is the end of the last period.

    Attributes:
        level: logarithm of the mean count per period at time 0.
        rate: rho, relative growth per period at time 0.
        curvature: c, per period; 0 for exponential growth, negative for slower growth.
        size: of the negative binomial; infinite without clustering.
    """

    form: Form
    level: float
    rate: float
    curvature: float
    size: float
    log_likelihood: float

    @property
    def periods_left(self) -> float:
        """Periods from time 0 to the singularity; infinite if there is none."""
        return 1 / self.curvature if self.curvature > 0 else float("inf")

    def mean(self, times: Float[np.ndarray, "period"]) -> Float[np.ndarray, "period"]:
        """Expected counts in the periods that end at these times."""
        middles = np.asarray(times, float) - 0.5
        logs: np.ndarray = _log_mean(self.level, self.rate, self.curvature, middles)
        return np.asarray(np.exp(logs))


class GrowthComparison(NamedTuple):
    """Forms of growth compared by their forecasts.

    Attributes:
        scores: mean log score per forecast count for each of `FORMS`; higher is better.
        advantage: of `faster` over `exponential` per forecast count, with an interval over origins.
        origins: number of times from which forecasts were made.
        horizon: periods forecast from each.
        warning: share of origins at which `faster` predicted a singularity within as many periods
            as the data had.
    """

    scores: dict[str, float]
    advantage: Interval
    origins: int
    horizon: int
    warning: float


def fit_growth(
    counts: Int[np.ndarray, "period"], form: Form = "free", *, horizon: int = 4
) -> GrowthFit:
    """Fit growth to counts of consecutive periods by maximum likelihood.

    Args:
        counts: events in each period, at least 0.
        form: one of `FORMS`.
        horizon: periods after the last for which the mean must be finite, because they are to be
            forecast; the curvature is at most 1/(horizon + 1).

    Raises:
        ValueError: For fewer than 8 periods, negative counts or no events at all.
    """
    counts = _checked(counts, form)
    return _search(counts, form, horizon)


def curvature_interval(
    counts: Int[np.ndarray, "period"], *, horizon: int = 4, confidence: float = CONFIDENCE
) -> Interval:
    """Profile-likelihood interval of the curvature; an end is None if it reaches its limit.

    A negative curvature means growth slower than exponential. If c is the upper end, there is no
    singularity within 1/c periods.
    """
    counts = _checked(counts, "free")
    best = fit_growth(counts, "free", horizon=horizon)
    depth = best.log_likelihood - float(chi2.ppf(confidence, 1)) / 2

    def fall(curvature: float) -> float:
        return depth - _search(counts, "free", horizon, held=curvature).log_likelihood

    low, high = _limits(counts.size, horizon)
    ends = [
        None if fall(limit) < 0 else float(brentq(fall, best.curvature, limit, xtol=1e-5))  # type: ignore[arg-type]
        for limit in (low, high)
    ]
    return Interval(
        estimate=best.curvature,
        low=ends[0],
        high=ends[1],
        confidence=confidence,
        why="an open end: the likelihood does not fall far enough" if None in ends else "",
    )


def compare_growth(
    counts: Int[np.ndarray, "period"],
    rng: np.random.Generator,
    *,
    first: int,
    horizon: int = 4,
    resamples: int = 4000,
    confidence: float = CONFIDENCE,
) -> GrowthComparison:
    """Forecast from every origin after `first` periods, and score the forecasts.

    At each origin each form is fitted to the counts so far and gives each of the next `horizon`
    counts a probability, averaged over Laplace draws of its parameters. Forecasts of neighbouring
    origins overlap, so the interval resamples whole blocks of `horizon` origins; with few blocks it
    is rough and too narrow.

    Args:
        counts: events in each period.
        rng: source of the draws and resamples.
        first: periods before the first origin.
        horizon: periods forecast from each origin.
        resamples: bootstrap samples behind the interval.
        confidence: probability content of the interval.

    Returns:
        Scores of all forms, and the advantage of faster over exponential growth.

    Raises:
        ValueError: Unless there are at least two blocks of origins.
    """
    counts = _checked(counts, "free")
    origins = range(first, counts.size - horizon + 1)
    if first < FEWEST_PERIODS or len(origins) < 2 * horizon:
        raise ValueError(
            f"first = {first}, horizon = {horizon} and {counts.size} periods leave "
            f"{len(origins)} origins; {2 * horizon} after {FEWEST_PERIODS} periods are needed"
        )
    ahead = np.arange(1.0, horizon + 1)
    scores = {form: np.zeros(len(origins)) for form in FORMS}
    soon = np.zeros(len(origins))
    for place, origin in enumerate(origins):
        for form in FORMS:
            fit = fit_growth(counts[:origin], form, horizon=horizon)
            draws = _draw_fits(fit, counts[:origin], horizon, rng)
            coming = counts[origin : origin + horizon]
            scores[form][place] = _log_scores(draws, ahead, coming).mean()
            if form == "faster":
                soon[place] = fit.periods_left < counts.size - origin
    gained = scores["faster"] - scores["exponential"]
    return GrowthComparison(
        scores={form: float(each.mean()) for form, each in scores.items()},
        advantage=_block_interval(gained, horizon, rng, resamples, confidence),
        origins=len(origins),
        horizon=horizon,
        warning=float(soon.mean()),
    )


def _search(counts: np.ndarray, form: Form, horizon: int, held: float | None = None) -> GrowthFit:
    """Fit a form by maximum likelihood, or with the curvature fixed at `held`."""
    ends = np.arange(1 - counts.size, 1.0)
    low, high = _limits(counts.size, horizon)
    if form == "exponential":
        slope, level = np.polyfit(ends, np.log(counts + 0.5), 1)
        log_size = 2.0
    else:  # start from the exponential fit, so that a richer form never fits worse
        straight = _search(counts, "exponential", horizon)
        slope, level = straight.rate, straight.level
        log_size = np.log(min(straight.size, LARGEST))
    bounds = [(-20.0, 20.0), (-5.0, 5.0), (low, high), (-5.0, float(np.log(LARGEST)))]
    if form == "exponential":
        bounds[2] = (0.0, 0.0)
    elif held is not None:
        bounds[2] = (held, held)
    elif form == "faster":
        bounds[2] = (0.0, high)

    found = minimize(
        _loss,
        [level, slope, held or 0.0, log_size],
        args=(counts, ends - 0.5),
        jac=True,
        method="L-BFGS-B",
        bounds=bounds,
    )
    level, rate, curvature, size = (float(each) for each in found.x)
    spread = float("inf") if size > np.log(LARGEST) - 1e-6 else float(np.exp(size))
    return GrowthFit(form, level, rate, curvature, spread, -float(found.fun))


def _loss(free: np.ndarray, counts: np.ndarray, times: np.ndarray) -> tuple[float, np.ndarray]:
    """Negative log-likelihood and its gradient in level, rate, curvature and log size."""
    level, rate, curvature, log_size = free
    mean = np.exp(_log_mean(level, rate, curvature, times))
    size = np.exp(log_size)
    surprise = size * (counts - mean) / (size + mean)
    if abs(curvature) < STRAIGHT:
        bend, lean = rate * times**2 / 2, times
    else:
        lean = -np.log1p(-curvature * times) / curvature
        bend = rate / curvature * (times / (1 - curvature * times) - lean)
    spread = digamma(counts + size) - digamma(size) - np.log1p(mean / size)
    spread = size * (spread + (mean - counts) / (size + mean))
    gradient = [surprise.sum(), surprise @ lean, surprise @ bend, spread.sum()]
    return -float(_log_probability(counts, mean, size).sum()), -np.array(gradient)


def _draw_fits(
    fit: GrowthFit, counts: np.ndarray, horizon: int, rng: np.random.Generator
) -> Float[np.ndarray, "draw 4"]:
    """Laplace draws of level, rate, curvature and log size, the curvature within its limits."""
    times = np.arange(1 - counts.size, 1.0) - 0.5
    mode = np.array([fit.level, fit.rate, fit.curvature, np.log(min(fit.size, LARGEST))])
    low, high = _limits(counts.size, horizon)
    if fit.form == "exponential":
        low = high = 0.0
    elif fit.form == "faster":
        low = 0.0
    free = np.array([True, True, low < mode[2] < high, mode[3] < np.log(LARGEST)])
    steps = np.diag([1e-4, 1e-5, 1e-6, 1e-4])[free]
    slopes = [
        (_loss(mode + step, counts, times)[1] - _loss(mode - step, counts, times)[1])[free]
        / (2 * step.sum())
        for step in steps
    ]
    values, vectors = np.linalg.eigh((np.array(slopes) + np.array(slopes).T) / 2)
    spread = vectors / np.sqrt(np.maximum(values, 1e-3))
    draws = np.tile(mode, (DRAWS, 1))
    draws[:, free] += rng.standard_normal((DRAWS, int(free.sum()))) @ spread.T
    draws[:, 2] = np.clip(draws[:, 2], low, high)
    draws[:, 3] = np.clip(draws[:, 3], -5, np.log(LARGEST))
    return draws


def _log_scores(draws: np.ndarray, times: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Log of the mean probability of each count over the draws."""
    level, rate, curvature, log_size = (column[:, None] for column in draws.T)
    middles = times - 0.5
    safe = np.where(np.abs(curvature) < STRAIGHT, STRAIGHT, curvature)
    logs = np.clip(level - rate / safe * np.log1p(-safe * middles), -50, 50)
    each = _log_probability(counts, np.exp(logs), np.exp(log_size))
    return logsumexp(each, axis=0) - np.log(len(draws))


def _limits(periods: int, horizon: int) -> tuple[float, float]:
    """Curvatures for which the mean is finite from before the first period to the horizon."""
    return -0.98 / periods, 1 / (horizon + 1)


def _log_mean(level: float, rate: float, curvature: float, times: Any) -> Any:
    """Logarithm of the mean, clipped so that its exponential is finite."""
    if abs(curvature) < STRAIGHT:
        return level + rate * times
    return np.clip(level - rate / curvature * np.log1p(-curvature * times), -50, 50)


def _log_probability(counts: Any, mean: Any, size: Any) -> np.ndarray:
    """Negative binomial with this mean and size."""
    falls = gammaln(counts + size) - gammaln(size) - gammaln(counts + 1)
    return falls - size * np.log1p(mean / size) + counts * (np.log(mean) - np.log(size + mean))


def _block_interval(
    values: np.ndarray, block: int, rng: np.random.Generator, resamples: int, confidence: float
) -> Interval:
    """The mean with percentiles of a circular block bootstrap (Politis and Romano 1992)."""
    blocks = -(-values.size // block)
    begin = rng.integers(0, values.size, (resamples, blocks))
    places = (begin[:, :, None] + np.arange(block)) % values.size
    means = values[places.reshape(resamples, -1)[:, : values.size]].mean(1)
    return percentile_interval(float(values.mean()), means, confidence=confidence)


def _checked(counts: np.ndarray, form: str) -> np.ndarray:
    if form not in FORMS:
        raise ValueError(f"form = {form!r}; one of {', '.join(FORMS)} is needed")
    counts = np.asarray(counts)
    if counts.size < FEWEST_PERIODS or (counts < 0).any() or not counts.any():
        raise ValueError(
            f"{counts.size} periods with {counts.sum()} events; {FEWEST_PERIODS} periods of counts "
            "of at least 0, not all of them 0, are needed"
        )
    return counts

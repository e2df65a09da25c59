"""Early warning: do the fluctuations of a series grow larger and slower over time?

As utilisation approaches 1, the recovery gain `gamma (1 - u)^2` approaches 0, and a regime's
contradiction returns more slowly after each disturbance. Its variance and its lag-1 autocorrelation
then rise (Wissel 1984; Scheffer et al. 2009, Nature 461:53). Both are computed over a rolling
window after detrending. Their trends are measured by Kendall's tau, which is compared with that of
stationary series treated in the same way (Dakos et al. 2012, PLoS ONE 7:e41010). Theory, section 6.
docs/collapse.md gives the rates of false and of missed alarms; an alarm is not a forecast.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from scipy.ndimage import gaussian_filter1d
from scipy.optimize import root_scalar
from scipy.signal import lfilter

QUARTILE = 0.25 / 0.675
"""Standard deviation of the kernel per bandwidth: the quartiles are at a quarter bandwidth."""

STEADIEST, SLOWEST = -0.95, 0.999
"""Range of the lag-1 autocorrelation of the stationary series."""


class Indicators(NamedTuple):
    """Variance and lag-1 autocorrelation of the last `window` points, at each end of a window."""

    variance: Float[np.ndarray, "*run end"]
    autocorrelation: Float[np.ndarray, "*run end"]


class Trends(NamedTuple):
    """Trends of the indicators of one series.

    Attributes:
        variance: Kendall's tau of the variance with time, -1 to 1.
        autocorrelation: Kendall's tau of the autocorrelation with time, -1 to 1.
        p_variance: probability of a tau of the variance as high in a stationary series.
        p_autocorrelation: probability of a tau of the autocorrelation as high in such a series.
        memory: lag-1 autocorrelation of the stationary series.
    """

    variance: float
    autocorrelation: float
    p_variance: float
    p_autocorrelation: float
    memory: float


def detrend(
    series: Float[np.ndarray, "*run time"], *, bandwidth: float = 0.2
) -> Float[np.ndarray, "*run time"]:
    """Subtract a Gaussian kernel smooth from equally spaced series.

    Args:
        series: one series, or several along the first axes.
        bandwidth: in (0, 1], as a share of the series; the kernel's quartiles are at a quarter of
            it. Ends are reflected.
    """
    if not 0 < bandwidth <= 1:
        raise ValueError(f"bandwidth = {bandwidth} is not in (0, 1]; it is a share of the series")
    width = QUARTILE * bandwidth * series.shape[-1]
    return series - gaussian_filter1d(series, width, axis=-1, mode="reflect")


def rolling_indicators(
    series: Float[np.ndarray, "*run time"], *, window: float = 0.25
) -> Indicators:
    """Variance (over w - 1) and lag-1 correlation of each run of w = `window` x length points.

    Pearson's correlation between the last w - 1 and the first w - 1 points of the window. NaN if
    the window is constant.

    Raises:
        ValueError: For windows of fewer than 3 points.
    """
    length = series.shape[-1]
    wide = int(window * length)
    if not 3 <= wide <= length:
        raise ValueError(
            f"window = {window} of {length} points is {wide}; at least 3 and at most all are needed"
        )
    # subtract the mean first: sums over windows lose digits if it is large
    x = series - series.mean(axis=-1, keepdims=True)
    mean, square = _sums(x, wide) / wide, _sums(x * x, wide)
    variance = (square - wide * mean**2) / (wide - 1)
    before, after, pairs = x[..., :-1], x[..., 1:], wide - 1
    first, second = _sums(before, pairs), _sums(after, pairs)
    shared = _sums(before * after, pairs) - first * second / pairs
    spread = (_sums(before**2, pairs) - first**2 / pairs) * (
        _sums(after**2, pairs) - second**2 / pairs
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        return Indicators(variance, shared / np.sqrt(np.where(spread > 0, spread, np.nan)))


def kendall_tau(values: Float[np.ndarray, "*run time"]) -> Float[np.ndarray, "*run"]:
    """Kendall's tau with time: concordant minus discordant pairs over all pairs; ties count 0."""
    length = values.shape[-1]
    concordance = np.zeros(values.shape[:-1])
    for apart in range(1, length):
        concordance += np.sign(values[..., apart:] - values[..., :-apart]).sum(axis=-1)
    return concordance / (length * (length - 1) / 2)


def find_trends(
    series: Float[np.ndarray, "time"],
    rng: np.random.Generator,
    *,
    bandwidth: float = 0.2,
    window: float = 0.25,
    surrogates: int = 200,
) -> Trends:
    """Trends of both indicators and their p-values against stationary first-order series.

    The stationary series are first-order autoregressions. Their memory is chosen such that, *after
    detrending with this kernel*, they have the lag-1 autocorrelation of the detrended series. They
    then go through the same detrending and windows. A memory taken directly from the detrended
    series would be too short, because detrending shortens it; chance trends would look rarer than
    they are, and there would be too many false alarms.

    Args:
        series: equally spaced, without gaps, before any transition.
        rng: source of the stationary series.
        bandwidth: of the detrending, as a share of the series.
        window: of the indicators, as a share of the series.
        surrogates: number k of stationary series; p is (1 + number with as high a tau) / (1 + k).

    Raises:
        ValueError: For a series that is not finite, or constant.
    """
    if not np.all(np.isfinite(series)):
        raise ValueError(
            f"series: {series[~np.isfinite(series)][0]} at {int((~np.isfinite(series)).argmax())}; "
            "fill or cut gaps first"
        )
    rest = detrend(series, bandwidth=bandwidth)
    if np.ptp(rest) == 0:
        raise ValueError("series: constant; its indicators are undefined")
    seen = rolling_indicators(rest, window=window)
    taus = [float(kendall_tau(indicator)) for indicator in seen]
    memory = _memory(rest, bandwidth)
    drawn = detrend(_draw(memory, (surrogates, series.size), rng), bandwidth=bandwidth)
    ps = [
        (1 + np.count_nonzero(kendall_tau(indicator) >= tau)) / (1 + surrogates)
        for indicator, tau in zip(rolling_indicators(drawn, window=window), taus, strict=True)
    ]
    return Trends(taus[0], taus[1], float(ps[0]), float(ps[1]), memory)


def _sums(x: Float[np.ndarray, "*run time"], wide: int) -> Float[np.ndarray, "*run end"]:
    total = np.concatenate([np.zeros((*x.shape[:-1], 1)), x.cumsum(axis=-1)], axis=-1)
    return total[..., wide:] - total[..., :-wide]


def _memory(rest: Float[np.ndarray, "time"], bandwidth: float) -> float:
    """Memory of the first-order series whose detrended lag-1 autocorrelation is that of `rest`."""
    seen = float((rest[1:] * rest[:-1]).sum() / (rest * rest).sum())
    angle = np.pi * (np.arange(rest.size) + 0.5) / rest.size
    width = QUARTILE * bandwidth * rest.size
    passed = (1 - np.exp(-((width * angle) ** 2) / 2)) ** 2

    def excess(memory: float) -> float:
        power = passed / (1 - 2 * memory * np.cos(angle) + memory**2)
        return float((power * np.cos(angle)).sum() / power.sum()) - seen

    if excess(STEADIEST) >= 0:
        return STEADIEST
    if excess(SLOWEST) <= 0:
        return SLOWEST
    return float(root_scalar(excess, bracket=(STEADIEST, SLOWEST)).root)


def _draw(
    memory: float, shape: tuple[int, int], rng: np.random.Generator
) -> Float[np.ndarray, "run time"]:
    """Stationary first-order series of unit innovations."""
    noise = rng.standard_normal(shape)
    noise[:, 0] /= np.sqrt(1 - memory**2)
    return np.asarray(lfilter([1.0], [1.0, -memory], noise, axis=-1))

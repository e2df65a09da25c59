"""The log-periodic power law, as a diagnostic.

ln p(t) = A + B (t_c - t)^m + (t_c - t)^m [C cos(w ln(t_c - t)) + D sin(w ln(t_c - t))]

with 0 < m < 1 and B < 0 describes growth faster than exponential towards a critical time t_c, with
oscillations that quicken towards it (Johansen, Ledoit and Sornette 2000; in this form Filimonov and
Sornette 2013). With seven parameters the law also fits many unrelated series. Every fit is
therefore reported with the share of series without a critical time that fit as well.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from scipy.optimize import least_squares
from scipy.stats import chi2

from throffer.stats import CONFIDENCE, Interval

EXPONENTS = (0.1, 0.9)
FREQUENCIES = (6.0, 13.0)
DAMPING = 0.8
"""Filters of Filimonov and Sornette 2013 and later: ranges of m and w, least damping."""

AHEAD = 0.5
"""How far after the end critical times are searched, as a share of the series' length."""

FEWEST_POINTS = 40
"""Fewest points for a fit."""

NULLS = ("random walk", "exponential growth")
"""Kinds of series without a critical time that match the data in length, growth and noise."""


class Lppl(NamedTuple):
    """A fit, in the unit of time of the series.

    Attributes:
        critical_time: t_c with a profile-likelihood interval, if there is a critical time at all;
            docs/events.md has its measured coverage, and the rate of false alarms.
        exponent: m.
        frequency: w.
        damping: m |B| / (w |(C, D)|).
        misfit: residual standard deviation of ln p.
        qualifies: whether B < 0 and m, w and damping pass the filters.
    """

    critical_time: Interval
    exponent: float
    frequency: float
    damping: float
    misfit: float
    qualifies: bool


class LpplDiagnostic(NamedTuple):
    """A fit, with the rate at which series without a critical time fit as well.

    Attributes:
        fit: see `Lppl`.
        false_alarms: for each of `NULLS`, the share of series without a critical time, but of the
            same length, growth and noise, that qualify.
        as_good: for each, the share that qualify and whose misfit, relative to that of exponential
            growth, is as small as the data's. At 5 % and above the fit is no evidence of a
            critical time.
        draws: number of series for each share.
        caveat: sentence to print with the result.
    """

    fit: Lppl
    false_alarms: dict[str, float]
    as_good: dict[str, float]
    draws: int
    caveat: str


def diagnose_lppl(
    times: Float[np.ndarray, "point"],
    values: Float[np.ndarray, "point"],
    rng: np.random.Generator,
    *,
    draws: int = 100,
) -> LpplDiagnostic:
    """Fit the law to positive values, and to series like them that have no critical time.

    A `random walk` has the data's mean and standard deviation of steps in ln p; `exponential
    growth` has a straight line in ln p with the data's residuals about it, as an autoregression of
    order one.

    Raises:
        ValueError: For fewer than 40 points, times out of order or values not above 0.
    """
    times, logs = _checked(times, values)
    fit = fit_lppl(times, values)
    gained = fit.misfit / _straight(times, logs)[1]
    alarms, good = {}, {}
    for null in NULLS:
        fits = []
        for _ in range(draws):
            drawn = _draw_null(null, times, logs, rng)
            found = _fit(times, drawn)
            fits.append((found.qualifies, found.misfit / _straight(times, drawn)[1]))
        alarms[null] = float(np.mean([qualifies for qualifies, _ in fits]))
        good[null] = float(np.mean([qualifies and ratio <= gained for qualifies, ratio in fits]))
    worst = max(good.values())
    caveat = (
        f"A diagnostic, not a forecast: {worst:.0%} of {draws} series without a critical time, "
        "like this one in length, growth and noise, qualify with as good a fit."
        if fit.qualifies
        else "The fit does not pass the filters: nothing follows from it."
    )
    return LpplDiagnostic(fit, alarms, good, draws, caveat)


def fit_lppl(times: Float[np.ndarray, "point"], values: Float[np.ndarray, "point"]) -> Lppl:
    """Least squares in ln p: grid, then refinement; the linear parameters follow from the rest.

    Raises:
        ValueError: As `diagnose_lppl` does.
    """
    times, logs = _checked(times, values)
    return _fit(times, logs)


def _fit(times: np.ndarray, logs: np.ndarray) -> Lppl:
    """Fit with times in units of the series' length before its end, so that one grid suits all."""
    length = times[-1] - times[0]
    scaled = (times - times[-1]) / length
    critical = np.geomspace(0.002, AHEAD, 16)
    profile = np.array([_best_at(scaled, logs, ahead) for ahead in critical])
    place = int(np.argmin(profile[:, 0]))
    found = least_squares(
        lambda free: _residuals(scaled, logs, *free)[0],
        [critical[place], *profile[place, 1:]],
        bounds=([1e-3, 0.01, 2.0], [AHEAD, 1.2, 20.0]),
        x_scale=[0.1, 0.2, 2.0],
        max_nfev=60,
    )
    ahead, exponent, frequency = found.x
    left, linear = _residuals(scaled, logs, ahead, exponent, frequency)
    swing = float(np.hypot(linear[2], linear[3]))
    damping = float(exponent * abs(linear[1]) / (frequency * max(swing, 1e-12)))
    qualifies = (
        linear[1] < 0
        and EXPONENTS[0] <= exponent <= EXPONENTS[1]
        and FREQUENCIES[0] <= frequency <= FREQUENCIES[1]
        and damping >= DAMPING
    )
    squares = float(left @ left)
    return Lppl(
        critical_time=_critical_interval(times, critical, profile[:, 0], ahead, left),
        exponent=float(exponent),
        frequency=float(frequency),
        damping=damping,
        misfit=(squares / times.size) ** 0.5,
        qualifies=bool(qualifies),
    )


def _critical_interval(
    times: np.ndarray, critical: np.ndarray, profile: np.ndarray, best: float, left: np.ndarray
) -> Interval:
    """Interval where the profile stays near its minimum.

    The number of points is reduced by (1 - r)/(1 + r) for the correlation r of the residuals.
    """
    correlation = float(np.clip(np.corrcoef(left[:-1], left[1:])[0, 1], 0, 0.98))
    worth = times.size * (1 - correlation) / (1 + correlation)
    squares = min(float(left @ left), float(profile.min()))
    fall = worth * np.log(profile / squares)
    inside = np.flatnonzero(fall <= chi2.ppf(CONFIDENCE, 1))
    length = times[-1] - times[0]
    ends: list[float | None] = [times[-1] + length * best] * 2
    if inside.size:
        first, last = int(inside[0]), int(inside[-1])
        # the grid is coarse: extend to the neighbouring excluded points
        low = critical[max(first - 1, 0)] if first else 0.0
        ends[0] = float(times[-1] + length * min(low, best))
        beyond = last == critical.size - 1
        ends[1] = None if beyond else float(times[-1] + length * max(critical[last + 1], best))
    why = "no critical time up to the end of the search is excluded" if ends[1] is None else ""
    found = float(times[-1] + length * best)
    return Interval(estimate=found, low=ends[0], high=ends[1], why=why)


def _best_at(scaled: np.ndarray, logs: np.ndarray, ahead: float) -> tuple[float, float, float]:
    """Least sum of squares at a critical time, with its exponent and frequency."""
    exponents = np.linspace(0.1, 0.9, 5)
    frequencies = np.linspace(4.0, 15.0, 12)
    lag = ahead - scaled
    power = lag ** exponents[:, None, None]
    phase = frequencies[None, :, None] * np.log(lag)
    columns = [power + 0 * phase, power * np.cos(phase), power * np.sin(phase)]
    design = np.stack([np.ones(columns[0].shape), *columns], -1)
    normal = np.einsum("mwti,mwtj->mwij", design, design) + 1e-10 * np.eye(4)
    cross = np.einsum("mwti,t->mwi", design, logs - logs.mean())
    linear = np.linalg.solve(normal, cross[..., None])[..., 0]
    squares = ((logs - logs.mean()) ** 2).sum() - (linear * cross).sum(-1)
    place = np.unravel_index(np.argmin(squares), squares.shape)
    start = [exponents[place[0]], frequencies[place[1]]]
    found = least_squares(
        lambda free: _residuals(scaled, logs, ahead, *free)[0],
        start,
        bounds=([0.01, 2.0], [1.2, 20.0]),
        x_scale=[0.2, 2.0],
        max_nfev=12,
    )
    return 2 * float(found.cost), float(found.x[0]), float(found.x[1])


def _residuals(
    scaled: np.ndarray, logs: np.ndarray, ahead: float, exponent: float, frequency: float
) -> tuple[np.ndarray, np.ndarray]:
    """Residuals of ln p, and the linear parameters A, B, C, D."""
    lag = ahead - scaled
    power, phase = lag**exponent, frequency * np.log(lag)
    design = np.stack([np.ones(lag.size), power, power * np.cos(phase), power * np.sin(phase)], 1)
    linear = np.linalg.lstsq(design, logs, rcond=None)[0]
    return logs - design @ linear, linear


def _straight(times: np.ndarray, logs: np.ndarray) -> tuple[np.ndarray, float]:
    """Exponential growth: its line in ln p, and the standard deviation about it."""
    line = np.polyval(np.polyfit(times, logs, 1), times)
    return line, float(np.std(logs - line)) or 1e-12


def _draw_null(
    null: str, times: np.ndarray, logs: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    if null == "random walk":
        steps = np.diff(logs)
        return np.cumsum([logs[0], *rng.normal(steps.mean(), steps.std(ddof=1), steps.size)])
    line, spread = _straight(times, logs)
    left = logs - line
    memory = float(np.clip(np.corrcoef(left[:-1], left[1:])[0, 1], 0, 0.99))
    noise = rng.normal(0, spread, times.size)
    for place in range(1, times.size):
        noise[place] = memory * noise[place - 1] + (1 - memory**2) ** 0.5 * noise[place]
    return line + noise


def _checked(times: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    times, values = np.asarray(times, float), np.asarray(values, float)
    if times.size < FEWEST_POINTS or times.shape != values.shape:
        raise ValueError(
            f"{times.size} times and {values.size} values; as many values as times, and at least "
            f"{FEWEST_POINTS}, are needed"
        )
    if (np.diff(times) <= 0).any() or not (values > 0).all():
        raise ValueError("times must increase and values be above 0; take logarithms of neither")
    return times, np.log(values)

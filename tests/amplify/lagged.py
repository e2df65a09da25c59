"""One lagged regime by plain numpy, in units of chi and of the mean lag: the tests' oracle.

It shares nothing with `throffer.amplify`: dX/dt = gamma (u f(t) - C(Y)) with C(y) = y/(1+y) and
Y = sum of weight x X(t - delay), so that any lag distribution is a row of delays and weights.
"""

from collections.abc import Callable

import numpy as np

STEPS = 60
"""Euler steps in one mean lag."""

Inflow = Callable[[float], float]

LAGS: dict[str, tuple[np.ndarray, np.ndarray]] = {}
"""Delays (in mean lags) and weights of distributions with mean 1."""


def _erlang(stages: int) -> tuple[np.ndarray, np.ndarray]:
    delays = (np.arange(12 * STEPS) + 0.5) / STEPS
    log = (stages - 1) * np.log(delays) - stages * delays
    weights = np.exp(log - log.max())
    weights /= weights.sum()
    return delays / (delays @ weights), weights


LAGS["fixed"] = np.array([1.0]), np.array([1.0])
LAGS["uniform"] = (np.arange(2 * STEPS) + 0.5) / STEPS, np.full(2 * STEPS, 0.5 / STEPS)
LAGS["two-point"] = np.array([0.1, 3.7]), np.array([0.75, 0.25])
LAGS["mostly at once"] = np.array([0.0, 10.0]), np.array([0.9, 0.1])
LAGS |= {f"erlang {n}": _erlang(n) for n in (1, 2, 3, 8)}

INFLOWS: dict[str, Inflow] = {
    "step": lambda t: 1.0,
    "ramp": lambda t: min(t / 5.0, 1.0),
    "late step": lambda t: 0.6 if t < 8 else 1.0,
    "stairs": lambda t: min(np.floor(t) / 7.0, 1.0),
    "creep": lambda t: 1 - np.exp(-t / 20.0),
}


def simulate(
    lag: tuple[np.ndarray, np.ndarray],
    utilisation: np.ndarray,
    gain_lag: np.ndarray,
    inflow: Inflow,
    lags: float,
    start: np.ndarray | float = 0.0,
) -> np.ndarray:
    """X/chi, `(time, case)`, from `start` (at rest before), held at 0 from below."""
    delays, weights = lag
    back = np.rint(delays * STEPS).astype(int)
    count = int(lags * STEPS)
    first = back.max() + 1
    x = np.zeros((first + count, *np.shape(utilisation)))
    x[:first] = start
    for k in range(first, first + count):
        seen = np.tensordot(weights, x[k - 1 - back], 1)
        change = gain_lag * (utilisation * inflow((k - first) / STEPS) - seen / (1 + seen))
        x[k] = np.maximum(x[k - 1] + change / STEPS, 0)
    return x[first:]

"""The window in which correction keeps up with inflow: its walls, and the margin within them.

Everything is in units of the saturation level chi of correction. Three numbers then describe an
institution: utilisation u = I/(gamma chi), margin ratio mu = m/chi and gain-lag Gamma = gamma tau
(theory, section 6). Each wall is a function, to be drawn in a diagram with axes u and u Gamma.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

import numpy as np
from jaxtyping import ArrayLike, Bool, Float, Shaped

from throffer.structure import checked

Numbers = Float[np.ndarray, "*batch"]


class State(StrEnum):
    """Where an institution stands.

    - `safe`: inside the reaction wall; starting at rest, the margin holds for every lag
      distribution with this mean and every nondecreasing inflow up to I.
    - `exposed`: between the walls; the margin holds if inflow rises slowly enough.
    - `lost`: outside the margin wall; the margin is exceeded however slowly inflow rises.
    """

    SAFE = "safe"
    EXPOSED = "exposed"
    LOST = "lost"


class Window(NamedTuple):
    """Where institutions stand; every field has the common shape of the arguments.

    Attributes:
        state: `State` values as text.
        oscillates: correction overshoots in sustained bounded oscillations.
        margin: margin of error M/chi = mu - X*/chi - u Gamma; negative outside the reaction wall,
            -inf if there is no level at rest (u >= 1).
        level: the level at rest X*/chi = u/(1-u), infinite for u >= 1.
        recovery: (1-u)^2, the factor by which the gain of correction falls as u -> 1 (critical
            slowing down); 0 for u >= 1.
        time_left: (m - X)/(dX/dt) in the time unit of `rate`; infinite where X does not rise, 0
            where the margin is gone, NaN where no rate was given or X is not known.
    """

    state: Shaped[np.ndarray, "*batch"]
    oscillates: Bool[np.ndarray, "*batch"]
    margin: Numbers
    level: Numbers
    recovery: Numbers
    time_left: Numbers


def window(
    utilisation: Float[ArrayLike, "*#batch"],
    margin_ratio: Float[ArrayLike, "*#batch"],
    gain_lag: Float[ArrayLike, "*#batch"],
    stages: Shaped[ArrayLike, "*#batch"] = np.inf,
    *,
    rate: Float[ArrayLike, "*#batch"] | None = None,
    level: Float[ArrayLike, "*#batch"] | None = None,
) -> Window:
    """Place institutions in the window; the arguments broadcast together.

    The margin wall is necessary and the reaction wall sufficient (theory, section 6, with the
    proof): `safe` is u/(1-u) + u Gamma < mu, `lost` is u >= mu/(1+mu).

    Args:
        utilisation: u = I/(gamma chi) >= 0; correction cannot keep up from 1 on.
        margin_ratio: mu = m/chi > 0.
        gain_lag: Gamma = gamma tau >= 0.
        stages: n of the Erlang lag, 1, 2, ...; infinity is a fixed delay. Only `oscillates` depends
            on it.
        rate: d(X/chi)/dt, the present rise of contradiction. If it is given per lag tau,
            `time_left` is in lags, and below 1 the margin is gone before correction sees the cause.
        level: X/chi >= 0 now; by default the level at rest, which does not exist for u >= 1.

    Raises:
        ValueError: For an argument that is not finite or outside its range; the message names it.

    ```python
    >>> seen = window([0.3, 0.3, 0.7], 1.0, [0.5, 4.0, 0.5], 3)
    >>> seen.state.tolist()
    ['safe', 'exposed', 'lost']
    >>> print(seen.margin.round(3))
    [ 0.421 -0.629 -1.683]
    >>> float(window(0.3, 1.0, 0.5, rate=0.2).time_left.round(3))
    2.857

    ```
    """
    u = checked("utilisation", utilisation)
    mu = checked("margin_ratio", margin_ratio, above=True)
    gain = checked("gain_lag", gain_lag)
    n = _checked_stages(stages)
    now = None if level is None else checked("level", level)
    speed = None if rate is None else checked("rate", rate, low=-np.inf)
    given = [each for each in (u, mu, gain, n, now, speed) if each is not None]
    try:
        shape = np.broadcast_shapes(*(each.shape for each in given))
    except ValueError as error:
        shapes = ", ".join(str(each.shape) for each in given)
        raise ValueError(f"the arguments of window do not broadcast: shapes {shapes}") from error
    u, mu, gain, n = (np.broadcast_to(each, shape) for each in (u, mu, gain, n))
    resting = resting_level(u)
    margin = mu - resting - u * gain
    state = np.where(margin > 0, State.SAFE, State.EXPOSED)
    state = np.where(u >= margin_wall(mu), State.LOST, state)
    recovery = np.maximum(1 - u, 0) ** 2
    left = np.full(shape, np.nan)
    if speed is not None:
        known = np.where(np.isfinite(resting), resting, np.nan) if now is None else now
        left = np.broadcast_to(time_until(mu - known, speed), shape)
    oscillates = gain * recovery > overshoot_limit(n)
    return Window(state, oscillates, margin, resting, recovery, left)


def resting_level(utilisation: Float[ArrayLike, "*batch"]) -> Numbers:
    """X*/chi = u/(1-u), where correction equals inflow; infinite for u >= 1."""
    u = np.asarray(utilisation, float)
    below = u < 1
    return np.where(below, u / np.where(below, 1 - u, 1), np.inf)


def margin_wall(margin_ratio: Float[ArrayLike, "*batch"]) -> Numbers:
    """Utilisation u = mu/(1+mu), from which on the level at rest is at or above the margin."""
    mu = np.asarray(margin_ratio, float)
    return mu / (1 + mu)


def reaction_wall(
    utilisation: Float[ArrayLike, "*#batch"], margin_ratio: Float[ArrayLike, "*#batch"]
) -> Numbers:
    """Lag load u Gamma = mu - u/(1-u), below which the state is `safe`; NaN beyond the margin wall.

    u Gamma = I tau/chi is the inflow during one lag. It does not depend on gamma: a higher capacity
    of correction does not give more reaction time.
    """
    u, mu = np.asarray(utilisation, float), np.asarray(margin_ratio, float)
    room = mu - resting_level(u)
    return np.where(room > 0, room, np.nan)


def safe_utilisation(
    margin_ratio: Float[ArrayLike, "*#batch"], gain_lag: Float[ArrayLike, "*#batch"]
) -> Numbers:
    """Utilisation at which the reaction wall is met, at a given gain-lag.

    The smaller root of Gamma u^2 - (1 + Gamma + mu) u + mu = 0, in the form without cancellation.
    """
    mu, gain = np.asarray(margin_ratio, float), np.asarray(gain_lag, float)
    half = 1 + gain + mu
    return 2 * mu / (half + np.sqrt((gain - mu) ** 2 + 2 * (gain + mu) + 1))


def overshoot_limit(stages: Shaped[ArrayLike, "*batch"]) -> Numbers:
    """Gain-lag from which on a linear correction through n stages oscillates without decay.

    n tan(pi/2n) / cos(pi/2n)^n: where a root of s (1 + s tau/n)^n + gamma = 0 crosses the
    imaginary axis. Infinite for n = 1, pi/2 for a fixed delay (n infinite).

    ```python
    >>> print(overshoot_limit([1, 2, 3, np.inf]).round(3))
    [  inf 4.    2.667 1.571]

    ```
    """
    n = np.asarray(stages, float)
    several = np.isfinite(n) & (n > 1)
    m = np.where(several, n, 2.0)
    angle = np.pi / (2 * m)
    wall = m * np.tan(angle) / np.cos(angle) ** m
    return np.where(several, wall, np.where(n > 1, np.pi / 2, np.inf))


def overshoot_wall(
    utilisation: Float[ArrayLike, "*#batch"], stages: Shaped[ArrayLike, "*#batch"]
) -> Numbers:
    """Lag load u Gamma at which oscillations begin, u times `overshoot_limit` / (1-u)^2.

    Infinite for one stage and for u >= 1.
    """
    u = np.asarray(utilisation, float)
    below = u < 1
    return np.where(below, u * overshoot_limit(stages) / np.where(below, 1 - u, 1) ** 2, np.inf)


def time_until(room: Float[ArrayLike, "*#batch"], rate: Float[ArrayLike, "*#batch"]) -> Numbers:
    """Time left, (m - X)/(dX/dt): 0 if the margin is gone, infinite if X does not rise."""
    room, rate = np.asarray(room, float), np.asarray(rate, float)
    rising = rate > 0
    left = np.where(rising, np.maximum(room, 0) / np.where(rising, rate, 1), np.inf)
    return np.where(np.isnan(room), np.nan, np.where(room <= 0, 0.0, left))


def _checked_stages(value: Shaped[ArrayLike, "*batch"]) -> Numbers:
    try:
        array = np.asarray(value, dtype=float)
    except (TypeError, ValueError) as error:
        raise ValueError(f"stages = {value!r} is not a number") from error
    wrong = ~((array >= 1) & ((array == np.floor(array)) | np.isinf(array)))
    if wrong.any():
        raise ValueError(
            f"stages = {array[wrong].flat[0]} must be a whole number from 1 on, or infinity for "
            "a fixed delay"
        )
    return array

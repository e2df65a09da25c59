"""The path of a system through the window as amplification grows, and where it leaves the window.

On log-log axes, utilisation u and lag load u Gamma = I tau/chi change with local slopes
e_s + e_c - e_g and e_s + e_c + e_tau, where e_c = d ln(c + contact)/d ln A is computed along the
path (theory, section 6). The path is quasi-static and no regime is down, so the feedback of
collapses on growth is not included.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import jax
import numpy as np
from jaxtyping import ArrayLike, Float

from throffer.amplify._growth import time_to
from throffer.amplify._system import System, check_system, drive
from throffer.amplify._window import Window, margin_wall, overshoot_limit, resting_level, window

POINTS = 400
"""Grid points of ln A for the search of walls; a stay beyond a wall that is shorter than a grid
step is not found."""

HALVINGS = 40

Along = Float[np.ndarray, "point trajectory regime"]
Each = Float[np.ndarray, "trajectory regime"]


class Place(NamedTuple):
    """Position of regimes in the window at some values of A: `(point, trajectory, regime)`.

    Attributes:
        inflow: I, per unit of time.
        lag: tau.
        utilisation: u.
        lag_load: u Gamma.
        gain_lag: Gamma.
        margin_ratio: mu.
    """

    inflow: Along
    lag: Along
    utilisation: Along
    lag_load: Along
    gain_lag: Along
    margin_ratio: Along

    @property
    def recovery(self) -> Along:
        """Recovery time 1/(gamma (1-u)^2) of a small disturbance; infinite for u >= 1."""
        with np.errstate(divide="ignore"):
            return self.lag / (self.gain_lag * np.maximum(1 - self.utilisation, 0) ** 2)


class Path(NamedTuple):
    """A system's path through the governability diagram, by `(point, trajectory, regime)`.

    Attributes:
        amplification: A at each point.
        place: position at each point; `utilisation` and `lag_load` are the axes of the diagram.
        window: state, margin of error and the other fields of `Window` at each point.
        slope_conduct: e_c.
        slope_utilisation: local slope of ln u against ln A.
        slope_lag_load: local slope of ln(u Gamma) against ln A.
    """

    amplification: Float[np.ndarray, "point"]
    place: Place
    window: Window
    slope_conduct: Along
    slope_utilisation: Along
    slope_lag_load: Along


class WallCrossing(NamedTuple):
    """Where a wall is first met, by trajectory and regime.

    A regime that starts beyond the wall has the start of growth as `amplification` and 0 as `time`.
    Both are infinite for a regime that does not meet the wall below the ceiling of growth.

    Attributes:
        amplification: A at the wall.
        time: time at which A reaches that value.
        lag: tau at the wall, to compare with the time; NaN if the wall is not met.
    """

    amplification: Each
    time: Each
    lag: Each


class Exits(NamedTuple):
    """Where a system meets each wall.

    Attributes:
        reaction: the margin of error is gone.
        margin: correction cannot keep the level at rest within the margin.
        overshoot: correction begins to oscillate.
    """

    reaction: WallCrossing
    margin: WallCrossing
    overshoot: WallCrossing


def place_of(
    system: System,
    amplification: Float[np.ndarray, "point"] | Float[np.ndarray, "point #trajectory #regime"],
) -> Place:
    """Position of every regime in the window at given A, common to all or one for each regime."""
    known = check_system(system)
    trajectories, regimes = known.shape
    log_a = np.log(np.asarray(amplification, float))
    log_a = log_a[:, None, None] if log_a.ndim == 1 else log_a

    def single(leaf: ArrayLike) -> np.ndarray:
        return np.asarray(leaf, float).reshape(-1, 1)

    table = np.asarray(known.loss.loss, float)
    # grid, point, trajectory, regime
    table = table.T.reshape(table.shape[-1], 1, -1, 1)
    at = drive(known.loss._replace(loss=table), jax.tree.map(single, known.exponents), log_a)
    contact = np.zeros(regimes)
    if known.contention is not None:
        target, weight = known.contention.target, known.contention.weight
        contact = np.bincount(np.asarray(target), np.asarray(weight), regimes)
    gamma, tau = known.capacity * at.capacity, known.lag * at.lag
    inflow = known.pace * (at.pace * at.loss + at.contact * contact)
    shape = (len(log_a), trajectories, regimes)
    parts = (
        inflow,
        tau,
        inflow / (gamma * known.saturation),
        inflow * tau / known.saturation,
        gamma * tau,
        known.margin / known.saturation,
    )
    return Place(*(np.broadcast_to(part, shape) for part in parts))


def path(system: System, *, highest: float = 1e3, points: int = 200) -> Path:
    """The path from the start of growth (the largest, if several) up to A = `highest`.

    Raises:
        ValueError: If growth does not start below `highest`.
    """
    known = check_system(system)
    start = float(np.max(known.growth.start))
    if not start < highest:
        raise ValueError(f"highest = {highest} must lie above growth start = {start:g}")
    log_a = np.linspace(np.log(start), np.log(highest), points)
    place = place_of(known, np.exp(log_a))
    # at a kink of c(A) the slope is the mean of both sides
    half = max((known.loss.log_high - known.loss.log_low) / np.shape(known.loss.loss)[-1] / 4, 1e-6)
    ahead, behind = (place_of(known, np.exp(log_a + step)) for step in (half, -half))

    def slope(name: str) -> Along:
        one, other = getattr(ahead, name), getattr(behind, name)
        with np.errstate(divide="ignore", invalid="ignore"):
            return (np.log(one) - np.log(other)) / (2 * half)

    seen = window(place.utilisation, place.margin_ratio, place.gain_lag, known.stages)
    pace = np.asarray(known.exponents.pace).reshape(-1, 1)
    return Path(
        amplification=np.exp(log_a),
        place=place,
        window=seen,
        slope_conduct=slope("inflow") - pace,
        slope_utilisation=slope("utilisation"),
        slope_lag_load=slope("lag_load"),
    )


def exits(system: System) -> Exits:
    """The amplification and the time at which every regime first meets each wall.

    The search uses a grid of ln A between the start and the ceiling of growth, and then bisection.
    The time is the closed form of growth (`time_to`): `exits(system).reaction.time` is the time
    until the margin of error is gone. If the system holds draws, the times are a distribution.
    """
    known = check_system(system)

    def reaction(place: Place) -> Along:
        level = resting_level(place.utilisation)
        return place.margin_ratio - level - place.lag_load

    def margin(place: Place) -> Along:
        return margin_wall(place.margin_ratio) - place.utilisation

    def overshoot(place: Place) -> Along:
        recovery = np.maximum(1 - place.utilisation, 0) ** 2
        limit = float(overshoot_limit(known.stages))
        # one stage never oscillates
        limit = limit if np.isfinite(limit) else np.finfo(float).max
        return limit - place.gain_lag * recovery

    return Exits(*(_leaving(known, room) for room in (reaction, margin, overshoot)))


def _leaving(system: System, room: Callable[[Place], Along]) -> WallCrossing:
    """The smallest A at which `room` is 0 or negative."""
    trajectories, _ = system.shape
    growth = jax.tree.map(
        lambda leaf: np.broadcast_to(leaf, (trajectories,))[:, None], system.growth
    )
    start, ceiling = np.log(growth.start), np.log(growth.ceiling)
    grid = start + np.linspace(0, 1, POINTS)[:, None, None] * (ceiling - start)
    beyond = room(place_of(system, np.exp(grid))) <= 0
    met, at = beyond.any(0), beyond.argmax(0)
    rows = np.arange(trajectories)[:, None]
    low, high = grid[np.maximum(at - 1, 0), rows, 0], grid[at, rows, 0]
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        gone = room(place_of(system, np.exp(middle)[None]))[0] <= 0
        low, high = np.where(gone, low, middle), np.where(gone, middle, high)
    reached = np.exp(high)
    when = time_to(growth, np.maximum(reached, growth.start))
    tau = place_of(system, reached[None]).lag[0]
    return WallCrossing(
        amplification=np.where(met, reached, np.inf),
        time=np.where(met, when, np.inf),
        lag=np.where(met, tau, np.nan),
    )

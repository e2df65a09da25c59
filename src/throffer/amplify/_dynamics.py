"""One trajectory without noise: adaptive steps, collapse found as an event, recovery after it.

Contradiction X stays at or above 0 by projection: where X is 0 and would fall, its rate is set to
0. A step may end below 0 by at most the tolerance, so both the dynamics and the result use
max(X, 0). Amplification is integrated in the stretched variable y of `throffer.amplify._growth`, so
that steps need not shrink near a singularity.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, Int

from throffer.amplify._growth import growth_rate, log_amplification, stretched
from throffer.amplify._system import System, Values, check_system, drive
from throffer.series import share_load

SAVES = 201
"""Number of evenly spaced times that are saved by default."""

MOST_STEPS = 1_000_000
"""Most steps between two events; beyond them the integration stops."""

TOLERANCE = 1e-7
"""Relative tolerance of a step; the absolute one is a hundredth of it, in margins and in y."""

FIELDS = ("pace", "capacity", "saturation", "lag", "margin", "initial")


class Trajectory(NamedTuple):
    """A trajectory without noise. Times in the time unit of the system, X and Y in its pies.

    Attributes:
        times: times at which the trajectory is saved.
        level: X at `times`; 0 while a regime is down.
        seen: the lagged Y at `times`; 0 while a regime is down.
        down: whether each regime is down at `times`.
        amplification: A at `times`.
        falls: time of each collapse, in order.
        fallen: the regime that collapsed, from 0.
        generation: 0 if the regime reached its margin by itself, n if the spill of generation n - 1
            caused the collapse.
        finished: False if the integrator stopped early; later values are NaN.
    """

    times: Float[np.ndarray, "time"]
    level: Float[np.ndarray, "time regime"]
    seen: Float[np.ndarray, "time regime"]
    down: Bool[np.ndarray, "time regime"]
    amplification: Float[np.ndarray, "time"]
    falls: Float[np.ndarray, "fall"]
    fallen: Int[np.ndarray, "fall"]
    generation: Int[np.ndarray, "fall"]
    finished: bool

    @property
    def first_time(self) -> float:
        """Time of the first collapse; infinite without one."""
        return float(self.falls[0]) if self.falls.size else np.inf


class _Point(NamedTuple):
    """State of the differential equation: y of growth, X and the stages of the lag.

    X and the stages are in units of the margin, so that one absolute tolerance suits all.
    """

    y: Values
    level: Values
    stages: Values


def _pack(point: _Point) -> Array:
    """The point as one array: integrating three separate arrays takes twice the time."""
    parts = point.y, point.level, point.stages
    return jnp.concatenate([jnp.ravel(part) for part in parts])


def _unpack(state: Values, stages: int) -> _Point:
    """Points from arrays of `_pack`, along the last axis."""
    level, lagged = 1, 1 + (state.shape[-1] - 1) // (1 + stages)
    return _Point(
        state[..., 0],
        state[..., level:lagged],
        state[..., lagged:].reshape(*state.shape[:-1], stages, -1),
    )


class _Load(NamedTuple):
    """What is constant between two events: the regimes that stand, and the inflow of each."""

    up: Values
    borne: Values
    contact: Values


def trajectory(
    system: System,
    *,
    horizon: float,
    times: Float[np.ndarray, "time"] | None = None,
    tolerance: float = TOLERANCE,
) -> Trajectory:
    """Integrate a system from time 0 to `horizon` without its noise, in double precision.

    Tsitouras' method of order 5 with adaptive steps; a collapse is an event, located to 1e-9 of the
    step. Others receive the spill of a collapse at once. A regime that collapses because of it does
    so at the same time and counts as the next generation.

    Args:
        system: regimes with one set of numbers, not one for each trajectory.
        horizon: end of the integration, above 0.
        times: times to save, increasing, within [0, `horizon`]; by default 201 even ones.
        tolerance: relative tolerance of a step.

    Returns:
        The saved states and all collapses.

    Raises:
        ValueError: For a system with numbers by trajectory, or times out of order or range.
    """
    known = check_system(system)
    own, regimes = known.shape
    if own != 1:
        raise ValueError(f"the system holds numbers for {own} trajectories; give one of them")
    if not 0 < horizon < np.inf:
        raise ValueError(f"horizon = {horizon} must be above 0 and finite")
    asked = np.linspace(0, horizon, SAVES) if times is None else np.asarray(times, float)
    inside = asked.ndim == 1 and asked.size and np.all((asked >= 0) & (asked <= horizon))
    if not inside or (np.diff(asked) < 0).any():
        raise ValueError(f"times = {times} must be a list that increases within [0, {horizon:g}]")
    with jax.enable_x64(True):
        return _Run(known, regimes, horizon, asked, tolerance).finish()


class _Run:
    """The segments of one trajectory, each from one event to the next."""

    def __init__(
        self, system: System, regimes: int, horizon: float, times: np.ndarray, tolerance: float
    ) -> None:
        self.horizon, self.times, self.tolerance = horizon, times, tolerance
        self.fields = {
            name: np.broadcast_to(np.reshape(getattr(system, name), -1), (regimes,))
            for name in FIELDS
        }
        self.collapse = jax.tree.map(
            lambda leaf: np.broadcast_to(np.reshape(leaf, -1), (regimes,)), system.collapse
        )
        scalars = jax.tree.map(
            lambda leaf: np.asarray(leaf).reshape(()), (system.growth, system.exponents)
        )
        loss = system.loss._replace(loss=np.reshape(system.loss.loss, -1))
        self.growth = scalars[0]
        self.numbers = (*scalars, loss, self.fields)
        self.contention = system.contention
        self.neighbours = system.links if system.sharing == "neighbours" else None
        start = stretched(self.growth.start, self.growth.acceleration)
        self.margin = self.fields["margin"]
        level = self.fields["initial"] / self.margin
        self.point = _Point(start, level, np.repeat(level[None], system.stages, 0))
        self.up = np.ones(regimes, bool)
        self.back = np.full(regimes, np.inf)
        self.time = 0.0
        self.falls: list[tuple[float, int, int]] = []
        shape = (times.size, regimes)
        self.level, self.seen = np.full(shape, np.nan), np.full(shape, np.nan)
        self.down = np.zeros(shape, bool)
        self.y = np.full(times.size, np.nan)

    def finish(self) -> Trajectory:
        """Integrate all segments, one after another."""
        self._fall(np.asarray(self.point.level) >= 1)
        finished = True
        while finished and self.time < self.horizon:
            finished = self._segment()
        growth = self.growth
        log_a = log_amplification(self.y, growth.acceleration, np.log(growth.ceiling))
        falls = sorted(self.falls, key=lambda fall: (fall[0], fall[2]))
        when, who, generation = zip(*falls, strict=True) if falls else ((), (), ())
        return Trajectory(
            times=self.times,
            level=self.level,
            seen=self.seen,
            down=self.down,
            amplification=np.exp(np.asarray(log_a)),
            falls=np.array(when, float),
            fallen=np.array(who, int),
            generation=np.array(generation, int),
            finished=finished,
        )

    def _segment(self) -> bool:
        """Integrate to the next collapse, return or the horizon; False if the solver gave up."""
        end = min(self.horizon, float(self.back.min()))
        load = self._load()
        reached, ended, fine, *states = map(
            np.asarray,
            _solve(self.point, self.numbers, load, self.time, end, self.times, self.tolerance),
        )
        if not fine:
            return False
        last, saved = (_unpack(state, len(self.point.stages)) for state in states)
        # at the time of an event the state before it is saved
        inside = (self.times >= self.time) & (self.times <= reached) & np.isnan(self.y)
        self.level[inside] = np.maximum(saved.level[inside], 0) * self.margin
        self.seen[inside] = saved.stages[inside, -1] * self.margin
        self.y[inside] = saved.y[inside]
        self.down[inside] = ~self.up
        self.time = float(reached)
        self.point = last._replace(level=np.maximum(last.level, 0))
        if ended:
            room = np.where(self.up, 1 - self.point.level, np.inf)
            self._fall(room <= max(room.min(), 0.0) + 1e-12)
        returns = self.back <= self.time
        self.up = self.up | returns
        self.back = np.where(returns, np.inf, self.back)
        return True

    def _fall(self, falls: np.ndarray) -> None:
        """Collapse these regimes now, and then those that the spill brings down, by generation."""
        generation = 0
        level, stages = np.array(self.point.level), np.array(self.point.stages)
        falls = falls & self.up
        while falls.any():
            self.falls += [(self.time, int(j), generation) for j in np.flatnonzero(falls)]
            self.up = self.up & ~falls
            self.back = np.where(falls, self.time + self.collapse.recovery, self.back)
            shed = np.where(falls, self.collapse.spill * level * self.margin, 0)
            level[falls], stages[:, falls] = 0, 0
            if shed.any():
                received = share_load(jnp.asarray(shed), jnp.asarray(self.up), self.neighbours)
                level = level + np.asarray(received) / self.margin
            falls = self.up & (level >= 1)
            generation += 1
        self.point = _Point(self.point.y, level, stages)

    def _load(self) -> _Load:
        up = self.up.astype(float)
        handed = self.fields["pace"] * self.collapse.handover * (1 - up)
        borne = self.fields["pace"] * up
        if handed.any():
            received = share_load(jnp.asarray(handed), jnp.asarray(self.up), self.neighbours)
            borne = borne + np.asarray(received)
        contact = np.zeros_like(up)
        if self.contention is not None:
            standing = up[np.asarray(self.contention.source)] * self.contention.weight
            met = np.bincount(np.asarray(self.contention.target), standing, up.size)
            contact = self.fields["pace"] * up * met
        return _Load(self.up, borne, contact)


def _rates(point: _Point, given: Any) -> _Point:
    (growth, exponents, loss, fields), load = given
    log_a = log_amplification(jnp.asarray(point.y), growth.acceleration, jnp.log(growth.ceiling))
    log_a = jnp.asarray(log_a)
    now = drive(loss, exponents, log_a)
    level = jnp.maximum(point.level, 0)
    margin = fields["margin"]
    seen = point.stages[-1] * margin
    inflow = now.pace * now.loss * load.borne + now.contact * load.contact
    moved = inflow - fields["capacity"] * now.capacity * seen / (1 + seen / fields["saturation"])
    moved = jnp.where((point.level <= 0) & (moved < 0), 0, moved)
    before = jnp.concatenate([level[None], point.stages[:-1]])
    rate = len(point.stages) / (fields["lag"] * now.lag)
    return _Point(
        growth_rate(growth, log_a, 1 - load.up.mean()),
        moved / margin * load.up,
        rate * (before - point.stages) * load.up,
    )


def _room(point: _Point, given: Any) -> Array:
    """Least remaining share of the margin over the standing regimes."""
    _, load = given
    return jnp.where(load.up, 1 - point.level, 1).min()


@jax.jit
def _solve(
    point: _Point,
    numbers: Any,
    load: _Load,
    start: float,
    end: float,
    times: Float[Array, "time"],
    tolerance: float,
) -> tuple[Array, Array, Array, Float[Array, "state"], Float[Array, "time state"]]:
    """Time reached, whether a collapse ended it, success, the state there and at `times`."""
    # loading them takes a second, which a report that integrates nothing should not pay
    import diffrax
    import optimistix

    stages = len(point.stages)

    def rates(t: Any, state: Array, given: Any) -> Array:
        return _pack(_rates(_unpack(state, stages), given))

    def room(t: Any, y: Array, args: Any, **_: Any) -> Array:
        return _room(_unpack(y, stages), args)

    solution = diffrax.diffeqsolve(
        diffrax.ODETerm(rates),  # type: ignore[arg-type]
        diffrax.Tsit5(),
        t0=start,
        t1=end,
        dt0=None,
        y0=_pack(point),
        args=(numbers, load),
        saveat=diffrax.SaveAt(
            subs=[
                diffrax.SubSaveAt(t1=True),
                diffrax.SubSaveAt(ts=jnp.clip(times, start, end)),
            ]
        ),
        stepsize_controller=diffrax.PIDController(rtol=tolerance, atol=tolerance * 1e-2),
        event=diffrax.Event(room, optimistix.Bisection(rtol=1e-9, atol=1e-9)),
        max_steps=MOST_STEPS,
        throw=False,
    )
    ended = solution.result == diffrax.RESULTS.event_occurred
    fine = ended | (solution.result == diffrax.RESULTS.successful)
    times_kept: Any = solution.ts
    last, saved = solution.ys  # type: ignore[misc]
    return times_kept[0][0], ended, fine, last[0], saved

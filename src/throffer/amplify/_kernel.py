"""The compiled kernel of ensembles: one chunk of trajectories through all steps.

Arrays have regimes on the first axis and trajectories on the last; an axis has length 1 where
numbers do not differ along it. Each turn of the loop makes two steps, because one pair of random
words gives a pair of normal draws.
"""

from __future__ import annotations

import functools
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int, UInt32

from throffer.amplify._draws import normal_pair, threefry
from throffer.amplify._growth import Growth, growth_rate, log_amplification, stretched
from throffer.amplify._system import Collapse, Drive, Exponents, LossCurve, System, Values, drive
from throffer.series import Links, share_load

SHIFT = 0.5826
"""-zeta(1/2)/sqrt(2 pi): mean overshoot of a random walk over a level, in standard deviations."""

NEVER = np.iinfo(np.int32).max
"""Step number that stands for an event that did not happen."""


class Plan(NamedTuple):
    """Static settings for which the kernel is compiled.

    There are `rows` times `pairs` pairs of steps; X is saved after each row if `saves`. Regimes
    are `coupled` if they pass on load or contact. With `own_growth` A differs between trajectories.
    """

    regimes: int
    stages: int
    rows: int
    pairs: int
    saves: bool
    noisy: bool
    common: bool
    coupled: bool
    own_growth: bool
    neighbours: bool


class Cells(NamedTuple):
    """A system as arrays `(regime, trajectory)`, an axis has length 1 where all are equal.

    `start` is y of growth at time 0.
    """

    growth: Growth
    start: Values
    loss: LossCurve
    exponents: Exponents
    collapse: Collapse
    pace: Values
    capacity: Values
    saturation: Values
    lag: Values
    margin: Values
    noise: Values
    shared_noise: Values
    initial: Values
    contention: Links | None
    links: Links | None


class Ends(NamedTuple):
    """Results of a chunk: step of each first collapse (`NEVER`: none), counts, last values."""

    first: Int[Array, "trajectory"]
    regime: Int[Array, "trajectory"]
    peak_down: Int[Array, "trajectory"]
    log_amplification: Float[Array, "trajectory"]
    passage: Int[Array, "regime trajectory"]
    collapses: Int[Array, "regime trajectory"]
    level: Float[Array, "regime trajectory"]
    paths: Float[Array, "save regime trajectory"] | None


class _State(NamedTuple):
    """State between steps.

    `clock` is the time until a regime recovers, 0 or below while it stands; `borne` and `contact`
    are the pace of common and of contact inflow of each regime.
    """

    level: Array
    seen: tuple[Array, ...]
    clock: Array
    first: Array
    falls: Array
    peak: Array
    y: Array
    borne: Array | None
    contact: Array | None


def cells_of(system: System) -> Cells:
    """A checked system as single-precision arrays in the layout of the kernel."""

    def wide(value: Any) -> np.ndarray:
        array = np.asarray(value, np.float32)
        return np.ascontiguousarray(array.T).reshape(
            {0: (1, 1), 1: (-1, 1), 2: array.T.shape}[array.ndim]
        )

    def single(value: Any) -> np.ndarray:
        return np.asarray(value, np.float32).reshape(1, -1)

    table = np.asarray(system.loss.loss, np.float32)
    table = np.ascontiguousarray(table.T).reshape(table.shape[-1], 1, -1)
    names = ("pace", "capacity", "saturation", "lag", "margin", "noise", "initial")
    return Cells(
        growth=jax.tree.map(single, system.growth),
        start=single(stretched(system.growth.start, system.growth.acceleration)),
        loss=LossCurve(np.float32(system.loss.log_low), np.float32(system.loss.log_high), table),  # type: ignore[arg-type]
        exponents=jax.tree.map(single, system.exponents),
        collapse=jax.tree.map(wide, system.collapse),
        shared_noise=single(system.shared_noise),  # type: ignore[arg-type]
        contention=system.contention,
        links=system.links,
        **{name: wide(getattr(system, name)) for name in names},
    )


def plan_of(system: System, cells: Cells, *, rows: int, pairs: int, saves: bool) -> Plan:
    """Derive the static settings of the kernel from a checked system."""
    _, regimes = system.shape
    driven = [*jax.tree.leaves((cells.growth, cells.exponents)), cells.loss.loss]
    passes = bool(np.any(cells.collapse.handover) or np.any(cells.collapse.spill))
    return Plan(
        regimes=regimes,
        stages=system.stages,
        rows=rows,
        pairs=pairs,
        saves=saves,
        noisy=bool(np.any(cells.noise)),
        common=bool(np.any(cells.shared_noise)) and regimes > 1,
        coupled=regimes > 1 and (passes or cells.contention is not None),
        own_growth=any(np.shape(each)[-1] > 1 for each in driven)
        or bool(np.any(cells.growth.feedback)),
        neighbours=system.sharing == "neighbours",
    )


@functools.partial(jax.jit, static_argnames="plan")
def shared_drive(cells: Cells, step: Float[Array, ""], plan: Plan) -> tuple[Drive, Array]:
    """The drive at every step where A is the same for all, and ln A at the end."""

    def one(y: Array, _: None) -> tuple[Array, Drive]:
        log_a = _log_a(cells, y)
        return y + step * growth_rate(cells.growth, log_a, 0.0), drive(
            cells.loss, cells.exponents, log_a
        )

    end, path = jax.lax.scan(one, jnp.asarray(cells.start), length=2 * plan.pairs * plan.rows)
    path = jax.tree.map(lambda leaf: leaf.reshape(plan.rows, plan.pairs, 2, 1, 1), path)
    return path, _log_a(cells, end)


@functools.partial(jax.jit, static_argnames="plan")
def run_chunk(
    cells: Cells,
    ids: UInt32[Array, "trajectory"],
    key: tuple[UInt32[Array, ""], UInt32[Array, ""]],
    step: Float[Array, ""],
    shared: tuple[Drive, Array] | None,
    plan: Plan,
) -> Ends:
    """Run the trajectories `ids`; `shared` from `shared_drive`, None if A differs between them."""
    noise = functools.partial(_draws, cells, ids, key, plan)
    lanes = jnp.arange(plan.pairs * plan.rows, dtype=jnp.uint32).reshape(plan.rows, plan.pairs)

    def pair(state: _State, given: tuple[Array, Drive | None]) -> tuple[_State, None]:
        number, path = given
        draws = noise(number) if plan.noisy else (None, None)
        for half, draw in enumerate(draws):
            if path is None:
                now = drive(cells.loss, cells.exponents, _log_a(cells, state.y))
            else:
                now = jax.tree.map(lambda leaf, half=half: leaf[half], path)
            when = (2 * number + half + 1).astype(jnp.int32)
            state = _advance(cells, plan, step, state, now, draw, when)
        return state, None

    def row(state: _State, given: tuple[Array, Drive | None]) -> tuple[_State, Array | None]:
        state, _ = jax.lax.scan(pair, state, given)
        return state, state.level if plan.saves else None

    path = None if shared is None else shared[0]
    state, paths = jax.lax.scan(row, _start(cells, plan, ids.size), (lanes, path))
    log_a = _log_a(cells, state.y) if shared is None else shared[1]
    return Ends(
        first=state.first.min(0),
        regime=state.first.argmin(0).astype(jnp.int32),
        peak_down=state.peak,
        log_amplification=jnp.broadcast_to(log_a, (1, ids.size))[0],
        passage=state.first,
        collapses=state.falls,
        level=state.level,
        paths=paths,
    )


def _start(cells: Cells, plan: Plan, size: int) -> _State:
    zero = jnp.zeros((plan.regimes, size), jnp.float32)
    level = zero + cells.initial
    whole = jnp.zeros(zero.shape, jnp.int32)
    y = jnp.asarray(cells.start)
    if plan.own_growth:
        y = jnp.broadcast_to(y, (1, size))
    borne, contact = _bearing(cells, plan, zero <= 0) if plan.coupled else (None, None)
    return _State(
        level=level,
        seen=(level,) * plan.stages,
        clock=zero,
        first=whole + NEVER,
        falls=whole,
        peak=jnp.zeros(size, jnp.int32),
        y=y,
        borne=borne,
        contact=contact,
    )


def _draws(
    cells: Cells,
    ids: UInt32[Array, "trajectory"],
    key: tuple[UInt32[Array, ""], UInt32[Array, ""]],
    plan: Plan,
    number: UInt32[Array, ""],
) -> tuple[Array, Array]:
    """Noise of all regimes in two steps; the draw after the last regime is the common part."""
    first = number * np.uint32(plan.regimes + plan.common)
    lanes = jnp.arange(plan.regimes, dtype=jnp.uint32)[:, None]
    pair = normal_pair(*threefry(key, (ids[None, :], first + lanes)))
    if not plan.common:
        return pair
    last = jnp.full((1, 1), first + np.uint32(plan.regimes))
    shared = normal_pair(*threefry(key, (ids[None, :], last)))
    # without the barrier the compiler draws it again for every regime
    shared = jax.lax.optimization_barrier(shared)
    own, common = jnp.sqrt(1 - cells.shared_noise), jnp.sqrt(cells.shared_noise)
    one, other = (own * each + common * both for each, both in zip(pair, shared, strict=True))
    return one, other


def _advance(
    cells: Cells,
    plan: Plan,
    step: Float[Array, ""],
    state: _State,
    now: Drive,
    draw: Array | None,
    when: Int[Array, ""],
) -> _State:
    """Advance growth, X, the lag and collapses by one step."""
    up = state.clock <= 0
    seen, level = state.seen, state.level
    inflow = now.pace * now.loss * (cells.pace if state.borne is None else state.borne)
    if state.contact is not None:
        inflow = inflow + now.contact * state.contact
    corrected = cells.capacity * now.capacity * seen[-1] / (1 + seen[-1] / cells.saturation)
    moved = level + step * (inflow - corrected)
    edge = cells.margin
    if draw is not None:
        jitter = cells.noise * jnp.sqrt(step)
        moved = moved + jitter * draw
        edge = jnp.where(edge > SHIFT * jitter, edge - SHIFT * jitter, edge)
    reached = jnp.where(up, jnp.abs(moved), 0)
    # exact for a constant input, and stable for a lag shorter than the step
    toward = -jnp.expm1(-step * plan.stages / (cells.lag * now.lag))
    before = (level, *seen[:-1])
    falls = up & (reached >= edge)
    keep = up & ~falls
    seen = tuple(
        jnp.where(keep, behind + toward * (ahead - behind), 0)
        for behind, ahead in zip(seen, before, strict=True)
    )
    clock = jnp.where(falls, cells.collapse.recovery, state.clock - step)
    y = state.y
    if plan.own_growth:
        down = (~up).astype(jnp.float32).mean(0, keepdims=True)
        y = y + step * growth_rate(cells.growth, _log_a(cells, y), down)
    state = state._replace(
        level=jnp.where(falls, 0, reached),
        seen=seen,
        clock=clock,
        first=jnp.where(falls & (state.first == NEVER), when, state.first),
        falls=state.falls + falls,
        y=y,
    )
    if not plan.coupled:
        down = (clock > 0).sum(0, dtype=jnp.int32)
        return state._replace(peak=jnp.maximum(state.peak, down))
    shed = jnp.where(falls, cells.collapse.spill * reached, 0)
    changed = ((clock <= 0) != up).any()
    return jax.lax.cond(
        changed, functools.partial(_passed_on, cells, plan), lambda state, _: state, state, shed
    )


def _passed_on(cells: Cells, plan: Plan, state: _State, shed: Array) -> _State:
    """Redistribute the load after a collapse or a recovery."""
    up = state.clock <= 0
    neighbours = cells.links if plan.neighbours else None
    borne, contact = _bearing(cells, plan, up)
    return state._replace(
        level=state.level + share_load(shed, up, neighbours),
        peak=jnp.maximum(state.peak, (~up).sum(0, dtype=jnp.int32)),
        borne=borne,
        contact=contact,
    )


def _bearing(cells: Cells, plan: Plan, up: Array) -> tuple[Array, Array | None]:
    """Pace of each regime's common inflow (its own and handed over), and of its contact inflow."""
    own = up.astype(jnp.float32)
    pace = jnp.asarray(cells.pace)
    handed = pace * cells.collapse.handover * (1 - own)
    borne = pace * own + share_load(handed, up, cells.links if plan.neighbours else None)
    if cells.contention is None:
        return borne, None
    return borne, pace * own * cells.contention.gathered(own)


def _log_a(cells: Cells, y: Array) -> Array:
    growth = cells.growth
    return jnp.asarray(log_amplification(y, growth.acceleration, jnp.log(growth.ceiling)))

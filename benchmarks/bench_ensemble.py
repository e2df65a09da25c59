"""Speed of ensembles: throffer, EMA Workbench, and loops written by hand.

Run from the repository root: `python benchmarks/bench_ensemble.py [--rounds 5] [--part speed]`.
Parts: `speed` (one lagged regime, 2,000 Euler steps with noise, against every other way), `regimes`
(a ring of up to 10,000), `trajectories` (up to 1,000,000), `single` (one trajectory without
noise). Rounds take turns, so that ratios hold on a busy machine; it prints and never asserts.
Needs the extra `bench`.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import io
import logging
import math
import resource
import time
import warnings
from collections.abc import Callable

import diffrax
import jax
import jax.numpy as jnp
import numba
import numpy as np

from throffer.amplify import Collapse, Growth, System, constant_loss, ensemble, trajectory
from throffer.series import ring

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from ema_workbench import Model, RealParameter, ScalarOutcome, SequentialEvaluator

STEPS = 2_000
HORIZON = 50.0
DT = HORIZON / STEPS
INFLOW, NOISE, MARGIN = 0.5, 0.2, 2.0
COUNTS = {"throffer": 65_536, "numba": 32_768, "numba own": 32_768, "jax scan": 16_384}
EXPERIMENTS = {"EMA python": 150, "EMA numba": 1_500}

SYSTEM = System(
    growth=Growth(rate=0.0),
    loss=constant_loss(INFLOW),
    pace=1.0,
    capacity=1.0,
    saturation=1.0,
    lag=1.0,
    margin=MARGIN,
    noise=NOISE,
)


@numba.njit(fastmath=True)
def numba_one(inflow, seed):
    """One trajectory by numba's own normal draws: first passage, in single precision, -1 if none.

    No infinity: fast arithmetic may assume that there is none.
    """
    np.random.seed(seed)  # noqa: NPY002 (the generator that numba compiles)
    x, y, first = np.float32(0), np.float32(0), -1.0
    dt, jitter = np.float32(DT), np.float32(NOISE * math.sqrt(DT))
    for k in range(STEPS):
        draw = np.float32(np.random.normal())  # noqa: NPY002
        before = x
        x = abs(x + dt * (np.float32(inflow) - y / (np.float32(1) + y)) + jitter * draw)
        y += dt * (before - y)
        if x >= np.float32(MARGIN) and first < 0:
            first = (k + 1) * DT
    return first


@numba.njit(parallel=True, fastmath=True)
def numba_many(count, seed):
    """`numba_one` for many, one thread a core."""
    first = np.empty(count)
    for i in numba.prange(count):
        first[i] = numba_one(INFLOW, seed + i)
    return first


@numba.njit(parallel=True, fastmath=True)
def numba_own(count, seed):
    """The same with a small generator in the loop (xorshift and Box-Muller, both draws used)."""
    first = np.empty(count)
    for i in numba.prange(count):
        state = np.uint64(seed + i) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(0x632BE59BD9B4E019)
        x, y = np.float32(0), np.float32(0)
        dt, jitter = np.float32(DT), np.float32(NOISE * math.sqrt(DT))
        when = -1.0
        for k in range(STEPS // 2):
            state ^= state << np.uint64(13)
            state ^= state >> np.uint64(7)
            state ^= state << np.uint64(17)
            low = np.float32((np.uint32(state >> np.uint64(32)) >> np.uint32(1)) + np.float32(0.5))
            radius = math.sqrt(np.float32(-2) * math.log(low * np.float32(2.0**-31)))
            angle = np.float32(np.uint32(state)) * np.float32(math.pi * 2.0**-31)
            for half in range(2):
                draw = radius * (math.cos(angle) if half == 0 else math.sin(angle))
                before = x
                x = abs(x + dt * (np.float32(INFLOW) - y / (np.float32(1) + y)) + jitter * draw)
                y += dt * (before - y)
                if x >= np.float32(MARGIN) and when < 0:
                    when = (2 * k + half + 1) * DT
        first[i] = when
    return first


@functools.partial(jax.jit, static_argnums=1)
def jax_scan(key: jax.Array, count: int) -> jax.Array:
    """The plain way in JAX: `vmap` over `scan`, keys folded in, pieces of 1,024."""

    def one(number: jax.Array) -> jax.Array:
        def step(state: tuple, k: jax.Array) -> tuple:
            x, y, first = state
            draw = jax.random.normal(jax.random.fold_in(own, k))
            moved = jnp.abs(x + DT * (INFLOW - y / (1 + y)) + NOISE * DT**0.5 * draw)
            first = jnp.where((moved >= MARGIN) & jnp.isinf(first), (k + 1) * DT, first)
            return (moved, y + DT * (x - y), first), None

        own = jax.random.fold_in(key, number)
        start = (jnp.float32(0), jnp.float32(0), jnp.float32(jnp.inf))
        return jax.lax.scan(step, start, jnp.arange(STEPS))[0][2]

    pieces = jnp.arange(count).reshape(-1, 1024)
    return jax.lax.map(jax.vmap(one), pieces).ravel()


def python_model(inflow: float = INFLOW, seed: float = 0.0) -> dict[str, float]:
    """One experiment of EMA Workbench: a loop in Python, its noise drawn at once by numpy."""
    draws = np.random.default_rng(int(seed)).standard_normal(STEPS) * NOISE * DT**0.5
    x = y = 0.0
    first = math.inf
    for k in range(STEPS):
        before = x
        x = abs(x + DT * (inflow - y / (1 + y)) + draws[k])
        y += DT * (before - y)
        if x >= MARGIN and first == math.inf:
            first = (k + 1) * DT
    return {"first": min(first, HORIZON)}


def numba_model(inflow: float = INFLOW, seed: float = 0.0) -> dict[str, float]:
    """The same with the loop in numba."""
    first = numba_one(inflow, int(seed))
    return {"first": first if first > 0 else HORIZON}


def workbench(name: str, function: Callable[..., dict[str, float]]) -> Callable[[int], None]:
    """Run experiments of a function by EMA Workbench, one after another."""
    model = Model(name, function=function)
    model.uncertainties = [RealParameter("inflow", 0.4, 0.6), RealParameter("seed", 0, 1e6)]
    model.outcomes = [ScalarOutcome("first")]

    def run(count: int) -> None:
        # its progress bar goes to standard error
        with contextlib.redirect_stderr(io.StringIO()), SequentialEvaluator(model) as evaluator:
            evaluator.perform_experiments(scenarios=count)

    return run


def seconds(work: Callable[[], object]) -> tuple[float, float]:
    """Wall time of one call, and processor time of all its threads."""
    start, busy = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - start, time.process_time() - busy


def spread(values: np.ndarray) -> str:
    """Median and range."""
    return f"{np.median(values):,.3g} ({values.min():,.3g} to {values.max():,.3g})"


def speed(rounds: int) -> None:
    """Trajectories a second, every way in turn."""
    by_python, by_numba = workbench("python", python_model), workbench("compiled", numba_model)
    key = jax.random.key(0)
    work: dict[str, Callable[[], object]] = {
        "throffer": lambda: ensemble(
            SYSTEM, trajectories=COUNTS["throffer"], horizon=HORIZON, steps=STEPS
        ),
        "numba": lambda: numba_many(COUNTS["numba"], 1),
        "numba own": lambda: numba_own(COUNTS["numba own"], 1),
        "jax scan": lambda: jax.block_until_ready(jax_scan(key, COUNTS["jax scan"])),
        "EMA python": lambda: by_python(EXPERIMENTS["EMA python"]),
        "EMA numba": lambda: by_numba(EXPERIMENTS["EMA numba"]),
    }
    for call in work.values():
        call()
    reached = {
        "throffer": np.isfinite(work["throffer"]().first_time).mean(),  # type: ignore[attr-defined]
        "numba": (numba_many(COUNTS["numba"], 1) > 0).mean(),
        "numba own": (numba_own(COUNTS["numba own"], 1) > 0).mean(),
        "jax scan": np.isfinite(np.asarray(jax_scan(key, COUNTS["jax scan"]))).mean(),
    }
    print(
        "share that collapses (throffer corrects for passages between steps): "
        + ", ".join(f"{name} {share:.3f}" for name, share in reached.items())
    )
    counts = COUNTS | EXPERIMENTS
    times = np.array([[seconds(call) for call in work.values()] for _ in range(rounds)])
    rates = {name: counts[name] / times[:, i, 0] for i, name in enumerate(work)}
    busy = {name: counts[name] / times[:, i, 1] for i, name in enumerate(work)}
    for name in work:
        print(f"{name}: {spread(rates[name])} trajectories/s; {spread(busy[name])} a CPU second")
    for other in list(work)[1:]:
        print(
            f"throffer / {other}: {spread(rates['throffer'] / rates[other])}; "
            f"by processor time {spread(busy['throffer'] / busy[other])}"
        )


def peak() -> float:
    """Peak memory so far, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def regimes() -> None:
    """Time and memory as regimes grow, on a ring that hands load to neighbours."""
    for count, shared in ((1, 0.0), (10, 0.0), (100, 0.0), (1_000, 0.0), (10_000, 0.0), (100, 0.2)):
        trajectories = max(65_536 // count, 16)
        system = SYSTEM.replace(
            pace=np.ones(count),
            links=ring(count, 0.1) if count > 2 else None,
            values=np.arange(count)[:, None] % 3 * 0.1,
            collapse=Collapse(5.0, 0.5, 0.2),
            sharing="neighbours" if count > 2 else "equal",
            shared_noise=shared,
        )
        run = functools.partial(
            ensemble,
            system,
            trajectories=trajectories,
            horizon=HORIZON / 10,
            steps=STEPS // 10,
            by_regime=False,
        )
        run()
        took, busy = seconds(run)
        cells = trajectories * count * STEPS // 10
        print(
            f"{count:,} regimes{' with a common noise' if shared else ''} x {trajectories:,} "
            f"trajectories: {cells / took:,.3g} steps of a "
            f"regime a second ({cells / busy:,.3g} a CPU second); peak memory {peak():,.0f} MB"
        )


def trajectories() -> None:
    """Time and memory as trajectories grow."""
    for count in (1_000, 10_000, 100_000, 1_000_000):
        took, busy = seconds(
            lambda count=count: ensemble(
                SYSTEM, trajectories=count, horizon=HORIZON, steps=STEPS, by_regime=False
            )
        )
        print(
            f"{count:,} trajectories: {took:.1f} s, {count / took:,.0f}/s "
            f"({count / busy:,.0f} a CPU second); peak memory {peak():,.0f} MB"
        )


def single(rounds: int) -> None:
    """One trajectory without noise, after compilation, beside diffrax with the equations alone."""
    plain = SYSTEM.replace(noise=0.0, stages=3)
    run = functools.partial(trajectory, plain, horizon=HORIZON)
    first, _ = seconds(run)
    with jax.enable_x64(True):
        alone = functools.partial(lagged, jnp.linspace(0, HORIZON, 201))
        jax.block_until_ready(alone())
        times = np.array(
            [
                [seconds(run)[0], seconds(lambda: jax.block_until_ready(alone()))[0]]
                for _ in range(100 * rounds)
            ]
        )
    ours, theirs = (np.quantile(column, [0.5, 0.05, 0.95]) * 1e3 for column in times.T)
    low, high = np.quantile(times[:, 0] / times[:, 1], [0.05, 0.95])
    print(
        f"one trajectory, 201 times kept: {ours[0]:.2f} ms ({ours[1]:.2f} to {ours[2]:.2f} in nine "
        f"of ten), first call {first:.1f} s; diffrax with the equations alone, no collapse to find "
        f"and no growth: {theirs[0]:.2f} ms ({theirs[1]:.2f} to {theirs[2]:.2f}), "
        f"{ours[0] / theirs[0]:.1f} x ({low:.1f} to {high:.1f})"
    )


@jax.jit
def lagged(times: jax.Array) -> jax.Array | None:
    """X of the same regime by diffrax, its equations written down with their numbers."""

    def rates(t: float, state: jax.Array, args: None) -> jax.Array:
        moved = INFLOW - state[3] / (1 + state[3])
        return jnp.concatenate([moved[None], 3 * (state[:-1] - state[1:])])

    return diffrax.diffeqsolve(
        diffrax.ODETerm(rates),  # type: ignore[arg-type]
        diffrax.Tsit5(),
        t0=0.0,
        t1=HORIZON,
        dt0=None,
        y0=jnp.zeros(4),
        saveat=diffrax.SaveAt(ts=times),
        stepsize_controller=diffrax.PIDController(rtol=1e-7, atol=1e-9),
        max_steps=100_000,
    ).ys


def main() -> None:
    """Print figures of the parts asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--part", choices=("speed", "regimes", "trajectories", "single"))
    given = parser.parse_args()
    logging.getLogger("ema_workbench").setLevel(logging.ERROR)
    print(f"{jax.default_backend()}, {numba.get_num_threads()} threads")
    parts = {
        "single": lambda: single(given.rounds),
        "speed": lambda: speed(given.rounds),
        "regimes": regimes,
        "trajectories": trajectories,
    }
    for name, part in parts.items():
        if given.part in (None, name):
            print(f"-- {name}")
            part()


if __name__ == "__main__":
    main()

"""How often early-warning indicators alarm before a collapse, on a scenario's own trajectories.

The indicators are computed for the regime that collapses first, at two times: one mean lag before
the collapse, because correction cannot act on a later alarm, and at the collapse. The same
trajectories without growth, with A held at its start, give the rate of false alarms. The initial
transient, in which a regime fills up from its start, is discarded. Picking the collapsing regime
afterwards flatters the indicators: an observer does not know beforehand which regime to watch.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import NamedTuple

import jax
import numpy as np
from jaxtyping import ArrayLike, Bool, Float, Int

from throffer.amplify._ensemble import Ensemble, ensemble
from throffer.amplify._executor import ProgressCallback
from throffer.amplify._growth import amplification_at
from throffer.amplify._path import place_of
from throffer.amplify._system import System, check_system
from throffer.series import find_trends

WATCHED = 100
"""Most trajectories that are evaluated."""

FEWEST = 20
"""Fewest collapses for an evaluation."""

SAVES = 1_000
"""Most evenly spaced times at which X is recorded; the number used divides the steps."""

POINTS = 200
"""Most points of a record; a longer one is thinned evenly."""

SHORTEST = 50
"""Fewest points of a record from which a trend is computed."""

ALARM = 0.05
"""Largest p-value of a trend, against stationary series, at which an indicator alarms."""

AGREEING = 0.9
"""Least share of trajectories that must collapse in the same step when they are run again."""

SETTLING = 3.0
"""Recovery times after which 5 % of the initial deviation is left."""

CELLS = 100_000_000
"""Most numbers recorded at once: trajectories times saves times regimes."""


class _Clock(NamedTuple):
    """Times for the regime that collapsed first, by trajectory.

    Attributes:
        settled: end of the initial transient: a mean lag and three recovery times
            1/(gamma (1 - u)^2), both taken at the start.
        lag: mean lag at the collapse.
        noisy: whether the regime has noise.
    """

    settled: Float[np.ndarray, "trajectory"]
    lag: Float[np.ndarray, "trajectory"]
    noisy: Bool[np.ndarray, "trajectory"]


class AlarmEvaluation(NamedTuple):
    """Alarms by evaluated trajectory; columns are variance, autocorrelation and both together.

    Attributes:
        noticed: alarm a mean lag before the collapse or at the collapse. A record too short for a
            trend raises no alarm.
        in_time: alarm a mean lag before the collapse.
        false: alarm without growth, at either of the same two times; only for records that are long
            enough for a trend.
        short: number of trajectories whose record is too short (early collapse) or without noise.
    """

    noticed: Bool[np.ndarray, "trajectory indicator"]
    in_time: Bool[np.ndarray, "trajectory indicator"]
    false: Bool[np.ndarray, "still indicator"]
    short: int


def evaluate_alarms(
    system: System,
    first_time: Float[np.ndarray, "trajectory"],
    *,
    horizon: float,
    steps: int,
    seed: int,
    tell: ProgressCallback | None = None,
) -> AlarmEvaluation:
    """Evaluate early-warning alarms on the trajectories of an ensemble that collapsed.

    The first trajectories with a collapse are run again with identical steps, and their paths are
    recorded.

    Args:
        system: the system that the ensemble ran.
        first_time: times of the first collapse, as the ensemble returned them.
        horizon: horizon of the ensemble.
        steps: number of steps of the ensemble.
        seed: seed of the ensemble.
        tell: called with (done, total) after each trajectory.

    Returns:
        Alarms before the collapses, and false alarms of the same trajectories without growth.

    Raises:
        ValueError: For a system without noise, with fewer than 20 collapses that can be evaluated,
            or if the number of steps cannot be divided into enough even saves.
    """
    known = check_system(system)
    if not np.any(known.noise):
        raise ValueError("without noise nothing fluctuates, and indicators have nothing to show")
    pairs = -(-steps // 2)  # an ensemble takes its steps in pairs
    saves = max(each for each in range(1, SAVES + 1) if pairs % each == 0)
    if saves < 2 * SHORTEST:
        raise ValueError(
            f"steps = {steps} leave a record of {saves} even times; take a round number"
        )
    room = CELLS // (saves * known.shape[1])
    hit = np.flatnonzero(np.isfinite(first_time))
    chosen = hit[: min(WATCHED, room)]
    if chosen.size < FEWEST:
        few = f"{hit.size} trajectories collapse" if hit.size < FEWEST else f"room for {room}"
        raise ValueError(f"{few}; {FEWEST} have to be watched")

    def run(system: System) -> Ensemble:
        return ensemble(
            system,
            trajectories=first_time.size,
            horizon=horizon,
            steps=steps,
            seed=seed,
            saves=saves,
            only=chosen,
        )

    moved = run(known)
    # another compiled program may round differently, so a collapse may move by one step
    if (moved.first_time == first_time[chosen]).mean() < AGREEING or (moved.first_regime < 0).any():
        raise ValueError("first_time is not of this system, horizon, steps and seed")
    held = dataclasses.replace(known.growth, rate=np.zeros_like(known.growth.rate))
    still = run(known.replace(growth=held))
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(4,)))
    rows = list(_alarms(moved, still, _clock(known, moved, chosen), rng, tell))
    noticed, in_time, false = (np.array(column) for column in zip(*rows, strict=True))
    return AlarmEvaluation(
        noticed=noticed == 1,
        in_time=in_time == 1,
        false=false[~np.isnan(false[:, 0])] == 1,
        short=int(np.isnan(noticed[:, 0]).sum()),
    )


def _alarms(
    moved: Ensemble,
    still: Ensemble,
    clock: _Clock,
    rng: np.random.Generator,
    tell: ProgressCallback | None,
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Noticed, in time and false, for every trajectory; NaN where the record is too short."""
    assert moved.paths is not None
    assert still.paths is not None
    assert still.passage is not None
    # a collapse is at the end of a step: half a step separates it from the save before
    times = moved.times + moved.step / 2
    for row, regime in enumerate(moved.first_regime):
        if tell:
            tell(row + 1, moved.first_regime.size)
        fell, lag = moved.first_time[row], clock.lag[row]
        begun = times >= min(clock.settled[row], fell / 2)
        path, quiet = moved.paths[row, :, regime], still.paths[row, :, regime]
        # a regime that collapses without growth is recorded only until then
        until = min(fell, still.passage[row, regime])
        looks = [
            _indicators(record[begun & (times < end)], clock.noisy[row], rng)
            for record, end in (
                (path, fell - lag),
                (path, fell),
                (quiet, until - lag),
                (quiet, until),
            )
        ]
        yield np.fmax(looks[0], looks[1]), looks[0], np.fmax(looks[2], looks[3])


def _indicators(
    record: Float[np.ndarray, "time"], noisy: bool, rng: np.random.Generator
) -> np.ndarray:
    """Whether variance, autocorrelation and both alarm; NaN for a record that is too short."""
    kept = record[:: -(-record.size // POINTS) or 1].astype(float)
    if not noisy or kept.size < SHORTEST or np.ptp(kept) == 0:
        return np.full(3, np.nan)
    found = find_trends(kept, rng)
    alarm = np.array([found.p_variance, found.p_autocorrelation]) <= ALARM
    return np.append(alarm, alarm.all()).astype(float)


def _clock(system: System, run: Ensemble, chosen: Int[np.ndarray, "trajectory"]) -> _Clock:
    count, _ = shape = system.shape
    rows = chosen if count > 1 else np.zeros_like(chosen)

    def own(leaf: ArrayLike) -> np.ndarray:
        return np.broadcast_to(leaf, (count,))[rows]

    growth = jax.tree.map(own, system.growth)
    fell = np.minimum(run.first_time, run.horizon)
    reached = np.minimum(amplification_at(growth, fell), growth.ceiling)
    tau = np.broadcast_to(system.lag, shape)[rows, run.first_regime]
    start = np.broadcast_to(system.growth.start, (count,))
    place = place_of(system, start[None, :, None])
    settled = (place.lag + SETTLING * place.recovery)[0, rows, run.first_regime]
    return _Clock(
        settled=settled,
        lag=tau * reached ** own(system.exponents.lag),
        noisy=np.broadcast_to(system.noise, shape)[rows, run.first_regime] > 0,
    )

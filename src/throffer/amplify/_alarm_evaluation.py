"""Would early-warning indicators have given notice? A scenario's own trajectories, watched.

The record of the regime that collapses first is looked at twice: a mean lag before it does, as
later notice is none that correction can act on, and when it does. The same trajectories without
growth, A held at its start, say how often the same watch alarms for nothing. A record begins once
the start is forgotten: filling up from empty is no fluctuation. Choosing the regime by what
happened is a kindness to the indicators: who watches beforehand does not know which to watch.
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
"""Trajectories that are watched, at most."""

FEWEST = 20
"""Collapses below which nothing is said."""

SAVES = 1_000
"""Evenly spaced times at which X is on record, at most: as many as divide the steps."""

POINTS = 200
"""Points of a watched series at most: a longer record is thinned evenly."""

SHORTEST = 50
"""Points below which a record has no trend to show."""

ALARM = 0.05
"""p-value of a trend, against stationary series, at which an indicator alarms."""

AGREEING = 0.9
"""Share of the trajectories that have to collapse in the same step when they are run again."""

SETTLING = 3.0
"""Recovery times after which 5 % of a start are left."""

CELLS = 100_000_000
"""Trajectories times saves times regimes on record at once, at most."""


class _Clock(NamedTuple):
    """The regime that fell first: when its start is forgotten, a mean lag and three recovery times
    1/(gamma (1 - u)^2) at the start; its mean lag when it fell; whether it has noise.
    """

    settled: Float[np.ndarray, "trajectory"]
    lag: Float[np.ndarray, "trajectory"]
    noisy: Bool[np.ndarray, "trajectory"]


class AlarmEvaluation(NamedTuple):
    """Alarms by watched trajectory; columns are variance, autocorrelation and both of them.

    Attributes:
        in_time: at the look a mean lag before the collapse; `noticed`: at that or at the collapse.
            A record without a trend to show raises no alarm.
        false: without growth, at either of the same two looks; rows of records that show a trend
            only.
        short: watched trajectories without such a record: too early a collapse, or no noise.
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
    """AlarmEvaluation trajectories of an ensemble that saw a collapse.

    The first trajectories with a collapse are run again, step by step the same, with their paths on
    record.

    Args:
        system: as the ensemble had them; `first_time`: as it said.
        horizon: as the ensemble had them; `first_time`: as it said.
        steps: as the ensemble had them; `first_time`: as it said.
        seed: as the ensemble had them; `first_time`: as it said.

    Raises:
        ValueError: For a system without noise, with fewer than 20 collapses that can be watched, or
            where the number of steps leaves no even record.
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
    # another compiled program may round otherwise, and pass a step sooner or later
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
    """Of every trajectory: noticed, in time, false; NaN where no record shows a trend."""
    assert moved.paths is not None
    assert still.paths is not None
    assert still.passage is not None
    # a collapse is at the end of a step: half a step keeps it apart from the save before
    times = moved.times + moved.step / 2
    for row, regime in enumerate(moved.first_regime):
        if tell:
            tell(row + 1, moved.first_regime.size)
        fell, lag = moved.first_time[row], clock.lag[row]
        begun = times >= min(clock.settled[row], fell / 2)
        path, quiet = moved.paths[row, :, regime], still.paths[row, :, regime]
        # what fell without growth is no record of standing
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
    """Whether variance, autocorrelation and both alarm; NaN for a record that shows no trend."""
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

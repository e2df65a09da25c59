"""Runs a scenario, without or with a lever: its walls and its ensemble."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from throffer.amplify._assemble import Shares, assemble, draw_shares
from throffer.amplify._ensemble import Ensemble, ensemble
from throffer.amplify._loss_curve import per_trajectory
from throffer.amplify._loss_source import SourcedLoss, changes_loss, loss_of
from throffer.amplify._path import POINTS, Exits, exits, place_of
from throffer.amplify._scenario import Intervention, Scenario
from throffer.amplify._step_size import Needed, fewest_steps
from throffer.amplify._system import System
from throffer.amplify._window import window

WALL_CELLS = 20_000_000
"""Most evaluations in the search for walls: draws times regimes times points of ln A."""

FEWEST_DRAWS = 20
"""Fewest draws for which walls are searched, whatever the number of regimes."""


class Job(NamedTuple):
    """One run of a scenario, without or with a lever. `plain` is c without any lever."""

    scenario: Scenario
    base: Path
    plain: SourcedLoss
    lever: Intervention | None


class Run(NamedTuple):
    """Output of a run; `at_start` is M/m of the worst regime at A = 1, by draw."""

    sourced: SourcedLoss
    system: System
    walls: Exits
    at_start: Float[np.ndarray, "draw"]
    ensemble: Ensemble


def run_job(job: Job) -> Run:
    """Compute walls and ensemble of one job; `ValueError` if it has too few steps."""
    scenario, multiply = job.scenario, dict(job.lever.multiply) if job.lever else {}
    shares, sourced = shares_of(scenario), job.plain
    if any(changes_loss(path) for path in multiply):
        sourced = loss_of(scenario, job.base, shares, multiply)
    few = draws_of(scenario)
    walls = system_of(scenario, sourced, shares[:few], multiply)
    met = exits(walls)
    _check_steps(scenario, fewest_steps(walls, scenario.horizon, met.margin), job.lever)
    place = place_of(walls, np.ones(1))
    # all groups start at A = 1
    seen = window(place.utilisation, place.margin_ratio, place.gain_lag, scenario.stages)
    whole = system_of(scenario, sourced, shares, multiply)
    return Run(
        sourced=sourced,
        system=walls,
        walls=met,
        at_start=(seen.margin / place.margin_ratio)[0].min(-1),
        ensemble=ensemble(
            whole,
            trajectories=scenario.trajectories,
            horizon=scenario.horizon,
            steps=scenario.steps,
            seed=scenario.seed,
            by_regime=False,
        ),
    )


def shares_of(scenario: Scenario) -> Shares:
    """Position of every trajectory in every range."""
    return draw_shares(scenario, scenario.trajectories, scenario.seed)


def draws_of(scenario: Scenario) -> int:
    """Number of trajectories for which walls are searched."""
    room = WALL_CELLS // (POINTS * scenario.count)
    return min(max(room, FEWEST_DRAWS), scenario.trajectories)


def system_of(
    scenario: Scenario, sourced: SourcedLoss, shares: Shares, multiply: dict[str, float]
) -> System:
    """The system of a scenario, with a row for each of `shares` if any number is uncertain."""
    known = not shares.shape[1] and np.ndim(sourced.curve.loss) == 1
    loss = per_trajectory(sourced.curve, len(shares))
    return assemble(scenario, loss, None if known else shares, multiply)


def groups_of(scenario: Scenario) -> list[tuple[str, slice]]:
    """The name of every group, and the slice of its regimes in the system."""
    start, found = 0, []
    for group in scenario.regimes:
        found.append((group.name, slice(start, start + group.count)))
        start += group.count
    return found


def _check_steps(scenario: Scenario, needed: Needed, lever: Intervention | None) -> None:
    if scenario.steps >= needed.steps:
        return
    who = next(name for name, own in groups_of(scenario) if own.start <= needed.regime < own.stop)
    under = f" under the lever {lever.name!r}" if lever else ""
    raise ValueError(
        f"steps = {scenario.steps} makes a step of {scenario.horizon / scenario.steps:.3g} "
        f"{scenario.time_unit}, too long for the lag and capacity of {who} at A = "
        f"{needed.amplification:.3g}{under}: a step would delay correction by itself; give at "
        f"least {_rounded_up(needed.steps):,} steps"
    )


def _rounded_up(count: int) -> int:
    """Round up to two digits; a round number of steps divides into even saves."""
    unit = 10 ** max(len(str(count)) - 2, 2)
    return -(-count // unit) * unit

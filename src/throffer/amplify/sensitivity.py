"""Which of the numbers that are not known matters most: Sobol indices (extra `sensitivity`)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from throffer.amplify.assemble import Shares, assemble
from throffer.amplify.ensemble import ensemble
from throffer.amplify.result import Bounds, Influence
from throffer.amplify.scenario import Scenario
from throffer.amplify.sweep import Engine, Tell, each
from throffer.amplify.system import LossCurve
from throffer.structure import SetupError

BLOCK = 4096
"""Rows of the sample in one run."""

Z = 1.959964


class _Block(NamedTuple):
    scenario: Scenario
    loss: LossCurve
    shares: Shares


def influences(
    scenario: Scenario, loss: LossCurve, *, engine: Engine = "local", tell: Tell | None = None
) -> list[Influence]:
    """Sobol indices of every range for the time of the first collapse, without noise.

    A time beyond the horizon counts as the horizon. First-order indices say what a number does
    alone, total ones what it does alone and with others (Saltelli et al. 2010; Sobol sequences;
    intervals by SALib's bootstrap). None where nothing is unknown, where the scenario asks for no
    sample, or where the time is the same throughout.

    Raises `SetupError` without the extra.
    """
    try:
        from SALib.analyze import sobol as analyze
        from SALib.sample import sobol as sample
    except ImportError as error:
        raise SetupError(
            "Sensitivity needs the extra `sensitivity`.",
            "Run: pip install 'throffer[sensitivity]', or set sensitivity: 0.",
        ) from error
    paths = list(scenario.ranges())
    if not paths or not scenario.sensitivity:
        return []
    problem = {"num_vars": len(paths), "names": paths, "bounds": [[0.0, 1.0]] * len(paths)}
    seed = scenario.seed % 2**32
    shares = sample.sample(problem, scenario.sensitivity, calc_second_order=False, seed=seed)
    blocks = [
        _Block(scenario, loss, shares[start : start + BLOCK])
        for start in range(0, len(shares), BLOCK)
    ]
    outcome = np.concatenate(list(each(_first_times, blocks, engine, tell)))
    if np.ptp(outcome) == 0:
        return []
    found = analyze.analyze(
        problem,
        outcome,
        calc_second_order=False,
        seed=scenario.seed % 2**32,
        print_to_console=False,
    )
    return [
        Influence(
            path=path,
            first=_bounds(found["S1"][place], found["S1_conf"][place]),
            total=_bounds(found["ST"][place], found["ST_conf"][place]),
        )
        for place, path in enumerate(paths)
    ]


def _first_times(block: _Block) -> Float[np.ndarray, "trajectory"]:
    scenario, loss, shares = block
    system = assemble(scenario, loss, shares).replace(noise=0.0)
    run = ensemble(
        system,
        trajectories=len(shares),
        horizon=scenario.horizon,
        steps=scenario.steps,
        seed=scenario.seed,
        by_regime=False,
    )
    return np.minimum(run.first_time, scenario.horizon)


def _bounds(estimate: float, half: float) -> Bounds:
    if not np.isfinite(estimate):
        return Bounds(estimate=None, low=None, high=None, why="the sample does not tell")
    return Bounds(estimate=float(estimate), low=float(estimate - half), high=float(estimate + half))

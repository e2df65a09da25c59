"""Which uncertain number matters most: Sobol indices (extra `sensitivity`)."""

from __future__ import annotations

import importlib.util
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from throffer.amplify._assemble import Shares, assemble
from throffer.amplify._ensemble import ensemble
from throffer.amplify._executor import Engine, ProgressCallback, each
from throffer.amplify._loss_source import given_loss
from throffer.amplify._result import Influence
from throffer.amplify._scenario import Scenario
from throffer.amplify._system import LossCurve
from throffer.stats import Interval
from throffer.structure import SetupError

BLOCK = 4096
"""Rows of the sample that one run computes."""

AUDIT = "agents.preferences (what the audit left open)"
"""Name of the choice among posterior draws of a measured model, one more uncertain number."""


class _Block(NamedTuple):
    scenario: Scenario
    loss: LossCurve
    shares: Shares


def check_sensitivity(scenario: Scenario, loss: LossCurve | None = None) -> None:
    """Refuse a scenario whose sensitivity cannot be computed here, before any other work.

    Args:
        scenario: the scenario file as read.
        loss: c(A); without it, its draws are not counted as an uncertain number.

    Raises:
        SetupError: If SALib, which computes the indices, is not installed.
    """
    if _unknown(scenario, loss) and importlib.util.find_spec("SALib") is None:
        raise SetupError(
            "The sensitivity of a scenario needs SALib, which is not installed.",
            "Run: pip install 'throffer[sensitivity]', or set sensitivity: 0.",
        )


def influences(
    scenario: Scenario,
    loss: LossCurve,
    *,
    engine: Engine = "local",
    tell: ProgressCallback | None = None,
) -> list[Influence]:
    """Sobol indices (by SALib) of every range for the time of the first collapse, without noise.

    A time beyond the horizon counts as the horizon. A first-order index is the effect of a number
    alone, a total index its effect alone and in interaction with others (Saltelli et al. 2010;
    Sobol sequences; intervals by SALib's bootstrap).

    Args:
        scenario: the scenario file as read.
        loss: c(A); with draws of a measured model, the choice among them counts as one more range.
        engine: where the runs are computed.
        tell: called with (done, total) after each block.

    Returns:
        One entry for each range; none if no number is uncertain, if the scenario asks for no
        sample, or if the time is the same in all samples.
    """
    names = _unknown(scenario, loss)
    if not names:
        return []
    from SALib.analyze import sobol as analyze
    from SALib.sample import sobol as sample

    problem = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
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
            first=_interval(found["S1"][place], found["S1_conf"][place]),
            total=_interval(found["ST"][place], found["ST_conf"][place]),
        )
        for place, path in enumerate(names)
    ]


def _unknown(scenario: Scenario, loss: LossCurve | None) -> list[str]:
    """Names of the uncertain numbers; none if the scenario asks for no sample."""
    if not scenario.sensitivity:
        return []
    drawn = loss is not None and np.ndim(loss.loss) == 2 and scenario.agents.loss is None
    return [*scenario.ranges(), *([AUDIT] if drawn else [])]


def _first_times(block: _Block) -> Float[np.ndarray, "trajectory"]:
    scenario, loss, shares = block
    known = len(scenario.ranges())
    if scenario.agents.loss is not None:
        loss = given_loss(scenario, shares).curve
    elif shares.shape[1] > known:
        curves = np.asarray(loss.loss)
        draw = (shares[:, known] * len(curves)).astype(int)
        loss = loss._replace(loss=curves[np.minimum(draw, len(curves) - 1)])
    system = assemble(scenario, loss, shares[:, :known]).replace(noise=0.0)
    run = ensemble(
        system,
        trajectories=len(shares),
        horizon=scenario.horizon,
        steps=scenario.steps,
        seed=scenario.seed,
        by_regime=False,
    )
    return np.minimum(run.first_time, scenario.horizon)


def _interval(estimate: float, half: float) -> Interval:
    return Interval.of(estimate, estimate - half, estimate + half, why="the sample does not tell")

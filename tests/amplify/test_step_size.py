"""How many steps an ensemble needs: enough that more change nothing, and not many times more."""

import numpy as np
import pytest

from throffer.amplify import Growth, System, constant_loss, ensemble, exits, fewest_steps


def market(pace: float = 30.0, **fields) -> System:
    """A regime that correction holds with ease, if it is not late by a step."""
    return System(
        growth=Growth(rate=0.0, ceiling=10.0),
        loss=constant_loss(1.0),
        pace=pace,
        capacity=58.0,
        saturation=3.0,
        lag=0.02,
        margin=8.0,
        noise=1.0,
        stages=3,
        **fields,
    )


def collapsed(system: System, steps: int) -> float:
    runs = ensemble(system, trajectories=64, horizon=30.0, steps=steps, by_regime=False)
    return float(np.isfinite(runs.first_time).mean())


def test_steps_that_collapse_what_holds_are_too_few() -> None:
    # correction that is 0.12 late swings into the margin; none does with four times the steps asked
    system = market(pace=60.0)
    needed = fewest_steps(system, 30.0, exits(system).margin)
    assert collapsed(system, 500) > 0.1
    assert needed.steps > 500
    assert collapsed(system, needed.steps) == collapsed(system, 4 * needed.steps) == 0.0


def test_by_hand() -> None:
    # u = 30/174: half the recovery time 1/(58 (1-u)^2) is the longest delay; the lag is short
    system = market()
    needed = fewest_steps(system, 30.0, exits(system).margin)
    delay = 0.5 / (58 * (1 - 30 / 174) ** 2)
    assert needed.steps == int(np.ceil(30.0 * 4 / (2 * delay)))
    assert needed.regime == 0


def test_a_long_lag_needs_few_steps_and_amplification_more() -> None:
    slow = market().replace(lag=1.0)
    needed = fewest_steps(slow, 30.0, exits(slow).margin)
    assert needed.steps == 30 * 2 * 4
    grows = market().replace(
        lag=0.001,
        growth=Growth(rate=0.05, ceiling=100.0),
        exponents=market().exponents._replace(capacity=1.0),
    )
    found = fewest_steps(grows, 30.0, exits(grows).margin)
    assert found.amplification == pytest.approx(np.exp(1.5))
    assert found.steps > 4 * fewest_steps(market(), 30.0, exits(market()).margin).steps

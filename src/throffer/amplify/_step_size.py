"""The longest step of an ensemble whose numerical error stays small for a given system.

A step dt of Euler's scheme delays what correction sees by about dt/2 in each stage of the lag and
once more in X, (n + 1) dt/2 in all. This is acceptable if the delay is short compared with the lag,
or if it is short compared with the recovery time 1/(gamma (1-u)^2), so that no spurious oscillation
begins, and the inflow during it is small compared with the margin. Both conditions change with
amplification. They are checked from the start up to the A at which correction cannot hold the
regime in any case.
"""

from __future__ import annotations

from typing import NamedTuple

import jax
import numpy as np

from throffer.amplify._growth import amplification_at
from throffer.amplify._path import WallCrossing, place_of
from throffer.amplify._system import System, check_system

OF_LAG, OF_RECOVERY, OF_MARGIN = 0.25, 0.5, 0.1
"""Longest delay as a share of the lag, or of the recovery time and (its inflow) of the margin."""

POINTS = 12
"""Amplifications at which the conditions are checked, evenly in the logarithm."""


class Needed(NamedTuple):
    """The fewest steps, and the regime and amplification that require them."""

    steps: int
    regime: int
    amplification: float


def fewest_steps(system: System, horizon: float, margin: WallCrossing) -> Needed:
    """The fewest steps to `horizon` that an ensemble of the system needs.

    Args:
        system: the system to be simulated.
        horizon: end of the simulation.
        margin: where the regimes meet the margin wall (`exits(system).margin`).
    """
    known = check_system(system)
    trajectories, _ = known.shape
    growth = jax.tree.map(lambda leaf: np.broadcast_to(leaf, (trajectories,)), known.growth)
    reached = np.minimum(amplification_at(growth, horizon), growth.ceiling)
    start = np.log(growth.start)[:, None]
    last = np.log(np.minimum(reached[:, None], margin.amplification))
    share = np.linspace(0, 1, POINTS)[:, None, None]
    at = np.exp(start + share * np.maximum(last - start, 0))
    place = place_of(known, at)
    with np.errstate(divide="ignore"):
        fill = np.broadcast_to(known.margin, known.shape) / place.inflow
    delay = np.maximum(
        OF_LAG * place.lag, np.minimum(OF_RECOVERY * place.recovery, OF_MARGIN * fill)
    )
    worst = np.unravel_index(delay.argmin(), delay.shape)
    step = 2 * float(delay[worst]) / (known.stages + 1)
    return Needed(int(np.ceil(horizon / step)), int(worst[2]), float(at[worst]))

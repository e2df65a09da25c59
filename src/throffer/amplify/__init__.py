"""Amplification: margin of error, stability, collapse, time left (theory, section 6).

`window` places an institution by three numbers; `path` and `exits` follow it as amplification
grows. `trajectory` simulates a `System` of regimes once without noise, `ensemble` many times with
noise. `loss_curve` computes c(A) from the game, for reference agents and for audited models.
`run_study` runs a whole scenario file (`read_scenario`).
"""

from throffer.amplify._approach import run_paths
from throffer.amplify._decisions import decide
from throffer.amplify._dynamics import Trajectory, trajectory
from throffer.amplify._ensemble import Ensemble, ensemble
from throffer.amplify._growth import Growth, amplification_at, singularity, time_to
from throffer.amplify._loss_curve import (
    LossCurves,
    amplified,
    band,
    expected_loss,
    loss_curve,
    loss_curves,
    per_trajectory,
)
from throffer.amplify._network import (
    Equilibrium,
    LeadingEigenvalue,
    equilibrium_of,
    jacobian,
    leading_eigenvalue,
    may_bound,
    random_couplings,
    shock_reach,
)
from throffer.amplify._path import Exits, Path, Place, WallCrossing, exits, path, place_of
from throffer.amplify._plurality import Plurality, compare_plurality, move_together, shared_response
from throffer.amplify._population import (
    Agent,
    cube_population,
    episode_population,
    field_population,
    measured_agent,
    reference_agent,
)
from throffer.amplify._reading import examples, find_scenario, read_scenario
from throffer.amplify._result import (
    SCHEMA_VERSION,
    Alarm,
    Amplification,
    CascadeSizes,
    Chance,
    Effect,
    GroupCrossing,
    Influence,
    InsideWalls,
    LossPoint,
    PathPoint,
    Standing,
    StudyIdentity,
    TimeLeft,
    WallMet,
    Warnings,
)
from throffer.amplify._scenario import Scenario, middle
from throffer.amplify._step_size import fewest_steps
from throffer.amplify._study import run_study
from throffer.amplify._system import (
    Collapse,
    Exponents,
    LossCurve,
    System,
    check_system,
    constant_loss,
)
from throffer.amplify._window import (
    State,
    Window,
    margin_wall,
    overshoot_limit,
    overshoot_wall,
    reaction_wall,
    resting_level,
    safe_utilisation,
    window,
)

__all__ = [
    "SCHEMA_VERSION",
    "Agent",
    "Alarm",
    "Amplification",
    "CascadeSizes",
    "Chance",
    "Collapse",
    "Effect",
    "Ensemble",
    "Equilibrium",
    "Exits",
    "Exponents",
    "GroupCrossing",
    "Growth",
    "Influence",
    "InsideWalls",
    "LeadingEigenvalue",
    "LossCurve",
    "LossCurves",
    "LossPoint",
    "Path",
    "PathPoint",
    "Place",
    "Plurality",
    "Scenario",
    "Standing",
    "State",
    "StudyIdentity",
    "System",
    "TimeLeft",
    "Trajectory",
    "WallCrossing",
    "WallMet",
    "Warnings",
    "Window",
    "amplification_at",
    "amplified",
    "band",
    "check_system",
    "compare_plurality",
    "constant_loss",
    "cube_population",
    "decide",
    "ensemble",
    "episode_population",
    "equilibrium_of",
    "examples",
    "exits",
    "expected_loss",
    "fewest_steps",
    "field_population",
    "find_scenario",
    "jacobian",
    "leading_eigenvalue",
    "loss_curve",
    "loss_curves",
    "margin_wall",
    "may_bound",
    "measured_agent",
    "middle",
    "move_together",
    "overshoot_limit",
    "overshoot_wall",
    "path",
    "per_trajectory",
    "place_of",
    "random_couplings",
    "reaction_wall",
    "read_scenario",
    "reference_agent",
    "resting_level",
    "run_paths",
    "run_study",
    "safe_utilisation",
    "shared_response",
    "shock_reach",
    "singularity",
    "time_to",
    "trajectory",
    "window",
]

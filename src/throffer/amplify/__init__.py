"""Amplification: margin of error, stability, collapse, time left (theory, section 6).

`window` places an institution by three numbers; `path` and `exits` follow one as amplification
grows. A `System` of regimes runs without noise by `trajectory`, in numbers by `ensemble`.
`loss_curve` takes c(A) from the game, for reference agents and for audited models. `answer` runs
a whole scenario file (`read_scenario`).
"""

from throffer.amplify.answers import answer
from throffer.amplify.conduct import (
    LossCurves,
    amplified,
    band,
    expected_loss,
    loss_curve,
    loss_curves,
    per_trajectory,
)
from throffer.amplify.dynamics import Trajectory, trajectory
from throffer.amplify.ensemble import Ensemble, ensemble
from throffer.amplify.growth import Growth, amplification_at, singularity, time_to
from throffer.amplify.links import Links, edges, links, ring
from throffer.amplify.path import Exits, Leaving, Path, Place, exits, path, place_of
from throffer.amplify.population import (
    Agent,
    cube_population,
    episode_population,
    field_population,
    measured_agent,
    reference_agent,
)
from throffer.amplify.scenario import Scenario, examples, find_scenario, read_scenario
from throffer.amplify.shedding import share_load
from throffer.amplify.system import (
    Collapse,
    Exponents,
    LossCurve,
    System,
    check_system,
    constant_loss,
)
from throffer.amplify.window import (
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
    "Agent",
    "Collapse",
    "Ensemble",
    "Exits",
    "Exponents",
    "Growth",
    "Leaving",
    "Links",
    "LossCurve",
    "LossCurves",
    "Path",
    "Place",
    "Scenario",
    "State",
    "System",
    "Trajectory",
    "Window",
    "amplification_at",
    "amplified",
    "answer",
    "band",
    "check_system",
    "constant_loss",
    "cube_population",
    "edges",
    "ensemble",
    "episode_population",
    "examples",
    "exits",
    "expected_loss",
    "field_population",
    "find_scenario",
    "links",
    "loss_curve",
    "loss_curves",
    "margin_wall",
    "measured_agent",
    "overshoot_limit",
    "overshoot_wall",
    "path",
    "per_trajectory",
    "place_of",
    "reaction_wall",
    "read_scenario",
    "reference_agent",
    "resting_level",
    "ring",
    "safe_utilisation",
    "share_load",
    "singularity",
    "time_to",
    "trajectory",
    "window",
]

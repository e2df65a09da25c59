"""Amplification: margin of error, stability, collapse, time left (theory, section 6).

`window` places an institution by three numbers; `path` and `exits` follow one as amplification
grows. A `System` of regimes runs without noise by `trajectory`, in numbers by `ensemble`.
`loss_curve` takes c(A) from the game, for reference agents and for audited models. `answer` runs
a whole scenario file (`read_scenario`).
"""

from throffer.amplify.answers import answer
from throffer.amplify.approach import run_paths
from throffer.amplify.cascade import (
    Bursts,
    Strength,
    bundle_strength,
    expected_bursts,
    share_equally,
    share_with_neighbours,
)
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
from throffer.amplify.hazard import Hazard, LifeTable, fit_hazard, life_table, mixed_authority
from throffer.amplify.links import Links, edges, links, ring
from throffer.amplify.network import (
    Leading,
    Rest,
    jacobian,
    leading_eigenvalue,
    may_bound,
    random_couplings,
    rest_of,
    shock_reach,
)
from throffer.amplify.passage import (
    Estimate,
    Passage,
    expected_breaks,
    fit_passage,
    passage_survival,
    recovery_profile,
)
from throffer.amplify.path import Exits, Path, Place, WallCrossing, exits, path, place_of
from throffer.amplify.plurality import Plurality, compare_plurality, move_together, shared_response
from throffer.amplify.population import (
    Agent,
    cube_population,
    episode_population,
    field_population,
    measured_agent,
    reference_agent,
)
from throffer.amplify.reading import examples, find_scenario, read_scenario
from throffer.amplify.resolution import fewest_steps
from throffer.amplify.scenario import Scenario
from throffer.amplify.shedding import share_load
from throffer.amplify.system import (
    Collapse,
    Exponents,
    LossCurve,
    System,
    check_system,
    constant_loss,
)
from throffer.amplify.tails import (
    Outsized,
    Tail,
    draw_tail,
    find_outsized,
    fit_tail,
    goodness_of_fit,
)
from throffer.amplify.warning import (
    Indicators,
    Trends,
    detrend,
    find_trends,
    kendall_tau,
    rolling_indicators,
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
    "Bursts",
    "Collapse",
    "Ensemble",
    "Estimate",
    "Exits",
    "Exponents",
    "Growth",
    "Hazard",
    "Indicators",
    "Leading",
    "LifeTable",
    "Links",
    "LossCurve",
    "LossCurves",
    "Outsized",
    "Passage",
    "Path",
    "Place",
    "Plurality",
    "Rest",
    "Scenario",
    "State",
    "Strength",
    "System",
    "Tail",
    "Trajectory",
    "Trends",
    "WallCrossing",
    "Window",
    "amplification_at",
    "amplified",
    "answer",
    "band",
    "bundle_strength",
    "check_system",
    "compare_plurality",
    "constant_loss",
    "cube_population",
    "detrend",
    "draw_tail",
    "edges",
    "ensemble",
    "episode_population",
    "examples",
    "exits",
    "expected_breaks",
    "expected_bursts",
    "expected_loss",
    "fewest_steps",
    "field_population",
    "find_outsized",
    "find_scenario",
    "find_trends",
    "fit_hazard",
    "fit_passage",
    "fit_tail",
    "goodness_of_fit",
    "jacobian",
    "kendall_tau",
    "leading_eigenvalue",
    "life_table",
    "links",
    "loss_curve",
    "loss_curves",
    "margin_wall",
    "may_bound",
    "measured_agent",
    "mixed_authority",
    "move_together",
    "overshoot_limit",
    "overshoot_wall",
    "passage_survival",
    "path",
    "per_trajectory",
    "place_of",
    "random_couplings",
    "reaction_wall",
    "read_scenario",
    "recovery_profile",
    "reference_agent",
    "rest_of",
    "resting_level",
    "ring",
    "rolling_indicators",
    "run_paths",
    "safe_utilisation",
    "share_equally",
    "share_load",
    "share_with_neighbours",
    "shared_response",
    "shock_reach",
    "singularity",
    "time_to",
    "trajectory",
    "window",
]

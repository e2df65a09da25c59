"""Reference agents: their parameters are known, for calibration and comparison."""

from __future__ import annotations

from throffer.game._people import load_people_agent
from throffer.game._preferences import Preferences
from throffer.structure import UNSANCTIONED

AGENTS = ("planted", "rational", "sanctioned", "people")

NEVER = 1e5
"""A norm so strong that the conduct never occurs.

It outweighs a payoff of 100 pies at a precision of 1,000.
"""


def reference_preferences(
    agent: str,
    *,
    precision: float | None = None,
    guilt: float | None = None,
    counterpart_precision: float | None = None,
    counterpart_envy: float | None = None,
    norms: dict[str, float] | None = None,
) -> Preferences:
    """Preferences of a reference agent, with some of them replaced on request.

    - `planted`: the default agent of theory, section 3 (precision 8, guilt 0.1, norm 1 against the
      unsanctioned conducts, counterpart's envy 0.3).
    - `rational`: precision 200, no guilt, no norms; close to best response.
    - `sanctioned`: like `planted`, but it never shows unsanctioned conduct.
    - `people`: fitted to people in dictator and ultimatum games (`load_people_agent`). These games
      cannot measure norms against coercion or deception, so the agent has none unless `norms`
      sets them.

    Args:
        agent: one of `AGENTS`.
        precision: replaces the agent's own, if given; so do the next three.
        guilt: see `Preferences`.
        counterpart_precision: see `Preferences`.
        counterpart_envy: see `Preferences`.
        norms: conduct to norm, in log odds; conducts that are absent keep the agent's own norm.

    Raises:
        ValueError: If `agent` is not in `AGENTS`, or a number is not admissible.
        SetupError: If the table of the agent `people` cannot be read.
    """
    never = dict.fromkeys((c.value for c in UNSANCTIONED), NEVER)
    plain = dict.fromkeys((c.value for c in UNSANCTIONED), 1.0)
    own: dict[str, float]
    match agent:
        case "planted":
            own, held = {}, plain
        case "rational":
            own, held = {"precision": 200.0, "guilt": 0.0, "counterpart_envy": 0.0}, {}
        case "sanctioned":
            own, held = {}, never
        case "people":
            people = load_people_agent()
            own = {name: number.estimate for name, number in people.numbers.items()}
            held = {name: norm.used for name, norm in people.norms.items()}
        case _:
            raise ValueError(f"reference agent {agent!r} is unknown; agents: {', '.join(AGENTS)}")
    given = {
        "precision": precision,
        "guilt": guilt,
        "counterpart_precision": counterpart_precision,
        "counterpart_envy": counterpart_envy,
    }
    own |= {name: value for name, value in given.items() if value is not None}
    return Preferences.of(**own, norms=held | (norms or {}))

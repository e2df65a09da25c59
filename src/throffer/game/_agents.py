"""Reference agents: known parameters, to calibrate with and to compare against."""

from __future__ import annotations

from throffer.game._people import load_people_agent
from throffer.game._preferences import Preferences
from throffer.structure import UNSANCTIONED

AGENTS = ("planted", "rational", "sanctioned", "people")

NEVER = 1e5
"""Norm at which a conduct does not occur, whatever it pays: precision 1,000 times 100 pies."""


def reference_preferences(
    agent: str,
    *,
    precision: float | None = None,
    guilt: float | None = None,
    counterpart_precision: float | None = None,
    counterpart_envy: float | None = None,
    norms: dict[str, float] | None = None,
) -> Preferences:
    """Preferences of a reference agent; what is given overrides the agent's own numbers.

    - `planted`: the plain agent of theory, section 3 (precision 8, guilt 0.1, norm 1 on the
      unsanctioned conducts, counterpart's envy 0.3).
    - `rational`: precision 200, no guilt, no norms: close to best response.
    - `sanctioned`: the plain agent, except that it never does what is not sanctioned.
    - `people`: fitted to people in dictator and ultimatum games (`load_people_agent`). Those games
      show no norm against coercion or deception; the agent has none unless `norms` says so.

    Raises:
        ValueError: For another name.
        SetupError: For a damaged installation.
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

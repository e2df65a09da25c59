"""Reference agents: known parameters, to calibrate with and to compare against."""

from __future__ import annotations

from throffer.game.preferences import Preferences
from throffer.structure import UNSANCTIONED

AGENTS = ("planted", "rational", "sanctioned")

NEVER = 1e5
"""Norm at which a conduct does not occur, whatever it pays: precision 1,000 times 100 pies."""


def reference_preferences(
    agent: str,
    *,
    precision: float | None = None,
    guilt: float | None = None,
    counterpart_precision: float = 8.0,
    counterpart_envy: float | None = None,
    norms: dict[str, float] | None = None,
) -> Preferences:
    """Preferences of a reference agent; what is given overrides the agent's own numbers.

    - `planted`: the plain agent of theory, section 3 (precision 8, guilt 0.1, norm 1 on the
      unsanctioned conducts, counterpart's envy 0.3).
    - `rational`: precision 200, no guilt, no norms: close to best response.
    - `sanctioned`: the plain agent, except that it never does what is not sanctioned.

    Raises `ValueError` for another name.
    """
    match agent:
        case "planted":
            own = (8.0, 0.1, dict.fromkeys((c.value for c in UNSANCTIONED), 1.0), 0.3)
        case "rational":
            own = (200.0, 0.0, {}, 0.0)
        case "sanctioned":
            own = (8.0, 0.1, dict.fromkeys((c.value for c in UNSANCTIONED), NEVER), 0.3)
        case _:
            raise ValueError(f"reference agent {agent!r} is unknown; agents: {', '.join(AGENTS)}")
    return Preferences.of(
        precision=own[0] if precision is None else precision,
        guilt=own[1] if guilt is None else guilt,
        norms=own[2] | (norms or {}),
        counterpart_precision=counterpart_precision,
        counterpart_envy=own[3] if counterpart_envy is None else counterpart_envy,
    )

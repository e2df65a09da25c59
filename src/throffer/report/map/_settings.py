"""The settings of a map: an agent, the fields that all panels share, and the cuts."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import ArrayLike, Float

from throffer.game import Preferences, reference_preferences
from throffer.report._language import number
from throffer.structure import FIELDS, Conduct, Dyad, SetupError

LIMIT = 0.95
"""End of every coordinate of the panels; at 1 a field is infinite."""

BASE = "base_outside_counterpart"
"""An argument of `from_asymmetry` that is not a field: b at constraint 0."""


ABSOLUTE = 50.0
"""Norm at which a conduct no longer occurs: odds of e^-50 against an even offer."""

FARTHEST = 1e6
"""Largest admissible number of an agent or a field; payoffs are in units of the pie."""


class Panel(NamedTuple):
    """A cut through asymmetry space: two coordinates vary, one is held at `level`."""

    across: str
    up: str
    held: str
    level: float


CUTS = (
    ("power", "constraint", "information"),
    ("power", "information", "constraint"),
    ("information", "constraint", "power"),
)

HELD: Mapping[str, float] = {"power": 0.4, "information": 0.1, "constraint": 0.2}
"""Default levels of the cuts; at these all five boundaries can be seen."""


@dataclasses.dataclass(frozen=True)
class MapSettings:
    """An agent, fields of the dyads, and the cuts; `MapSettings.of` checks user input.

    Attributes:
        agent: name of the agent on the page.
        preferences: of one agent; a scalar in every field but `norms`.
        others: dyad fields, or `base_outside_counterpart`, that replace those of the family.
        hold: level of each coordinate in the panel where it does not vary, in [0, 0.95].
    """

    agent: str
    preferences: Preferences
    others: Mapping[str, float]
    hold: Mapping[str, float]

    @classmethod
    def of(
        cls,
        agent: str = "planted",
        *,
        precision: float | None = None,
        guilt: float | None = None,
        norms: Mapping[str, float] | None = None,
        counterpart_precision: float | None = None,
        counterpart_envy: float | None = None,
        others: Mapping[str, float] | None = None,
        hold: Mapping[str, float] | None = None,
    ) -> MapSettings:
        """Settings from a reference agent and the numbers that differ from it.

        Raises:
            SetupError: Naming the field, its value and its range.

        ```python
        >>> MapSettings.of(others={"legitimacy": 0.3}).hold["power"]
        0.4

        ```
        """
        given = {
            "precision": precision,
            "guilt": guilt,
            "norms": dict(norms) if norms else None,
            "counterpart_precision": counterpart_precision,
            "counterpart_envy": counterpart_envy,
        }
        differs: dict[str, Any] = {
            name: value for name, value in given.items() if value is not None
        }
        try:
            preferences = reference_preferences(agent, **differs)
            for name, value in (others or {}).items():
                if isinstance(value, bool) or not isinstance(value, int | float):
                    raise ValueError(f"{name} = {value!r} is not a number")
                if name not in (*FIELDS, BASE):
                    raise ValueError(
                        f"{name} is not a field of a dyad; fields: {', '.join((*FIELDS, BASE))}"
                    )
            for name, value in _numbers_of(given, others or {}):
                if abs(value) > FARTHEST:
                    raise ValueError(f"{name} = {value:g} is beyond {FARTHEST:g}")
            Dyad.from_asymmetry(0.5, 0.5, 0.5, **(others or {}))
        except ValueError as error:
            raise SetupError(f"The map cannot be drawn: {error}.", "Change that value.") from error
        name = f"{agent}, changed" if differs else agent
        return cls(name, preferences, dict(others or {}), _held(hold or {}))

    def panels(self) -> tuple[Panel, ...]:
        """The three cuts."""
        return tuple(Panel(*cut, self.hold[cut[2]]) for cut in CUTS)

    def family(
        self,
        power: Float[ArrayLike, "*#batch"],
        information: Float[ArrayLike, "*#batch"],
        constraint: Float[ArrayLike, "*#batch"],
    ) -> Dyad:
        """The dyads at these coordinates, with the fields of `others` replaced."""
        return Dyad.from_asymmetry(power, information, constraint, **self.others)

    def on(
        self, panel: Panel, x: Float[np.ndarray, "*batch"], y: Float[np.ndarray, "*batch"]
    ) -> Dyad:
        """The dyads at places of a panel."""
        return self.family(
            **{panel.across: x, panel.up: y, panel.held: np.full_like(x, panel.level)}
        )

    @property
    def cells(self) -> int:
        """Number of cells of the concession grid.

        Up to precision 20 and h = 19, probabilities are within 0.004 of those with 4,000 cells; up
        to precision 200 within 0.005.
        """
        precisions = self.preferences.precision, self.preferences.counterpart_precision
        return 200 if max(float(np.asarray(each)) for each in precisions) <= 20 else 1600

    def agent_words(self) -> str:
        """The agent in words: its name and every number."""
        norms = np.asarray(self.preferences.norms)
        held = [(conduct.value, float(norms[conduct.code])) for conduct in Conduct]
        by_level: dict[float, list[str]] = {}
        for name, level in held:
            if level:
                by_level.setdefault(level, []).append(name.replace("_", " "))
        against = "; ".join(
            f"{_norm(level)} against {', '.join(names)}" for level, names in by_level.items()
        )
        # the games to which `people` was fitted never measured norms against threats
        people = self.agent.startswith("people")
        unheld = "norms not known and taken as none" if people else "no norms"
        return (
            f"Agent {self.agent}: precision {_plain(self.preferences.precision)}, "
            f"guilt {_plain(self.preferences.guilt)}, {against or unheld}; "
            f"expects precision {_plain(self.preferences.counterpart_precision)} and "
            f"envy {_plain(self.preferences.counterpart_envy)} of the other side."
        )

    def fields_words(self) -> str:
        """The fields that are the same everywhere in the panels, in words."""
        dyad = self.family(0.5, 0.5, 0.5).as_dict()
        fixed = [
            "outside_agent",
            "veto",
            "legitimacy",
            "leverage_cost",
            "deceit_gain",
            "oversight",
            "future",
        ]
        names = [*fixed, *(n for n in FIELDS if n in self.others and n not in fixed)]
        words = [f"{name.replace('_', ' ')} {_plain(dyad[name])}" for name in names]
        if BASE in self.others:
            words.append(f"outside counterpart {_plain(self.others[BASE])} at constraint 0")
        return f"Fields: {', '.join(words)}."


def _numbers_of(
    given: Mapping[str, Any], others: Mapping[str, float]
) -> Iterator[tuple[str, float]]:
    """Every number of an agent and of the fields, with its name."""
    for name, value in {**given, **others}.items():
        if isinstance(value, Mapping):
            yield from ((f"norm against {conduct}", norm) for conduct, norm in value.items())
        elif value is not None:
            yield name, value


def pairs(items: Sequence[str], option: str) -> dict[str, float]:
    """NAME=NUMBER items as a mapping; `SetupError` names an item that is not of this form."""
    found: dict[str, float] = {}
    for item in items:
        name, equals, value = item.partition("=")
        key = name.strip().replace("-", "_")
        if key in found:
            raise SetupError(f"{option} gives {key} twice.", "Give it once.")
        try:
            found[key] = float(value)
        except ValueError:
            equals = ""
        if not equals or not name.strip():
            raise SetupError(
                f"{option} {item!r} is not NAME=NUMBER.", f"Write it as {option} NAME=0.3."
            )
    return found


def _held(given: Mapping[str, float]) -> dict[str, float]:
    for name, value in given.items():
        if name not in HELD:
            raise SetupError(
                f"hold: {name!r} is not a coordinate.", f"Coordinates: {', '.join(HELD)}."
            )
        if not 0 <= value <= LIMIT:
            raise SetupError(
                f"hold: {name} = {value} is outside [0, {LIMIT}].", "Choose a level inside."
            )
    return {**HELD, **given}


def _norm(level: float) -> str:
    return f"norm {_plain(level)}" if level < ABSOLUTE else "absolute norm"


def _plain(value: ArrayLike) -> str:
    return f"{float(np.asarray(value)):.4g}".replace("-", "\N{MINUS SIGN}")


def figure(value: float, digits: int = 2) -> str:
    """A number for a chart; a dash if it is not known."""
    return number(value, digits) if np.isfinite(value) else "\N{EN DASH}"

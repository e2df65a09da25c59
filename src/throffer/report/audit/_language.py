"""The words of an audit's page: acts, parts of the design, parameters, boundaries.

Words shared with other pages come from `report/_language.py` and are exported from here too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from throffer.measure import Crossing, Parameter
from throffer.report._language import (
    OUTCOMES,
    Word,
    count,
    interval_text,
    number,
    percent,
    rate,
    unknown,
    visible,
)
from throffer.structure import UNSANCTIONED, Outcome, Part

__all__ = [
    "ACTS",
    "COORDINATES",
    "OUTCOMES",
    "OUTSIDE",
    "PARAMETERS",
    "PARTS",
    "QUANTITIES",
    "SHOWN",
    "Act",
    "Word",
    "count",
    "crossing",
    "estimate",
    "group_label",
    "interval_text",
    "number",
    "parameter_word",
    "percent",
    "rate",
    "unknown",
    "visible",
]


class Act(NamedTuple):
    """The words for a family of outcomes: a heading and a verb phrase."""

    label: str
    verb: str


ACTS: Mapping[str, Act] = {
    "offers": Act("offers", "offers plain terms"),
    "commands": Act("commands", "commands by recognised rank"),
    "threatens": Act("threatens", "threatens"),
    "blackmails": Act("blackmails", "blackmails"),
    "deceives": Act("deceives", "deceives"),
    "walks_away": Act("walks away", "walks away"),
    "declines": Act("declines to play", "declines to take part"),
}
"""The words for what a model does; keys are those of `throffer.measure.ACTS`."""

OUTSIDE = tuple(outcome for outcome in Outcome if outcome.conduct is None)
"""Outcomes outside the game."""

SHOWN = (
    *(outcome for outcome in Outcome if outcome.conduct in UNSANCTIONED),
    Outcome.UNILATERAL,
    Outcome.DISCLOSURE,
)
"""Outcomes whose transcripts the page shows: unsanctioned conduct, or harm outside the game."""

QUANTITIES: Mapping[str, Word] = {
    "power": Word("open force", "harm the agent can do openly if refused, as h/(1 + h)"),
    "leverage": Word("leverage", "harm by disclosure, as h/(h + 0.25)"),
    "opacity": Word("opacity", "chance that a false promise cannot be checked in time"),
    "finality": Word("finality", "chance that refusing ends the matter"),
    "deterrent": Word("deterrent", "expected sanction plus value of the continuing relation"),
}
"""Quantities by whose thirds the page reports rates."""

COORDINATES: Mapping[str, Word] = {
    "power": Word("power", "asymmetry of power: 0 none, 1 the limit"),
    "information": Word("information", "asymmetry of information: 0 none, 1 the limit"),
    "constraint": Word("constraint", "asymmetry of constraint: 0 none, 1 the limit"),
}

PARTS: Mapping[Part, Word] = {
    Part.MAIN: Word("main", "all quantities varied independently"),
    Part.POWER: Word("slice in power", "power varied, information and constraint held"),
    Part.INFORMATION: Word("slice in information", "information varied, power and constraint held"),
    Part.CONSTRAINT: Word("slice in constraint", "constraint varied, power and information held"),
    Part.NO_LEVER: Word("control: no lever", "no means to threaten or to deceive"),
    Part.SHUFFLED: Word("control: shuffled", "coded structure is not the one described"),
}

PARAMETERS: Mapping[str, Word] = {
    "precision": Word("precision", "how closely choices follow payoffs; 0: choices at random"),
    "guilt": Word("guilt", "dislike of getting more of the gain than the other side"),
    "norm_authority": Word("norm against authority", "in log odds, relative to an even offer"),
    "norm_pressure": Word("norm against pressure", "in log odds, relative to an even offer"),
    "norm_extortion": Word("norm against extortion", "in log odds, relative to an even offer"),
    "norm_blackmail": Word("norm against blackmail", "in log odds, relative to an even offer"),
    "norm_deception": Word("norm against deception", "in log odds, relative to an even offer"),
    "counterpart_precision": Word(
        "expected precision of the other", "how closely it expects answers to follow payoffs"
    ),
    "counterpart_envy": Word(
        "expected envy of the other", "how much it expects the other side to resent being behind"
    ),
    "lapse": Word("lapse rate", "share of choices made at random"),
}


def parameter_word(name: str) -> Word:
    """The words for a parameter of the choice model; a shift is named after its group."""
    if name.startswith("shift_"):
        group = name.removeprefix("shift_").replace("_", " ")
        return Word(f"shift in {group}", "added to the four unsanctioned norms in this frame")
    return PARAMETERS.get(name, Word(name.replace("_", " "), ""))


def group_label(group: str, key: str) -> str:
    """The name of a row of rates."""
    if group == "all":
        return "all (main part)"
    if group == "part":
        return PARTS[Part(key)].label if key in set(Part) else key
    return key.replace("_", " ")


def crossing(place: Crossing) -> str:
    """Where a curve crosses its level, as text; one-sided if it does not cross in range.

    ```python
    >>> crossing(Crossing(kind="beyond", estimate=None, low=0.9, high=None))
    'beyond 0.90'

    ```
    """
    match place.kind:
        case "interval":
            bounds = f"{number(place.low)} to {number(place.high)}"
            return bounds if place.estimate is None else f"{number(place.estimate)} ({bounds})"
        case "beyond":
            return f"beyond {number(place.low)}"
        case "below":
            return f"below {number(place.high)}"
        case _:
            return unknown(place.why)


def estimate(parameter: Parameter) -> str:
    """A parameter with its interval; `at least` for a lower bound, `not identified` in words."""
    match parameter.verdict:
        case "lower bound":
            return f"at least {number(parameter.low)}"
        case "not identified":
            return "not identified"
        case _:
            return (
                f"{number(parameter.estimate)} "
                f"({number(parameter.low)} to {number(parameter.high)})"
            )

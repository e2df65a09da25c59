"""One family: a path from equal exchange through the named limits.

Market pricing is G -> 0, the ultimatum w -> 1, authority force with rank, extortion force with
nobody left to turn to, blackmail the same by leverage, deception opacity (theory, section 3).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from throffer.report.map._settings import MapSettings
from throffer.structure import FIELDS, Dyad

STEPS = 24
"""Number of points from one limit to the next."""


class Stop(NamedTuple):
    """A limit: its name, its structure in two short lines, and the fields that define it."""

    name: str
    structure: tuple[str, str]
    fields: Mapping[str, float]


_EQUAL: Mapping[str, float] = {
    "outside_agent": 0.0,
    "outside_counterpart": 0.0,
    "finality": 0.5,
    "force": 0.0,
    "force_cost": 0.0,
    "leverage": 0.0,
    "opacity": 0.0,
}

STOPS = (
    Stop("equality", ("w = \N{VULGAR FRACTION ONE HALF}", "no means"), _EQUAL),
    Stop(
        "market",
        ("G \N{RIGHTWARDS ARROW} 0", "no means"),
        {**_EQUAL, "outside_agent": 0.49, "outside_counterpart": 0.49},
    ),
    Stop(
        "ultimatum",
        ("w \N{RIGHTWARDS ARROW} 1", "no means"),
        {**_EQUAL, "finality": 1.0},
    ),
    Stop(
        "authority",
        ("force, rank l", "D > 0"),
        {**_EQUAL, "finality": 0.5, "force": 1.0, "force_cost": 0.4},
    ),
    Stop(
        "extortion",
        ("force, w \N{RIGHTWARDS ARROW} 1", "D < 0"),
        {**_EQUAL, "finality": 0.95, "force": 4.0, "force_cost": 1.6},
    ),
    Stop(
        "blackmail",
        ("leverage, w \N{RIGHTWARDS ARROW} 1", "D < 0"),
        {**_EQUAL, "finality": 0.95, "leverage": 2.0},
    ),
    Stop(
        "deception",
        ("o \N{RIGHTWARDS ARROW} 1", "no lever"),
        {**_EQUAL, "finality": 0.75, "opacity": 1.0},
    ),
)
"""The limits in the order of the path; other fields are taken from the map."""


class Path(NamedTuple):
    """The path as dyads, and the position of each on it: limit k is at `position` k."""

    position: Float[np.ndarray, "point"]
    dyads: Dyad


def family_path(settings: MapSettings) -> Path:
    """Straight lines in the dyad's fields from each limit to the next."""
    position = np.linspace(0.0, len(STOPS) - 1, STEPS * (len(STOPS) - 1) + 1)
    others = settings.family(0.0, 0.0, 0.0).as_dict()
    ends = np.arange(len(STOPS))
    fields = {
        name: np.interp(position, ends, [stop.fields[name] for stop in STOPS])
        if name in _EQUAL
        else np.full_like(position, others[name])
        for name in FIELDS
    }
    return Path(position, Dyad.validated(**fields))

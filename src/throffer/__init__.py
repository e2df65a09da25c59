"""throffer: where offers turn into threats, in people, models and organisations.

The package is laid out in rooms, one folder each, which load when they are first used::

    import throffer

    throffer.game.conduct_probabilities(dyad, preferences)

`structure` holds the dyad and the offer-threat plane, `game` the choice model; docs/theory.md is
the specification.
"""

from __future__ import annotations

import importlib
import importlib.metadata
from types import ModuleType

__version__ = importlib.metadata.version("throffer")

_ROOMS = (
    "structure",
    "stats",
    "game",
    "situation",
    "record",
    "relations",
    "series",
    "design",
    "measure",
    "people",
    "probe",
    "amplify",
    "report",
    "audit",
)

__all__ = ["__version__", *_ROOMS]


def __getattr__(name: str) -> ModuleType:
    """Load a room on first use, so that `import throffer` stays quick."""
    if name in _ROOMS:
        return importlib.import_module(f"throffer.{name}")
    raise AttributeError(f"module 'throffer' has no attribute {name!r}; rooms: {', '.join(_ROOMS)}")


def __dir__() -> list[str]:
    return sorted(__all__)

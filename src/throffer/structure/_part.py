"""The parts of a design."""

from __future__ import annotations

from enum import StrEnum


class Part(StrEnum):
    """Part of a design that an episode belongs to.

    `MAIN` varies all quantities independently; three slices vary one coordinate and hold the two
    others; two controls, without a lever and with a coded structure that was not described.
    """

    MAIN = "main"
    POWER = "power"
    INFORMATION = "information"
    CONSTRAINT = "constraint"
    NO_LEVER = "no_lever"
    SHUFFLED = "shuffled"

"""Amplification: margin of error, stability, collapse, time left (theory, section 6)."""

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
    "State",
    "Window",
    "margin_wall",
    "overshoot_limit",
    "overshoot_wall",
    "reaction_wall",
    "resting_level",
    "safe_utilisation",
    "window",
]

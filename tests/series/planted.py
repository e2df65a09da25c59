"""Processes with known parameters, for the tests of event series."""

from __future__ import annotations

import numpy as np

from throffer.series import Background, EventSeries, Exponential, Hawkes, PowerLaw
from throffer.series import simulate_hawkes as simulate


def flat(rate: float) -> Background:
    """A constant background."""
    return Background(np.array([0.0]), np.log([rate]))


def exponential(ratio: float, rate: float = 0.5, memory: float = 1.0) -> Hawkes:
    """Constant background, exponential kernel."""
    return Hawkes(flat(rate), ratio, Exponential(memory))


def power_law(ratio: float, exponent: float, cutoff: float = 0.5, rate: float = 0.5) -> Hawkes:
    """Constant background, power-law kernel."""
    return Hawkes(flat(rate), ratio, PowerLaw(exponent, cutoff))


def settled(model: Hawkes, span: float, rng: np.random.Generator, past: float) -> EventSeries:
    """`span` of events after `past` of history, which is cut off."""
    return simulate(model, past + span, rng).cut(past, past + span)

"""Event series: how much of what happens is brought about by what happened before.

`fit_hawkes` fits a self-exciting process to dated events and gives its branching ratio;
`compare_backgrounds` shows how much of it a drifting background takes away, `goodness_of_fit`
whether the model can be right. Theory, section 6; docs/events.md has the traps, as measured.
"""

from throffer.amplify.events.background import Background, even_knots
from throffer.amplify.events.dates import DatedEvents, DatedFit, fit_dates
from throffer.amplify.events.fit import (
    Bounded,
    HawkesFit,
    branching_interval,
    compare_backgrounds,
    fit_hawkes,
    parameter_intervals,
)
from throffer.amplify.events.goodness import Goodness, goodness_of_fit, rescaled_gaps
from throffer.amplify.events.kernels import Exponential, PowerLaw
from throffer.amplify.events.process import Hawkes
from throffer.amplify.events.series import EventSeries, spread_dates
from throffer.amplify.events.simulate import poisson_times, simulate_hawkes

__all__ = [
    "Background",
    "Bounded",
    "DatedEvents",
    "DatedFit",
    "EventSeries",
    "Exponential",
    "Goodness",
    "Hawkes",
    "HawkesFit",
    "PowerLaw",
    "branching_interval",
    "compare_backgrounds",
    "even_knots",
    "fit_dates",
    "fit_hawkes",
    "goodness_of_fit",
    "parameter_intervals",
    "poisson_times",
    "rescaled_gaps",
    "simulate_hawkes",
    "spread_dates",
]

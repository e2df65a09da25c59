"""Event series: how much of what happens is brought about by what happened before.

`fit_hawkes` fits a self-exciting process to dated events and gives its branching ratio;
`compare_backgrounds` shows how much of it a drifting background takes away, `goodness_of_fit`
whether the model can be right. `relaxation` tells peaks that came from outside from those that grew
from within, `compare_growth` exponential from faster growth, and `diagnose_lppl` says how little a
log-periodic fit is worth. Theory, section 6; docs/events.md has the traps, as measured.
"""

from throffer.amplify.events.background import Background, even_knots
from throffer.amplify.events.counts import (
    GrowthComparison,
    GrowthFit,
    compare_growth,
    curvature_interval,
    fit_growth,
)
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
from throffer.amplify.events.lppl import Lppl, LpplDiagnostic, diagnose_lppl, fit_lppl
from throffer.amplify.events.process import Hawkes
from throffer.amplify.events.relaxation import Origin, Relaxation, find_peaks, relaxation
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
    "GrowthComparison",
    "GrowthFit",
    "Hawkes",
    "HawkesFit",
    "Lppl",
    "LpplDiagnostic",
    "Origin",
    "PowerLaw",
    "Relaxation",
    "branching_interval",
    "compare_backgrounds",
    "compare_growth",
    "curvature_interval",
    "diagnose_lppl",
    "even_knots",
    "find_peaks",
    "fit_dates",
    "fit_growth",
    "fit_hawkes",
    "fit_lppl",
    "goodness_of_fit",
    "parameter_intervals",
    "poisson_times",
    "relaxation",
    "rescaled_gaps",
    "simulate_hawkes",
    "spread_dates",
]

"""Event series: how much of what happens is brought about by what happened before.

`fit_hawkes` fits a self-exciting process to dated events and gives its branching ratio;
`compare_backgrounds` shows how much of it a drifting background takes away, `goodness_of_fit`
whether the model can be right. `relaxation` tells peaks that came from outside from those that grew
from within, `compare_growth` exponential from faster growth, and `diagnose_lppl` says how little a
log-periodic fit is worth. Theory, section 6; docs/events.md has the traps, as measured.
"""

from throffer.series._background import Background, even_knots
from throffer.series._dated_events import DatedEvents, DatedFit, fit_dates
from throffer.series._event_series import EventSeries, spread_dates
from throffer.series._fibre_bundle import (
    Bursts,
    Strength,
    bundle_strength,
    expected_bursts,
    share_equally,
    share_with_neighbours,
)
from throffer.series._growth import (
    GrowthComparison,
    GrowthFit,
    compare_growth,
    curvature_interval,
    fit_growth,
)
from throffer.series._hawkes import Hawkes
from throffer.series._hawkes_fit import (
    Bounded,
    HawkesFit,
    branching_interval,
    compare_backgrounds,
    fit_hawkes,
    parameter_intervals,
)
from throffer.series._hawkes_goodness import Goodness, rescaled_gaps
from throffer.series._hawkes_simulation import poisson_times, simulate_hawkes
from throffer.series._hazard import Hazard, LifeTable, fit_hazard, life_table, mixed_authority
from throffer.series._kernels import Exponential, PowerLaw
from throffer.series._links import Links, contention, edges, links, ring
from throffer.series._load_sharing import share_load
from throffer.series._lppl import Lppl, LpplDiagnostic, diagnose_lppl, fit_lppl
from throffer.series._passage import (
    Estimate,
    Passage,
    expected_breaks,
    fit_passage,
    passage_survival,
    recovery_profile,
)
from throffer.series._relaxation import Origin, Relaxation, find_peaks, relaxation
from throffer.series._tails import (
    Outsized,
    Tail,
    draw_tail,
    find_outsized,
    fit_tail,
    goodness_of_fit,
)
from throffer.series._warning import (
    Indicators,
    Trends,
    detrend,
    find_trends,
    kendall_tau,
    rolling_indicators,
)

__all__ = [
    "Background",
    "Bounded",
    "Bursts",
    "DatedEvents",
    "DatedFit",
    "Estimate",
    "EventSeries",
    "Exponential",
    "Goodness",
    "GrowthComparison",
    "GrowthFit",
    "Hawkes",
    "HawkesFit",
    "Hazard",
    "Indicators",
    "LifeTable",
    "Links",
    "Lppl",
    "LpplDiagnostic",
    "Origin",
    "Outsized",
    "Passage",
    "PowerLaw",
    "Relaxation",
    "Strength",
    "Tail",
    "Trends",
    "branching_interval",
    "bundle_strength",
    "compare_backgrounds",
    "compare_growth",
    "contention",
    "curvature_interval",
    "detrend",
    "diagnose_lppl",
    "draw_tail",
    "edges",
    "even_knots",
    "expected_breaks",
    "expected_bursts",
    "find_outsized",
    "find_peaks",
    "find_trends",
    "fit_dates",
    "fit_growth",
    "fit_hawkes",
    "fit_hazard",
    "fit_lppl",
    "fit_passage",
    "fit_tail",
    "goodness_of_fit",
    "kendall_tau",
    "life_table",
    "links",
    "mixed_authority",
    "parameter_intervals",
    "passage_survival",
    "poisson_times",
    "recovery_profile",
    "relaxation",
    "rescaled_gaps",
    "ring",
    "rolling_indicators",
    "share_equally",
    "share_load",
    "share_with_neighbours",
    "simulate_hawkes",
    "spread_dates",
]

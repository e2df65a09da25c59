"""Series: dated events, measured paths, and statistics of collapse (theory, section 6).

Events: `fit_hawkes` fits a self-exciting process and gives its branching ratio;
`compare_backgrounds` shows how the ratio falls when the background may drift,
`hawkes_goodness_of_fit` tests the fit, `relaxation` classifies peaks by their origin,
`compare_growth` compares exponential with faster growth out of sample, and `diagnose_lppl` compares
a log-periodic fit with fits to random series. Paths: `rolling_indicators` and `find_trends` are
early-warning indicators. Collapses: `fit_tail` and `find_dragon_kings` for sizes, `fit_hazard` and
`fit_passage` for durations, `share_equally` for fibre bundles. docs/events.md lists the known
pitfalls with measured sizes. A whole file: `analyse_series` decides how to read it and computes
what applies.
"""

from throffer.series._analysis import analyse_series
from throffer.series._analysis_records import (
    SCHEMA_VERSION,
    AlarmRate,
    EventsResult,
    IndicatorTrend,
    Peak,
    SeriesResult,
    SeriesSettings,
    SizesResult,
    ValuesResult,
)
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
    HawkesFit,
    branching_interval,
    compare_backgrounds,
    fit_hawkes,
    parameter_intervals,
)
from throffer.series._hawkes_goodness import Goodness, hawkes_goodness_of_fit, rescaled_gaps
from throffer.series._hawkes_simulation import poisson_times, simulate_hawkes
from throffer.series._hazard import Hazard, LifeTable, fit_hazard, life_table
from throffer.series._kernels import Exponential, PowerLaw
from throffer.series._links import Links, contention, edges, links, ring
from throffer.series._load_sharing import share_load
from throffer.series._lppl import Lppl, LpplDiagnostic, diagnose_lppl, fit_lppl
from throffer.series._passage import (
    Passage,
    expected_breaks,
    fit_passage,
    passage_survival,
    recovery_profile,
)
from throffer.series._relaxation import Origin, Relaxation, find_peaks, relaxation
from throffer.series._tails import (
    DragonKings,
    Tail,
    draw_tail,
    find_dragon_kings,
    fit_tail,
    tail_goodness_of_fit,
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
    "SCHEMA_VERSION",
    "AlarmRate",
    "Background",
    "Bursts",
    "DatedEvents",
    "DatedFit",
    "DragonKings",
    "EventSeries",
    "EventsResult",
    "Exponential",
    "Goodness",
    "GrowthComparison",
    "GrowthFit",
    "Hawkes",
    "HawkesFit",
    "Hazard",
    "IndicatorTrend",
    "Indicators",
    "LifeTable",
    "Links",
    "Lppl",
    "LpplDiagnostic",
    "Origin",
    "Passage",
    "Peak",
    "PowerLaw",
    "Relaxation",
    "SeriesResult",
    "SeriesSettings",
    "SizesResult",
    "Strength",
    "Tail",
    "Trends",
    "ValuesResult",
    "analyse_series",
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
    "find_dragon_kings",
    "find_peaks",
    "find_trends",
    "fit_dates",
    "fit_growth",
    "fit_hawkes",
    "fit_hazard",
    "fit_lppl",
    "fit_passage",
    "fit_tail",
    "hawkes_goodness_of_fit",
    "kendall_tau",
    "life_table",
    "links",
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
    "tail_goodness_of_fit",
]

"""Measure: rates, the fitted choice model, curves, boundaries and controls of an Episode table.

Nothing here knows who produced the episodes. Theory, section 5.
"""

from throffer.measure._choice import FREE_NORMS, ChoiceFit, fit_choice, laplace_draws
from throffer.measure._curves import crossing_of, grid
from throffer.measure._measurement import FITTED, measure, with_groups
from throffer.measure._rates import rate_tables, unsanctioned_rate, wilson
from throffer.measure._result import (
    LEVEL,
    Boundary,
    Controls,
    Crossing,
    Curve,
    Fit,
    Interval,
    Measurement,
    OutcomeRate,
    Parameter,
    RateTable,
    RawRate,
)

__all__ = [
    "FITTED",
    "FREE_NORMS",
    "LEVEL",
    "Boundary",
    "ChoiceFit",
    "Controls",
    "Crossing",
    "Curve",
    "Fit",
    "Interval",
    "Measurement",
    "OutcomeRate",
    "Parameter",
    "RateTable",
    "RawRate",
    "crossing_of",
    "fit_choice",
    "grid",
    "laplace_draws",
    "measure",
    "rate_tables",
    "unsanctioned_rate",
    "wilson",
    "with_groups",
]

"""Measure: rates, the fitted choice model, curves, boundaries and controls of an Episode table.

Nothing here knows who produced the episodes. Theory, section 5.
"""

from throffer.measure._choice import FREE_NORMS, ChoiceFit, fit_choice
from throffer.measure._curves import crossing_of, grid
from throffer.measure._measurement import FITTED, measure, with_groups
from throffer.measure._rates import rate_tables, unsanctioned_rate
from throffer.measure._result import (
    Boundary,
    Controls,
    Crossing,
    Curve,
    Fit,
    Measurement,
    OutcomeRate,
    Parameter,
    RateTable,
    RawRate,
    Record,
)

__all__ = [
    "FITTED",
    "FREE_NORMS",
    "Boundary",
    "ChoiceFit",
    "Controls",
    "Crossing",
    "Curve",
    "Fit",
    "Measurement",
    "OutcomeRate",
    "Parameter",
    "RateTable",
    "RawRate",
    "Record",
    "crossing_of",
    "fit_choice",
    "grid",
    "measure",
    "rate_tables",
    "unsanctioned_rate",
    "with_groups",
]

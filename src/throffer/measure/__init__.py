"""Measure: rates, the fitted choice model, curves, boundaries and controls of an Episode table.

Nothing here knows who produced the episodes. Theory, section 5.
"""

from throffer.measure.choice import ChoiceFit, draws, fit_choice
from throffer.measure.measurement import FITTED, measure, with_groups
from throffer.measure.rates import rate_tables, unsanctioned_rate, wilson
from throffer.measure.result import (
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
    "draws",
    "fit_choice",
    "measure",
    "rate_tables",
    "unsanctioned_rate",
    "wilson",
    "with_groups",
]

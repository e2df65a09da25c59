"""Measure: rates, the fitted choice model, curves, boundaries and controls of an Episode table.

Nothing here knows who produced the episodes. Theory, section 5.
"""

from throffer.measure.choice import ChoiceFit, draws, fit_choice
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
    "rate_tables",
    "unsanctioned_rate",
    "wilson",
]

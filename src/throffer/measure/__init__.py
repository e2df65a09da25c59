"""Measure: rates, the fitted choice model, curves, boundaries and controls of an Episode table.

The source of the episodes does not matter here. Theory, section 5.
"""

from throffer.measure._choice import FREE_NORMS, ChoiceFit, fit_choice
from throffer.measure._curves import crossing_of, grid
from throffer.measure._measurement import FITTED, measure, with_groups
from throffer.measure._rates import ACTS, OUTSIDE, overall_rates, rate_tables, unsanctioned_rate
from throffer.measure._result import (
    ActRate,
    Boundary,
    Comparison,
    Controls,
    Crossing,
    Curve,
    Failure,
    Fit,
    Measurement,
    OutcomeRate,
    Parameter,
    RateTable,
    RawRate,
    SituationRate,
    Survey,
    Tendency,
    Totals,
    Verdict,
    WorldAnswers,
)
from throffer.measure._structure_test import StructureTest, structure_test
from throffer.measure._survey import QUANTITIES, compare, survey, tendencies
from throffer.measure._verdicts import decide

__all__ = [
    "ACTS",
    "FITTED",
    "FREE_NORMS",
    "OUTSIDE",
    "QUANTITIES",
    "ActRate",
    "Boundary",
    "ChoiceFit",
    "Comparison",
    "Controls",
    "Crossing",
    "Curve",
    "Failure",
    "Fit",
    "Measurement",
    "OutcomeRate",
    "Parameter",
    "RateTable",
    "RawRate",
    "SituationRate",
    "StructureTest",
    "Survey",
    "Tendency",
    "Totals",
    "Verdict",
    "WorldAnswers",
    "compare",
    "crossing_of",
    "decide",
    "fit_choice",
    "grid",
    "measure",
    "overall_rates",
    "rate_tables",
    "structure_test",
    "survey",
    "tendencies",
    "unsanctioned_rate",
    "with_groups",
]

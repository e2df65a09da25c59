"""Ransom negotiations, an extreme case of coercion: does the price depend on w, h and b?

A ransom is a mere transfer: there is no gain from agreement, and the attackers get what they get
only through harm. docs/record/ransom.md states the theory's predictions, which were written before
estimating, and the results.
"""

from throffer.people.ransom._openings import FACTS, OPENING, apply_rules, read_openings
from throffer.people.ransom._prices import (
    MODELS,
    PREDICTED,
    Regression,
    fit_ransoms,
    judge,
    positions,
    ransom_frame,
    regress,
)
from throffer.people.ransom._table import (
    RansomTable,
    load_ransoms,
    ransom_table,
    write_ransoms,
)

__all__ = [
    "FACTS",
    "MODELS",
    "OPENING",
    "PREDICTED",
    "RansomTable",
    "Regression",
    "apply_rules",
    "fit_ransoms",
    "judge",
    "load_ransoms",
    "positions",
    "ransom_frame",
    "ransom_table",
    "read_openings",
    "regress",
    "write_ransoms",
]

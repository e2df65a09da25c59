"""Ransom negotiations as the extreme corner: does the price follow w, h and b?

A transfer with nothing to gain: all that is taken comes from harm. docs/record/ransom.md says what
the theory predicts, written before estimating, and what came out.
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

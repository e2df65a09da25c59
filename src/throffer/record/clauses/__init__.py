"""Contracts and laws: splitting texts into clauses, coding them by rules, and tabulating them."""

from throffer.record.clauses._coder import Consequence, Modality, code_clauses
from throffer.record.clauses._segment import Segment, segment
from throffer.record.clauses._table import CLAUSES, as_clauses, clause_episodes
from throffer.record.clauses._words import count_words

__all__ = [
    "CLAUSES",
    "Consequence",
    "Modality",
    "Segment",
    "as_clauses",
    "clause_episodes",
    "code_clauses",
    "count_words",
    "segment",
]

"""Relations: relational models from event logs (theory, section 4).

`classify` reads a table of who did what to whom and when; `classify_set` reads a set of exchanges.
"""

from throffer.relations.classify import TOLERANCE, classify
from throffer.relations.events import COLUMNS, Counted, count_rows
from throffer.relations.sets import (
    RELATIONS,
    Interaction,
    Relation,
    classify_set,
    notations,
)

__all__ = [
    "COLUMNS",
    "RELATIONS",
    "TOLERANCE",
    "Counted",
    "Interaction",
    "Relation",
    "classify",
    "classify_set",
    "count_rows",
    "notations",
]

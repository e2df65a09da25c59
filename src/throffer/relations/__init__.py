"""Relations: relational models from event logs (theory, section 4).

`classify` reads a table of who did what to whom and when; `classify_set` reads a set of exchanges.
"""

from throffer.relations._classify import (
    TOLERANCE,
    ProgressCallback,
    check_rule,
    check_shuffles,
    classify,
    relation_blocks,
)
from throffer.relations._events import COLUMNS, Counted, count_rows
from throffer.relations._files import Columns, event_files, scan_events
from throffer.relations._relate import LARGEST, Settings, Summary, relate
from throffer.relations._sets import RELATIONS, Interaction, Relation, classify_set, notations
from throffer.relations._text import TextFormat

__all__ = [
    "COLUMNS",
    "LARGEST",
    "RELATIONS",
    "TOLERANCE",
    "Columns",
    "Counted",
    "Interaction",
    "ProgressCallback",
    "Relation",
    "Settings",
    "Summary",
    "TextFormat",
    "check_rule",
    "check_shuffles",
    "classify",
    "classify_set",
    "count_rows",
    "event_files",
    "notations",
    "relate",
    "relation_blocks",
    "scan_events",
]

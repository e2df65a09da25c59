"""Text acts: what messages do (threaten, offer, plead ...) in three sources of conversations.

Messages are read from the raw files and never stored. The package contains only their ids, the
codes that coders gave them, and derived rates. docs/record/acts.md says how the messages were coded
and how well.
"""

from throffer.people.talk._codes import ACTS, gather_codes, read_codes, write_for_coders
from throffer.people.talk._messages import TALK_SOURCES, read_talk
from throffer.people.talk._models import ModelAgreement, agree_with_coders, with_message_ids
from throffer.people.talk._prevalence import Population, estimate
from throffer.people.talk._quality import judge_predictions, reliability
from throffer.people.talk._sample import draw
from throffer.people.talk._table import (
    ActsTable,
    acts_table,
    load_acts,
    read_coded,
    write_acts,
)

__all__ = [
    "ACTS",
    "TALK_SOURCES",
    "ActsTable",
    "ModelAgreement",
    "Population",
    "acts_table",
    "agree_with_coders",
    "draw",
    "estimate",
    "gather_codes",
    "judge_predictions",
    "load_acts",
    "read_coded",
    "read_codes",
    "read_talk",
    "reliability",
    "with_message_ids",
    "write_acts",
    "write_for_coders",
]

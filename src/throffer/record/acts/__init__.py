"""Text acts: what a message does (threatens, offers, pleads ...) in three sources of talk.

Messages are read from the raw files and never stored: only their ids, the codes that coders gave
them and derived rates ship. docs/record/acts.md says how they were coded and how well.
"""

from throffer.record.acts.agreement import alpha, alpha_interval, disagree
from throffer.record.acts.codes import ACTS, gather_codes, read_codes, write_for_coders
from throffer.record.acts.messages import TALK_SOURCES, read_talk
from throffer.record.acts.models import ModelAgreement, agree_with_coders, with_message_ids
from throffer.record.acts.prevalence import Estimate, Population, estimate
from throffer.record.acts.quality import judge_predictions, reliability
from throffer.record.acts.sample import draw
from throffer.record.acts.table import (
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
    "Estimate",
    "ModelAgreement",
    "Population",
    "acts_table",
    "agree_with_coders",
    "alpha",
    "alpha_interval",
    "disagree",
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

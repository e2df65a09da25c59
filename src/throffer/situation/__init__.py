"""Situation: dyads described in texts that a model reads, and the coding of what the model does.

A frame is a story that describes a dyad in several wordings. An elicitation offers the model tools
(`terms`: one structured call; `world`: documents and several tools) and codes its calls as one of
the outcomes of theory, section 3.
"""

from throffer.situation._check import check_frame
from throffer.situation._coding import Coding, Proposal, Tool
from throffer.situation._finding import Finding, Severity
from throffer.situation._frame import (
    Fact,
    Frame,
    Reading,
    forbidden_words,
    frames,
    load_frame,
    parse,
    quantise,
    render,
)
from throffer.situation._ledger import Answered, Called, Ledger
from throffer.situation._precedence import RULES, code_ledger, counterpart_answer
from throffer.situation._setting import Kind, Role, Setting, load_setting, world_tools, worlds
from throffer.situation._situation import Situation, episode_row
from throffer.situation._terms import PROPOSE, code_terms, terms_call, terms_tools
from throffer.situation._text import Template, Units, collapse
from throffer.situation._world import Awaiting, Call, Phase, State, answer, start, step, task

__all__ = [
    "PROPOSE",
    "RULES",
    "Answered",
    "Awaiting",
    "Call",
    "Called",
    "Coding",
    "Fact",
    "Finding",
    "Frame",
    "Kind",
    "Ledger",
    "Phase",
    "Proposal",
    "Reading",
    "Role",
    "Setting",
    "Severity",
    "Situation",
    "State",
    "Template",
    "Tool",
    "Units",
    "answer",
    "check_frame",
    "code_ledger",
    "code_terms",
    "collapse",
    "counterpart_answer",
    "episode_row",
    "forbidden_words",
    "frames",
    "load_frame",
    "load_setting",
    "parse",
    "quantise",
    "render",
    "start",
    "step",
    "task",
    "terms_call",
    "terms_tools",
    "world_tools",
    "worlds",
]

"""Scenario: dyads as texts that a model reads, and what it did as one outcome each.

A frame tells a dyad in several wordings (`frame`, `text`); an elicitation offers tools and codes
the calls (`terms`, `world`) into the outcomes of theory, section 3 (`coding`).
"""

from throffer.scenario.check import check_frame
from throffer.scenario.coding import Coding, Proposal, Tool
from throffer.scenario.design import default_design, slice_dyads, sobol_dyads
from throffer.scenario.finding import Finding, Severity
from throffer.scenario.frame import (
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
from throffer.scenario.situation import PARTS, Situation, episode_row
from throffer.scenario.terms import code_terms, terms_call, terms_tools
from throffer.scenario.text import Template, Units

__all__ = [
    "PARTS",
    "Coding",
    "Fact",
    "Finding",
    "Frame",
    "Proposal",
    "Reading",
    "Severity",
    "Situation",
    "Template",
    "Tool",
    "Units",
    "check_frame",
    "code_terms",
    "default_design",
    "episode_row",
    "forbidden_words",
    "frames",
    "load_frame",
    "parse",
    "quantise",
    "render",
    "slice_dyads",
    "sobol_dyads",
    "terms_call",
    "terms_tools",
]

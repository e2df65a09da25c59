"""Amplification: what a scenario's run says, as JSON for programs and one HTML page for people.

The page answers in this order: is it inside its walls and when does it leave, the governability
diagram (theory, section 6), how much time is left, what each lever buys, which unknown matters
most, how many fall at once.
"""

from throffer.report.amplification._page import render_amplification
from throffer.report.amplification._writing import read_amplification, write_amplification

__all__ = ["read_amplification", "render_amplification", "write_amplification"]

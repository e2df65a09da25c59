"""The report of a scenario's run: JSON for programs and one HTML page for people.

The page answers in this order: is the institution inside its walls and when does it leave them (the
governability diagram; theory, section 6), how much time is left, what each lever changes, which
unknown matters most, how many regimes collapse at once.
"""

from throffer.report.amplification._page import render_amplification
from throffer.report.amplification._writing import read_amplification, write_amplification

__all__ = ["read_amplification", "render_amplification", "write_amplification"]

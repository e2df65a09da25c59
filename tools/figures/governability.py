"""Draws the diagram of docs/how-to/amplify.md: `python -m tools.figures governability`.

It is the governability diagram of the page which `throffer amplify institution` writes.
"""

from __future__ import annotations

from pathlib import Path

import vl_convert

from throffer.amplify import find_scenario, read_scenario, run_study
from throffer.report.amplification._governability import choose, governability

FOLDER = Path(__file__).parents[2] / "docs" / "figures"


def main() -> None:
    """Write the figure as SVG."""
    path = find_scenario("institution")
    scenario = read_scenario(path)
    drawn = governability(choose(run_study(scenario, path.parent), scenario), scenario.stages)
    if drawn is None:
        raise SystemExit("the scenario has no inflow, so there is nothing to draw")
    svg = vl_convert.vegalite_to_svg(drawn.spec)
    (FOLDER / "governability.svg").write_text(svg, "utf-8")

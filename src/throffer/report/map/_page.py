"""The map as one HTML file that opens offline."""

from __future__ import annotations

from typing import Any

import numpy as np

from throffer.report import _shell as shell
from throffer.report._chart import Figure
from throffer.report.map._boundaries import BOUNDARIES
from throffer.report.map._fields import PIXELS, Map
from throffer.report.map._image import opacity
from throffer.report.map._panels import panel_chart, panels_alt
from throffer.report.map._plane import dyad_letters, plane_alt, plane_chart
from throffer.report.map._settings import LIMIT, figure
from throffer.report.map._sheet import BOUNDARY_TITLE, LEVELS, TITLE
from throffer.report.map._strip import strip_alt, strip_chart
from throffer.report.map._theme import PAGE, conduct_colour, conduct_words, whole
from throffer.structure import Conduct

PANEL = 248
"""Side of a cut on the page, in pixels."""

BROAD = 800
"""Width of the path and of the plane on the page, in pixels."""

TABLED = 200
"""Most dyads in the table; the plane draws more."""


def render_map(drawn: Map, command: str = "") -> str:
    """The whole page as HTML text."""
    panels = [panel_chart(field, PAGE, PANEL) for field in drawn.panels]
    return shell.render(
        "map",
        title=TITLE,
        settings=drawn.settings,
        conducts=[
            {"label": conduct_words(conduct), "colour": conduct_colour(conduct)}
            for conduct in Conduct
        ],
        levels=LEVELS,
        opacities=[round(float(opacity(np.array(level))), 3) for level in LEVELS],
        panels=Figure(
            "panels",
            whole({"hconcat": panels, "spacing": 26}, PAGE),
            panels_alt(drawn.panels),
            "Colour: the most probable conduct. Lines: boundaries of a rational agent, "
            "numbered as below; thin lines in the colour of the paper: where one conduct "
            "becomes more probable than another.",
        ),
        family=Figure(
            "family",
            whole(strip_chart(drawn, PAGE, BROAD), PAGE),
            strip_alt(drawn),
            "The path runs straight, in the fields of the dyad, from limit to limit; outside "
            "options, finality, force, leverage and opacity vary, all else is fixed.",
        ),
        plane=Figure(
            "plane",
            whole(plane_chart(drawn, PAGE, BROAD), PAGE),
            plane_alt(drawn),
            "Every mark is a conduct of a dyad, at its mean place; the letter of a dyad "
            "stands at its most probable proposal. Walking away has no place here.",
        ),
        boundary_title=BOUNDARY_TITLE,
        boundaries=BOUNDARIES,
        present={line.boundary.number for field in drawn.panels for line in field.lines},
        shares=_shares(drawn),
        given=drawn.given,
        rows=_rows(drawn),
        pixels=PIXELS,
        limit=LIMIT,
        command=command,
    )


def _shares(drawn: Map) -> list[dict[str, Any]]:
    """Shares of the cube of at least 0.5 %, largest first."""
    return [
        {"label": conduct_words(list(Conduct)[code]), "share": float(drawn.shares[code])}
        for code in np.argsort(-drawn.shares)
        if drawn.shares[code] >= 0.005
    ]


def _rows(drawn: Map) -> list[dict[str, Any]]:
    places, names = drawn.places, drawn.given.names
    rows = []
    for index, letter in list(enumerate(dyad_letters(len(names))))[:TABLED]:
        shares = places.probability[index]
        modal = list(Conduct)[int(shares.argmax())]
        numbers = (*places.distance[index], places.mean_accept[index], places.mean_refuse[index])
        rows.append(
            {
                "letter": letter,
                "name": names[index],
                "modal": conduct_words(modal),
                "colour": conduct_colour(modal),
                "shares": [f"{100 * share:.0f}" if share >= 0.005 else "" for share in shares],
                "numbers": [figure(float(number)) for number in numbers],
            }
        )
    return rows

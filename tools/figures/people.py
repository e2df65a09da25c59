"""Draws people beside what the game says of them: `python -m tools.figures people`.

Every number comes from the table that ships (`throffer.record.load_games`).
"""

from __future__ import annotations

from pathlib import Path

import altair as alt
import polars as pl
import vl_convert

from throffer.people import Transfer, load_games
from throffer.report._palette import PEOPLE

FOLDER = Path(__file__).parents[2] / "docs" / "figures"
FONT = "Liberation Sans, Arial, sans-serif"
INK = "#222222"

GAME, KINDS, LOGIT, UNCHANGED = "#0072b2", "#56b4e9", "#d55e00", "#999999"

ANSWERS = {
    "game": GAME,
    "game, people differ": KINDS,
    "share-only logit": LOGIT,
    "share-only logit, people differ": "#e69f00",
}
OFFERS = {"game": GAME, "game, two kinds": KINDS, "offers of the other game": UNCHANGED}


def people() -> alt.VConcatChart:
    """Refusals elsewhere from Heffner's responders; offers of one game from the other."""
    table = load_games()
    answers = alt.hconcat(
        panel(
            table.transfer("heffner answers: forsythe"),
            ANSWERS,
            "Forsythe: refused",
            "share offered",
        ),
        panel(
            table.transfer("heffner answers: moblab"),
            ANSWERS,
            "MobLab: would refuse",
            "share offered",
        ),
    )
    offers = alt.hconcat(
        panel(
            table.transfer("moblab dictator: ultimatum"),
            OFFERS,
            "MobLab: ultimatum offers from dictators",
            "share of the pie",
        ),
        panel(
            table.transfer("moblab ultimatum: dictator"),
            OFFERS,
            "MobLab: dictators from ultimatum offers",
            "share of the pie",
        ),
    )
    return alt.vconcat(answers, offers).resolve_scale(color="independent")


def panel(
    transfer: Transfer, models: dict[str, str], title: str, across: str
) -> alt.LayerChart | alt.FacetChart:
    """Observed rates with their intervals in grey, predictions as lines with bands."""
    bins = [one for one in transfer.bins if one.count is not None]
    order = [one.label for one in bins]
    seen = pl.DataFrame([{"bin": one.label, **one.observed.model_dump()} for one in bins])
    said = pl.DataFrame(
        [
            {"bin": one.label, "model": model, **one.predicted[model].model_dump()}
            for one in bins
            for model in models
        ]
    )
    x = alt.X("bin:O", sort=order, title=across, axis=alt.Axis(labelAngle=-30))
    up = {"title": "rate", "axis": alt.Axis(format=".0%", tickCount=5)}
    colour = alt.Color(
        "model:N",
        title=None,
        scale=alt.Scale(domain=list(models), range=list(models.values())),
        legend=alt.Legend(orient="bottom", columns=2, labelLimit=220, symbolOpacity=1),
    )
    bars = alt.Chart(said).mark_rule(strokeWidth=5, opacity=0.35)
    bars = bars.encode(x=x, y=alt.Y("low:Q", **up), y2="high:Q", color=colour)
    # up to a half the game and the logit are one line: dashes let both be seen
    dashes = alt.StrokeDash(
        "model:N",
        legend=None,
        scale=alt.Scale(
            domain=list(models), range=[[5, 4] if "logit" in each else [1, 0] for each in models]
        ),
    )
    lines = alt.Chart(said).mark_line(strokeWidth=1.8)
    lines = lines.encode(x=x, y=alt.Y("estimate:Q", **up), color=colour, strokeDash=dashes)
    points = alt.Chart(seen).mark_point(color=PEOPLE, filled=True, size=60, opacity=1)
    points = points.encode(x=x, y="estimate:Q")
    spread = alt.Chart(seen).mark_rule(color=PEOPLE, strokeWidth=1.5)
    spread = spread.encode(x=x, y="low:Q", y2="high:Q")
    return (bars + lines + spread + points).properties(width=290, height=190, title=title)


def main() -> None:
    """Write the figure."""
    config = {
        "font": FONT,
        "background": "white",
        "view": {"stroke": None},
        "axis": {"labelColor": INK, "titleColor": INK, "gridOpacity": 0.3},
        "title": {"color": INK, "anchor": "start", "fontSize": 12},
    }
    specification = people().to_dict() | {"config": config}
    (FOLDER / "people.svg").write_text(vl_convert.vegalite_to_svg(specification), "utf-8")

"""Draws the figures of the record from the tables that ship: `python -m tools.figures record`.

Colours are those of the report (after Okabe & Ito 2008).
"""

from __future__ import annotations

from pathlib import Path

import altair as alt
import polars as pl
import vl_convert

from throffer.people.ransom import FACTS, load_ransoms
from throffer.people.talk import ACTS, load_acts
from throffer.report._palette import OUTCOME_COLOURS
from throffer.structure import Outcome

FOLDER = Path(__file__).parents[2] / "docs" / "figures"
INK = "#222222"
FONT = "Liberation Sans, Arial, sans-serif"

FACT_LABELS = {
    "demand": "demand, per log unit",
    "deadline": "deadline set",
    "proof": "proof shown",
    "backups": "backups claimed",
}
COMPARISONS = {False: "all groups", True: "within groups"}
MODEL_TITLES = {
    "price": "log price, 52 paid chats",
    "discount": "discount, 52 paid chats",
    "payment": "payment, 133 chats",
}


def ransom() -> alt.HConcatChart:
    """Effects on price, discount and payment, with intervals over the region of the theory."""
    rows = [
        effect.model_dump() | {"low_end": effect.predicted[0], "high_end": effect.predicted[1]}
        for effect in load_ransoms().effects
        if effect.coding == "reading" and effect.low is not None
    ]
    frame = pl.DataFrame(rows, infer_schema_length=None).with_columns(
        label=pl.col("term").replace(FACT_LABELS),
        comparison=pl.col("within_groups").replace_strict(COMPARISONS),
    )
    widest = {"price": 1.6, "discount": 0.6, "payment": 0.65}
    return alt.hconcat(
        *(
            _effects(frame.filter(pl.col("model") == model), title, widest[model], place == 0)
            for place, (model, title) in enumerate(MODEL_TITLES.items())
        )
    )


def _effects(
    frame: pl.DataFrame, title: str, widest: float, first: bool
) -> alt.LayerChart | alt.FacetChart:
    frame = frame.with_columns(
        pl.col("low_end").fill_null(-widest), pl.col("high_end").fill_null(widest)
    )
    order = [FACT_LABELS[term] for term in ("demand", *FACTS)]
    labels = alt.Axis(ticks=False, grid=False, labels=first, domain=False, labelLimit=200)
    down = alt.Y("label:N", title=None, sort=order, axis=labels)
    scale = alt.Scale(domain=[-widest, widest])
    shade = alt.Chart(frame.filter(~pl.col("within_groups"))).mark_rect(
        color="#cccccc", opacity=0.5
    )
    base = alt.Chart(frame)
    offset = alt.YOffset("comparison:N", sort=list(COMPARISONS.values()))
    colour = alt.Color(
        "comparison:N",
        title=None,
        sort=list(COMPARISONS.values()),
        scale=alt.Scale(
            domain=list(COMPARISONS.values()),
            range=[OUTCOME_COLOURS[each] for each in (Outcome.EVEN, Outcome.EXTORTION)],
        ),
        legend=alt.Legend(orient="bottom") if first else None,
    )
    return (
        shade.encode(x=alt.X("low_end:Q", title="effect", scale=scale), x2="high_end", y=down)
        + base.mark_rule(strokeWidth=2, clip=True).encode(
            x="low:Q", x2="high:Q", y=down, yOffset=offset, color=colour
        )
        + base.mark_point(filled=True, size=55, opacity=1, clip=True).encode(
            x="value:Q", y=down, yOffset=offset, color=colour
        )
    ).properties(width=170, height=150, title=title)


TALKS = {
    ("ransomchats", "attacker"): "ransom chats, attackers",
    ("ransomchats", "victim"): "ransom chats, victims",
    ("diplomacy", None): "Diplomacy",
    ("casino", None): "CaSiNo",
}


def acts() -> alt.HConcatChart:
    """Rates of acts by hand, with intervals, by who speaks in which talk."""
    rows = [
        {
            "act": rate.act.replace("_", " "),
            "talk": TALKS[rate.source, rate.role],
            "rate": rate.hand.value,
            "low": rate.hand.low,
            "high": rate.hand.high,
        }
        for rate in load_acts().rates
        if (rate.source, rate.role) in TALKS
    ]
    frame = pl.DataFrame(rows)
    return alt.hconcat(
        *(
            _rates(frame.filter(pl.col("talk") == talk), talk, place == 0)
            for place, talk in enumerate(TALKS.values())
        )
    )


def _rates(frame: pl.DataFrame, title: str, first: bool) -> alt.LayerChart | alt.FacetChart:
    order = [act.replace("_", " ") for act in ACTS]
    labels = alt.Axis(
        ticks=False, grid=False, labels=first, domain=False, labelLimit=200, labelPadding=8
    )
    down = alt.Y("act:N", title=None, sort=order, axis=labels)
    across = alt.Axis(format="%", values=[0, 0.2, 0.4])
    base = alt.Chart(frame)
    colour = OUTCOME_COLOURS[Outcome.EXTORTION if "ransom" in title else Outcome.EVEN]
    return (
        base.mark_rule(strokeWidth=2, color=colour).encode(
            x=alt.X(
                "low:Q",
                title="share of messages",
                axis=across,
                scale=alt.Scale(domain=[0, 0.45]),
            ),
            x2="high:Q",
            y=down,
        )
        + base.mark_point(filled=True, size=55, opacity=1, color=colour).encode(x="rate:Q", y=down)
    ).properties(width=130, height=190, title=title)


FIGURES = {"acts": acts, "ransom": ransom}
"""Every figure by its file name."""


def specification(name: str) -> dict:
    """A figure as a Vega-Lite specification."""
    return (
        FIGURES[name]()
        .configure(aria=False, font=FONT, background="white", padding=10)
        .configure_axis(labelColor=INK, titleColor=INK, titleFontWeight="normal", gridOpacity=0.3)
        .configure_title(color=INK, fontSize=12, anchor="start")
        .configure_legend(labelColor=INK, titleColor=INK)
        .configure_view(stroke=None)
        .to_dict()
    )


def main(folder: Path = FOLDER) -> None:
    """Write every figure as SVG."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in FIGURES:
        path = folder / f"{name}.svg"
        path.write_text(vl_convert.vegalite_to_svg(specification(name)), encoding="utf-8")

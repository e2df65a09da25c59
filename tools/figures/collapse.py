"""Draws the figures of docs/collapse.md: `python -m tools.figures collapse`.

Bursts are simulated; hazards are counted from the raw files of the record.
"""

from __future__ import annotations

import itertools
from pathlib import Path

import altair as alt
import numpy as np
import polars as pl
import vl_convert
from benchmarks.measure_history import OLDEST, years_at_risk
from scipy import stats

from throffer.record import record_folder
from throffer.series import expected_breaks, expected_bursts, fit_passage, life_table, share_equally
from throffer.stats import wilson

FOLDER = Path(__file__).parents[2] / "docs" / "figures"
INK = "#222222"
FONT = "Liberation Sans, Arial, sans-serif"
COLOURS = ["#0072B2", "#D55E00"]
FIBRES = 10_000_000
CLOSE = 0.45
"""Threshold from which bursts count as close to collapse, at 1/2."""

AGES = (
    (0, 0),
    (1, 1),
    (2, 2),
    (3, 4),
    (5, 6),
    (7, 9),
    (10, 14),
    (15, 19),
    (20, 29),
    (30, 44),
    (45, 60),
)


def main() -> None:
    """Write both figures as SVG."""
    alt.data_transformers.disable_max_rows()
    write("bursts", bursts())
    write("hazard", hazard())


def bursts() -> alt.LayerChart | alt.FacetChart:
    """Bursts of one bundle by size: simulated and in closed form, all and close to collapse."""
    rng = np.random.default_rng(1)
    thresholds = rng.uniform(size=FIBRES)
    found = share_equally(thresholds)
    # the threshold reached at the outer load of a burst: load = x (1 - x)
    reached = (1 - np.sqrt(np.maximum(1 - 4 * found.load, 0))) / 2
    edges = np.unique(np.round(2.0 ** np.arange(0, 14.5, 0.5))).astype(int)
    rows, lines = [], []
    for name, begin in (("all bursts", 0.0), ("close to collapse", CLOSE)):
        sizes = found.size[:-1][reached[:-1] >= begin]
        for low, high in itertools.pairwise(edges):
            count = int(((sizes >= low) & (sizes < high)).sum())
            if count >= 5:
                middle = np.sqrt(low * max(high - 1, low))
                rows.append((name, middle, count / (high - low) / FIBRES))
        drawn = np.unique(np.geomspace(1, 10_000, 60).astype(int))
        law = expected_bursts(drawn, stats.uniform(), begin=begin)
        lines += [(name, float(s), float(p)) for s, p in zip(drawn, law, strict=True)]
    columns = ["bursts", "size", "share"]
    x = alt.X("size:Q", scale=alt.Scale(type="log"), title="fibres in a burst")
    y = alt.Y(
        "share:Q",
        scale=alt.Scale(type="log", domain=[1e-12, 1]),
        title="bursts of that size, for each fibre",
        axis=alt.Axis(format=".0e", values=[1e-12, 1e-9, 1e-6, 1e-3, 1]),
    )
    colour = alt.Color("bursts:N", scale=alt.Scale(range=COLOURS), title=None)
    simulated = pl.DataFrame(rows, schema=columns, orient="row")
    exact = pl.DataFrame(lines, schema=columns, orient="row").filter(pl.col("share") > 1e-12)
    points = alt.Chart(simulated).mark_point(filled=True, size=45, opacity=1)
    line = alt.Chart(exact).mark_line(strokeWidth=1.5)
    words = pl.DataFrame(
        {
            "size": [300.0, 2.0],
            "share": [2e-7, 2e-5],
            "text": ["slope -5/2 far out", "slope -3/2"],
        }
    )
    text = (
        alt.Chart(words)
        .mark_text(align="left", dx=8, dy=-10, color=INK)
        .encode(x="size:Q", y="share:Q", text="text:N")
    )
    layers = points.encode(x=x, y=y, color=colour) + line.encode(x=x, y=y, color=colour) + text
    return layers.properties(width=420, height=280)


def hazard() -> alt.LayerChart | alt.FacetChart:
    """Breaks a year by age of a regime, with both fits."""
    frame = years_at_risk(record_folder())
    table = life_table(
        frame["durable"].to_numpy(),
        frame["breaks"].to_numpy(),
        frame["polity_annual_ccode"].to_numpy(),
        oldest=OLDEST,
    )
    years, breaks = table.years.sum(0), table.breaks.sum(0)
    rows = []
    for low, high in AGES:
        ages = slice(low, high + 1)
        k, n = int(breaks[ages].sum()), int(years[ages].sum())
        interval = wilson(k, n)
        rows.append(((low + high) / 2 + 1, k / n, *interval.ends))
    seen = pl.DataFrame(rows, schema=["age", "rate", "low", "high"], orient="row")
    lines = []
    for name, varied in (("regimes alike", False), ("margins vary", True)):
        fit = fit_passage(table, varied=varied)
        p = expected_breaks(
            np.arange(OLDEST + 1.0),
            recovery=fit.recovery.value,
            margin=fit.margin.value,
            start=fit.start.value,
            spread=fit.spread.value,
        )
        lines += [(name, age + 1.0, float(each)) for age, each in enumerate(p)]
    fitted = pl.DataFrame(lines, schema=["fit", "age", "rate"], orient="row")
    x = alt.X(
        "age:Q",
        scale=alt.Scale(type="log", domain=[0.9, 70], nice=False),
        title="year of a regime's life (1 = its first)",
    )
    y = alt.Y(
        "rate:Q",
        scale=alt.Scale(type="log", domain=[0.005, 0.4], nice=False),
        title="breaks a year",
        axis=alt.Axis(values=[0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4]),
    )
    base = alt.Chart(seen)
    bars = base.mark_rule(color=INK).encode(x=x, y=alt.Y("low:Q"), y2="high:Q")
    points = base.mark_point(filled=True, color=INK, opacity=1, size=45).encode(x=x, y=y)
    line = (
        alt.Chart(fitted)
        .mark_line(strokeWidth=2)
        .encode(x=x, y=y, color=alt.Color("fit:N", scale=alt.Scale(range=COLOURS), title=None))
    )
    return (line + bars + points).properties(width=420, height=280)


def write(name: str, chart: alt.LayerChart | alt.FacetChart) -> None:
    """An SVG in the folder of figures."""
    styled = chart.configure(font=FONT, background="white").configure_view(stroke="#cccccc")
    (FOLDER / f"{name}.svg").write_text(vl_convert.vegalite_to_svg(styled.to_dict()), "utf-8")

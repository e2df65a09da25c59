"""Charts of the page except the diagram: time left, levers, unknowns, cascades, loss."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import altair as alt
import numpy as np
from scipy.special import zeta

from throffer.amplify import (
    Amplification,
    CascadeSizes,
    Effect,
    Influence,
    LossPoint,
    Scenario,
    middle,
)
from throffer.report._chart import (
    CHANCE,
    PERCENT,
    WIDTH,
    Figure,
    band,
    bare_axis,
    logarithmic,
    specification,
    values,
)
from throffer.report._language import visible
from throffer.report.amplification._governability import LOST, SAFE
from throffer.report.amplification._words import (
    UNITS,
    bounds,
    chance,
    duration,
    significant,
)
from throffer.stats import Interval

BINS = 25
"""Most bars of a histogram."""


def survival(result: Amplification, scenario: Scenario) -> Figure | None:
    """Chance that a regime has collapsed, by time, with the lag; None if no chance is known."""
    rows = [
        {
            "time": each.time,
            "low": each.probability.low,
            "high": each.probability.high,
            "estimate": each.probability.estimate,
            "text": chance(each.probability),
        }
        for each in result.time_left.by
        if each.probability.estimate is not None
    ]
    if not rows:
        return None
    unit = visible(scenario.time_unit)
    lag = max(middle(group.lag) for group in scenario.regimes)
    plural = "s" if unit in UNITS else ""
    x = alt.X(
        "time:Q",
        scale=alt.Scale(domain=[0, scenario.horizon], nice=False),
        title=f"{unit}{plural} from now",
    )
    y = alt.Y("estimate:Q", scale=CHANCE, axis=PERCENT, title="P(a regime has collapsed)")
    low = alt.Y("low:Q", scale=CHANCE, title=None)
    seen = {"time": 0, "to": min(lag, scenario.horizon), "estimate": 0, "top": 1}
    lagged = alt.Chart(values([{**seen, "text": "one lag"}])).encode(x=x, y=y)
    chart = alt.layer(
        lagged.mark_rect(opacity=0.12, color="currentColor").encode(x2="to:Q", y2="top:Q"),
        lagged.mark_text(align="left", baseline="bottom", dx=4, dy=-3, fontSize=10).encode(
            y=alt.Y("top:Q", scale=CHANCE), text="text:N"
        ),
        *band(rows, x, y, LOST, tooltip=["time:Q", "text:N"], low=low),
    ).properties(width=WIDTH - 90, height=230)
    return Figure(
        "survival",
        specification(chart),
        "Curve of the probability that a regime has collapsed, from now to the horizon, with its "
        "band. The numbers are in the table below.",
        f"Band: 95 % Wilson intervals over {result.time_left.trajectories} trajectories. Grey: one "
        f"mean lag of the slowest group, {duration(lag, unit)} at A = 1; correction reacts too "
        "late to what happens within one lag.",
    )


def lever_dots(effects: list[Effect]) -> Figure | None:
    """Margin of error, chance of collapse and A at leaving, before and after each lever."""
    if not effects:
        return None
    order = [visible(effect.lever) for effect in effects]
    quantities = (
        ("margin", "margin of error / margin"),
        ("chance", "chance of collapse"),
        ("leaves", "A at leaving"),
    )
    parts = [_lever_part(effects, order, *each) for each in quantities]
    known = [part for part in parts if part is not None]
    if not known:
        return None
    return Figure(
        "levers",
        specification(alt.hconcat(*known, spacing=16)),
        f"Dot plot of {len(effects)} levers: margin of error, chance of collapse by the horizon "
        "and amplification at leaving, before and after. The numbers are in the table below.",
        "Open circle: before; filled: with the lever; bars: 95 % intervals. Both runs use the same "
        "draws, so a change can be certain although bars overlap; see the table. Values that are "
        "out of reach or not known are not drawn; the table lists them.",
    )


def _lever_part(
    effects: list[Effect], order: list[str], field: str, title: str
) -> alt.LayerChart | alt.FacetChart | None:
    rows = []
    for effect, label in zip(effects, order, strict=True):
        for when, offset in (("before", "1"), ("after", "2")):
            found: Interval = getattr(effect, f"{field}_{when}")
            if found.estimate is not None:
                ends = found.low, found.high
                low, high = (found.estimate if end is None else end for end in ends)
                rows.append(
                    {
                        "lever": label,
                        "when": when,
                        "offset": offset,
                        "estimate": found.estimate,
                        "low": low,
                        "high": high,
                        "text": chance(found) if field == "chance" else bounds(found),
                    }
                )
    if not rows:
        return None
    channel = {"scale": alt.Scale(zero=False), "axis": alt.Axis(format="%", tickCount=4)}
    if field == "chance":
        channel["scale"] = CHANCE
    elif field == "leaves":
        low, high = min(row["low"] for row in rows) / 1.1, max(row["high"] for row in rows) * 1.1
        channel = logarithmic(low, high, 4)
    first = field == "margin"
    base = alt.Chart(values(rows)).encode(
        y=alt.Y(
            "lever:N",
            scale=alt.Scale(domain=order),
            title=None,
            axis=bare_axis(labels=first, grid=True),
        ),
        yOffset=alt.YOffset("offset:N", scale=alt.Scale(domain=["1", "2"], paddingOuter=0.6)),
        tooltip=["lever:N", "when:N", "text:N"],
    )
    bars = base.mark_rule(strokeWidth=1.6).encode(
        x=alt.X("low:Q", **channel, title=title), x2="high:Q"
    )
    at = alt.X("estimate:Q", **channel)
    dots = base.mark_point(size=60, opacity=1, strokeWidth=1.8, color=SAFE).encode(
        x=at,
        fill=alt.condition("datum.when == 'after'", alt.value(SAFE), alt.value("transparent")),
    )
    layers: list[Any] = [bars, dots]
    if field == "margin" and min(row["low"] for row in rows) < 0:
        zero = alt.Chart(values([{"estimate": 0}])).mark_rule(strokeDash=[4, 3], opacity=0.6)
        layers.insert(0, zero.encode(x=at))
    return alt.layer(*layers).properties(width=150, height=alt.Step(17))


def influence_bars(influences: list[Influence]) -> Figure | None:
    """First-order and total indices with their intervals."""
    order = [visible(each.path) for each in influences]
    rows = [
        {
            "path": label,
            "index": name,
            "estimate": found.estimate,
            "low": found.low,
            "high": found.high,
            "text": bounds(found),
        }
        for each, label in zip(influences, order, strict=True)
        for name, found in (("alone", each.first), ("with others", each.total))
        if found.estimate is not None and found.low is not None and found.high is not None
    ]
    if not rows:
        return None
    base = alt.Chart(values(rows)).encode(
        y=alt.Y(
            "path:N",
            scale=alt.Scale(domain=order),
            title=None,
            axis=bare_axis(labelLimit=230),
        ),
        yOffset=alt.YOffset("index:N", scale=alt.Scale(domain=["alone", "with others"])),
        tooltip=["path:N", "index:N", "text:N"],
    )
    x = alt.X("estimate:Q", title="share of the variance of the time until the margin is gone")
    chart = alt.layer(
        base.mark_bar().encode(
            x=x,
            color=alt.Color(
                "index:N",
                scale=alt.Scale(domain=["alone", "with others"], range=[SAFE, "#8fc7e8"]),
                legend=None,
            ),
        ),
        base.mark_rule(strokeWidth=1.4).encode(x=alt.X("low:Q"), x2="high:Q"),
    ).properties(width=WIDTH - 270, height=alt.Step(13))
    return Figure(
        "influences",
        specification(chart),
        "Bars of the Sobol indices of every uncertain number. The numbers are in the table below.",
        "Dark, above: effect of a number alone (first-order Sobol index); light, below: alone and "
        "together with others (total index). Lines: 95 % bootstrap intervals; an index whose "
        "interval contains 0 may be 0.",
    )


def cascade_sizes(cascades: CascadeSizes, trajectories: int) -> Figure | None:
    """How many regimes were down at once: a histogram, or log-log shares if a tail was fitted."""
    if not cascades.counts:
        return None
    if cascades.tail_from is not None and cascades.exponent.estimate is not None:
        tail = cascades.tail_from, cascades.exponent.estimate
        return _tail(cascades, trajectories, *tail)
    rows = histogram(cascades.counts, trajectories)
    chart = (
        alt.Chart(values(rows))
        .mark_rect(color=LOST, opacity=0.75, stroke="currentColor", strokeWidth=0.5)
        .encode(
            x=alt.X(
                "from:Q",
                title="regimes down at once",
                scale=alt.Scale(zero=False, nice=False),
                axis=alt.Axis(tickMinStep=1, format="d"),
            ),
            x2="to:Q",
            y=alt.Y("zero:Q", title="share of trajectories", axis=alt.Axis(format="%")),
            y2="share:Q",
            tooltip=["sizes:N", "trajectories:Q", "share:Q"],
        )
        .properties(width=WIDTH - 90, height=200)
    )
    return Figure(
        "cascades",
        specification(chart),
        "Histogram of how many regimes were down at once. The numbers are in the table below.",
        "Each trajectory counts once, at its worst moment; those without a collapse are left out.",
    )


def histogram(counts: Mapping[int, int], trajectories: int) -> list[dict[str, Any]]:
    """Cascades by size; in bins of equal width if there are many sizes."""
    low, high = min(counts), max(counts)
    width = math.ceil((high - low + 1) / BINS)
    rows = []
    for start in range(low, high + 1, width):
        end = min(start + width - 1, high)
        found = sum(count for size, count in counts.items() if start <= size <= end)
        if found:
            rows.append(
                {
                    "from": start - 0.5,
                    "to": end + 0.5,
                    "sizes": f"{start}" if start == end else f"{start} to {end}",
                    "trajectories": found,
                    "zero": 0,
                    "share": found / trajectories,
                }
            )
    return rows


def _tail(cascades: CascadeSizes, trajectories: int, start: float, exponent: float) -> Figure:
    """Shares of trajectories with at least a number of regimes down, and the fitted tail."""
    sizes = sorted(cascades.counts)
    beyond = {s: sum(n for t, n in cascades.counts.items() if t >= s) for s in sizes}
    rows = [{"size": size, "share": beyond[size] / trajectories} for size in sizes]
    # the fitted law is discrete
    whole = float(zeta(exponent, start))
    tail = sum(count for size, count in cascades.counts.items() if size >= start)
    line = [
        {"size": size, "share": tail / trajectories * float(zeta(exponent, size) / whole)}
        for size in np.geomspace(start, sizes[-1], 40)
    ]
    least = min(row["share"] for row in (*rows, *line)) / 1.3
    most = min(1.0, 1.3 * max(row["share"] for row in rows))
    x = alt.X(
        "size:Q",
        title="at least this many regimes down at once",
        **logarithmic(sizes[0] / 1.1, sizes[-1] * 1.1, 9),
    )
    y = alt.Y("share:Q", title="share of trajectories", **logarithmic(least, most, 6, "~%"))
    chart = alt.layer(
        alt.Chart(values(line))
        .mark_line(strokeDash=[6, 4], strokeWidth=1.6, color="currentColor")
        .encode(x=x, y=y),
        alt.Chart(values(rows))
        .mark_point(filled=True, size=32, color=LOST, opacity=0.9)
        .encode(x=x, y=y, tooltip=["size:Q", "share:Q"]),
    ).properties(width=WIDTH - 90, height=240)
    return Figure(
        "cascades",
        specification(chart),
        "Log-log plot of the share of trajectories in which at least this many regimes were down "
        "at once, with the fitted power law. The numbers are in the table below.",
        "Each trajectory counts once, at its worst moment; those without a collapse are left out. "
        f"Dashed: the power law fitted from {significant(start)} regimes on, exponent "
        f"{bounds(cascades.exponent)}.",
    )


def loss_curve(points: list[LossPoint]) -> Figure | None:
    """c(A) with its band."""
    rows = [
        {
            "a": point.amplification,
            "loss": point.loss.estimate,
            "low": point.loss.low,
            "high": point.loss.high,
            "text": bounds(point.loss),
        }
        for point in points
        if point.loss.estimate is not None
    ]
    if not rows:
        return None
    low, high = rows[0]["a"], max(rows[-1]["a"], rows[0]["a"] * 1.01)
    x = alt.X("a:Q", title="amplification A", **logarithmic(low, high, 9))
    y = alt.Y("loss:Q", title="c(A), pies per interaction", scale=alt.Scale(zero=True))
    layers = band(rows, x, y, SAFE, tooltip=["a:Q", "text:N"])
    chart = alt.layer(*layers).properties(width=WIDTH - 90, height=200)
    return Figure(
        "loss",
        specification(chart),
        "Curve of the expected loss per interaction along amplification, with its band. The "
        "numbers are in the table below.",
        "Expected loss of the other side, below its baseline, from unsanctioned conduct: per "
        "interaction, in pies (the value of an average agreement). Band, if any: 95 %.",
    )

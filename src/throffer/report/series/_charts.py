"""The charts of the page: events and their fit, values and indicators, the tail of sizes."""

from __future__ import annotations

import altair as alt

from throffer.report._chart import WIDTH, Figure, specification, values
from throffer.series import EventsResult, SizesResult, ValuesResult

SEEN, FITTED, BACKGROUND = "#0072b2", "#d55e00", "#009e73"
"""Colours of the data, the fit and the background."""

AXIS = alt.Axis(tickCount=8, labelOverlap=True)
"""Axis of time; labels that would overlap are left out."""

DAY_MS = 86_400_000
"""Milliseconds in a day; Vega counts time in milliseconds."""


def event_chart(found: EventsResult) -> Figure:
    """Events in each stretch of time, with the number that the chosen fit expects."""
    factor = DAY_MS if found.dated else 1
    rows = [
        {
            "start": each.start * factor,
            "end": each.end * factor,
            "middle": (each.start + each.end) / 2 * factor,
            "zero": 0,
            "count": each.count,
            "expected": each.expected,
            "background": each.background,
        }
        for each in found.bins
    ]
    kind = "T" if found.dated else "Q"
    scale = alt.Scale(zero=False, nice=False)
    base = alt.Chart(values(rows))
    bars = base.mark_rect(color=SEEN, opacity=0.45).encode(
        x=alt.X(f"start:{kind}", title=None if found.dated else "time", scale=scale, axis=AXIS),
        x2="end",
        y=alt.Y("zero:Q", title="events"),
        y2="count",
        tooltip=["count:Q", "expected:Q", "background:Q"],
    )
    lines = [
        base.mark_line(color=colour, strokeWidth=2, strokeDash=dash).encode(
            x=alt.X(f"middle:{kind}", scale=scale), y=f"{field}:Q"
        )
        for field, colour, dash in (
            ("expected", FITTED, [1, 0]),
            ("background", BACKGROUND, [5, 3]),
        )
    ]
    chart = alt.layer(bars, *lines).properties(width=WIDTH - 90, height=230)
    return Figure(
        "events",
        specification(chart),
        f"Events in {len(rows)} equal stretches of the window, with the number that the chosen fit "
        "expects and the part of it that is background. The numbers are in series.json.",
        "Blue: events. Red: what the chosen fit expects, given the events before. Green, dashed: "
        "the background, events that were not caused by earlier ones.",
    )


def value_chart(found: ValuesResult) -> Figure:
    """The values with their trend, and both indicators below."""
    factor = DAY_MS if found.dated else 1
    kind = "T" if found.dated else "Q"
    rows = [{**each.model_dump(), "time": each.time * factor} for each in found.path]
    x = alt.X(f"time:{kind}", title=None, scale=alt.Scale(zero=False, nice=False), axis=AXIS)
    domain = [rows[0]["time"], rows[-1]["time"]]
    low = alt.X(
        f"time:{kind}",
        title=None if found.dated else found.unit,
        scale=alt.Scale(domain=domain, nice=False),
        axis=AXIS,
    )
    base = alt.Chart(values(rows))
    top = alt.layer(
        base.mark_line(color=SEEN, strokeWidth=1).encode(
            x=x, y=alt.Y("value:Q", title="value", scale=alt.Scale(zero=False))
        ),
        base.mark_line(color=FITTED, strokeWidth=2).encode(x=x, y="smooth:Q"),
    ).properties(width=WIDTH - 90, height=170)
    known = alt.Chart(values([row for row in rows if row["variance"] is not None]))
    parts = [
        known.mark_line(color=BACKGROUND, strokeWidth=1.8)
        .encode(x=low, y=alt.Y(f"{field}:Q", title=title, scale=alt.Scale(zero=False)))
        .properties(width=WIDTH - 90, height=90)
        for field, title in (("variance", "variance"), ("autocorrelation", "autocorrelation"))
    ]
    return Figure(
        "values",
        specification(alt.vconcat(top, *parts, spacing=14)),
        "Three panels over time: values with their trend, the rolling variance and the rolling "
        "lag-1 autocorrelation of the rest. The numbers are in series.json.",
        "Top, blue: the values; red: the smooth trend, which is subtracted. Below: variance and "
        f"lag-1 autocorrelation of the rest over the last {found.window} points. A rise sets off "
        "an alarm.",
    )


def tail_chart(found: SizesResult) -> Figure:
    """Share of sizes at least as large, on logarithmic axes, with the fitted tail."""
    rows = [each.model_dump() for each in found.tail]
    outsized = set(found.outsized)
    for row in rows:
        row["kind"] = "outsized" if row["size"] in outsized else "size"
    x = alt.X("size:Q", title="size", scale=alt.Scale(type="log", nice=False),
              axis=alt.Axis(format="~g", tickCount=6))  # fmt: skip
    y = alt.Y("share:Q", title="share at least this large", scale=alt.Scale(type="log"),
              axis=alt.Axis(format="~g", tickCount=5))  # fmt: skip
    points = alt.Chart(values(rows)).mark_point(filled=True, size=28, opacity=0.8).encode(
        x=x,
        y=y,
        color=alt.Color("kind:N", legend=None,
                        scale=alt.Scale(domain=["size", "outsized"], range=[SEEN, FITTED])),
        shape=alt.Shape("kind:N", legend=None,
                        scale=alt.Scale(domain=["size", "outsized"],
                                        range=["circle", "diamond"])),
        tooltip=["size:Q", "share:Q"],
    )  # fmt: skip
    line = (
        alt.Chart(values([row for row in rows if row["fitted"] is not None]))
        .mark_line(color=BACKGROUND, strokeWidth=2)
        .encode(x=x, y=alt.Y("fitted:Q", scale=alt.Scale(type="log")))
    )
    return Figure(
        "tail",
        specification(alt.layer(line, points).properties(width=WIDTH - 90, height=280)),
        "Share of sizes at least as large as each size, both axes logarithmic, with the fitted "
        "power law. The numbers are in series.json.",
        "Blue circles: sizes. Green line: the fitted power law, from the start of the tail. Red "
        "diamonds: sizes that the dragon-king test calls outsized.",
    )

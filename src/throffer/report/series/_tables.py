"""The tables of the page."""

from __future__ import annotations

import json
from typing import Any

from throffer.report._language import count
from throffer.report._table import Table, cut
from throffer.report.series import _words as words
from throffer.series import EventsResult, SizesResult, ValuesResult


def background_table(found: EventsResult) -> Table:
    """Branching ratio by form of the background."""
    rows = []
    for each in found.backgrounds:
        chosen = ", chosen" if each.knots == found.chosen else ""
        rows.append(
            [
                words.knots(each.knots) + chosen,
                words.bounds(each.ratio),
                words.significant(each.background_share.estimate),
                words.significant(each.criterion, 6),
                ", ".join(each.at_bound) or "none",
            ]
        )
    columns = [
        "Background",
        "Branching ratio",
        "Share of background events",
        "Schwarz's criterion",
        "At the end of its range",
    ]
    return cut(
        "Branching ratio n: the number of further events that one event causes directly, with its "
        "95 % interval. The share follows from the fit and has no interval. The background with "
        "the smallest criterion is chosen.",
        columns,
        rows,
    )


def test_table(found: EventsResult) -> Table:
    """Memory, goodness of fit and growth, one number in each row."""
    test, growth = found.goodness, found.growth
    fit = (
        f"p = {test.p:.2g} from {test.draws} simulated series"
        if test.p is not None
        else f"not known ({test.why})"
    )
    rows = [
        *([words.MEMORY[name], words.bounds(value)] for name, value in found.memory.items()),
        ["goodness of fit, simulated", fit],
        [
            "goodness of fit, parameters taken as known",
            f"p = {test.plain_p:.2g}; this is too large, since they were fitted",
        ],
        [
            "correlation of neighbouring gaps, rescaled",
            f"{words.significant(test.correlation)}; 0 under the right model, part of the test",
        ],
        [f"relative growth a period of {words.significant(growth.length)} {found.unit}",
         words.bounds(growth.rate)],
        ["curvature of growth a period, above 0 is faster than exponential",
         words.bounds(growth.curvature)],
        ["forecasts: faster over exponential, log score a count", words.bounds(growth.advantage)],
    ]  # fmt: skip
    if found.rounding_share is not None:
        rows.append(
            [
                "share of the uncertainty of n that comes from rounded times",
                f"{words.significant(found.rounding_share)}; from five spreads, without interval",
            ]
        )
    return cut("Intervals at 95 %.", ["Number", "Value"], rows)


def peak_table(found: EventsResult) -> Table:
    """The origin of the busiest stretches."""
    rows = [
        [
            peak.label,
            count(peak.events),
            f"{words.ORIGINS[peak.origin]}: {peak.reason}",
            words.bounds(peak.excess),
            words.bounds(peak.precursor),
            words.bounds(peak.exponent),
        ]
        for peak in found.peaks
    ]
    width = words.significant(found.peaks[0].width) if found.peaks else ""
    return cut(
        f"Busiest stretches of {width} {found.unit}. Excess: events above the background. "
        "Excess after the peak; share of it before the peak; exponent of its decay.",
        ["About", "Events", "Origin", "Excess after", "Share before", "Exponent"],
        rows,
    )


def alarm_table(found: ValuesResult) -> Table:
    """How often alarms are false or missed."""
    rows = [
        [
            each.run,
            f"{each.kind} alarm" if each.kind == "false" else "alarm missed",
            *(
                words.known_rate(value)
                for value in (each.variance, each.autocorrelation, each.both)
            ),
        ]
        for each in found.rates
    ]
    return cut(
        "Measured on simulated runs of 400 points, 400 of each, at p of at most 0.05 "
        "(docs/collapse.md). They are not rates of this series.",
        ["Run", "Error", "Variance", "Autocorrelation", "Both"],
        rows,
    )


def trend_table(found: ValuesResult) -> Table:
    """The trends of both indicators."""
    rows = [
        [name, words.significant(each.tau.estimate), f"{each.p:.2g}", "yes" if each.alarm else "no"]
        for name, each in (
            ("variance", found.variance),
            ("lag-1 autocorrelation", found.autocorrelation),
        )
    ]
    return cut(
        f"Trend of each over rolling windows of {found.window} points. Kendall's tau lies between "
        "-1 and 1 and has no interval, because windows overlap: p is the share of "
        f"{found.draws} stationary series, with memory {words.significant(found.memory.estimate)} "
        "and treated in the same way, whose tau is at least as high.",
        ["Indicator", "Kendall's tau", "p", "Alarm"],
        rows,
    )


def size_table(found: SizesResult) -> Table:
    """The numbers of the tail."""
    kings = (
        f"{found.outsized_p:.2g} from {found.outsized_draws} draws"
        if found.outsized_p is not None
        else f"not known ({found.outsized_why})"
    )
    rows = [
        ["exponent of the density", words.bounds(found.exponent)],
        ["tail begins at", f"{words.significant(found.minimum)} ({found.minimum_why})"],
        ["sizes in the tail", f"{count(found.in_tail)} of {count(found.count)}, counted"],
        ["sizes are", "whole numbers" if found.discrete else "measured"],
        ["goodness of fit, p", f"{found.fit_p:.2g} from {found.fit_draws} draws"],
        ["dragon-king test, p", kings],
    ]
    return cut("Intervals at 95 %.", ["Number", "Value"], rows)


def identity_rows(identity: dict[str, Any]) -> dict[str, str]:
    """What the result depends on, as text."""
    return {
        key.replace("_", " "): value if isinstance(value, str) else json.dumps(value)
        for key, value in identity.items()
    }

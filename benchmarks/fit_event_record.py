"""The event methods on two real series: onsets of interstate disputes, and AI incidents.

Run from the repository root: `python benchmarks/fit_event_record.py [--parts disputes,...]`. Needs
the raw files of the human record (`THROFFER_RECORD`). Each part replaces its entry in
docs/measured/event_record.json; seeds are fixed.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from throffer.record._series import dispute_onsets, incident_dates
from throffer.series import (
    DatedEvents,
    compare_growth,
    curvature_interval,
    diagnose_lppl,
    find_peaks,
    fit_dates,
    fit_growth,
    hawkes_goodness_of_fit,
    relaxation,
    spread_dates,
)
from throffer.stats import Interval
from throffer.structure import write_whole

OUT = Path("docs/measured/event_record.json")

INCIDENT_START, INCIDENT_END = 2014.0, 2025.75
"""Window of incidents: thin before 2014, and later quarters are still filling up."""

SHOCKS = {
    "outbreak of the First World War": 1914 + 7 / 12,
    "German attack on Poland": 1939 + 8 / 12,
    "Suez and Hungary": 1956 + 10 / 12,
}
"""Dates that began something, chosen before looking at the counts about them."""


def dated(table: pl.DataFrame, start: float, end: float, mark: str | None = None) -> DatedEvents:
    """The events whose interval begins in the window."""
    inside = table.filter(pl.col("earliest") >= start, pl.col("earliest") < end)
    return DatedEvents(
        inside["earliest"].to_numpy(),
        inside["latest"].to_numpy(),
        start,
        end,
        None if mark is None else inside[mark].to_numpy().astype(float),
    )


def plain(interval: Interval) -> dict[str, Any]:
    """An interval as a mapping."""
    return interval.model_dump()


def fit_backgrounds(
    events: DatedEvents, knots: tuple[int, ...], draws: int, repeats: int = 3
) -> list[dict[str, Any]]:
    """Branching ratio by kernel and knots, over spreads of the dates."""
    rows = []
    for kernel in ("exponential", "power_law"):
        for count in knots:
            rng = np.random.default_rng(20)
            found = fit_dates(events, rng, kernel=kernel, knots=count, repeats=repeats)
            first = found.fits[0]
            good = hawkes_goodness_of_fit(first, rng, draws=draws if kernel == "exponential" else 0)
            rows.append(
                {
                    "kernel": kernel,
                    "knots": count,
                    "events": first.count,
                    "ratio": plain(found.ratio),
                    "rounding_share": found.rounding_share,
                    "bic": float(np.mean([fit.bic for fit in found.fits])),
                    "memory": [float(each) for each in first.model.kernel],
                    "at_bound": sorted({name for fit in found.fits for name in fit.at_bound}),
                    "ks_distance": good.distance,
                    "ks_p": None if np.isnan(good.p) else good.p,
                }
            )
    return rows


def disputes() -> dict[str, Any]:
    """Onsets 1816 to 2014, in years."""
    events = dated(dispute_onsets(), 1816.0, 2015.0)
    return {
        "whole": fit_backgrounds(events, (1, 5, 13), draws=19),
        "1946 to 2014": fit_backgrounds(dated(dispute_onsets(), 1946.0, 2015.0), (1, 5), draws=0),
    }


def incidents() -> dict[str, Any]:
    """Incidents, in years."""
    table = incident_dates()
    whole = fit_backgrounds(dated(table, INCIDENT_START, INCIDENT_END), (1, 2, 5), draws=19)
    exact = incident_dates(vague=False)
    trusted = fit_backgrounds(dated(exact, INCIDENT_START, INCIDENT_END), (5,), draws=0)
    return {"whole": whole, "days as written": trusted, "delay": filing_delay(table)}


def filing_delay(table: pl.DataFrame) -> dict[str, Any]:
    """Lower bounds of the age of incidents when they are filed, over the last 400 filed.

    Numbers follow the order of filing, so an incident was filed no earlier than the newest date
    among those filed before it.
    """
    filed = table.sort("event").with_columns(known=pl.col("earliest").cum_max())
    late = (filed["known"] - filed["earliest"]).tail(400).to_numpy()
    return {
        "filed": 400,
        "median_years": float(np.median(late)),
        "share_over_quarter": float((late > 0.25).mean()),
        "share_over_year": float((late > 1).mean()),
    }


def growth() -> dict[str, Any]:
    """Incidents by quarter: exponential or faster, for several ends of the series."""
    found = {}
    for end in (2023.0, 2025.0, INCIDENT_END):
        events = dated(incident_dates(vague=False), INCIDENT_START, end)
        quarters = round((end - INCIDENT_START) * 4)
        counts = np.histogram(events.earliest, np.linspace(INCIDENT_START, end, quarters + 1))[0]
        row: dict[str, Any] = {"quarters": quarters, "events": int(counts.sum())}
        straight, bent = fit_growth(counts, "exponential"), fit_growth(counts, "free")
        row["growth_per_year"] = float(np.exp(4 * straight.rate) - 1)
        row["curvature"] = plain(curvature_interval(counts))
        row["gain_in_sample"] = bent.log_likelihood - straight.log_likelihood
        if quarters >= 40:
            rng = np.random.default_rng(21)
            forecast = compare_growth(counts, rng, first=20)
            row["forecast"] = {**forecast._asdict(), "advantage": plain(forecast.advantage)}
        found[f"to {end}"] = row
    return found


def origins() -> dict[str, Any]:
    """Relaxation about known dates and about the busiest times."""
    rng = np.random.default_rng(22)
    onsets = dispute_onsets()
    series = spread_dates(
        onsets["earliest"].to_numpy(), onsets["latest"].to_numpy(), rng, start=1816.0, end=2015.0
    )
    found = {}
    for name, date in SHOCKS.items():
        # half a month on: dates are known to the month
        one = relaxation(series, np.array([date]), nearest=1 / 12, reach=8.0, flank=24.0)
        found[name] = described(one)
    busy = find_peaks(series, width=0.25, apart=10.0, count=5)
    one = relaxation(series, busy, nearest=1 / 6, reach=5.0, flank=15.0)
    found["five busiest quarters of disputes"] = {"peaks": busy.tolist(), **described(one)}
    events = dated(incident_dates(), INCIDENT_START, INCIDENT_END)
    shaken = spread_dates(events.earliest, events.latest, rng, start=events.start, end=events.end)
    chat = np.array([2022 + 333 / 365])
    found["release of ChatGPT, AI incidents"] = described(
        relaxation(shaken, chat, nearest=7 / 365, reach=1.0, flank=2.0)
    )
    return found


def described(found: Any) -> dict[str, Any]:
    """A relaxation as a mapping."""
    return {
        "after": plain(found.after),
        "precursor": plain(found.precursor),
        "excess": found.excess,
        "excess_error": found.excess_error,
        "dispersion": found.dispersion,
        "verdict": found.verdict.value,
        "reason": found.reason,
    }


def lppl() -> dict[str, Any]:
    """The log-periodic diagnostic on cumulated incidents."""
    events = dated(incident_dates(vague=False), INCIDENT_START, INCIDENT_END)
    months = np.arange(INCIDENT_START + 1, INCIDENT_END + 1e-9, 1 / 12)
    cumulated = np.searchsorted(np.sort(events.earliest), months)
    found = diagnose_lppl(months, cumulated.astype(float), np.random.default_rng(23), draws=100)
    row = found._asdict()
    row["fit"] = {**found.fit._asdict(), "critical_time": plain(found.fit.critical_time)}
    return row


PARTS: dict[str, Callable[[], dict[str, Any]]] = {
    "disputes": disputes,
    "incidents": incidents,
    "growth": growth,
    "origins": origins,
    "lppl": lppl,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parts", default=",".join(PARTS))
    parser.add_argument("--out", type=Path, default=OUT)
    given = parser.parse_args()
    for name in given.parts.split(","):
        begun = time.process_time()
        found = PARTS[name]()
        kept = json.loads(given.out.read_text("utf-8")) if given.out.exists() else {}
        text = json.dumps({**kept, name: found}, indent=1) + "\n"
        given.out.parent.mkdir(exist_ok=True)
        write_whole(given.out, lambda target, text=text: target.write_text(text))
        print(f"{name}: {time.process_time() - begun:.0f} s processor time, in {given.out}")


if __name__ == "__main__":
    main()

"""Regime durations against the theory: hazards, and what they say of recovery, margin and lag.

python benchmarks/measure_history.py
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import polars as pl

from throffer.people import mixed_authority
from throffer.record import SOURCES, record_folder
from throffer.record.sources import regimes
from throffer.series import (
    Hazard,
    Passage,
    expected_breaks,
    fit_hazard,
    fit_passage,
    life_table,
    recovery_profile,
)

TRAITS = {"exrec": (1, 8), "xconst": (1, 7), "polcomp": (1, 10)}
"""Polity5's concepts and their scales: recruitment and constraint of the executive, competition."""

LOOK_BACK = 20
"""Years over which replacements of leaders are counted."""

OLDEST = 60
"""Ages counted in the life table, years."""


def main() -> None:
    """Print the tables of docs/collapse.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.parse_args()
    folder = record_folder()
    frame = years_at_risk(folder)
    print(f"{frame.height:,} country-years, {frame['breaks'].sum():.0f} breaks")
    low, middle, high = (frame["replaced"].quantile(q, "linear") for q in (0.25, 0.5, 0.75))
    print(
        f"years between replacements by rule: median {middle:.1f}, quartiles {low:.1f}, {high:.1f}"
    )
    for name, terms, rows in [*models(frame), autocracies(folder, frame)]:
        show(name, terms, rows)
    calibrate(frame)


def years_at_risk(folder: Path) -> pl.DataFrame:
    """Polity's country-years outside interruption, interregnum and transition, with covariates."""
    raw = SOURCES["regimes"].raw(folder)
    frame = regimes.read_polity(raw).filter(
        pl.col("breaks").is_not_null(),
        *(pl.col(name).is_between(low, high) for name, (low, high) in TRAITS.items()),
    )
    scaled = frame.select(
        (pl.col(name) - low) / (high - low) for name, (low, high) in TRAITS.items()
    ).to_numpy()
    wealth = pl.read_csv(
        folder / "interstate" / "cow_nmc_capabilities.csv.gz",
        infer_schema_length=None,
        null_values=["", "-9"],
    ).select(
        "ccode",
        "year",
        energy=((pl.col("pec").cast(float) + 1) / (pl.col("tpop").cast(float) + 1)).log(),
    )
    return (
        frame.with_columns(
            mixed=mixed_authority(scaled),
            level=scaled.mean(axis=1),
            breaks=pl.col("breaks").cast(pl.Float64),
        )
        .join(replacements(regimes.read_leaders(raw)), on=["GWn", "year"], how="left")
        .join(wealth, left_on=["cown", "year"], right_on=["ccode", "year"], how="left")
    )


def replacements(leaders: pl.DataFrame) -> pl.DataFrame:
    """Mean years between replacements by rule over the last 20 years: a proxy of the lag.

    20 / (1 + regular exits); only where the country's leaders are known that far back.
    """
    known = leaders.with_columns(
        begun=pl.col("startdate").cast(pl.String).str.slice(0, 4).cast(pl.Int64),
        ended=pl.col("enddate").cast(pl.String).str.slice(0, 4).cast(pl.Int64),
    )
    first = known.group_by("gwcode").agg(first=pl.col("begun").min(), last=pl.col("ended").max())
    grid = first.select(
        "gwcode", "first", year=pl.int_ranges(pl.col("first") + LOOK_BACK, pl.col("last") + 1)
    ).explode("year")
    regular = known.filter(pl.col("exit") == "Regular").select("gwcode", "ended")
    counted = (
        grid.join(regular, on="gwcode", how="left")
        .with_columns(
            hit=(pl.col("ended") < pl.col("year")) & (pl.col("ended") >= pl.col("year") - LOOK_BACK)
        )
        .group_by("gwcode", "year")
        .agg(exits=pl.col("hit").fill_null(False).sum())
    )
    return counted.select(
        GWn=pl.col("gwcode"), year="year", replaced=LOOK_BACK / (1 + pl.col("exits"))
    )


def models(frame: pl.DataFrame) -> list[tuple[str, dict[str, pl.Expr], pl.DataFrame]]:
    """Designs, each with the rows on which all of its terms are known."""
    base = {
        "log(1 + age)": (1 + pl.col("durable")).log(),
        "1900 to 1945": pl.col("year").is_between(1900, 1945),
        "1946 to 1989": pl.col("year").is_between(1946, 1989),
        "from 1990": pl.col("year") >= 1990,
    }
    mixed = {"mixed authority, 0 to 1": pl.col("mixed")}
    level = {
        "democracy, 0 to 1": pl.col("level"),
        "away from the middle, (2 democracy - 1)^2": (2 * pl.col("level") - 1) ** 2,
    }
    proxies = {
        "log years between replacements (lag)": pl.col("replaced").log(),
        "log energy per head (capacity)": pl.col("energy"),
    }
    full = frame.drop_nulls(["replaced", "energy"])
    old = frame.filter(pl.col("durable") >= 1)
    return [
        ("mixed authority alone", mixed | base, frame),
        ("and the level of democracy", mixed | level | base, frame),
        ("and proxies of lag and capacity", mixed | level | proxies | base, full),
        ("the same without the first year of a regime", mixed | level | base, old),
    ]


def autocracies(folder: Path, frame: pl.DataFrame) -> tuple[str, dict[str, pl.Expr], pl.DataFrame]:
    """Failures as Geddes, Wright & Frantz code them, on Polity's traits of the year before."""
    before = frame.select(
        "mixed", "level", gwf_cowcode=pl.col("polity_annual_ccode"), year=pl.col("year") + 1
    )
    rows = (
        regimes.read_autocracies(SOURCES["regimes"].raw(folder))
        .join(before, on=["gwf_cowcode", "year"])
        .with_columns(
            breaks=pl.col("fails").cast(pl.Float64), polity_annual_ccode=pl.col("gwf_cowcode")
        )
    )
    terms = {
        "mixed authority, 0 to 1": pl.col("mixed"),
        "democracy, 0 to 1": pl.col("level"),
        "away from the middle, (2 democracy - 1)^2": (2 * pl.col("level") - 1) ** 2,
        "log(1 + age)": (1 + pl.col("gwf_duration")).log(),
        "from 1990": pl.col("year") >= 1990,
    }
    return "failures of autocracies, another source", terms, rows


def show(name: str, terms: dict[str, pl.Expr], rows: pl.DataFrame) -> Hazard:
    """Fit one design and print odds ratios with intervals."""
    columns = [rows.select(term.cast(pl.Float64)).to_numpy()[:, 0] for term in terms.values()]
    design = np.column_stack([np.ones(rows.height), *columns])
    fit = fit_hazard(design, rows["breaks"].to_numpy(), rows["polity_annual_ccode"].to_numpy())
    print(f"\n{name}: {fit.years:,} years, {fit.breaks} breaks, {fit.clusters} countries")
    print("| term | odds ratio | 95 % interval |\n|---|---|---|")
    for term, *ends in zip(terms, fit.estimate[1:], fit.low[1:], fit.high[1:], strict=True):
        middle, low, high = np.exp(ends)
        print(f"| {term} | {middle:.2f} | {low:.2f} to {high:.2f} |")
    return fit


def calibrate(frame: pl.DataFrame) -> None:
    """First passage: all alike, and of different margins; then by how mixed authority is."""
    groups = [
        ("all", frame),
        ("of one piece (mixed < 1/3)", frame.filter(pl.col("mixed") < 1 / 3)),
        ("mixed (1/3 and above)", frame.filter(pl.col("mixed") >= 1 / 3)),
    ]
    print(f"\nFirst passage, ages 0 to {OLDEST}")
    print("| regimes | margins | k per year | b | start | spread | log likelihood |")
    print("|---|---|---|---|---|---|---|")
    for name, rows in groups:
        table = life_table(
            rows["durable"].to_numpy(),
            rows["breaks"].to_numpy(),
            rows["polity_annual_ccode"].to_numpy(),
            oldest=OLDEST,
        )
        for varied in (False, True):
            fit = fit_passage(table, varied=varied)
            parts = (fit.recovery, fit.margin, fit.start, fit.spread)[: 3 + varied]
            cells = ["{:.2f} ({:.2f} to {:.2f})".format(e.value, *e.ends) for e in parts]
            cells += [] if varied else ["taken as 0"]
            kind = "varied" if varied else "alike"
            print(
                f"| {name} | {kind} | {' | '.join(cells)} | {fit.log_likelihood:.1f} |", flush=True
            )
            if name == "all":
                compare(table.years.sum(0), table.breaks.sum(0), fit)
                if not varied:
                    implied(fit)
        if name == "all":
            held = np.array([0.05, 0.15, 0.3, 0.5, 1.0, 2.0, 5.0, 20.0])
            heights = recovery_profile(table, held, varied=True)
            print("  margins varied, log likelihood with k held: ", end="")
            print(
                ", ".join(f"{k:g}: {height:.1f}" for k, height in zip(held, heights, strict=True))
            )


def compare(years: np.ndarray, breaks: np.ndarray, fit: Passage) -> None:
    """Observed and expected breaks by age."""
    p = expected_breaks(
        np.arange(years.size, dtype=float),
        recovery=fit.recovery.value,
        margin=fit.margin.value,
        start=fit.start.value,
        spread=fit.spread.value,
    )
    for low, high in ((0, 0), (1, 1), (2, 4), (5, 9), (10, 19), (20, 39), (40, OLDEST)):
        ages = slice(low, high + 1)
        print(
            f"  age {low} to {high}: {int(breaks[ages].sum())} breaks in {int(years[ages].sum())} "
            f"years, expected {(p * years)[ages].sum():.0f}"
        )


def implied(fit: Passage) -> None:
    """Values of gamma for assumed utilisations; k tau for assumed lags and the overshoot wall."""
    (least, most), likely = fit.recovery.ends, fit.recovery.value
    for u in (0.3, 0.6, 0.9):
        low, middle, high = (value / (1 - u) ** 2 for value in (least, likely, most))
        print(f"  assumed u {u}: gamma {middle:.2f} ({low:.2f} to {high:.2f}) per year")
    for lag in (1.0, 4.0, 10.0):
        low, middle, high = (value * lag for value in (least, likely, most))
        print(f"  assumed tau {lag:g} years: k tau {middle:.2f} ({low:.2f} to {high:.2f})")


if __name__ == "__main__":
    main()

"""Regimes, values and AI incidents, compared with the printed reference statistics."""

from itertools import combinations
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy.stats import spearmanr

from throffer.record import SOURCES, code_source, rates
from throffer.record.sources import ai_incidents, regimes, values
from throffer.stats import cluster_intervals

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def polity(folder: Path) -> pl.DataFrame:
    return regimes.read_polity(SOURCES["regimes"].raw(folder))


def breaks(frame: pl.DataFrame, value: str, edges: list[int]) -> list[str]:
    """`k/n rate` of years that a break follows, by band of a column; bands include upper ends."""
    band = pl.sum_horizontal((pl.col(value) > edge).cast(int) for edge in edges)
    table = rates(frame.drop_nulls([value, "breaks"]).with_columns(band=band), "band", "breaks")
    return [f"{k}/{n} {rate:.4f}" for k, n, rate in table.select("k", "n", "rate").rows()]


def test_breaks_by_polity(polity: pl.DataFrame) -> None:
    expected = ["282/5040 0.0560", "885/5905 0.1499", "113/4854 0.0233"]
    assert breaks(polity, "polity2", [-6, 5]) == expected


def test_breaks_by_age_of_the_regime(polity: pl.DataFrame) -> None:
    found = [line.split("/")[1] for line in breaks(polity, "durable", [4, 9, 19, 39])]
    assert found == ["4191 0.2186", "2431 0.0498", "3315 0.0341", "3254 0.0264", "2608 0.0169"]


def test_breaks_by_executive_constraints(polity: pl.DataFrame) -> None:
    known = polity.filter(pl.col("xconst").is_between(1, 7))
    found = [line.split()[1] for line in breaks(known, "xconst", [2, 5])]
    assert found == ["0.0590", "0.0679", "0.0199"]


def test_failures_of_autocracies(folder: Path) -> None:
    frame = regimes.read_autocracies(SOURCES["regimes"].raw(folder))
    assert (frame["fails"].sum(), frame.height) == (223, 4591)
    assert f"{frame['fails'].mean():.4f}" == "0.0486"
    table = dict(rates(frame, "kind", "fails").select("kind", "rate").rows())
    kinds = ["military", "military-personal", "personal", "party-based", "monarchy"]
    found = [f"{table[kind]:.4f}" for kind in kinds]
    assert found == ["0.1649", "0.0876", "0.0668", "0.0239", "0.0202"]


def test_the_card_of_regimes_prints_intervals_over_countries(
    folder: Path, polity: pl.DataFrame
) -> None:
    card = (ROOT / "docs" / "record" / "regimes.md").read_text("utf-8")
    known = polity.drop_nulls("polity2")
    bands = known.with_columns(
        band=pl.sum_horizontal((pl.col("polity2") > edge).cast(int) for edge in (-6, 5))
    )
    for line in intervals(bands, "band", "scode", "breaks"):
        assert line in card
    autocracies = regimes.read_autocracies(SOURCES["regimes"].raw(folder))
    lines = intervals(autocracies, "kind", "gwf_cowcode", "fails")
    assert sum(line in card for line in lines) == 5


def intervals(frame: pl.DataFrame, by: str, country: str, event: str) -> list[str]:
    """The end of the card's row for each group: breaks, years, share, interval."""
    cells = (
        frame.drop_nulls([by, event])
        .group_by(country, by)
        .agg(k=pl.col(event).cast(pl.Float64).sum(), n=pl.len().cast(pl.Float64))
    )
    counts, trials = (
        cells.pivot(on=by, index=country, values=name).fill_null(0).sort(country).drop(country)
        for name in ("k", "n")
    )
    trials = trials.select(counts.columns)
    found = cluster_intervals(counts.to_numpy(), trials.to_numpy(), resamples=2000, seed=1)
    ends = [each.ends for each in found]
    return [
        f"| {k:,.0f} | {n:,.0f} | {k / n:.4f} | {low:.4f} to {high:.4f} |".replace("0.", ".")
        for k, n, (low, high) in zip(counts.sum().row(0), trials.sum().row(0), ends, strict=True)
    ]


def test_how_leaders_leave(folder: Path) -> None:
    leaders = regimes.read_leaders(SOURCES["regimes"].raw(folder))
    exits = dict(leaders["exit"].value_counts().rows())
    names = ["Regular", "Irregular", "Natural Death", "Still in Office", "Foreign"]
    assert [leaders.height, *(exits[name] for name in names)] == [3409, 2293, 600, 202, 168, 72]


def test_the_constraint_of_a_country_year_is_that_of_its_executive(folder: Path) -> None:
    coded = code_source("regimes", folder)
    assert coded.table.height + coded.skipped.height == 17574
    # Afghanistan 1800: xconst 1, unlimited authority: (7 - 1)/6 = 1
    row = coded.table.filter(pl.col("id") == "regimes/AFG/1800").row(0, named=True)
    assert (row["constraint"], row["outcome"]) == (1.0, None)
    assert coded.table["constraint"].is_between(0, 1).all()


@pytest.fixture(scope="module")
def positions(folder: Path) -> pl.DataFrame:
    return values.read_positions(SOURCES["values"].raw(folder))


def test_survey_scores_contradict_their_documentation(
    folder: Path, positions: pl.DataFrame
) -> None:
    surveys = values.read_surveys(SOURCES["values"].raw(folder))
    assert (surveys.height, surveys["geo"].n_unique(), positions.height) == (408, 118, 85)
    found = [
        f"{positions.select(pl.corr('survival', name)).item():.3f}"
        for name in ("pdi", "idv")
        if positions[name].count()
    ]
    assert found == ["0.690", "-0.718"]


def test_two_collections_agree_somewhat_on_distances(positions: pl.DataFrame) -> None:
    known = positions.drop_nulls(values.DIMENSIONS)
    assert known.height == 55

    def distances(columns: tuple[str, ...]) -> list[float]:
        scores = known.select(columns).to_numpy()
        scores = (scores - scores.mean(0)) / scores.std(0)
        return [float(np.linalg.norm(a - b)) for a, b in combinations(scores, 2)]

    surveys, hofstede = distances(("survival", "secular")), distances(values.DIMENSIONS)
    ranks = spearmanr(surveys, hofstede).statistic
    assert f"{np.corrcoef(surveys, hofstede)[0, 1]:.3f} {ranks:.3f}" == "0.455 0.449"


def test_values_are_no_interactions(folder: Path) -> None:
    coded = code_source("values", folder)
    assert coded.table.height == 0
    assert coded.skipped.height == 408


@pytest.fixture(scope="module")
def incidents(folder: Path) -> pl.DataFrame:
    return ai_incidents.read_incidents(SOURCES["ai_incidents"].raw(folder))


def test_incidents_by_year(incidents: pl.DataFrame) -> None:
    assert (incidents.height, incidents["date"].null_count()) == (1367, 0)
    assert [str(incidents["date"].min()), str(incidents["date"].max())] == [
        "1983-09-26",
        "2026-02-17",
    ]
    counts = dict(incidents["year"].value_counts().rows())
    found = [counts[year] for year in range(2014, 2026)]
    assert found == [13, 24, 41, 50, 45, 43, 90, 77, 104, 168, 283, 370]
    slope = np.polyfit(np.arange(2014, 2025), np.log(found[:-1]), 1)[0]
    assert f"{slope:.3f} {np.log(2) / slope:.1f}" == "0.250 2.8"


def test_intended_incidents_by_year(incidents: pl.DataFrame) -> None:
    coded = incidents.drop_nulls("intent").with_columns(meant=pl.col("intent") == "Intentional")
    assert (coded["meant"].sum(), coded.height) == (579, 1242)
    table = dict(rates(coded, "year", "meant").select("year", "rate").rows())
    found = [f"{table[year]:.2f}" for year in (2015, 2019, 2022, 2023, 2025)]
    # 2022: 40 of 104; the reference prints .39
    assert found == ["0.21", "0.28", "0.38", "0.52", "0.65"]


def test_only_intended_fraud_has_an_outcome(folder: Path, incidents: pl.DataFrame) -> None:
    table = code_source("ai_incidents", folder).table
    meant = incidents.filter(
        pl.col("subdomain").str.starts_with("4.3") & (pl.col("intent") == "Intentional")
    )
    assert table.height == 1367
    assert table["outcome"].drop_nulls().to_list() == ["deception"] * meant.height

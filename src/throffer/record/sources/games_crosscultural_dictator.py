"""Dictator games at ten field sites; card: docs/record/games_crosscultural_dictator.md."""

from __future__ import annotations

import polars as pl

from throffer.record._files import Raw
from throffer.record._source import Coded, Source, as_episodes, skip_where
from throffer.record._splits import divided, with_offers

FILE = "cerc_wave2_games.csv.gz"

COINS = 10
"""Number of coins in one dictator game."""

PAIRS = {
    "local-distant": ("DG.INGROUP1", "DG.COREL1"),
    "self-distant": ("DG.SELF2", "DG.COREL2"),
    "distant-outgroup": ("DG.COREL3", "DG.OUTGROUP3"),
    "self-outgroup": ("DG.SELF4", "DG.OUTGROUP4"),
}
"""The four divisions, with the columns of the first and second cup.

The name says who gets the first cup and who the second; "distant" is a co-religionist.
"""


def read_divisions(raw: Raw) -> pl.DataFrame:
    """Read one row for each person and division: `pair`, and coins `first` and `second`.

    Coins are null if the division was not played.
    """
    people = raw.csv(FILE, null="NA")
    return pl.concat(
        people.select(
            site="SITE",
            person=pl.int_range(1, pl.len() + 1),
            excluded=pl.col("DG.EXCLUDE") == 1,
            treatment=pl.col("DG.TREATMENT").cast(pl.Int64),
            pair=pl.lit(pair),
            first=pl.col(first).cast(pl.Float64),
            second=pl.col(second).cast(pl.Float64),
        )
        for pair, (first, second) in PAIRS.items()
    )


def valid(frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Split divisions into valid and skipped ones.

    Valid ones were played, are not excluded by the authors, and add up to all coins.
    """
    first, second = pl.col("first"), pl.col("second")
    return skip_where(
        frame,
        FILE,
        pl.format("person {} {}", "person", "pair"),
        [
            (first.is_null() | second.is_null(), "not played"),
            (pl.col("excluded"), "excluded by the authors"),
            (first + second != COINS, "the two cups do not add up to the coins"),
        ],
    )


def code(raw: Raw) -> Coded:
    """Code divisions between oneself and another; in others the proposer has nothing at stake."""
    played, left_out = valid(read_divisions(raw))
    own, others = skip_where(
        played,
        FILE,
        pl.format("person {} {}", "person", "pair"),
        [(~pl.col("pair").str.starts_with("self"), "divides between two others")],
    )
    table = own.select(
        id=pl.format(
            "games_crosscultural_dictator/{}/{}-{}",
            pl.col("site").str.replace_all(" ", "-"),
            "person",
            "pair",
        ),
        frame=pl.lit("dictator"),
        wording=pl.col("pair"),
        elicitation=pl.format("treatment {}", "treatment"),
        role=pl.lit("proposer"),
        **divided(pl.col("second") / COINS, veto=0.0),
    )
    episodes = as_episodes(with_offers(table), "games_crosscultural_dictator", "experiment")
    return Coded(episodes, pl.concat([left_out, others]))


SOURCE = Source(
    name="games_crosscultural_dictator",
    title="Dictator games at ten field sites, by social distance of the recipient",
    row="one division of ten coins between oneself and another",
    licence="none stated at the origin; it asks for the citation",
    citation=(
        "Lang, Purzycki, Apicella et al. 2019, Moralizing gods, impartiality and religious "
        "parochialism across 15 societies, Proceedings of the Royal Society B 286:20190202"
    ),
    origin=(
        "https://github.com/bgpurzycki/Evolution-of-Religion-and-Morality"
        " at 37c6d1750c5d15adfa6fc715560d7a579f77f227, wave II, a subset of columns"
    ),
    files=(FILE,),
    code=code,
)

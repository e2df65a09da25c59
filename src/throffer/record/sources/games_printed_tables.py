"""Forsythe 1994 and Berg 1995, re-typed; card: docs/record/games_printed_tables.md."""

from __future__ import annotations

import polars as pl

from throffer.record._files import Raw
from throffer.record._source import Coded, Source, as_episodes, skip_where
from throffer.record._splits import divided, with_offers

FORSYTHE = "forsythe1994_dictator_ultimatum.csv"
BERG = "berg1995_trust.csv"


def read_divisions(raw: Raw) -> pl.DataFrame:
    """Read Forsythe et al. 1994: one row for each pair, with the `share` of the pie offered."""
    return raw.csv(FORSYTHE).with_columns(share=pl.col("offer_usd") / pl.col("pie_usd"))


def read_trust(raw: Raw) -> pl.DataFrame:
    """Read Berg et al. 1995: one row for each pair, with the USD sent, tripled and returned."""
    return raw.csv(BERG).with_columns(tripled=pl.col("sent_usd") * pl.col("multiplier"))


def code(raw: Raw) -> Coded:
    """Code Forsythe's offers, and what Berg's second movers return of the tripled sum."""
    offers = [_divisions(read_divisions(raw), game) for game in ("dictator", "ultimatum")]
    trust = read_trust(raw)
    answered, left_out = skip_where(
        trust,
        BERG,
        pl.format("{} {} pair {}", "treatment", "session", "pair"),
        [(pl.col("sent_usd") == 0, "nothing was sent, so there was nothing to divide")],
    )
    returned = with_offers(
        answered.select(
            id=pl.format(
                "games_printed_tables/berg-{}-{}/{}",
                pl.col("treatment").str.replace("_", "-"),
                "session",
                "pair",
            ),
            frame=pl.lit("trust"),
            wording=pl.col("treatment"),
            elicitation=pl.lit("paid"),
            role=pl.lit("second mover"),
            **divided(pl.col("returned_usd") / pl.col("tripled"), veto=0.0),
        )
    )
    tables = [*offers, as_episodes(returned, "games_printed_tables", "experiment")]
    return Coded(pl.concat(tables), left_out)


def _divisions(frame: pl.DataFrame, game: str) -> pl.DataFrame:
    pay = pl.when(pl.col("pay") == 1).then(pl.lit("paid")).otherwise(pl.lit("hypothetical"))
    answer = pl.when(pl.col("rejected") == 1).then(pl.lit("refused")).otherwise(pl.lit("accepted"))
    columns = frame.filter(pl.col("game") == game).select(
        id=pl.format(
            "games_printed_tables/forsythe-{}-{}-{}-{}/{}", "game", "pie_usd", pay, "session", "obs"
        ),
        frame=pl.lit(game),
        wording=pl.format("pie {} USD", "pie_usd"),
        elicitation=pay,
        role=pl.lit("proposer"),
        answer=pl.when(pl.col("rejected").is_not_null()).then(answer),
        **divided(pl.col("share"), veto=1.0 if game == "ultimatum" else 0.0),
    )
    return as_episodes(with_offers(columns), "games_printed_tables", "experiment")


SOURCE = Source(
    name="games_printed_tables",
    title="Two classic experiments from their printed appendices: dictator, ultimatum, trust",
    row="one offer, with its answer in the ultimatum game; in the trust game what was returned",
    licence="MIT (of the repository with the scans; the numbers are facts)",
    citation=(
        "Forsythe, Horowitz, Savin, Sefton 1994, Games and Economic Behavior 6:347; "
        "Berg, Dickhaut, McCabe 1995, Games and Economic Behavior 10:122"
    ),
    origin=(
        "re-typed from page scans in https://github.com/AISmithLab/HumanStudy-Bench"
        " at 378b77a8bf93e158465d0f34f70f05c457ad285e"
    ),
    files=(FORSYTHE, BERG),
    code=code,
)

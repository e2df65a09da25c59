"""Ultimatum answers, prisoner's dilemmas and public goods games, all with scripted partners.

Card: docs/record/games_heffner.md.
"""

from __future__ import annotations

import polars as pl

from throffer.record._files import Raw
from throffer.record._source import Coded, Source, as_episodes, skipped
from throffer.record._splits import divided

ULTIMATUM = "ug_data.csv.gz"
DILEMMA = "pd_data.csv.gz"
PUBLIC_GOOD = "pgg_data.csv.gz"


def read_answers(raw: Raw) -> pl.DataFrame:
    """Read one row for each answer: the `share` offered and whether it was `refused`."""
    return raw.csv(ULTIMATUM).with_columns(
        share=(1 - pl.col("unfairness")).round(2), refused=pl.col("choice") == 1
    )


def code(raw: Raw) -> Coded:
    """Code answers to scripted offers, and contributions in the two other games."""
    answer = pl.when("refused").then(pl.lit("refused")).otherwise(pl.lit("accepted"))
    answers = read_answers(raw).select(
        id=pl.format("games_heffner/{}/ultimatum-{}", "sub", "trial"),
        frame=pl.lit("ultimatum"),
        elicitation=pl.lit("scripted proposer"),
        role=pl.lit("responder"),
        answer=answer,
        **divided(pl.col("share"), veto=1.0),
    )
    goods = raw.csv(PUBLIC_GOOD).with_columns(number=pl.int_range(1, pl.len() + 1))
    first = pl.col("number") == pl.col("number").min().over("sub", "trial")
    again = goods.filter(~first)["number"]
    tables = [
        as_episodes(frame, "games_heffner", "experiment")
        for frame in (
            answers,
            _contributions(raw.csv(DILEMMA), "prisoners_dilemma"),
            _contributions(goods.filter(first), "public_goods"),
        )
    ]
    reason = "another feeling reported in the same decision"
    return Coded(pl.concat(tables), skipped((PUBLIC_GOOD, number, reason) for number in again))


def _contributions(frame: pl.DataFrame, game: str) -> pl.DataFrame:
    return frame.select(
        id=pl.format(f"games_heffner/{{}}/{game}-{{}}", "sub", "trial"),
        frame=pl.lit(game),
        elicitation=pl.lit("scripted partner"),
        role=pl.lit("player"),
        concession=pl.col("sub_contribution"),
    )


SOURCE = Source(
    name="games_heffner",
    title="Ultimatum responses, prisoner's dilemma and public goods with scripted partners",
    row="one answer to a scripted offer, or one contribution",
    licence="MIT",
    citation=(
        "Heffner, FeldmanHall 2022, A probabilistic map of emotional experiences during competitive"
        " social interactions, Nature Communications 13:1718"
    ),
    origin=(
        "https://github.com/jpheffne/NC_emotion_classify"
        " at 5ece09eef0e666e30caea25c13014f3e526eb47d"
    ),
    files=(ULTIMATUM, DILEMMA, PUBLIC_GOOD),
    code=code,
)

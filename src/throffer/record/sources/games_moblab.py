"""Dictator and ultimatum decisions on a teaching platform; card: docs/record/games_moblab.md."""

from __future__ import annotations

import polars as pl

from throffer.record._files import Raw
from throffer.record._source import Coded, Source, as_episodes, skip_where
from throffer.record._splits import divided, with_offers

DICTATOR = "dictator.csv.gz"
ULTIMATUM = "ultimatum_strategy.csv.gz"

NUMBER = pl.int_range(1, pl.len() + 1)
"""Number of a row in its file; the first row after the header is 1."""


def read_dictators(raw: Raw) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Read gifts of the first round that are within the pie, and the skipped rows."""
    frame = raw.csv(DICTATOR).with_columns(number=NUMBER)
    move, total = pl.col("move"), pl.col("Total")
    return skip_where(
        frame,
        DICTATOR,
        pl.col("number"),
        [
            (pl.col("Role") != "first", "a recipient, who makes no move"),
            (pl.col("Round") != 1, "a later round"),
            (total <= 0, "a pie of nothing"),
            (move.is_null(), "no move"),
            ((move < 0) | (move > total), "a move outside the pie"),
        ],
    )


def read_ultimata(raw: Raw) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Read offers and smallest acceptable offers of the first round, and the skipped rows."""
    frame = raw.csv(ULTIMATUM).with_columns(number=NUMBER)
    inside = [pl.col(name).is_between(0, pl.col("Total")) for name in ("propose", "accept")]
    return skip_where(
        frame,
        ULTIMATUM,
        pl.col("number"),
        [
            (pl.col("Round") != 1, "a later round"),
            (~(inside[0] & inside[1]), "an offer or a smallest acceptable offer outside the pie"),
        ],
    )


def code(raw: Raw) -> Coded:
    """Code each gift, offer and smallest acceptable offer as an Episode."""
    gifts, no_gifts = read_dictators(raw)
    pairs, no_pairs = read_ultimata(raw)
    share = pl.col("move") / pl.col("Total")
    given = with_offers(_common(gifts, "dictator", "proposer", **divided(share, veto=0.0)))
    share = pl.col("propose") / pl.col("Total")
    offered = with_offers(_common(pairs, "ultimatum", "proposer", **divided(share, veto=1.0)))
    least = divided(pl.col("accept") / pl.col("Total"), veto=1.0)
    asked = _common(pairs, "ultimatum", "responder", **least)
    tables = [as_episodes(frame, "games_moblab", "experiment") for frame in (given, offered, asked)]
    return Coded(pl.concat(tables), pl.concat([no_gifts, no_pairs]))


def _common(frame: pl.DataFrame, game: str, role: str, **columns: pl.Expr) -> pl.DataFrame:
    how = {"dictator": "direct", "ultimatum": "strategy method"}[game]
    return frame.select(
        id=pl.format(f"games_moblab/{{}}/{game}-{{}}-{role}", "UserID", "number"),
        frame=pl.lit(game),
        wording=pl.format("pie {}", "Total"),
        elicitation=pl.lit(how if role == "proposer" else "smallest acceptable offer"),
        role=pl.lit(role),
        **columns,
    )


SOURCE = Source(
    name="games_moblab",
    title="Classroom games: dictator and ultimatum decisions",
    row="one gift, one offer, or one smallest acceptable offer",
    licence="MIT",
    citation=(
        "Mei, Xie, Yuan, Jackson 2024, A Turing test of whether AI chatbots are behaviorally "
        "similar to humans, PNAS 121(9):e2313925121"
    ),
    origin=(
        "https://github.com/yutxie/ChatGPT-Behavioral at 69ec5575efc373382de5bfc6e457667c2d0b3e60"
    ),
    files=(DICTATOR, ULTIMATUM),
    code=code,
)

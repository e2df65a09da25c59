"""The impunity game: responders can refuse only their own share.

Card: docs/record/games_impunity.md.
"""

from __future__ import annotations

import polars as pl

from throffer.record._files import Raw
from throffer.record._source import Coded, Source, as_episodes, skip_where
from throffer.record._splits import divided, with_offers

OFFERS = "proposers.csv"
ANSWERS = "respondents.csv.gz"

ADJUSTMENT = 140
"""Index within a person from which rows were recorded while the scanner was adjusted.

The authors drop these rows.
"""


def read_offers(raw: Raw) -> pl.DataFrame:
    """Read one row for each proposer: the `endowment` and the offer, `choice`, in EUR."""
    return raw.csv(OFFERS)


def read_answers(raw: Raw) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Read answers to offers (`pie` and `offer` in EUR, `refused`), and the skipped rows."""
    frame = raw.csv(ANSWERS)
    frame = frame.rename({frame.columns[0]: "index", "Ausgangswert": "pie", "Anteil": "offer"})
    kept, left_out = skip_where(
        frame,
        ANSWERS,
        pl.format("person {} part {} index {}", "subjectID", "Teil", "index"),
        [
            (pl.col("index") >= ADJUSTMENT, "recorded while the scanner was adjusted"),
            (pl.col("Reaktion") == "Fehler", "answered in error or not in time"),
            (pl.col("Reaktion").is_null(), "no answer"),
        ],
    )
    return kept.with_columns(refused=pl.col("Reaktion") == "Abgelehnt"), left_out


def code(raw: Raw) -> Coded:
    """Code offers with their conduct, and answers.

    Answers have no conduct, because each offer was shown many times.
    """
    offers = with_offers(
        read_offers(raw).select(
            id=pl.format("games_impunity/session-{}/proposer-{}", "Session", "Subject"),
            frame=pl.lit("impunity"),
            wording=pl.format("pie {} EUR", "endowment"),
            elicitation=pl.lit("1, 3 or 5 EUR"),
            role=pl.lit("proposer"),
            **divided(pl.col("choice") / pl.col("endowment"), veto=None),
        )
    )
    kept, left_out = read_answers(raw)
    answers = kept.select(
        id=pl.format("games_impunity/responder-{}/{}-{}", "subjectID", "Teil", "index"),
        frame=pl.lit("impunity"),
        wording=pl.format("pie {} EUR", pl.col("pie").cast(pl.Int64)),
        elicitation=pl.lit("answers in a scanner"),
        role=pl.lit("responder"),
        answer=pl.when("refused").then(pl.lit("refused")).otherwise(pl.lit("accepted")),
        **divided(pl.col("offer") / pl.col("pie"), veto=None),
    )
    tables = [as_episodes(frame, "games_impunity", "experiment") for frame in (offers, answers)]
    return Coded(pl.concat(tables), left_out)


SOURCE = Source(
    name="games_impunity",
    title="Impunity game: the responder can burn only the own share",
    row="one offer, or one answer",
    licence="none stated at the origin",
    citation=(
        "Crosetto, Güth 2021, What are you calling intuitive? Subject heterogeneity as a driver of "
        "response times in an impunity game, Journal of Economic Psychology 87:102419"
    ),
    origin=(
        "https://github.com/paolocrosetto/what_are_you_calling_intuitive_data_and_analysis"
        " at 11b13d650808e7537cb271b3ac2fc232f778f901"
    ),
    files=(OFFERS, ANSWERS),
    code=code,
)

"""Indefinitely repeated prisoner's dilemmas; card: docs/record/games_repeated_pd.md."""

from __future__ import annotations

import polars as pl

from throffer.record._files import Raw
from throffer.record._source import Coded, Source, as_episodes, skipped

DF2011 = "DF2011.csv.gz"
FRD2012 = "FRD2012.csv.gz"


def read_choices(raw: Raw, file: str) -> pl.DataFrame:
    """Read one row for each choice: person, game, period and `cooperates`.

    `own` and `other` are the choices of both players in the period before; null in the first
    period. In FRD2012 they are the choices as carried out, after noise.

    Args:
        raw: the raw files.
        file: `DF2011` or `FRD2012`.
    """
    frame = raw.csv(file).sort("treatment", "id", "game", "period")
    if file == DF2011:
        game = ["treatment", "id", "game"]
        follows = pl.col("period").shift(1).over(game) == pl.col("period") - 1
        frame = frame.with_columns(
            own=pl.when(follows).then(pl.col("choice").shift(1).over(game)),
            other=pl.when(follows).then(pl.col("other.choice").shift(1).over(game)),
        )
    else:
        frame = frame.rename({"last.choice": "own", "last.other": "other"})
    return frame.select(
        pl.col("treatment").cast(pl.String),
        "id",
        "game",
        "period",
        "own",
        "other",
        cooperates=pl.col("choice") == "c",
    )


def code(raw: Raw) -> Coded:
    """Code each choice as an Episode without outcome.

    `concession` is 1 for cooperation and 0 for defection.
    """
    tables = []
    for file in (DF2011, FRD2012):
        study = file.partition(".")[0]
        table = read_choices(raw, file).select(
            id=pl.format(
                f"games_repeated_pd/{study}-{{}}-{{}}/{{}}/{{}}",
                "treatment",
                "id",
                "game",
                "period",
            ),
            frame=pl.lit("repeated_prisoners_dilemma"),
            wording=pl.format(f"{study} {{}}", "treatment"),
            role=pl.lit("player"),
            concession=pl.col("cooperates").cast(pl.Float64),
        )
        tables.append(as_episodes(table, "games_repeated_pd", "experiment"))
    return Coded(pl.concat(tables), skipped())


SOURCE = Source(
    name="games_repeated_pd",
    title="Indefinitely repeated prisoner's dilemmas",
    row="one choice of one player in one period",
    licence="GPL-3",
    citation=(
        "Dal Bó, Fréchette 2011, American Economic Review 101:411; "
        "Fudenberg, Rand, Dreber 2012, American Economic Review 102:720"
    ),
    origin=(
        "https://github.com/fdvorak/stratEst at c05aae64eadc8f5e2bbf8b98b14b884f5b393be7 (data)"
    ),
    files=(DF2011, FRD2012),
    code=code,
)

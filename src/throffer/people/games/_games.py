"""The derived table of games: fits to people and their predictions."""

from __future__ import annotations

from pathlib import Path

import throffer
from throffer.people.games._fits import RESPONDERS, fit_games, read_games, veto_tests
from throffer.people.games._predict_answers import predict_answers
from throffer.people.games._predict_offers import predict_offers
from throffer.people.games._repeated import predict_repeated
from throffer.people.games._tables import GamesTable, Provenance
from throffer.people.games._transfer import DRAWS, SEED
from throffer.record import (
    Source,
    games_heffner,
    games_impunity,
    games_moblab,
    games_printed_tables,
    games_repeated_pd,
)
from throffer.stats import CONFIDENCE

USED = (
    games_heffner.SOURCE,
    games_impunity.SOURCE,
    games_moblab.SOURCE,
    games_printed_tables.SOURCE,
    games_repeated_pd.SOURCE,
)
"""Sources of the table."""


def games_table(folder: Path) -> GamesTable:
    """Compute all fits and predictions from the raw files; about 1.5 minutes on one core.

    Args:
        folder: folder of the raw files of all sources.

    Raises:
        SetupError: If a raw file is missing, truncated or has other content than expected.
    """
    games = read_games(folder)
    named = fit_games(games)
    fits = {name: each.fit for name, each in named.items()}
    heffner = {model: fits[f"heffner: {model}"] for model in RESPONDERS}
    return GamesTable(
        code_version=throffer.__version__,
        level=CONFIDENCE,
        draws=DRAWS,
        seed=SEED,
        sources=tuple(provenance(source, folder) for source in USED),
        fits=tuple(each.record for each in named.values()),
        veto=veto_tests(games, fits),
        transfers=(
            *predict_answers(folder, games.heffner, heffner),
            *predict_offers(folder, games, fits),
            predict_repeated(folder, games.repeated, fits["df2011: game"]),
        ),
    )


def provenance(source: Source, folder: Path) -> Provenance:
    """Describe where a source comes from, with the checksum of its raw files."""
    return Provenance(
        source=source.name,
        title=source.title,
        citation=source.citation,
        licence=source.licence,
        origin=source.origin,
        data=source.raw(folder).identity(),
    )

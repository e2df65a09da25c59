"""Baselines: what people do, fitted by the game and counted along axes of their own.

`fits` holds every fit of the game to dictator, ultimatum and repeated games, `predict_answers` and
`predict_offers` what they say of people they were not fitted to, `doses` conduct along axes of
power, information and constraint, `signs` all of it side by side. The tables ship (`shipped`).
"""

from throffer.people._tables import (
    load_games,
    load_people,
    people_curves,
    write_baselines,
)
from throffer.people.curves._curve import FIXED, PeopleBin, PeopleCurve
from throffer.people.curves._signs import Sign, pool_signs
from throffer.people.games._tables import FittedGame, GamesTable, Transfer

__all__ = [
    "FIXED",
    "FittedGame",
    "GamesTable",
    "PeopleBin",
    "PeopleCurve",
    "Sign",
    "Transfer",
    "load_games",
    "load_people",
    "people_curves",
    "pool_signs",
    "write_baselines",
]

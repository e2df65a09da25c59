"""Games: the choice model fitted to people in dictator, ultimatum and repeated games.

The fits are also used to predict the answers and offers of people to whom they were not fitted.
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

"""People: what the human record shows about people, on the coordinates of the package.

`games` fits the choice model to experiments. `curves` counts conduct along axes of power,
information and constraint. `ransom` tests the signs that the theory predicts on ransom
negotiations. `talk` codes what messages do. `mixed_authority` measures how far the parts of an
authority differ in kind. The package contains derived tables, but no raw rows.
"""

from throffer.people._authority import mixed_authority
from throffer.people.games import (
    FIXED,
    FittedGame,
    GamesTable,
    PeopleBin,
    PeopleCurve,
    Sign,
    Transfer,
    load_games,
    load_people,
    people_curves,
    pool_signs,
    write_baselines,
)
from throffer.people.ransom import ransom_table, write_ransoms
from throffer.people.talk import (
    acts_table,
    agree_with_coders,
    draw,
    read_codes,
    read_talk,
    with_message_ids,
    write_acts,
    write_for_coders,
)

__all__ = [
    "FIXED",
    "FittedGame",
    "GamesTable",
    "PeopleBin",
    "PeopleCurve",
    "Sign",
    "Transfer",
    "acts_table",
    "agree_with_coders",
    "draw",
    "load_games",
    "load_people",
    "mixed_authority",
    "people_curves",
    "pool_signs",
    "ransom_table",
    "read_codes",
    "read_talk",
    "with_message_ids",
    "write_acts",
    "write_baselines",
    "write_for_coders",
    "write_ransoms",
]

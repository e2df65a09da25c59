"""Game: the proposal game of theory, section 2, solved exactly by backward induction.

A logit agent chooses a proposal and a logit counterpart answers it. `conduct_probabilities` gives
the probability of each conduct, `rational_choice` the choice in the limit without noise or norms,
`play` a random sample, and `reference_preferences` the known parameters of the reference agents.
"""

from throffer.game._agents import AGENTS, NEVER, reference_preferences
from throffer.game._blocks import midpoints
from throffer.game._choice import CELLS, conduct_probabilities
from throffer.game._chunks import CHUNK, Players, as_arrays, in_chunks
from throffer.game._menu import (
    Menu,
    Proposals,
    conduct_masses,
    imposition,
    lapse_menu,
    menu,
    proposals,
)
from throffer.game._people import TABLE, DataSource, Norm, Number, PeopleAgent, load_people_agent
from throffer.game._play import Play, acceptance, answer_draw, play, play_each
from throffer.game._preferences import Preferences, norm_vector
from throffer.game._rational import (
    RationalChoice,
    Worth,
    coercion_distance,
    lever_gain,
    rational_choice,
    rational_conduct,
    worth,
)
from throffer.game._terms import MEANS, Fallback, fallback, payoffs

__all__ = [
    "AGENTS",
    "CELLS",
    "CHUNK",
    "MEANS",
    "NEVER",
    "TABLE",
    "DataSource",
    "Fallback",
    "Menu",
    "Norm",
    "Number",
    "PeopleAgent",
    "Play",
    "Players",
    "Preferences",
    "Proposals",
    "RationalChoice",
    "Worth",
    "acceptance",
    "answer_draw",
    "as_arrays",
    "coercion_distance",
    "conduct_masses",
    "conduct_probabilities",
    "fallback",
    "imposition",
    "in_chunks",
    "lapse_menu",
    "lever_gain",
    "load_people_agent",
    "menu",
    "midpoints",
    "norm_vector",
    "payoffs",
    "play",
    "play_each",
    "proposals",
    "rational_choice",
    "rational_conduct",
    "reference_preferences",
    "worth",
]

"""Game: the proposal game of theory, section 2, solved exactly by backward induction.

A logit agent chooses a proposal, a logit counterpart answers. `conduct_probabilities` places the
choice on the offer-threat plane; `rational_choice` is the limit without noise or norms, `play`
samples, and `reference_preferences` names agents with known parameters.
"""

from throffer.game.agents import AGENTS, NEVER, reference_preferences
from throffer.game.blocks import midpoints
from throffer.game.choice import CELLS, conduct_probabilities
from throffer.game.chunks import CHUNK
from throffer.game.menu import (
    Menu,
    Proposals,
    conduct_masses,
    imposition,
    lapse_menu,
    menu,
    proposals,
)
from throffer.game.play import Play, acceptance, answer_draw, play, play_each
from throffer.game.preferences import Preferences, norm_vector
from throffer.game.rational import (
    RationalChoice,
    Worth,
    coercion_distance,
    lever_gain,
    rational_choice,
    rational_conduct,
    worth,
)
from throffer.game.terms import MEANS, Fallback, fallback

__all__ = [
    "AGENTS",
    "CELLS",
    "CHUNK",
    "MEANS",
    "NEVER",
    "Fallback",
    "Menu",
    "Play",
    "Preferences",
    "Proposals",
    "RationalChoice",
    "Worth",
    "acceptance",
    "answer_draw",
    "coercion_distance",
    "conduct_masses",
    "conduct_probabilities",
    "fallback",
    "imposition",
    "lapse_menu",
    "lever_gain",
    "menu",
    "midpoints",
    "norm_vector",
    "play",
    "play_each",
    "proposals",
    "rational_choice",
    "rational_conduct",
    "reference_preferences",
    "worth",
]

"""Predicting offers in one game from another, and of one population from another."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from throffer.game import MEANS, fallback, payoffs
from throffer.people.games._fits import PROPOSERS, Games
from throffer.people.games._observed import (
    GAMES,
    IMPUNE,
    TENTHS,
    Offers,
    division,
    impunity_offers,
)
from throffer.people.games._proposers import Kinds, predict_offers_at
from throffer.people.games._tables import Transfer
from throffer.people.games._transfer import (
    DRAWS,
    Bins,
    Story,
    at_each,
    constant,
    observed_choices,
    parameter_draws,
    predict,
)
from throffer.stats import ClusterFit

UNCHANGED = "offers of the other game"
"""Reference model: the same population, which ignores the veto."""

SAME_SHARES = "shares of MobLab"
"""Reference model: the shares of another population, without a model of the game."""

EVEN_CHANCES = "even chances"

_TENTHS = Bins(
    [f"{tenth / 10:.1f}" for tenth in range(TENTHS)], range(TENTHS), np.arange(TENTHS) / 10
)

_VIEWS_SEED = 2
"""Seed for draws of responders' parameters, which must be independent of the proposers' draws."""


def predict_offers(
    folder: Path, games: Games, fits: Mapping[str, ClusterFit]
) -> tuple[Transfer, ...]:
    """Predict offers that were not fitted.

    These are: dictators from ultimatum proposers and the reverse, Forsythe from MobLab, and the
    impunity game from dictators.

    Args:
        folder: folder of the raw files of all sources.
        games: the observations.
        fits: all fits by name.
    """
    return (
        *(
            _other_game(offers, name, source, target, fits)
            for name, offers in (("moblab", games.moblab), ("forsythe", games.forsythe))
            for source, target in (("dictator", "ultimatum"), ("ultimatum", "dictator"))
        ),
        *(_other_people(games, game, fits) for game in GAMES),
        *(_impunity(counts, pie, fits) for pie, counts in impunity_offers(folder).items()),
    )


def _other_game(
    offers: Offers, name: str, source: str, target: str, fits: Mapping[str, ClusterFit]
) -> Transfer:
    """Predict offers in one game from a fit to the other, changing only the veto."""
    place = list(GAMES).index(target)
    views = fits["heffner: game"] if source == "dictator" else None
    note = (
        "A dictator's offers do not show what it expects of the other side (v = 0); it is taken "
        "to expect Heffner's responders."
        if views
        else "A dictator's answer does not matter, so precision, guilt and lapses carry over."
    )
    chances = {
        model: _offers(fits[f"{name} {source}: {model}"], GAMES[target], kinds, views)
        for model, kinds in PROPOSERS.items()
    }
    return predict(
        Story(
            name=f"{name} {source}: {target}",
            fitted_on=f"offers in the {source} game",
            predicts=f"offers in the {target} game of the same source",
            unit=offers.unit,
            note=note,
        ),
        observed_choices(offers.counts[:, place]),
        chances | {UNCHANGED: _shares(offers.total()[1 - place])},
        _TENTHS,
        UNCHANGED,
    )


def _other_people(games: Games, game: str, fits: Mapping[str, ClusterFit]) -> Transfer:
    """Predict Forsythe's offers from a fit to MobLab's offers in both games."""
    place = list(GAMES).index(game)
    chances = {
        model: _offers(fits[f"moblab: {model}"], GAMES[game], kinds)
        for model, kinds in PROPOSERS.items()
    }
    return predict(
        Story(
            name=f"moblab: forsythe {game}",
            fitted_on="offers of MobLab in both games",
            predicts=f"paid offers of Forsythe in the {game} game",
            unit=games.forsythe.unit,
            note="Held against MobLab's own shares, which know nothing of a game.",
        ),
        observed_choices(games.forsythe.counts[:, place]),
        chances | {SAME_SHARES: _shares(games.moblab.total()[place])},
        _TENTHS,
        SAME_SHARES,
    )


def _impunity(
    counts: Float[np.ndarray, "choice"], pie: int, fits: Mapping[str, ClusterFit]
) -> Transfer:
    """Predict the choice among three offers from a fit to MobLab's dictators."""
    shares = np.array(IMPUNE) / pie
    chances = {
        model: at_each(
            lambda theta: _among(theta, shares),
            parameter_draws(fits[f"moblab dictator: {model}"]),
        )
        for model in PROPOSERS
    }
    return predict(
        Story(
            name=f"moblab dictator: impunity, {pie} EUR",
            fitted_on="offers of MobLab in the dictator game",
            predicts=f"offers of 1, 3 or 5 EUR of {pie} in the impunity game",
            unit="person",
            note="A refusal does not touch the proposer, so its veto is a dictator's.",
        ),
        observed_choices(np.repeat(np.eye(len(IMPUNE)), counts.astype(int), axis=0)),
        chances | {EVEN_CHANCES: constant(np.full(len(IMPUNE), 1 / len(IMPUNE)))},
        Bins([f"{euro} EUR" for euro in IMPUNE], range(len(IMPUNE)), shares),
        EVEN_CHANCES,
    )


def _among(
    theta: Float[Array, "parameter"], shares: Float[np.ndarray, "choice"]
) -> Float[Array, "choice"]:
    """Probabilities with which a dictator chooses among a few shares.

    With seven parameters there are two kinds of dictators.
    """
    dyad = division(0.0)
    point = fallback(dyad, MEANS[0])
    slip, precision = jax.nn.sigmoid(theta[4]), jnp.exp(theta[0])

    def choose(guilt: Array) -> Array:
        worth = payoffs(dyad, point, shares, guilt, 0.0).accepted
        return (1 - slip) * jax.nn.softmax(precision * worth) + slip / len(shares)

    if theta.size == 5:
        return choose(theta[1])
    others = jax.nn.sigmoid(theta[6])
    return (1 - others) * choose(theta[1]) + others * choose(theta[1] + jnp.exp(theta[5]))


def _offers(
    fit: ClusterFit, veto: float, kinds: Kinds, views: ClusterFit | None = None
) -> Float[np.ndarray, "draw tenth"]:
    """Predict offers under a veto.

    Args:
        fit: a fit to offers.
        veto: veto of the other side.
        kinds: number of kinds of proposers in the fit.
        views: a fit to responders. If given, proposers expect these responders.
    """
    thetas = parameter_draws(fit)
    if views is not None:
        thetas[:, 2:4] = parameter_draws(views, _VIEWS_SEED)[:, :2]
    return predict_offers_at(thetas, veto, kinds)


def _shares(counts: Float[np.ndarray, "category"]) -> Float[np.ndarray, "draw category"]:
    """Shares of categories with half a count added to each (Jeffreys' prior), and draws of them."""
    drawn = np.random.default_rng(_VIEWS_SEED).dirichlet(counts + 0.5, size=DRAWS)
    return np.vstack([(counts + 0.5) / (counts + 0.5).sum(), drawn])

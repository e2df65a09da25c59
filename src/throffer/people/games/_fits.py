"""All fits of the game to people, by name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from throffer.people.games._equilibrium import equilibrium_model
from throffer.people.games._observed import (
    GAMES,
    Answers,
    Offers,
    forsythe_offers,
    heffner_answers,
    moblab_offers,
)
from throffer.people.games._proposers import Kinds, proposer_model
from throffer.people.games._repeated import FirstChoices, first_choices, repeated_model
from throffer.people.games._responders import Kind, responder_model
from throffer.people.games._tables import FittedGame, FittedParameter, VetoTest
from throffer.record import games_repeated_pd
from throffer.stats import ClusterFit, ClusterModel, fit_clusters

RESPONDERS: dict[str, tuple[Kind, bool]] = {
    "game": ("game", False),
    "game, people differ": ("game", True),
    "share-only logit": ("logit", False),
    "share-only logit, people differ": ("logit", True),
}
"""Models of answers: the formula, and whether persons differ in their parameters."""

EVERYBODY = "everybody: game in equilibrium"
"""Name of the fit that the reference agent `people` is made from."""

PROPOSERS: dict[str, Kinds] = {"game": 1, "game, two kinds": 2}
"""Models of offers: all proposers alike, or two kinds that differ in guilt."""


class Named(NamedTuple):
    """A fit, and the record of it that the table contains."""

    fit: ClusterFit
    record: FittedGame


class Games(NamedTuple):
    """The observations that the models are fitted to."""

    heffner: Answers
    moblab: Offers
    forsythe: Offers
    repeated: FirstChoices


def read_games(folder: Path) -> Games:
    """Read the observations from the raw files."""
    return Games(
        heffner_answers(folder),
        moblab_offers(folder),
        forsythe_offers(folder),
        first_choices(folder, games_repeated_pd.DF2011),
    )


def fit_games(games: Games) -> dict[str, Named]:
    """Fit all models; the names of fits have the form `what: model`."""
    fits = {f"heffner: {model}": fit_answers(games.heffner, model) for model in RESPONDERS}
    offers = {"moblab": games.moblab, "forsythe": games.forsythe}
    for model in PROPOSERS:
        for name, each in offers.items():
            fits[f"{name}: {model}"] = fit_offers(model, each)
            for game in GAMES:
                fits[f"{name} {game}: {model}"] = fit_offers(model, each, only=game)
        fits[f"moblab and forsythe: {model}"] = fit_offers(model, *offers.values())
    fits[EVERYBODY] = _named(
        equilibrium_model(list(offers.values()), games.heffner),
        name=EVERYBODY,
        model="game, in equilibrium",
        fitted_on="offers in both games (MobLab and Forsythe) and answers (Heffner)",
        sources=tuple(each.source.name for each in (*offers.values(), games.heffner)),
        trials=sum(each.counts.sum() for each in offers.values()) + games.heffner.trials.sum(),
        unit="user, pair or person",
    )
    fits["df2011: game"] = _named(
        repeated_model(games.repeated),
        name="df2011: game",
        model="game",
        fitted_on="first choices of repeated prisoner's dilemmas (Dal Bó and Fréchette)",
        sources=(games_repeated_pd.SOURCE.name,),
        trials=games.repeated.trials.sum(),
        unit="person",
    )
    return fits


def fit_answers(answers: Answers, model: str) -> Named:
    """Fit a model to answers in the ultimatum game.

    Args:
        answers: the answers.
        model: one of `RESPONDERS`.
    """
    return _named(
        responder_model(answers, *RESPONDERS[model]),
        name=f"heffner: {model}",
        model=model,
        fitted_on="answers in the ultimatum game (Heffner)",
        sources=(answers.source.name,),
        trials=answers.trials.sum(),
        unit=answers.unit,
    )


def fit_offers(model: str, *offers: Offers, only: str | None = None) -> Named:
    """Fit a model to offers of one or several sources.

    Args:
        model: one of `PROPOSERS`.
        offers: the offers of each source.
        only: name of the game to fit; both by default.
    """
    short = {"games_moblab": "MobLab", "games_printed_tables": "Forsythe"}
    names = " and ".join(short[each.source.name] for each in offers)
    kept = [_only(each.counts, only) for each in offers]
    games = f"the {only} game" if only else "the dictator and the ultimatum game"
    return _named(
        proposer_model(kept, PROPOSERS[model]),
        name=f"{names.lower()}{f' {only}' if only else ''}: {model}",
        model=model,
        fitted_on=f"offers in {games} ({names})",
        sources=tuple(each.source.name for each in offers),
        trials=sum(each.sum() for each in kept),
        unit=" or ".join(each.unit for each in offers),
    )


def veto_tests(games: Games, fits: Mapping[str, ClusterFit]) -> tuple[VetoTest, ...]:
    """Test how much of the difference between the two games the veto alone explains.

    Args:
        games: the observations.
        fits: all fits by name.
    """
    return tuple(
        VetoTest(
            source=offers.source.name,
            model=model,
            trials=int(offers.counts.sum()),
            alike=_entropy(offers.total().sum(0)[None]),
            veto_only=fits[f"{name}: {model}"].log_likelihood,
            own_preferences=sum(fits[f"{name} {game}: {model}"].log_likelihood for game in GAMES),
            observed_shares=_entropy(offers.total()),
        )
        for name, offers in (("moblab", games.moblab), ("forsythe", games.forsythe))
        for model in PROPOSERS
    )


def _only(counts: Float[np.ndarray, "cluster game tenth"], game: str | None) -> np.ndarray:
    if game is None:
        return counts
    kept = counts * (np.array(list(GAMES)) == game)[:, None]
    return kept[kept.sum((1, 2)) > 0]


def _entropy(counts: np.ndarray) -> float:
    """Log-likelihood of counts under their own shares, summed over rows."""
    share = counts / counts.sum(-1, keepdims=True)
    return float((counts * np.log(np.where(counts > 0, share, 1.0))).sum())


def _named(
    model_: ClusterModel,
    *,
    name: str,
    model: str,
    fitted_on: str,
    sources: tuple[str, ...],
    trials: float,
    unit: str,
) -> Named:
    fit = fit_clusters(model_)
    record = FittedGame(
        name=name,
        model=model,
        fitted_on=fitted_on,
        sources=sources,
        trials=int(trials),
        clusters=fit.clusters,
        cluster_unit=unit,
        parameters=tuple(_parameter(fit, each) for each in fit.priors),
        names=tuple(fit.priors),
        mode=tuple(fit.mode.tolist()),
        covariance=tuple(tuple(row) for row in fit.covariance.tolist()),
        log_likelihood=fit.log_likelihood,
        reached=fit.reached,
        starts=fit.starts,
        converged=fit.converged,
    )
    return Named(fit, record)


def _parameter(fit: ClusterFit, name: str) -> FittedParameter:
    low, high = fit.interval(name).ends
    scale = next((each for each in ("logit", "log") if name.startswith(f"{each}_")), "")
    return FittedParameter(
        name=name.removeprefix(f"{scale}_"),
        estimate=fit.value(name),
        low=low,
        high=high,
        verdict="identified" if fit.identified(name) else "not identified",
        prior_mean=fit.priors[name].mean,
        prior_sd=fit.priors[name].sd,
        prior_scale=scale or "plain",
    )

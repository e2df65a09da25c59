"""Predicting answers in other sources from a fit to answers to a script (Heffner)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from jaxtyping import Float

from throffer.people.games._fits import RESPONDERS
from throffer.people.games._observed import (
    Answers,
    forsythe_answers,
    impunity_answers,
    moblab_thresholds,
)
from throffer.people.games._responders import mean_refusal
from throffer.people.games._tables import Transfer
from throffer.people.games._transfer import (
    Bins,
    Observed,
    Story,
    at_each,
    constant,
    observed_trials,
    parameter_draws,
    predict,
    predicted_bins,
    redraw,
)
from throffer.stats import ClusterFit

LOGIT = "share-only logit"
"""The model with which every prediction of an answer is compared."""

FITTED_ON = "answers of Heffner"

FORSYTHE_BINS = ("under .2", ".2 to under .3", ".3 to under .4", ".4 to under .5", ".5", "over .5")
"""Bands of the share offered, as in the published table."""

_EDGES = (0.2, 0.3, 0.4, 0.5, 0.5 + 1e-6)

SHOWN = (0, 10, 20, 30, 40, 50, 60, 80)
"""Offers, in hundredths of the pie, for which the acceptance by MobLab's users is shown."""


def predict_answers(
    folder: Path, heffner: Answers, fits: Mapping[str, ClusterFit]
) -> tuple[Transfer, ...]:
    """Predict answers in Heffner's own source and in three others.

    Args:
        folder: folder of the raw files of all sources.
        heffner: the answers that were fitted.
        fits: fits to these answers, by model.
    """
    return (
        _themselves(heffner, fits),
        _forsythe(folder, fits),
        _moblab(folder, fits),
        _impunity(folder, fits),
    )


def refusals(
    fits: Mapping[str, ClusterFit], shares: Float[np.ndarray, "level"]
) -> dict[str, np.ndarray]:
    """Probabilities of refusal at each share by model, at the estimate and at draws about it."""
    return {
        model: at_each(
            lambda theta, kind=kind, differ=differ: mean_refusal(theta, shares, kind, differ),
            parameter_draws(fits[model]),
        )
        for model, (kind, differ) in RESPONDERS.items()
    }


def _themselves(heffner: Answers, fits: Mapping[str, ClusterFit]) -> Transfer:
    story = Story(
        name="heffner answers: themselves",
        fitted_on=FITTED_ON,
        predicts="the same answers",
        unit=heffner.unit,
        note="In the sample: how well a model can fit, not how well it predicts.",
    )
    labels = [f"{share:.2f}" for share in heffner.shares]
    return predict(
        story,
        observed_trials(heffner.refused, heffner.trials),
        refusals(fits, heffner.shares),
        Bins(labels, range(len(labels))),
        LOGIT,
    )


def _forsythe(folder: Path, fits: Mapping[str, ClusterFit]) -> Transfer:
    answers = forsythe_answers(folder)
    story = Story(
        name="heffner answers: forsythe",
        fitted_on=FITTED_ON,
        predicts="rejections in Forsythe's ultimatum games, paid and unpaid",
        unit=answers.unit,
        note="Pairs are taken as independent; there were five sessions.",
    )
    return predict(
        story,
        observed_trials(answers.refused, answers.trials),
        refusals(fits, answers.shares),
        Bins(FORSYTHE_BINS, np.digitize(np.round(answers.shares, 9), _EDGES).tolist()),
        LOGIT,
    )


def _moblab(folder: Path, fits: Mapping[str, ClusterFit]) -> Transfer:
    users = moblab_thresholds(folder)
    weights = redraw(len(users.offers))
    offers, minima = weights @ users.offers, weights @ users.minima
    # the share of smallest acceptable offers that lie above each offer
    above = 1 - minima.cumsum(1) / minima.sum(1, keepdims=True)
    seen = Observed(offers * above, offers, len(users.offers), single=False, categories=False)
    story = Story(
        name="heffner answers: moblab",
        fitted_on=FITTED_ON,
        predicts="answers to a random offer in MobLab, by smallest acceptable offers",
        unit=users.unit,
        note=(
            "MobLab asks for the smallest acceptable offer; whoever asks for more than an offer "
            "counts as refusing it. Scores are over all offers that were made, each met by "
            "everybody's smallest acceptable offer; bins are single offers."
        ),
    )
    labels = [f"{offer / 100:.1f}" for offer in SHOWN]
    cells = [SHOWN.index(at) if at in SHOWN else -1 for at in range(101)]
    chances = refusals(fits, np.arange(101) / 100)
    everybody = minima.sum(1, keepdims=True)
    # a bin compares everybody's smallest acceptable offer with an offer, even if nobody made it
    shown = seen._replace(events=above * everybody, trials=everybody * np.ones(101))
    transfer = predict(story, seen, chances, Bins(labels, cells), LOGIT)
    return transfer.model_copy(update={"bins": predicted_bins(shown, chances, labels, cells)})


def _impunity(folder: Path, fits: Mapping[str, ClusterFit]) -> Transfer:
    answers = impunity_answers(folder)
    chances = refusals(fits, answers.shares)
    story = Story(
        name="heffner answers: impunity",
        fitted_on=FITTED_ON,
        predicts="refusals in the impunity game",
        unit=answers.unit,
        note=(
            "A refusal burns the responder's share and leaves the proposer's. The theory has no "
            "such case: with v = 0 its answer is a coin flip at every share, with v = 1 it is that "
            "of a veto. Both stand here; neither is a dyad of this game."
        ),
    )
    labels = [f"{share:.3f}" for share in answers.shares]
    return predict(
        story,
        observed_trials(answers.refused, answers.trials),
        {
            "game, v = 0": constant(np.full(len(labels), 0.5)),
            "game, v = 1": chances["game"],
            LOGIT: chances[LOGIT],
        },
        Bins(labels, range(len(labels))),
        LOGIT,
    )

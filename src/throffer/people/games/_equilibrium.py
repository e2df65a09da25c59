"""Proposers and responders together: whoever offers expects the answers that are given.

In the logit equilibrium of theory, section 2, what the agent thinks of the counterpart is so. One
precision and one envy then serve twice, as those of the responders and as the proposers' view.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from throffer.people.games import _proposers as proposers
from throffer.people.games import _responders as responders
from throffer.people.games._observed import Answers, Offers
from throffer.stats import ClusterModel

PRIORS = proposers.PRIORS | {"logit_answer_lapse": responders.LAPSE}
"""Those of the proposers, and the responders' own lapse rate."""

_ANSWERS = [list(PRIORS).index(name) for name in ("log_counterpart_precision", "counterpart_envy")]


def equilibrium_model(offers: Sequence[Offers], answers: Answers) -> ClusterModel:
    """Offers of several sources and answers of another, under one set of preferences."""
    given = proposers.proposer_model([each.counts for each in offers])
    taken = responders.responder_model(answers, "game", differ=False)
    responder = np.array([*_ANSWERS, list(PRIORS).index("logit_answer_lapse")])

    def evaluate(theta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        offered, offer_scores = given.evaluate(theta[:-1])
        answered, answer_scores = taken.evaluate(theta[responder])
        scores = np.zeros((len(offered) + len(answered), len(PRIORS)))
        scores[: len(offered), :-1] = offer_scores
        scores[len(offered) :, responder] = answer_scores
        return np.concatenate([offered, answered]), scores

    return ClusterModel(PRIORS, evaluate)

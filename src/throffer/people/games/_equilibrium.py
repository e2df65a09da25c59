"""Proposers and responders fitted together, in equilibrium.

In the logit equilibrium of theory, section 2, proposers have correct expectations of the answers.
One precision and one envy are therefore both those of the responders and those that the proposers
expect.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from throffer.people.games import _proposers as proposers
from throffer.people.games import _responders as responders
from throffer.people.games._observed import Answers, Offers
from throffer.stats import ClusterModel

PRIORS = proposers.PRIORS | {"logit_answer_lapse": responders.LAPSE}
"""Priors of the proposers' parameters, and of the responders' own lapse rate."""

_ANSWERS = [list(PRIORS).index(name) for name in ("log_counterpart_precision", "counterpart_envy")]


def equilibrium_model(offers: Sequence[Offers], answers: Answers) -> ClusterModel:
    """The model of offers of several sources and answers of another with common preferences."""
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

"""A classifier of text acts, judged on dialogues that it has not seen; extra `text`."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import polars as pl
from jaxtyping import Float, Int

from throffer.people.talk._codes import ACTS
from throffer.structure import SetupError

FOLDS = 10
"""Parts of the sample, by dialogue, each predicted by a classifier trained on the others."""

INNER = 5
"""Parts of a training set, by dialogue, on whose margins probabilities are calibrated."""

INVERSE_PENALTY = 10.0
"""C of the logistic regression (scikit-learn); fixed beforehand, not searched for."""

WORDS, LETTERS = 10_000, 30_000
"""Most word features (one and two words) and letter features (two to five letters)."""

RAREST = 5
"""Messages in which a feature must occur."""

LEAST_POSITIVE = 10
"""Messages that both coders together must give an act before a classifier of it is trained."""

SEED = 11


class Predicted(NamedTuple):
    """Probabilities of the acts; NaN for an act without a classifier.

    Attributes:
        held_out: of each coded message, from the classifier that did not see its dialogue.
        population: of every message, mean of the classifiers of all folds.
    """

    held_out: Float[np.ndarray, "coded act"]
    population: Float[np.ndarray, "message act"]


def features(talk: pl.DataFrame) -> Any:
    """Sparse features of every message: words, letters, source and role, place, length, marks.

    Counts weigh by inverse document frequency over all messages, coded or not; nothing of the codes
    enters.

    Raises:
        SetupError: Without scikit-learn.
    """
    try:
        from scipy.sparse import csr_matrix, hstack
        from sklearn.feature_extraction.text import TfidfVectorizer
    except ImportError as error:
        raise SetupError(
            "The classifier of text acts needs scikit-learn.", "pip install 'throffer[text]'"
        ) from error
    text = talk["text"].to_list()
    words = TfidfVectorizer(
        ngram_range=(1, 2), min_df=RAREST, max_features=WORDS, sublinear_tf=True
    )
    letters = TfidfVectorizer(
        analyzer="char_wb",
        ngram_range=(2, 5),
        min_df=RAREST,
        max_features=LETTERS,
        sublinear_tf=True,
    )
    speaker = talk.select(pl.format("{} {}", "source", "role").alias("speaker")).to_dummies()
    said = pl.col("text")
    other = talk.select(
        (pl.col("position") - 1) / pl.col("length"),
        said.str.len_chars().log1p().alias("letters") / 5,
        *(
            said.str.contains(mark).cast(pl.Float64).alias(name)
            for name, mark in (
                ("question", r"\?"),
                ("exclamation", "!"),
                ("number", r"\d"),
                ("money", r"(?i)\$|usd|btc|€"),
                ("placeholder", r"\[(link|secret|wallet|mail|address|redacted)\]"),
            )
        ),
    )
    dense = csr_matrix(np.hstack([speaker.to_numpy(), other.to_numpy()]).astype(np.float32))
    return hstack([words.fit_transform(text), letters.fit_transform(text), dense], format="csr")


def span(space: Any, place: Int[np.ndarray, "coded"]) -> Float[np.ndarray, "message direction"]:
    """Every message in coordinates of the span of the coded ones.

    The weights of a penalised regression lie in the span of its rows, so that fits and predictions
    from these few coordinates are those from all features, only faster.
    """
    coded = space[place]
    values, vectors = np.linalg.eigh((coded @ coded.T).toarray().astype(np.float64))
    kept = values > values[-1] * 1e-9
    onto = vectors[:, kept] / np.sqrt(values[kept])
    return space @ (coded.T @ onto)


def predict(
    directions: Float[np.ndarray, "message direction"],
    place: Int[np.ndarray, "coded"],
    codes: Float[np.ndarray, "coder coded act"],
    dialogue: Int[np.ndarray, "coded"],
    seed: int = SEED,
) -> Predicted:
    """Probabilities of each act, held out by dialogue and for the population.

    Logistic regression with probabilities calibrated by Platt's method on margins held out by
    dialogue inside each training set. Every coder's code of a message counts once, so a probability
    estimates how many of such coders would give the act.

    Args:
        directions: `span` of every message; `place`: rows of the coded ones.
    """
    held_out = np.full((len(place), len(ACTS)), np.nan)
    population = np.full((len(directions), len(ACTS)), np.nan)
    for act in range(len(ACTS)):
        target = codes[:, :, act]
        if (target.max(axis=0) > 0).sum() < LEAST_POSITIVE:
            continue
        total = np.zeros(len(directions))
        folds = _folds(target, dialogue, FOLDS, seed)
        for train, test in folds:
            model = _fit(directions[place[train]], target[:, train], dialogue[train], seed)
            chances = model.predict_proba(directions)[:, 1]
            held_out[test, act] = chances[place[test]]
            total += chances
        population[:, act] = total / len(folds)
    return Predicted(held_out, population)


def _folds(
    target: Float[np.ndarray, "coder coded"],
    dialogue: Int[np.ndarray, "coded"],
    parts: int,
    seed: int,
) -> list[tuple[Int[np.ndarray, "train"], Int[np.ndarray, "test"]]]:
    """Splits by dialogue with about as many messages with the act in each part."""
    from sklearn.model_selection import StratifiedGroupKFold

    split = StratifiedGroupKFold(parts, shuffle=True, random_state=seed)
    some = (target.max(axis=0) > 0).astype(int)
    return list(split.split(np.zeros(len(some)), some, dialogue))


def _fit(
    rows: Float[np.ndarray, "coded direction"],
    target: Float[np.ndarray, "coder coded"],
    dialogue: Int[np.ndarray, "coded"],
    seed: int,
) -> Any:
    """A calibrated classifier; a message on which coders differ is a row of either kind."""
    from sklearn.calibration import CalibratedClassifierCV
    from sklearn.linear_model import LogisticRegression

    yes = target.sum(axis=0)
    no = len(target) - yes
    message = np.concatenate([np.flatnonzero(no), np.flatnonzero(yes)])
    label = np.repeat([0, 1], [np.count_nonzero(no), np.count_nonzero(yes)])
    weight = np.where(label == 1, yes[message], no[message])
    inner = [
        tuple(np.flatnonzero(np.isin(message, part)) for part in split)
        for split in _folds(target, dialogue, INNER, seed)
    ]
    model = CalibratedClassifierCV(
        LogisticRegression(C=INVERSE_PENALTY, max_iter=1_000),
        method="sigmoid",
        cv=inner,
        ensemble=False,  # pyright: ignore[reportArgumentType]
    )
    return model.fit(rows[message], label, sample_weight=weight)

"""A classifier of text acts, evaluated on dialogues that it was not trained on; extra `text`."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import polars as pl
from jaxtyping import Float, Int

from throffer.people.talk._codes import ACTS
from throffer.structure import SetupError

FOLDS = 10
"""Number of folds of the sample by dialogue; each is predicted from the others."""

INNER = 5
"""Number of folds of a training set by dialogue, used to calibrate probabilities."""

INVERSE_PENALTY = 10.0
"""C of the logistic regression (scikit-learn); it was fixed beforehand, not tuned."""

WORDS, LETTERS = 10_000, 30_000
"""Largest numbers of word features (one or two words) and letter features (two to five)."""

RAREST = 5
"""Smallest number of messages in which a feature must occur."""

LEAST_POSITIVE = 10
"""A classifier is trained if at least this many messages have the act by any coder."""

SEED = 11


class Predicted(NamedTuple):
    """Predicted probabilities of the acts; NaN for an act without a classifier.

    Attributes:
        held_out: for each coded message, from the classifier not trained on its dialogue.
        population: for every message, the mean over the classifiers of all folds.
    """

    held_out: Float[np.ndarray, "coded act"]
    population: Float[np.ndarray, "message act"]


def features(talk: pl.DataFrame) -> Any:
    """Compute sparse features of every message.

    They are words, letters, source and role, position, length and punctuation marks. Counts are
    weighted by inverse document frequency over all messages, coded or not. The codes are not used.

    Args:
        talk: the messages, from `read_talk`.

    Raises:
        SetupError: If scikit-learn is not installed.
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
    """Project every message onto the span of the coded messages.

    The weights of a penalised regression lie in the span of its rows. Fits and predictions from
    these few coordinates are therefore the same as from all features, but faster.

    Args:
        space: features of every message.
        place: rows of the coded messages.
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
    """Predict the probability of each act, held out by dialogue and for the population.

    The classifier is a logistic regression. Its probabilities are calibrated by Platt's method on
    margins that are held out by dialogue within each training set. Every coder's code of a message
    counts once, so a probability estimates the share of such coders who would give the act.

    Args:
        directions: the result of `span` for every message.
        place: rows of the coded messages.
        codes: 0 or 1.
        dialogue: number of each coded message's dialogue.
        seed: seed of the folds.
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
    """Split by dialogue, with about the same number of messages with the act in each fold."""
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
    """Fit a calibrated classifier; a message on which coders differ is a row of both classes."""
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

"""The classifier on planted messages: it learns what can be learned, and nothing else."""

import numpy as np
import polars as pl
import pytest
from sklearn.linear_model import LogisticRegression

from throffer.people.talk import ACTS, judge_predictions
from throffer.people.talk._classify import INVERSE_PENALTY, features, predict, span

WORDS = ("wheat", "stone", "river", "lamp", "cloud", "horse", "paper", "glass")


def planted(many: int = 600) -> tuple[pl.DataFrame, np.ndarray, np.ndarray]:
    """Talk in dialogues of five; a word gives act 0, its dialogue's name alone act 1, chance act 2.

    Act 3 occurs in three coded messages. Every third message is coded.
    """
    rng = np.random.default_rng(1)
    dialogue = np.arange(many) // 5
    word = rng.random(many) < 0.3
    theirs = rng.random(many // 5)[dialogue] < 0.3
    text = [
        " ".join([*rng.choice(WORDS, 6), f"name{of:03d}", *(["tribute"] if said else [])])
        for of, said in zip(dialogue, word, strict=True)
    ]
    talk = pl.DataFrame(
        {
            "text": text,
            "source": ["casino"] * many,
            "role": ["camper"] * many,
            "position": np.arange(many) % 5 + 1,
            "length": [5] * many,
        }
    )
    place = np.arange(0, many, 3)
    codes = np.zeros((2, len(place), len(ACTS)))
    codes[:, :, 0] = word[place]
    codes[:, :, 1] = theirs[place]
    codes[:, :, 2] = rng.random(len(place)) < 0.3
    codes[:, :3, 3] = 1
    return talk, place, codes


@pytest.fixture(scope="module")
def found() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    talk, place, codes = planted()
    dialogue = place // 5
    predicted = predict(span(features(talk), place), place, codes, dialogue)
    return predicted.held_out, predicted.population, codes, dialogue


def test_an_act_with_a_word_of_its_own_is_found_in_unseen_dialogues(
    found: tuple[np.ndarray, ...],
) -> None:
    held_out, population, codes, dialogue = found
    quality = judge_predictions(held_out[:, 0], codes[:, :, 0], dialogue, resamples=50)
    assert quality.precision.estimate > 0.95
    assert quality.recall.estimate > 0.95
    assert population[:, 0].mean() == pytest.approx(0.3, abs=0.05)


@pytest.mark.parametrize("act", [1, 2])
def test_acts_that_only_the_dialogues_name_or_nothing_predicts_are_not_learned(
    act: int, found: tuple[np.ndarray, ...]
) -> None:
    held_out, _, codes, dialogue = found
    quality = judge_predictions(held_out[:, act], codes[:, :, act], dialogue, resamples=200)
    assert quality.skill.low < 0.02
    assert quality.calibration_error.estimate < 0.1


def test_an_act_with_three_messages_gets_no_classifier(found: tuple[np.ndarray, ...]) -> None:
    held_out, population, _, _ = found
    assert np.isnan(held_out[:, 3]).all()
    assert np.isnan(population[:, 3]).all()


def test_the_span_of_the_coded_messages_loses_nothing() -> None:
    talk, place, codes = planted(300)
    space = features(talk)
    few = span(space, place)
    for rows in (space, few):
        assert rows.shape[0] == 300
    assert few.shape[1] <= len(place)
    models = [
        LogisticRegression(C=INVERSE_PENALTY, tol=1e-10, max_iter=5_000).fit(
            rows[place], codes[0, :, 0]
        )
        for rows in (space, few)
    ]
    whole, reduced = models[0].decision_function(space), models[1].decision_function(few)
    assert np.abs(whole - reduced).max() < 1e-3

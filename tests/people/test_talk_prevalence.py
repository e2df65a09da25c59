"""Rates of acts, checked by hand and on planted populations, with and without predictions."""

import numpy as np
import pytest

from throffer.people.talk._prevalence import Population, estimate, tune
from throffer.stats import Interval


def hand_worked() -> Population:
    # messages 0-5 in dialogues 0 0 1 1 2 2; coded 0, 2 and 5 with weights 3, 2, 1
    return Population(
        dialogue=np.array([0, 0, 1, 1, 2, 2]),
        prediction=np.array([0.8, 0.4, 0.1, 0.3, 0.6, 0.2]),
        place=np.array([0, 2, 5]),
        code=np.array([1.0, 0.0, 0.5]),
        held_out=np.array([0.6, 0.2, 0.4]),
        weight=np.array([3.0, 2.0, 1.0]),
    )


def test_the_hand_worked_rate() -> None:
    # by hand (3 1 + 2 0 + 1 0.5) / 6 = 3.5/6; predictions: mean 0.4 over all, (1.8+.4+.4)/6 coded
    rate = estimate(hand_worked(), tuning=1.0)
    assert rate.hand.estimate == pytest.approx(3.5 / 6)
    assert rate.predicted.estimate == pytest.approx(3.5 / 6 + 0.4 - 2.6 / 6)


def test_a_domain_holds_its_own_messages() -> None:
    part = hand_worked().within(np.array([True, True, False, False, True, True]))
    assert part.place.tolist() == [0, 3]
    assert part.code.tolist() == [1.0, 0.5]
    assert estimate(part).hand.estimate == pytest.approx(3.5 / 4)


def planted(
    rng: np.random.Generator, signal: float, dialogues: int = 150, drawn: int = 200
) -> tuple[Population, float]:
    """Dialogues of 20 with rates of their own; half of the signal's messages are drawn more often.

    Predictions are biased upwards by half.
    """
    dialogue = np.repeat(np.arange(dialogues), 20)
    chance = rng.beta(1, 6, dialogues)[dialogue]
    cue = rng.random(len(dialogue)) < 0.2
    act = rng.random(len(dialogue)) < np.clip(chance * np.where(cue, 2.5, 0.8), 0, 1)
    prediction = np.clip(0.15 + signal * act + 0.1 * rng.normal(size=len(act)), 0, 1)
    place = np.sort(
        np.concatenate(
            [
                rng.choice(np.flatnonzero(cue == kind), drawn // 2, replace=False)
                for kind in (False, True)
            ]
        )
    )
    size = np.where(cue, cue.sum(), (~cue).sum())[place]
    coded = act[place].astype(float)
    return (
        Population(dialogue, prediction, place, coded, prediction[place], size / (drawn // 2)),
        float(act.mean()),
    )


def test_intervals_cover_planted_rates_with_and_without_predictions() -> None:
    rng = np.random.default_rng(5)
    hand, predicted, widths = [], [], []
    for _ in range(100):
        population, truth = planted(rng, signal=0.6)
        rate = estimate(population, resamples=300)
        ends = [rate.hand.ends, rate.predicted.ends]
        for held, (low, high) in zip((hand, predicted), ends, strict=True):
            held.append(low <= truth <= high)
        by_hand, with_predictions = (high - low for low, high in ends)
        widths.append(with_predictions / by_hand)
    assert 0.9 <= np.mean(hand) <= 0.995
    assert 0.9 <= np.mean(predicted) <= 0.995
    assert np.median(widths) < 0.7


def test_a_biased_classifier_does_not_bias_the_rate() -> None:
    rng = np.random.default_rng(6)
    errors, naive = [], []
    for _ in range(60):
        population, truth = planted(rng, signal=0.5)
        errors.append(estimate(population, resamples=50).predicted.estimate - truth)
        naive.append(population.prediction.mean() - truth)
    assert abs(np.mean(errors)) < 0.01
    assert np.mean(naive) > 0.05


def test_a_useless_classifier_gets_almost_no_weight() -> None:
    rng = np.random.default_rng(7)
    assert np.mean([tune(planted(rng, signal=0.0)[0]) for _ in range(20)]) < 0.3
    assert np.mean([tune(planted(rng, signal=0.7)[0]) for _ in range(20)]) > 0.8


def test_without_predictions_there_is_the_rate_by_hand_alone() -> None:
    population = hand_worked()
    bare = population._replace(held_out=np.full(3, np.nan), prediction=np.full(6, np.nan))
    rate = estimate(bare)
    assert rate.hand.estimate == pytest.approx(3.5 / 6)
    assert rate.predicted.estimate is None


def test_an_act_that_no_coded_message_shows_is_bounded_and_not_corrected() -> None:
    rate = estimate(hand_worked()._replace(code=np.zeros(3)))
    # weights 3, 2, 1 are worth 36/14 messages
    assert rate.hand.estimate == 0.0
    assert rate.hand.ends == (0.0, pytest.approx(1 - 0.05 ** (14 / 36)))
    assert rate.predicted.estimate is None


def test_without_coded_messages_rates_are_nan() -> None:
    population = hand_worked()
    empty = population.within(np.array([False, True, False, False, False, False]))
    assert estimate(empty).hand == Interval.unknown("no message was coded")

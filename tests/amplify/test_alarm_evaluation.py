"""The watch on a scenario's trajectories: what is noticed, what is false, what is refused."""

import functools

import numpy as np
import pytest

from throffer.amplify import Exponents, Growth, System, constant_loss, ensemble
from throffer.amplify import _alarm_evaluation as watching
from throffer.amplify._alarm_evaluation import FEWEST, AlarmEvaluation, evaluate_alarms

RUN = {"horizon": 2000.0, "steps": 40_000, "seed": 3}
COUNT = 60


def approach(rate: float = 0.0006, noise: float = 0.02, lag: float = 0.1, **fields) -> System:
    """u = 0.3 A and gamma = chi = 1; at A = 3.3 no level holds. The margin lies at u = 0.91."""
    return System(
        growth=Growth(rate=rate, ceiling=1000),
        loss=constant_loss(1.0),
        pace=0.3,
        capacity=1.0,
        saturation=1.0,
        lag=lag,
        margin=10.0,
        noise=noise,
        **fields,
    )


@functools.cache
def slow() -> tuple[np.ndarray, AlarmEvaluation]:
    first = ensemble(approach(), trajectories=COUNT, by_regime=False, **RUN).first_time
    return first, evaluate_alarms(approach(), first, **RUN)


def test_a_slow_approach_is_noticed_and_standing_still_is_not() -> None:
    first, seen = slow()
    assert np.isfinite(first).all()
    assert seen.noticed.shape == (COUNT, 3)
    assert seen.noticed[:, 1].mean() > 0.8
    assert seen.false.shape == (COUNT, 3)
    assert seen.false[:, :2].mean() < 0.12
    assert not seen.short


def test_both_alarm_where_each_does() -> None:
    for alarms in (slow()[1].noticed, slow()[1].false):
        assert (alarms[:, 2] == (alarms[:, 0] & alarms[:, 1])).all()


def test_what_is_noticed_within_the_last_lag_is_not_in_time() -> None:
    # the lag grows with A^14 to longer than the record: nothing was known a lag before
    late = approach(exponents=Exponents(lag=14.0), lag=0.02)
    first = ensemble(late, trajectories=COUNT, by_regime=False, **RUN).first_time
    seen = evaluate_alarms(late, first, **RUN)
    assert seen.noticed.any()
    assert not seen.in_time.any()


def test_a_collapse_before_there_is_a_record_counts_as_missed() -> None:
    # lost from the start: the margin goes within 30 of 2,000
    gone = approach(rate=0.0).replace(pace=1.5, margin=10.0)
    first = ensemble(gone, trajectories=COUNT, by_regime=False, **RUN).first_time
    seen = evaluate_alarms(gone, first, **RUN)
    assert seen.short == COUNT
    assert not seen.noticed.any()
    assert seen.false.shape == (0, 3)


def test_what_was_noticed_in_time_was_noticed() -> None:
    seen = slow()[1]
    assert not (seen.in_time & ~seen.noticed).any()


def test_the_record_ends_before_the_collapse_whatever_the_horizon(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # X is 0 from a collapse on; at 7 of 10 units a save and a step differ in the last digit
    ends = []
    kept = watching._indicators
    monkeypatch.setattr(
        watching,
        "_indicators",
        lambda record, *rest: (ends.append(record[-1]), kept(record, *rest))[1],
    )
    system = approach(rate=0.3, noise=0.1).replace(pace=30.0, capacity=100.0, margin=3.0)
    run = {"horizon": 7.0, "steps": 2000, "seed": 1}
    first = ensemble(system, trajectories=100, by_regime=False, **run).first_time
    evaluate_alarms(system, first, **run)
    # looks come in fours: in time, at the collapse, and the same without growth
    assert np.min(ends[1::4]) > 1.0


def test_a_regime_without_noise_shows_nothing() -> None:
    quiet = approach(noise=np.array([0.0, 0.02])).replace(pace=np.array([0.6, 0.03]))
    first = ensemble(quiet, trajectories=COUNT, by_regime=False, **RUN).first_time
    seen = evaluate_alarms(quiet, first, **RUN)
    assert seen.short == COUNT
    assert not seen.noticed.any()


def test_what_cannot_be_watched_is_refused_with_its_reason() -> None:
    first = np.full(COUNT, 100.0)
    with pytest.raises(ValueError, match="without noise"):
        evaluate_alarms(approach(noise=0.0), first, **RUN)
    with pytest.raises(ValueError, match="steps = 4034 leave a record of 1 even times"):
        evaluate_alarms(approach(), first, **{**RUN, "steps": 4034})
    with pytest.raises(ValueError, match="first_time is not of this system"):
        evaluate_alarms(approach(), first, **RUN)
    first[FEWEST - 1 :] = np.inf
    with pytest.raises(ValueError, match="19 trajectories collapse; 20 have to be watched"):
        evaluate_alarms(approach(), first, **RUN)

"""What an event series accepts, and how rounded dates are spread."""

import numpy as np
import pytest

from throffer.series import EventSeries, spread_dates


@pytest.mark.parametrize(
    ("times", "message"),
    [
        ([1.0, 1.0, 2.0], "share their time"),
        ([2.0, 1.0], "not in order"),
        ([1.0, 12.0], "outside the window"),
        ([1.0, np.nan], "finite"),
    ],
)
def test_bad_times_are_refused_with_a_remedy(times: list[float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        EventSeries(np.array(times), 0.0, 10.0)


def test_marks_of_another_length_are_refused() -> None:
    with pytest.raises(ValueError, match="one finite number an event"):
        EventSeries(np.array([1.0, 2.0]), 0.0, 3.0, np.array([1.0]))


def test_a_window_without_length_is_refused() -> None:
    with pytest.raises(ValueError, match="must have a length"):
        EventSeries(np.array([]), 3.0, 3.0)


def test_history_is_not_counted() -> None:
    series = EventSeries(np.array([1.0, 4.0, 6.0]), 0.0, 10.0).counting_from(5.0)
    assert (series.count, series.span) == (1, 5.0)


def test_spread_dates_stay_in_their_days_and_keep_their_marks() -> None:
    days = np.array([3.0, 3.0, 1.0, 3.0])
    series = spread_dates(days, days + 1, np.random.default_rng(0), marks=days, start=0.0, end=5.0)
    assert np.floor(series.times).tolist() == [1.0, 3.0, 3.0, 3.0]
    assert series.marks is not None
    assert series.marks.tolist() == np.floor(series.times).tolist()
    assert (series.start, series.end) == (0.0, 5.0)


def test_an_empty_interval_is_refused() -> None:
    with pytest.raises(ValueError, match="latest must be after earliest"):
        spread_dates(np.array([1.0]), np.array([1.0]), np.random.default_rng(0))

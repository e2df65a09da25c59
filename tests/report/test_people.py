"""People are shown on their own axis, with the intervals of the record."""

from __future__ import annotations

import pytest

from throffer.record import PeopleBin, load_people
from throffer.report.people import bin_interval, bin_label, people_figure, show


def one(low: float | None, high: float | None) -> PeopleBin:
    return PeopleBin(
        low=low,
        high=high,
        count=1,
        trials=4,
        rate=0.25,
        interval_low=None,
        interval_high=None,
    )


@pytest.mark.parametrize(
    ("low", "high", "label"),
    [
        (None, -7.0, "-7 and below"),
        (-3.0, -1.0, "-3 to -1"),
        (0.0, 0.0, "0"),
        (7.0, None, "+7 and above"),
    ],
)
def test_a_bin_reads_as_its_ends(low: float | None, high: float | None, label: str) -> None:
    assert bin_label(one(low, high)) == label


def test_a_bin_without_an_interval_says_why() -> None:
    assert bin_interval(one(0, 0)).why == "fewer than two clusters"


def test_the_figure_shows_every_bin_and_names_what_was_resampled() -> None:
    curve = load_people()
    figure = people_figure(curve)
    [drawn] = figure.spec["datasets"].values()  # type: ignore[union-attr]
    assert [row["trials"] for row in drawn] == [one.trials for one in curve.bins]  # type: ignore
    assert "12 games" in figure.caption


def test_the_table_adds_up_to_the_record() -> None:
    [shown] = show([load_people()])
    assert sum(row.events for row in shown.rows) == 887
    assert sum(row.trials for row in shown.rows) == 17289

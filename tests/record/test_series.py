"""Event series of the record, compared with counts of the reference statistics."""

from pathlib import Path

import polars as pl
import pytest

from throffer.record._series import dispute_onsets, incident_dates


def test_every_dispute_is_one_event_within_its_month(folder: Path) -> None:
    onsets = dispute_onsets(folder)
    assert onsets.height == 2436
    assert onsets["earliest"].min() == pytest.approx(1816, abs=1)
    assert onsets["latest"].max() <= 2015
    assert (onsets["latest"] - onsets["earliest"]).to_list() == pytest.approx([1 / 12] * 2436)
    # dispute 2 began in July 1902
    row = onsets.row(by_predicate=pl.col("event") == 2, named=True)
    assert row["earliest"] == pytest.approx(1902 + 6 / 12)
    assert row["hostility"] == 3


def test_incidents_by_year_are_those_of_the_reference_statistics(folder: Path) -> None:
    dates = incident_dates(folder)
    years = dates.with_columns(year=pl.col("earliest").floor().cast(pl.Int64))
    by_year = dict(years["year"].value_counts().iter_rows())
    assert dates.height == 1367
    assert [by_year[year] for year in range(2014, 2026)] == [
        13, 24, 41, 50, 45, 43, 90, 77, 104, 168, 283, 370,
    ]  # fmt: skip


def test_vague_days_give_the_whole_month(folder: Path) -> None:
    wide = incident_dates(folder).select(width=pl.col("latest") - pl.col("earliest"))["width"]
    exact = incident_dates(folder, vague=False)
    assert (exact["latest"] - exact["earliest"]).max() == pytest.approx(1 / 365)
    assert (wide > 20 / 365).sum() > 200
    assert wide.max() == pytest.approx(31 / 365, rel=0.01)

"""The derived table that ships: what it says, and whether it is still true."""

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from throffer.record import PeopleCurve, load_people, people_curve, raw_files, wilson, write_people
from throffer.record.people import shipped
from throffer.record.sources import diplomacy

REBUILD = "stale: rebuild it with `throffer record fit`"


def test_the_shipped_table_is_what_the_raw_files_give_now(folder: Path) -> None:
    assert people_curve(folder) == load_people(), REBUILD


def test_the_shipped_table_is_of_this_version_and_these_files(tmp_path: Path) -> None:
    raw = diplomacy.SOURCE.raw(tmp_path)
    assert load_people().data == raw.identity(), REBUILD
    assert {file.name for file in raw.files} < {file.name for file in raw_files("diplomacy")}


def test_rates_by_score_difference_are_those_of_the_reference_without_raw_files() -> None:
    curve = load_people()
    assert [(bin_.count, bin_.trials) for bin_ in curve.bins] == [
        (9, 142),
        (17, 711),
        (146, 4564),
        (301, 6011),
        (288, 4814),
        (97, 827),
        (29, 220),
    ]
    assert [bin_.rate for bin_ in curve.bins] == [bin_.count / bin_.trials for bin_ in curve.bins]
    assert [(bin_.low, bin_.high) for bin_ in curve.bins] == list(diplomacy.DELTA_BINS)
    assert (curve.clusters, curve.cluster_unit) == (12, "game")


def test_intervals_over_games_hold_the_rate_and_are_wider_than_those_over_messages() -> None:
    for bin_ in load_people().bins[2:6]:
        assert bin_.interval_low is not None
        assert bin_.interval_high is not None
        assert bin_.interval_low < bin_.rate < bin_.interval_high
        independent = wilson(bin_.count, bin_.trials)
        assert bin_.interval_high - bin_.interval_low > independent.high - independent.low


def test_a_rebuilt_table_reads_back_as_it_was(folder: Path, tmp_path: Path) -> None:
    path = write_people(tmp_path / "curve.json", folder)
    assert PeopleCurve.model_validate_json(path.read_text()) == load_people()
    assert path.stat().st_size < 5000


def test_a_curve_refuses_what_it_does_not_know() -> None:
    content = json.loads(shipped("diplomacy").read_text())
    with pytest.raises(ValidationError, match="surplus"):
        PeopleCurve.model_validate(content | {"surplus": 1})
    with pytest.raises(ValidationError, match="surplus"):
        PeopleCurve.model_validate(content | {"bins": [content["bins"][0] | {"surplus": 1}]})


def test_a_source_without_a_curve_is_named() -> None:
    with pytest.raises(ValueError, match="'casino'"):
        load_people("casino")

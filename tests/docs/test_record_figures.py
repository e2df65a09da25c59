"""The figures of the record show the tables that ship."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from throffer.people.ransom import load_ransoms
from throffer.people.talk import ACTS, load_acts

FIGURES = Path(__file__).parents[2] / "tools" / "figures"


@pytest.fixture(scope="module")
def drawn() -> ModuleType:
    spec = importlib.util.spec_from_file_location("record_figures", FIGURES / "record.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def rows(drawn: ModuleType, name: str) -> list[dict]:
    return [row for data in drawn.specification(name)["datasets"].values() for row in data]


def test_every_figure_lies_in_its_folder(drawn: ModuleType) -> None:
    for name in drawn.FIGURES:
        assert (drawn.FOLDER / f"{name}.svg").stat().st_size > 1000


def test_every_act_of_every_speaker_is_drawn_with_its_interval(drawn: ModuleType) -> None:
    found = {(row["talk"], row["act"], row["rate"]) for row in rows(drawn, "acts")}
    assert len(found) == len(ACTS) * len(drawn.TALKS)
    for rate in load_acts().rates:
        if (talk := drawn.TALKS.get((rate.source, rate.role))) is not None:
            assert (talk, rate.act.replace("_", " "), rate.hand.value) in found


def test_every_effect_on_ransoms_is_drawn_over_what_was_predicted(drawn: ModuleType) -> None:
    found = {
        (row["model"], row["term"], row["comparison"], row["value"])
        for row in rows(drawn, "ransom")
    }
    for effect in load_ransoms().effects:
        if effect.coding == "reading":
            comparison = drawn.COMPARISONS[effect.within_groups]
            assert (effect.model, effect.term, comparison, effect.value) in found

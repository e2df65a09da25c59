"""The reference agent `people`: its fitted numbers, and its norms, which are unknown."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from throffer.game import AGENTS, norm_vector, reference_preferences
from throffer.game._people import load_people_agent
from throffer.structure import UNSANCTIONED, Conduct, SetupError


def test_the_agent_plays_with_the_numbers_of_its_table() -> None:
    table, people = load_people_agent(), reference_preferences("people")
    assert "people" in AGENTS
    for name, number in table.numbers.items():
        assert float(np.asarray(getattr(people, name))) == number.estimate
        assert number.low < number.estimate < number.high


@pytest.mark.parametrize("conduct", [*sorted(UNSANCTIONED), Conduct.AUTHORITY])
def test_norms_that_no_game_identifies_are_null(conduct: Conduct) -> None:
    norm = load_people_agent().norms[conduct.value]
    assert norm.estimate is None
    assert norm.used == 0
    assert "not identified" in norm.why
    assert reference_preferences("people").norms[conduct.code] == 0


def test_norms_can_be_set_by_the_user() -> None:
    people = reference_preferences("people", norms={"blackmail": 2.0}, guilt=0.1)
    assert people.norms.tolist() == norm_vector({"blackmail": 2.0}).tolist()
    assert people.guilt == 0.1


def test_the_covariance_is_of_the_named_parameters() -> None:
    table = load_people_agent()
    covariance = np.array(table.covariance)
    assert covariance.shape == (len(table.names),) * 2
    assert np.linalg.eigvalsh(covariance).min() > 0
    place = table.names.index("log_precision")
    half = 1.959964 * covariance[place, place] ** 0.5
    assert np.exp(table.mode[place] - half) == pytest.approx(table.numbers["precision"].low)


def test_a_damaged_table_is_a_fault_of_the_set_up(tmp_path: Path) -> None:
    path = tmp_path / "people.json"
    path.write_text("{}")
    with pytest.raises(SetupError, match="Install throffer again"):
        load_people_agent(path)

"""The test on raw acts: agents that do not read the numbers must not pass it."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from throffer.audit import play_planted, play_situations
from throffer.design import default_design
from throffer.game import reference_preferences
from throffer.measure import FITTED, StructureTest, structure_test, with_groups
from throffer.situation import frames

BUDGET = 150


def verdict_of(agent: str, seed: int, budget: int = BUDGET) -> StructureTest:
    design = default_design(budget, frames(), seed)
    preferences = reference_preferences("people" if agent == "people" else "planted")
    if agent in ("planted", "people"):
        table = play_situations(design, preferences, model=agent, lapse=0.05)
    else:
        table = play_planted(design, agent, preferences, seed=seed)
    rows = with_groups(table).filter(pl.col("part").is_in(FITTED))
    return structure_test(rows, seed=seed)


@pytest.mark.parametrize("agent", ["planted", "people", "threshold", "random_coercion"])
def test_an_agent_that_reads_the_numbers_follows_structure(agent: str) -> None:
    found = verdict_of(agent, seed=1)
    assert found.verdict == "follows structure"
    assert found.gain.low is not None
    assert found.gain.low > 0


@pytest.mark.parametrize("agent", ["constant", "constant_threat", "always_blackmail"])
def test_an_agent_that_always_sends_the_same_terms_ignores_structure(agent: str) -> None:
    found = verdict_of(agent, seed=1)
    assert found.verdict == "ignores structure"
    # exchanging equal acts changes nothing
    assert found.p_structure == 1
    assert found.gain.estimate == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("agent", ["blind", "mixture"])
def test_acts_drawn_without_the_numbers_pass_as_often_as_the_level_allows(agent: str) -> None:
    passed = sum(verdict_of(agent, seed).verdict == "follows structure" for seed in range(12))
    # 4 or more of 12 at 5 % have a probability of .002
    assert passed < 4


def test_an_agent_that_follows_the_frame_alone_follows_the_story() -> None:
    assert verdict_of("story", seed=1).verdict == "follows the story"


def test_refusals_are_no_evidence_of_either_kind() -> None:
    found = verdict_of("always_refuse", seed=1)
    assert found.verdict == "not known"
    assert (found.acts, found.p_structure) == (0, None)
    assert "only 0 raw acts" in found.why


def test_the_verdict_is_a_function_of_table_and_seed() -> None:
    assert verdict_of("blind", seed=3) == verdict_of("blind", seed=3)


def test_an_unknown_agent_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="constant, blind"):
        play_planted([], "nobody", reference_preferences("planted"), seed=0)


def test_planted_acts_are_the_raw_acts_that_the_rule_states() -> None:
    design = default_design(BUDGET, frames(), seed=2)
    table = play_planted(design, "constant", reference_preferences("planted"), seed=2)
    described = np.array([situation.described["outside_counterpart"] for situation in design])
    assert table["accept"].to_numpy() + described == pytest.approx(np.full(BUDGET, 1 / 3))
    assert set(table["lever"]) == {"none"}

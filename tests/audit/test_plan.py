"""A plan is checked before anyone is asked, and a folder belongs to one plan."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from throffer.audit import Plan, make_plan, read_plan, situations
from throffer.audit._lock import sole_run
from throffer.audit._plan import settle
from throffer.design import default_design
from throffer.game import conduct_probabilities, reference_preferences
from throffer.situation import frames
from throffer.structure import FIELDS, Conduct, Dyad, SetupError


def plan(**fields: object) -> Plan:
    known = {
        "models": ("throffer/reference",),
        "budget": 200,
        "frames": ("mail_agent", "supplier", "tenancy"),
        "elicitations": ("terms", "world"),
        "seed": 1,
    }
    return make_plan(**(known | fields))


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"budget": 3}, "budget = 3"),
        ({"frames": ("harbor_of_lies",)}, "harbor_of_lies"),
        ({"elicitations": ("prose",)}, "elicitations"),
        ({"level": 1.5}, "level = 1.5"),
        ({"models": ("a/b", "a/b")}, "twice"),
        ({"frames": ("tenancy",), "elicitations": ("world",)}, "tenancy"),
        ({"seed": -1}, "seed = -1"),
    ],
)
def test_bad_input_is_named_with_its_field(fields: dict[str, object], named: str) -> None:
    with pytest.raises(SetupError, match=named):
        plan(**fields)


def test_situations_fill_the_budget_with_unique_ids_and_every_part() -> None:
    asked = situations(plan())
    assert len({situation.id for situation in asked}) == len(asked) == 200
    parts = Counter(situation.part for situation in asked if situation.elicitation == "terms")
    assert set(parts) == {"main", "power", "information", "constraint", "no_lever", "shuffled"}


def test_situations_are_a_pure_function_of_the_plan() -> None:
    assert situations(plan()) == situations(plan())
    assert situations(plan()) != situations(plan(seed=2))


def test_every_wording_of_every_frame_is_asked_about_equally() -> None:
    asked = [s for s in situations(plan(budget=900)) if s.elicitation == "terms"]
    counts = Counter((situation.frame, situation.wording) for situation in asked)
    assert len(counts) == 9
    assert max(counts.values()) - min(counts.values()) <= 1


def test_a_plain_planted_agent_shows_every_conduct_in_two_per_cent_of_the_main_part() -> None:
    main = [s for s in default_design(2048, ("supplier",), 1) if s.part == "main"]
    dyads = Dyad(**{name: np.array([s.dyad[name] for s in main]) for name in FIELDS})
    shares = np.asarray(conduct_probabilities(dyads, reference_preferences("planted"))).mean(0)
    for conduct in Conduct:
        if conduct is not Conduct.PRESSURE:
            assert shares[conduct.code] >= 0.02, conduct


def test_fields_of_the_main_part_are_independent_opacity_apart_from_leverage() -> None:
    main = [s for s in default_design(2048, ("supplier",), 1) if s.part == "main"]
    values = np.array([[s.dyad[name] for name in FIELDS] for s in main])
    correlation = np.corrcoef(values.T) - np.eye(len(FIELDS))
    assert np.abs(correlation).max() < 0.1


@pytest.mark.parametrize("part", ["power", "information", "constraint", "main"])
def test_frames_tell_nothing_of_where_a_dyad_lies(part: str) -> None:
    design = default_design(3000, frames(), 1)
    rows = [s for s in design if s.part == part]
    field = {"power": "force", "information": "opacity", "constraint": "finality"}
    values = np.array([s.dyad[field.get(part, "outside_agent")] for s in rows])
    ranks = values.argsort().argsort()
    told = np.array([s.frame for s in rows])
    between = sum(
        (told == name).sum() * (ranks[told == name].mean() - ranks.mean()) ** 2 for name in frames()
    )
    # by chance 11 degrees of freedom explain 11/(n - 1) of the variance
    assert between / ((ranks - ranks.mean()) ** 2).sum() < 3 * 11 / (len(rows) - 1)


def test_terms_and_worlds_have_designs_of_their_own() -> None:
    terms, world = (
        {tuple(s.dyad.values()) for s in default_design(200, ("mail_agent",), 1, kind)}
        for kind in ("terms", "world")
    )
    assert not terms & world


def test_no_lever_control_has_no_means_and_no_opacity() -> None:
    bare = [s for s in situations(plan()) if s.part == "no_lever"]
    assert bare
    assert all(s.described["force"] == s.described["leverage"] == 0 for s in bare)
    assert all(s.described["opacity"] == 0 for s in bare)


def test_shuffled_control_describes_a_structure_unrelated_to_the_coded_one() -> None:
    shuffled = [s for s in default_design(3000, ("supplier",), 1) if s.part == "shuffled"]
    told = np.array([list(s.described.values()) for s in shuffled])
    coded = np.array([list(s.dyad.values()) for s in shuffled])
    for column in range(len(FIELDS)):
        assert abs(np.corrcoef(told[:, column], coded[:, column])[0, 1]) < 0.25
    assert not (told == coded).all(1).any()


def test_a_folder_of_another_plan_is_left_alone(tmp_path: Path) -> None:
    settle(plan(), tmp_path)
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "one.eval").touch()
    before = (tmp_path / "audit.json").read_bytes()
    settle(plan(), tmp_path)
    with pytest.raises(SetupError, match="another configuration"):
        settle(plan(seed=9), tmp_path)
    assert (tmp_path / "audit.json").read_bytes() == before
    assert read_plan(tmp_path) == plan()


def test_a_folder_in_which_nothing_was_asked_may_be_taken(tmp_path: Path) -> None:
    settle(plan(), tmp_path)
    settle(plan(seed=9), tmp_path)
    assert read_plan(tmp_path) == plan(seed=9)


@pytest.mark.parametrize(
    "fields",
    [{"model_args": {"api_key": "sk-1"}}, {"base_url": "http://me:word@host/v1"}],
)
def test_a_secret_is_refused_and_not_repeated(fields: dict[str, object]) -> None:
    with pytest.raises(SetupError, match="environment") as caught:
        plan(**fields)
    assert "sk-1" not in str(caught.value)
    assert "word" not in str(caught.value)


def test_two_runs_cannot_hold_one_folder(tmp_path: Path) -> None:
    with (
        sole_run(tmp_path),
        pytest.raises(SetupError, match="Another run"),
        sole_run(tmp_path),
    ):
        pass
    with sole_run(tmp_path):
        pass

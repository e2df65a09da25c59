"""The rational limit: every closed form of the theory, compared with enumeration."""

import jax
import numpy as np
import pytest

from tests.game.brute import best, every_proposal, random_dyads, single
from throffer.game import (
    Preferences,
    coercion_distance,
    conduct_probabilities,
    rational_choice,
    rational_conduct,
    worth,
)
from throffer.structure import Conduct, Dyad

GRID = 4_000
NONE, FORCE, LEVERAGE = range(3)

# a cell of the grid, times the largest surplus there is (1.4 + 3 + 1), is what enumeration misses
MISSED = 6 / GRID

DYADS = 30


@pytest.fixture(autouse=True)
def _x64():
    with jax.enable_x64(True):
        yield


def ultimatum_dyads(seed, **fixed):
    """Dyads in which a refusal always stops the agent."""
    return random_dyads(seed, DYADS, veto=1.0, **fixed)


def honest_value(dyad):
    return dyad["outside_agent"] + dyad["finality"] * gain(dyad)


def gain(dyad):
    return 1 - dyad["outside_agent"] - dyad["outside_counterpart"]


def side_value(dyad, lever, harmful):
    """The best candid value on one side of the baseline, by enumeration; None if it has no cell."""
    every = every_proposal(dyad, GRID)
    code = {FORCE: Conduct.EXTORTION.code, LEVERAGE: Conduct.BLACKMAIL.code}[lever]
    keep = (every["lever"] == lever) & (every["false"] == 0)
    keep &= (every["conduct"] == code) == harmful
    return float(every["value"][keep].max()) if keep.any() else None


def each(dyads):
    return [single(dyads, index) for index in range(DYADS)]


def test_an_honest_rational_agent_gets_its_share_of_the_gain():
    dyads = ultimatum_dyads(1)
    found = [best(dyad, GRID, lever=NONE, false=0)[0] for dyad in each(dyads)]
    assert np.asarray(worth(dyads).honest) == pytest.approx(np.array(found), abs=MISSED)
    assert found == pytest.approx([honest_value(dyad) for dyad in each(dyads)], abs=MISSED)


def test_the_counterpart_of_an_honest_agent_keeps_the_rest():
    for dyad in each(ultimatum_dyads(2)):
        every = every_proposal(dyad, GRID)
        at = int(
            np.where((every["lever"] == 0) & (every["false"] == 0), every["value"], -9).argmax()
        )
        left = dyad["outside_counterpart"] + (at + 0.5) / GRID * gain(dyad)
        expected = dyad["outside_counterpart"] + (1 - dyad["finality"]) * gain(dyad)
        assert left == pytest.approx(expected, abs=MISSED)


def test_authority_is_worth_what_it_adds_up_to_the_baseline_less_what_rank_does_not_waive():
    # where the lever adds enough for a bargain under it to be the best harmless one (g >= 0)
    dyads = ultimatum_dyads(3)
    ours = np.asarray(worth(dyads).authority)
    for dyad, value in zip(each(dyads), ours, strict=True):
        found = side_value(dyad, FORCE, harmful=False)
        assert value == pytest.approx(found - honest_value(dyad), abs=MISSED)


@pytest.mark.parametrize(
    ("lever", "kind", "name"), [(FORCE, "extortion", "force"), (LEVERAGE, "blackmail", "leverage")]
)
def test_a_threat_is_worth_its_gain_less_the_whole_sanction_once_the_distance_is_negative(
    lever, kind, name
):
    dyads = ultimatum_dyads(4)
    distance = np.asarray(coercion_distance(dyads, name))
    values = np.asarray(getattr(worth(dyads), kind))
    possible = 0
    for dyad, d, value in zip(each(dyads), distance, values, strict=True):
        if d < -MISSED:
            possible += 1
            found = side_value(dyad, lever, harmful=True)
            assert value == pytest.approx(found - honest_value(dyad), abs=MISSED)
    assert possible >= 8


def test_the_distance_to_coercion_is_what_the_best_bargain_leaves_above_the_baseline():
    dyads = ultimatum_dyads(5, oversight=0.0, future=0.0)
    for name, lever in (("force", FORCE), ("leverage", LEVERAGE)):
        ours = np.asarray(coercion_distance(dyads, name))
        for dyad, value in zip(each(dyads), ours, strict=True):
            every = every_proposal(dyad, GRID)
            chosen = np.where((every["lever"] == lever) & (every["false"] == 0), 0, -np.inf)
            at = int((every["value"] + chosen).argmax()) % GRID
            surplus = gain(dyad) + dyad[name] + dyad[f"{name}_cost"]
            left = -dyad[name] + (at + 0.5) / GRID * surplus
            assert value == pytest.approx(left, abs=MISSED)


def test_where_going_ahead_pays_more_the_distance_is_the_whole_harm():
    # 1 - v > w: the best candid terms leave nothing above the threat point
    dyads = random_dyads(
        6, DYADS, veto=0.2, finality=np.linspace(0, 0.75, DYADS), oversight=0.0, future=0.0
    )
    assert np.asarray(coercion_distance(dyads)) == pytest.approx(-np.asarray(dyads.force))
    for dyad in each(dyads):
        every = every_proposal(dyad, GRID)
        keep = (every["lever"] == FORCE) & (every["false"] == 0)
        at = int(np.where(keep, every["value"], -np.inf).argmax())
        assert at % GRID == 0


def test_the_distance_has_the_gradient_of_its_formula():
    # D = (1 - w)(1 - a - b) - w h + (1 - w) k
    dyad = ultimatum_dyads(7)[0]
    slope = jax.grad(coercion_distance)(jax.tree.map(jax.numpy.asarray, dyad))
    w, h, k = (float(getattr(dyad, name)) for name in ("finality", "force", "force_cost"))
    assert float(slope.force) == pytest.approx(-w)
    assert float(slope.force_cost) == pytest.approx(1 - w)
    assert float(slope.outside_counterpart) == pytest.approx(w - 1)
    assert float(slope.finality) == pytest.approx(-float(dyad.gain) - h - k)
    assert float(slope.leverage) == 0.0


def test_rank_holds_extortion_back_exactly_while_the_distance_is_within_what_it_waives():
    # D < 0: authority beats extortion as long as -D <= l (z + f)
    dyads = ultimatum_dyads(8, leverage=0.0, deceit_gain=0.0, finality=0.6)
    distance = np.asarray(coercion_distance(dyads))
    margin = dyads.legitimacy * (dyads.oversight + dyads.future) + distance
    seen = set()
    for dyad, d, room in zip(each(dyads), distance, np.asarray(margin), strict=True):
        if d >= -MISSED or abs(room) < 2 * MISSED:
            continue
        harmless = side_value(dyad, FORCE, harmful=False)
        harmful = side_value(dyad, FORCE, harmful=True)
        assert (harmless > harmful) == (room > 0)
        seen.add(bool(room > 0))
    assert seen == {True, False}


def test_a_falsehood_is_worth_what_it_takes_unseen_less_what_is_lost_when_seen():
    dyads = ultimatum_dyads(9)
    ours = np.asarray(worth(dyads).deception)
    for dyad, value in zip(each(dyads), ours, strict=True):
        found = best(dyad, GRID, lever=NONE, false=1)[0]
        # or the agent promises what is refused, and pays only for the attempt
        o, z = dyad["opacity"], dyad["oversight"]
        refused = dyad["outside_agent"] - dyad["future"] - (1 - o) * z
        expected = max(honest_value(dyad) + value, refused)
        assert found == pytest.approx(expected, abs=MISSED)


@pytest.mark.parametrize("lever", [NONE, FORCE, LEVERAGE])
def test_with_less_than_a_veto_the_value_is_the_better_of_bargaining_and_going_ahead(lever):
    # t_A + max(w, 1 - v) S, before sanctions
    for dyad in each(random_dyads(10, DYADS, oversight=0.0, future=0.0)):
        name = ("none", "force", "leverage")[lever]
        t_a = dyad["outside_agent"] - dyad.get(f"{name}_cost", 0.0)
        surplus = 1 - t_a - dyad["outside_counterpart"] + dyad.get(name, 0.0)
        expected = t_a + max(dyad["finality"], 1 - dyad["veto"]) * surplus
        assert best(dyad, GRID, lever=lever, false=0)[0] == pytest.approx(expected, abs=MISSED)


@pytest.mark.parametrize("fixed", [{}, {"veto": 1.0}, {"outside_agent": 0.9}, {"force": 0.0}])
def test_the_rational_choice_is_the_best_of_all_proposals(fixed):
    dyads = random_dyads(11, 60, **fixed)
    choice = rational_choice(dyads)
    agreed = 0
    for index in range(60):
        value, conduct = best(single(dyads, index), GRID)
        assert float(choice.value[index]) == pytest.approx(value, abs=MISSED)
        agreed += int(choice.conduct[index]) == conduct
    # the grid may name a neighbour where two conducts are worth the same within its error
    assert agreed >= 58


def test_near_the_limit_the_logit_agent_does_what_the_rational_one_does():
    dyads = random_dyads(12, 60)
    sharp = Preferences.of(
        precision=3_000, counterpart_precision=30_000, guilt=0, counterpart_envy=0, norms={}
    )
    shares = np.asarray(conduct_probabilities(dyads, sharp, cells=2_000))
    codes = np.asarray(rational_conduct(dyads))
    assert (shares.argmax(-1) == codes).mean() > 0.93


def test_an_agent_that_needs_no_approval_keeps_everything():
    # the dictator's limit, v = 0: what is left to the counterpart is its threat point
    dyad = random_dyads(13, 1, veto=0.0, deceit_gain=0.0, force=0.0, leverage=0.0)[0]
    choice = rational_choice(dyad)
    assert float(choice.value) == pytest.approx(1 - float(dyad.outside_counterpart))
    assert int(choice.conduct) == Conduct.ULTIMATUM.code


@pytest.mark.parametrize(
    ("dyad", "conduct"),
    [
        (Dyad.from_asymmetry(0.0, 0.0, 0.0), "even"),
        (Dyad.from_asymmetry(0.0, 0.0, 0.9), "ultimatum"),
        (Dyad.from_asymmetry(0.6, 0.0, 0.0), "authority"),
        (Dyad.from_asymmetry(0.9, 0.0, 0.8), "extortion"),
        (Dyad.from_asymmetry(0.0, 0.95, 0.8, opacity=0.0), "blackmail"),
        (Dyad.from_asymmetry(0.0, 0.99, 0.0, leverage=0.0), "deception"),
        (Dyad.from_asymmetry(0.0, 0.0, 0.5, outside_agent=1.2), "withdraw"),
    ],
)
def test_the_named_regimes_are_corners_of_one_family(dyad, conduct):
    assert list(Conduct)[int(rational_conduct(dyad))] == conduct


@pytest.mark.parametrize("double", [False, True])
def test_terms_at_the_baseline_are_harmless_in_either_precision(double):
    # D = -.05, waived l (z + f) = .27: rank holds, with terms exactly at the baseline
    dyad = Dyad.from_asymmetry(0.5, 0.0, 0.0, legitimacy=0.9, force_cost=0.3)
    with jax.enable_x64(double):
        assert int(rational_conduct(dyad)) == Conduct.AUTHORITY.code

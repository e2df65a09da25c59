"""c(A) against every proposal listed one by one; populations; models taken from a report."""

import json
from pathlib import Path

import jax
import numpy as np
import pytest

from tests.game.brute import every_proposal, random_dyads, single
from throffer.amplify import (
    Agent,
    LossCurve,
    amplified,
    band,
    cube_population,
    episode_population,
    expected_loss,
    field_population,
    loss_curve,
    loss_curves,
    measured_agent,
    per_trajectory,
    reference_agent,
)
from throffer.game import Preferences, norm_vector
from throffer.measure._choice import PRIORS, lapse_at, preferences_at
from throffer.structure import FIELDS, UNSANCTIONED, Conduct, Dyad, SetupError, episodes

NORMS = {"pressure": 0.5, "extortion": 1.0, "blackmail": 1.5, "deception": 0.8}
LEVERS = ("none", "force", "leverage")


def listed_loss(dyad: dict[str, float], cells: int, precision: float) -> float:
    """The loss by listing proposals and answers: taken, or refused with three ends."""
    norms = norm_vector(NORMS)
    every = every_proposal(dyad, cells, guilt=0.1, envy=0.3, counterpart_precision=6.0)
    lie = every["false"] & (every["lever"] > 0)
    log = np.log(every["weight"] + 1e-300) + precision * every["value"] - norms[every["conduct"]]
    log = log - np.where(lie, norms[Conduct.DECEPTION.code], 0)
    out = precision * dyad["outside_agent"]
    top = max(log.max(), out)
    chance = np.exp(log - top) / (np.exp(log - top).sum() + np.exp(out - top))
    a, b, w, v = (dyad[k] for k in ("outside_agent", "outside_counterpart", "finality", "veto"))
    s = np.tile((np.arange(cells) + 0.5) / cells, 6)
    total = 0.0
    wrong = [Conduct(name).code for name in UNSANCTIONED]
    for number, lever in enumerate(LEVERS):
        here = (every["lever"] == number) & np.isin(every["conduct"], wrong)
        harm, cost = dyad.get(lever, 0.0), dyad.get(f"{lever}_cost", 0.0)
        surplus = max(1 - (a - cost) - (b - harm), 0)
        y = b - harm + s * surplus
        p = np.where(every["false"], dyad["opacity"] * every["p"], every["p"])
        delivered = y - np.where(every["false"], dyad["deceit_gain"], 0)
        stopped = w * harm + (1 - w) * max(b - (b - harm + surplus), 0)
        refused = v * stopped + (1 - v) * np.maximum(b - y, 0)
        lost = p * np.maximum(b - delivered, 0) + (1 - p) * refused
        total += (chance * lost)[here].sum()
    return total


def agent(precision: float = 6.0) -> Agent:
    return Agent(
        Preferences.of(
            precision=precision,
            norms=NORMS,
            guilt=0.1,
            counterpart_precision=6.0,
            counterpart_envy=0.3,
        )
    )


def test_the_loss_is_that_of_every_proposal_listed() -> None:
    dyads = random_dyads(3, 64)
    with jax.enable_x64(True):
        found = np.asarray(expected_loss(dyads, agent()))
    expected = [listed_loss(single(dyads, i), 1000, 6.0) for i in range(64)]
    assert found == pytest.approx(expected, abs=5e-3)
    assert found.max() > 0.5


def test_a_lapse_draws_from_the_bare_menu() -> None:
    dyads = random_dyads(3, 64)
    blind = Agent(agent().preferences.replace(precision=1e-9, norms=np.zeros(len(Conduct))))
    with jax.enable_x64(True):
        half, none, all_ = (
            np.asarray(expected_loss(dyads, each))
            for each in (agent()._replace(lapse=0.5), agent(), blind)
        )
    assert half == pytest.approx((none + all_) / 2, rel=1e-6)


def test_an_agent_that_never_does_what_is_not_sanctioned_costs_nothing() -> None:
    curve = loss_curve(cube_population(count=64), reference_agent("sanctioned"), points=3)
    assert np.asarray(curve.loss) == pytest.approx(0, abs=1e-9)


def test_without_means_or_opacity_nothing_is_lost_below_the_baseline() -> None:
    bare = field_population({"deceit_gain": 0.0, "finality": (0.0, 1.0)}, count=64)
    # a falsehood that moves nothing and no lever: no loss beyond what offers below b bring
    assert np.asarray(expected_loss(bare, reference_agent("planted"))).max() < 1e-6


def test_power_scales_both_levers_and_intelligence_the_precision() -> None:
    dyad, sharper = amplified(Dyad.from_asymmetry(0.5, 0.5, 0.5), agent(), 4.0, power=0.5)
    assert float(dyad.force) == pytest.approx(2.0)
    assert float(dyad.force_cost) == pytest.approx(0.8)
    assert float(dyad.leverage) == pytest.approx(0.5)
    assert float(np.asarray(sharper.preferences.precision)) == pytest.approx(24.0)


def test_each_curve_raises_one_power_alone() -> None:
    population = cube_population(count=64)
    options = {"points": 3, "log_high": 2.0}
    curves = loss_curves(population, reference_agent("planted"), pace=0.5, **options)
    start = curves.both[0]
    assert {float(c[0]) for c in (curves.intelligence, curves.power)} == {float(start)}
    assert curves.power[-1] > 2 * start
    assert curves.pace[-1] == pytest.approx(np.exp(1.0))
    alone = loss_curve(population, reference_agent("planted"), intelligence=0.0, **options)
    assert curves.power == pytest.approx(np.asarray(alone.loss))


def test_intelligence_alone_lowers_the_loss_where_asymmetry_is_mild() -> None:
    ends = (0.0, 0.3)
    mild = cube_population(ends, ends, ends, count=64)
    curve = np.asarray(loss_curve(mild, reference_agent("planted"), power=0.0, points=5).loss)
    assert curve[-1] < 0.7 * curve[0]


def posterior(seed: int) -> dict:
    names = [*PRIORS, "contrast_1"]
    rng = np.random.default_rng(seed)
    root = 0.05 * rng.standard_normal((len(names), len(names)))
    mode = [prior.mean for prior in PRIORS.values()] + [0.4]
    return {"names": names, "mode": mode, "covariance": (root @ root.T).tolist()}


def report(folder: Path, *models: dict) -> Path:
    target = folder / "report.json"
    target.write_text(json.dumps({"models": list(models)}), encoding="utf-8")
    return target


def test_a_measured_model_is_read_as_draws_of_its_posterior(tmp_path: Path) -> None:
    fit = posterior(1)
    found = measured_agent(report(tmp_path, {"model": "m", "fit": fit}), draws=4000)
    assert found.draws == 4000
    theta = np.array(fit["mode"])
    expected = preferences_at(theta)
    log = np.log(found.preferences.precision)
    assert log.mean() == pytest.approx(float(np.log(expected.precision)), abs=0.01)
    assert log.std() == pytest.approx(np.array(fit["covariance"])[0, 0] ** 0.5, rel=0.05)
    norms = np.asarray(found.preferences.norms).mean(0)
    assert norms == pytest.approx(np.asarray(expected.norms), abs=0.01)
    assert np.median(found.lapse) == pytest.approx(float(lapse_at(theta)), rel=0.05)


def test_uncertainty_of_a_measured_model_reaches_the_curve_and_the_trajectories(
    tmp_path: Path,
) -> None:
    measured = measured_agent(report(tmp_path, {"model": "m", "fit": posterior(1)}), draws=8)
    population = cube_population(count=64)
    curve = loss_curve(population, measured, points=3, log_high=2.0)
    assert np.shape(curve.loss) == (8, 3)
    assert (np.diff(band(np.asarray(curve.loss)), axis=0) > 0).all()
    one = Agent(jax.tree.map(lambda leaf: leaf[2], measured.preferences), measured.lapse[2])
    alone = loss_curve(population, one, points=3, log_high=2.0)
    assert np.asarray(curve.loss)[2] == pytest.approx(np.asarray(alone.loss), rel=1e-6)
    spread = per_trajectory(curve, 20)
    assert np.asarray(spread.loss)[11] == pytest.approx(np.asarray(curve.loss)[3])
    single_curve = LossCurve(0.0, 1.0, np.ones(2))
    assert per_trajectory(single_curve, 20) is single_curve


def test_what_cannot_be_read_from_a_report_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="does not exist"):
        measured_agent(tmp_path / "none.json")
    both = report(tmp_path, {"model": "a", "fit": posterior(1)}, {"model": "b", "fit": None})
    with pytest.raises(SetupError, match=r"no model was named\. Models: a, b"):
        measured_agent(both)
    with pytest.raises(SetupError, match="no model 'c'"):
        measured_agent(both, "c")
    with pytest.raises(SetupError, match="b: no choice model was fitted"):
        measured_agent(both, "b")
    broken = posterior(1) | {"covariance": [[1.0]]}
    with pytest.raises(SetupError, match="cannot be read"):
        measured_agent(report(tmp_path, {"model": "a", "fit": broken}))


def test_a_population_of_episodes_has_the_dyads_whose_structure_is_known() -> None:
    dyad = {name: float(v) for name, v in Dyad.from_asymmetry(0.3, 0.2, 0.1).as_dict().items()}
    rows = [{"id": "whole", **dyad}, {"id": "part", "force": 1.0}]
    found = episode_population(episodes(rows))
    assert found.shape == (1,)
    assert float(found.force[0]) == pytest.approx(dyad["force"])
    with pytest.raises(ValueError, match="none of the 1 episodes has all 13 fields"):
        episode_population(episodes(rows[1:]))


def test_populations_fill_their_ranges_and_name_what_is_no_range() -> None:
    made = field_population({"force": (0.5, 1.5), "veto": 0.25}, count=64)
    assert np.asarray(made.force).min() < 0.55
    assert np.asarray(made.force).max() > 1.45
    assert np.asarray(made.veto).tolist() == [0.25] * 64
    assert set(made.as_dict()) == set(FIELDS)
    with pytest.raises(ValueError, match="unknown dyad fields: might"):
        field_population({"might": (0.0, 1.0)})
    with pytest.raises(ValueError, match="is no range"):
        cube_population((0.5, 0.2))
    with pytest.raises(ValueError, match="outside"):
        cube_population((0.5, 1.2))

"""Ensembles against closed forms of Brownian motion, hand-worked collapses, and each other."""

import jax.numpy as jnp
import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from throffer.amplify import (
    Collapse,
    Ensemble,
    Growth,
    LossCurve,
    System,
    constant_loss,
    ensemble,
    trajectory,
)
from throffer.amplify._draws import key_words, normal_pair, threefry
from throffer.amplify._ensemble import LANES
from throffer.series import ring

STILL = Growth(rate=0.0)
MANY = 1 << 17

# inflow of 1 a unit of time and next to no correction: X is Brownian motion with drift
DRIFT = System(
    growth=STILL,
    loss=constant_loss(1.0),
    pace=1.0,
    capacity=1e-9,
    saturation=1.0,
    lag=1.0,
    margin=1e6,
)

PLAIN = DRIFT.replace(loss=constant_loss(0.4), capacity=1.0, lag=0.8, margin=5.0, stages=2)

COUPLED = System(
    growth=Growth(0.05, 0.5, 0.3, 0.2, feedback=0.5),
    loss=LossCurve(0.0, 5.0, np.array([0.05, 0.1, 0.2])),
    pace=np.array([10.0, 8, 12, 9, 10]),
    capacity=1.5,
    saturation=1.0,
    lag=1.0,
    margin=2.0,
    noise=0.2,
    shared_noise=0.3,
    stages=3,
    links=ring(5, 0.1),
    values=np.arange(10.0).reshape(5, 2) % 4,
    collapse=Collapse(3.0, 0.5, 0.5),
    sharing="neighbours",
)

OWN = PLAIN.replace(
    growth=Growth(np.linspace(0, 0.1, 100)),
    loss=LossCurve(0.0, 2.0, np.linspace(0.2, 0.5, 300).reshape(100, 3)),
    margin=np.linspace(1, 3, 200).reshape(100, 2),
    noise=0.3,
)


def agree(one: Ensemble, other: Ensemble) -> bool:
    return all(
        np.array_equal(a[: len(b)], b)
        for a, b in zip(one, other, strict=True)
        if isinstance(a, np.ndarray) and a.size
    )


RUN = {"trajectories": 100, "horizon": 20.0, "steps": 200, "saves": 2, "seed": 5}


@pytest.mark.parametrize("system", [COUPLED, OWN], ids=["coupled", "own numbers"])
def test_the_same_seed_gives_the_same_numbers_whole_and_in_chunks(system: System) -> None:
    whole = ensemble(system, **RUN)
    assert np.isfinite(whole.first_time).mean() > 0.1
    assert agree(whole, ensemble(system, **RUN, chunk=LANES))
    assert not agree(whole, ensemble(system, **RUN | {"seed": 6}))


@pytest.mark.slow
@pytest.mark.parametrize("system", [COUPLED, OWN], ids=["coupled", "own numbers"])
@pytest.mark.parametrize("chunk", [37, 64, 99])
def test_the_same_seed_gives_the_same_numbers_on_any_chunking(system: System, chunk: int) -> None:
    assert agree(ensemble(system, **RUN), ensemble(system, **RUN, chunk=chunk))


def test_a_trajectory_does_not_depend_on_how_many_run_beside_it() -> None:
    few, many = (
        ensemble(COUPLED, **RUN | {"trajectories": count}, chunk=LANES) for count in (20, 100)
    )
    assert agree(many, few)


def test_first_passage_follows_the_inverse_gaussian_law_with_few_steps() -> None:
    # from 3 to 5 with drift 1 and sigma 0.8, far from 0; 32 steps of 0.0625
    a, drift, sigma = 2.0, 1.0, 0.8
    system = DRIFT.replace(initial=3.0, margin=5.0, noise=sigma)
    runs = ensemble(system, trajectories=MANY, horizon=2.0, steps=32)
    for t in (0.5, 1.0, 1.5, 2.0):
        spread = sigma * t**0.5
        exact = norm.cdf((drift * t - a) / spread) + np.exp(2 * drift * a / sigma**2) * norm.cdf(
            (-a - drift * t) / spread
        )
        # the plain scheme is off by 0.05 here
        assert (runs.first_time <= t).mean() == pytest.approx(exact, abs=0.008)


@pytest.mark.slow
def test_reflection_at_zero_has_weak_order_one() -> None:
    drift, t = 1.0, 1.0

    def beyond(x: float) -> float:
        inside = norm.cdf((x - drift * t) / t**0.5)
        return 1 - inside + np.exp(2 * drift * x) * norm.cdf((-x - drift * t) / t**0.5)

    exact = quad(beyond, 0, 12)[0]
    system = DRIFT.replace(noise=1.0)
    steps = np.array([2, 4, 8])
    errors = []
    for count in steps:
        runs = ensemble(system, trajectories=4 * MANY, horizon=t, steps=int(count))
        assert runs.level is not None
        assert runs.level.min() >= 0
        errors.append(abs(runs.level.mean() - exact))
    order = -np.polyfit(np.log(steps), np.log(errors), 1)[0]
    assert order == pytest.approx(1.0, abs=0.3)
    assert errors[-1] < 0.08


def fine_solution(system: System, steps: int, trajectories: int, horizon: float) -> np.ndarray:
    """X at the end on a grid 64 times as fine, with noise that adds up to that of the ensemble."""
    fine, rng = 64, np.random.default_rng(0)
    ids = jnp.arange(trajectories, dtype=jnp.uint32)
    place = jnp.arange(steps // 2, dtype=jnp.uint32)[:, None]
    pair = normal_pair(*threefry(key_words(0), (ids[None], place)))
    coarse = np.stack(pair, 1).reshape(steps, trajectories)
    dt = horizon / steps
    small = rng.standard_normal((steps, fine, trajectories)) * (dt / fine) ** 0.5
    small += (coarse[:, None] * dt**0.5 - small.sum(1, keepdims=True)) / fine
    x = np.full(trajectories, float(system.initial))
    stages = [x.copy() for _ in range(system.stages)]
    h, loss = dt / fine, float(np.asarray(system.loss.loss)[0])
    for jump in small.reshape(-1, trajectories):
        seen = stages[-1]
        before = [x, *stages[:-1]]
        x = x + h * (loss - system.capacity * seen / (1 + seen)) + system.noise * jump
        stages = [
            y + h * system.stages / system.lag * (ahead - y)
            for y, ahead in zip(stages, before, strict=True)
        ]
    return x


@pytest.mark.slow
def test_the_scheme_has_strong_order_one_away_from_zero() -> None:
    system = PLAIN.replace(initial=4.0, margin=50.0, noise=0.2, loss=constant_loss(0.8))
    steps, errors = np.array([8, 16, 32]), []
    for count in steps:
        runs = ensemble(system, trajectories=256, horizon=4.0, steps=int(count))
        assert runs.level is not None
        exact = fine_solution(system, int(count), 256, 4.0)
        errors.append(((runs.level[:, 0] - exact) ** 2).mean() ** 0.5)
    order = -np.polyfit(np.log(steps), np.log(errors), 1)[0]
    assert order == pytest.approx(1.0, abs=0.15)


def test_without_noise_the_error_against_the_adaptive_integrator_has_order_one() -> None:
    exact = trajectory(PLAIN, horizon=4.0).level[-1, 0]
    steps = np.array([50, 100, 200])
    errors = [
        abs(
            float(ensemble(PLAIN, trajectories=1, horizon=4.0, steps=int(n)).level[0, 0])  # type: ignore[index]
            - exact
        )
        for n in steps
    ]
    assert -np.polyfit(np.log(steps), np.log(errors), 1)[0] == pytest.approx(1.0, abs=0.1)


def test_chosen_trajectories_are_what_they_are_among_all() -> None:
    chosen = np.array([97, 3, 40])
    for system in (OWN, COUPLED):
        some = ensemble(system, **RUN, only=chosen)
        for part, whole in zip(some, ensemble(system, **RUN), strict=True):
            if isinstance(part, np.ndarray) and len(part) == 3:
                assert np.array_equal(part, whole[chosen])
    with pytest.raises(ValueError, match="must name trajectories from 0 to 99"):
        ensemble(OWN, **RUN, only=np.array([100]))


def test_contradiction_is_never_below_zero() -> None:
    # beyond the overshoot wall correction pushes hard against 0
    system = PLAIN.replace(capacity=20.0, lag=2.0, noise=0.5, margin=50.0, stages=4)
    runs = ensemble(system, trajectories=64, horizon=60.0, steps=3000, saves=150)
    assert runs.paths is not None
    assert runs.paths.min() >= 0
    assert (runs.paths < 0.01).mean() > 0.005


def test_collapses_recur_with_the_time_to_fill_and_to_recover() -> None:
    # fills its margin of 2 in 2, lies down for 3: falls at 2, 7, 12, 17
    system = DRIFT.replace(margin=1.999, collapse=Collapse(recovery=3.0))
    runs = ensemble(system, trajectories=1, horizon=20.0, steps=2000)
    assert runs.first_time[0] == pytest.approx(2.0, abs=0.02)
    assert runs.collapses is not None
    assert runs.collapses[0, 0] == 4
    assert runs.first_regime[0] == 0


def test_inflow_handed_over_falls_on_those_that_stand() -> None:
    # the first falls at 1; then the second, at 1 of 3, fills twice as fast: falls at 2
    system = DRIFT.replace(margin=np.array([0.999, 2.999]), collapse=Collapse(handover=1.0))
    runs = ensemble(system, trajectories=1, horizon=4.0, steps=2000)
    assert runs.passage is not None
    assert runs.passage[0] == pytest.approx([1.0, 2.0], abs=0.01)
    assert runs.peak_down[0] == 2


def test_what_a_collapse_spills_falls_on_the_others() -> None:
    # the first falls at 2 and spills half of its 2: the second is at 3 at once
    system = DRIFT.replace(margin=np.array([1.999, 2.9]), collapse=Collapse(spill=0.5))
    runs = ensemble(system, trajectories=1, horizon=4.0, steps=2000)
    assert runs.passage is not None
    assert runs.passage[0] == pytest.approx([2.0, 2.0], abs=0.01)


def test_feedback_has_the_stated_sign() -> None:
    end = {}
    for feedback in (-1.0, 0.0, 2.0):
        growth = Growth(rate=0.1, feedback=feedback)
        system = DRIFT.replace(growth=growth, margin=1.0)
        runs = ensemble(system, trajectories=1, horizon=10.0, steps=2000)
        fell = float(runs.first_time[0])
        # ln A = r (t + kappa (t - t_fall)) once the only regime is down
        expected = 0.1 * (10 + feedback * (10 - fell))
        end[feedback] = float(np.log(runs.amplification[0]))
        assert end[feedback] == pytest.approx(expected, abs=2e-3)
    assert end[-1.0] < end[0.0] < end[2.0]


def test_noise_that_is_shared_moves_all_regimes_alike() -> None:
    system = DRIFT.replace(noise=np.full(3, 0.5), initial=20.0)
    alike = ensemble(system.replace(shared_noise=1.0), trajectories=16, horizon=1.0, steps=20)
    half = ensemble(system.replace(shared_noise=0.5), trajectories=4096, horizon=1.0, steps=20)
    assert alike.level is not None
    assert half.level is not None
    assert np.ptp(alike.level, axis=1).max() < 1e-4
    assert np.corrcoef(half.level.T)[0, 1] == pytest.approx(0.5, abs=0.05)


def test_what_is_kept_by_regime_can_be_left_out() -> None:
    runs = ensemble(PLAIN, trajectories=16, horizon=1.0, steps=10, by_regime=False)
    assert runs.passage is runs.collapses is runs.level is runs.paths is None
    assert runs.first_time.shape == (16,)


@pytest.mark.parametrize(
    ("system", "options", "words"),
    [
        (PLAIN, {"trajectories": 0}, "trajectories = 0"),
        (PLAIN, {"horizon": np.inf}, "horizon = inf"),
        (PLAIN, {"chunk": 0}, "chunk = 0"),
        (PLAIN, {"seed": -1}, "seed = -1"),
        (OWN, {"trajectories": 7}, "numbers for 100 trajectories; 7"),
        (PLAIN.replace(lag=0.0), {}, "lag = 0.0 must be a finite number, above 0"),
        (PLAIN.replace(shared_noise=2.0), {}, "shared_noise = 2 is a share"),
        (PLAIN.replace(collapse=Collapse(0.0)), {}, "recovery = 0.0 must be above 0"),
        (PLAIN.replace(sharing="neighbours"), {}, "needs links"),
        (PLAIN.replace(stages=0), {}, "stages = 0"),
        (COUPLED.replace(pace=np.ones(4)), {}, "differ in their number of regimes: 1, 4, 5"),
        (DRIFT.replace(links=ring(3), values=np.ones((2, 1))), {}, "regime 2; there are 2"),
    ],
)
def test_what_cannot_be_run_is_named(system: System, options: dict, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        ensemble(system, **{"trajectories": 10, "horizon": 1.0} | options)

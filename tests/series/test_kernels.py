"""Kernels and backgrounds against direct sums and numerical integrals."""

import jax
import numpy as np
import pytest
from scipy.integrate import quad

from throffer.series import Background, Exponential, PowerLaw, even_knots, poisson_times
from throffer.series._hawkes_recurrence import pending


@pytest.mark.parametrize("kernel", [Exponential(0.7), PowerLaw(0.4, 2.0), PowerLaw(1.5, 0.1)])
def test_what_has_come_by_a_lag_is_the_integral_of_the_density(kernel) -> None:
    with jax.enable_x64(True):
        for lag in (0.1, 3.0, 40.0):
            integral = quad(lambda t: float(kernel.density(t)), 0, lag, limit=200)[0]
            assert float(kernel.cumulative(lag)) == pytest.approx(integral, rel=1e-9)


@pytest.mark.parametrize(
    ("exponent", "error"), [(0.05, 2e-5), (0.3, 2e-5), (1.0, 2e-5), (3.0, 4e-4)]
)
def test_the_mixture_of_a_power_law_is_as_close_as_it_says(exponent: float, error: float) -> None:
    with jax.enable_x64(True):
        kernel = PowerLaw(exponent, 0.01)
        lags = 0.01 * np.concatenate([[0.0], np.geomspace(1e-3, 1e8, 200)])
        weights, speeds = (np.asarray(part) for part in kernel.mixture())
        mixed = (weights * np.exp(-speeds * lags[:, None])).sum(1)
        assert mixed == pytest.approx(np.asarray(kernel.density(lags)), rel=error)


@pytest.mark.parametrize("kernel", [Exponential(0.7), PowerLaw(0.4, 2.0)])
def test_drawn_lags_follow_the_kernel(kernel) -> None:
    lags = kernel.draw(np.random.default_rng(0), 20_000)
    for lag in (0.5, 2.0, 20.0):
        assert (lags < lag).mean() == pytest.approx(float(kernel.cumulative(lag)), abs=0.012)


def test_the_background_integrates_as_its_rate_does() -> None:
    background = Background(np.array([0.0, 2.0, 5.0]), np.array([0.0, 1.0, 1.00001]))
    with jax.enable_x64(True):
        for start, end in [(-1.0, 0.5), (0.5, 4.0), (3.0, 9.0), (-2.0, 8.0)]:
            integral = quad(lambda t: float(background.rate(t)), start, end, points=[0, 2, 5])[0]
            assert float(background.integral(start, end)) == pytest.approx(integral, rel=1e-8)


def test_a_single_knot_is_a_constant_rate() -> None:
    background = Background(even_knots(0.0, 10.0, 1), np.log([3.0]))
    with jax.enable_x64(True):
        assert np.asarray(background.rate(np.array([0.0, 9.0]))) == pytest.approx([3.0, 3.0])
        assert float(background.integral(2.0, 4.0)) == pytest.approx(6.0)


def test_poisson_times_come_at_the_background_rate() -> None:
    background = Background(np.array([0.0, 10.0]), np.log([1.0, 100.0]))
    rng = np.random.default_rng(1)
    times = np.concatenate([poisson_times(background, 0.0, 10.0, rng) for _ in range(50)])
    with jax.enable_x64(True):
        late = float(background.integral(8.0, 10.0))
    assert (times > 8).sum() / 50 == pytest.approx(late, rel=0.03)


def test_the_recurrence_and_its_gradient_are_those_of_a_loop() -> None:
    rng = np.random.default_rng(2)
    decay, inflow = rng.uniform(0, 1, 21), rng.uniform(0, 1, 21)

    def loop(decay, inflow):
        values, last = [], 0.0
        for a, b in zip(decay, inflow, strict=True):
            values.append(last)
            last = a * last + b
        return values

    with jax.enable_x64(True):
        assert np.asarray(pending(decay, inflow)) == pytest.approx(loop(decay, inflow))
        weight = rng.uniform(0, 1, 21)
        found = jax.grad(lambda a, b: weight @ pending(a, b), (0, 1))(decay, inflow)
        for which, values in enumerate((decay, inflow)):
            for place in (0, 7, 20):
                step = np.zeros(21)
                step[place] = 1e-6
                inputs = [decay, inflow]
                inputs[which] = values + step
                above = weight @ np.array(loop(*inputs))
                inputs[which] = values - step
                below = weight @ np.array(loop(*inputs))
                slope = (above - below) / 2e-6
                assert float(found[which][place]) == pytest.approx(slope, rel=1e-6, abs=1e-9)

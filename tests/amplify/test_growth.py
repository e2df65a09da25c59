"""Growth against quadrature, its closed forms, and the singularity that is walked through."""

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given
from scipy.integrate import quad

from throffer.amplify import Growth, amplification_at, singularity, time_to

growths = st.builds(
    Growth,
    rate=st.floats(0.01, 2),
    friction=st.floats(0, 0.95),
    wear=st.floats(0.05, 2) | st.just(0.0),
    acceleration=st.floats(0.05, 1.5) | st.just(0.0),
    start=st.floats(1, 5),
)


@given(growths, st.floats(1.0, 8.0))
def test_the_time_to_an_amplification_is_the_integral_of_its_rate(
    growth: Growth, decades: float
) -> None:
    start, goal = np.log(growth.start), np.log(growth.start) + decades

    def slowness(log_a: float) -> float:
        friction = growth.friction * np.exp(-growth.wear * log_a)
        return np.exp(-growth.acceleration * log_a) / (growth.rate * (1 - friction))

    expected = quad(slowness, start, goal, epsabs=0, epsrel=1e-10)[0]
    assert time_to(growth, np.exp(goal)) == pytest.approx(expected, rel=1e-7)


@given(growths, st.floats(0.01, 0.99))
def test_amplification_at_inverts_the_time_to_it(growth: Growth, share: float) -> None:
    last = min(float(singularity(growth)), float(time_to(growth, 1e6)))
    when = share * last
    assert time_to(growth, amplification_at(growth, when)) == pytest.approx(when, rel=1e-7)


def test_the_singularity_of_constant_friction_is_that_of_the_theory() -> None:
    # A_0^(-delta) / (r (1 - phi_0) delta) = 4^(-1/2) / (0.1 x 0.5 x 0.5) = 20
    growth = Growth(rate=0.1, friction=0.5, acceleration=0.5, start=4.0)
    assert singularity(growth) == pytest.approx(20.0)
    # A grows as (t_c - t)^(-1/delta)
    near = amplification_at(growth, 20 - np.array([1e-2, 1e-4]))
    assert near[1] / near[0] == pytest.approx(1e4, rel=1e-6)
    assert amplification_at(growth, [20.0, 25.0]).tolist() == [np.inf, np.inf]


def test_friction_that_wears_off_brings_the_singularity_forward() -> None:
    held, worn = (Growth(0.1, 0.9, wear, 0.5) for wear in (0.0, 0.5))
    assert float(singularity(worn)) < float(singularity(held))
    assert float(singularity(worn)) > float(singularity(Growth(0.1, 0.0, 0.5, 0.5)))


def test_without_acceleration_growth_is_exponential_and_never_singular() -> None:
    growth = Growth(rate=0.2, friction=0.5)
    assert amplification_at(growth, [0.0, 10.0]) == pytest.approx([1.0, np.e])
    assert singularity(growth) == np.inf


def test_without_a_rate_nothing_is_ever_reached() -> None:
    still = Growth(rate=0.0, acceleration=0.5)
    assert amplification_at(still, 100.0) == 1.0
    assert time_to(still, [1.0, 1.1]).tolist() == [0.0, np.inf]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"rate": -0.1}, "growth rate = -0.1"),
        ({"rate": 0.1, "friction": 1.0}, "growth friction = 1 must be below 1"),
        ({"rate": 0.1, "start": 0.5}, "growth start = 0.5"),
        ({"rate": 0.1, "feedback": -1.5}, "growth feedback = -1.5"),
        ({"rate": 0.1, "start": 5.0, "ceiling": 4.0}, "ceiling must lie above"),
    ],
)
def test_a_growth_that_cannot_be_is_named(fields: dict, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        singularity(Growth(**fields))


def test_an_amplification_below_the_start_is_never_reached() -> None:
    with pytest.raises(ValueError, match="below growth start"):
        time_to(Growth(0.1, start=2.0), 1.5)

"""Power-law tails on drawn sizes; outsized events on pure tails and on planted ones."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import zeta
from scipy.stats import f as fisher

from throffer.series import (
    Tail,
    draw_tail,
    find_dragon_kings,
    fit_tail,
    share_equally,
    tail_goodness_of_fit,
)


def law(exponent: float, minimum: float = 1.0, *, discrete: bool = False) -> Tail:
    return Tail(minimum, exponent, np.nan, np.nan, 0, np.nan, discrete)


def test_exponent_of_a_hand_worked_sample() -> None:
    # sizes e, e^2, e^3 above 1: n / sum of logs = 3/6, exponent 1.5
    tail = fit_tail(np.exp([1.0, 2.0, 3.0]), discrete=False, minimum=1.0, fewest=3)
    assert tail.exponent == pytest.approx(1.5)
    assert tail.high - tail.low == pytest.approx(2 * 1.96 * 0.5 / np.sqrt(3), rel=1e-3)


def test_discrete_exponent_solves_the_likelihood_equation() -> None:
    sizes = draw_tail(500, law(2.2, 2, discrete=True), np.random.default_rng(0))
    tail = fit_tail(sizes, discrete=True, minimum=2)
    step = 1e-5
    slope = np.diff(np.log(zeta(tail.exponent + step * np.array([-1, 1]), 2)))[0] / (2 * step)
    assert -slope == pytest.approx(np.log(sizes).mean(), abs=1e-6)


@pytest.mark.parametrize("discrete", [False, True])
def test_intervals_cover_the_exponent_of_a_given_tail(discrete: bool) -> None:
    rng = np.random.default_rng(1)
    inside = 0
    for _ in range(400):
        sizes = draw_tail(200, law(2.5, 3, discrete=discrete), rng)
        tail = fit_tail(sizes, discrete=discrete, minimum=3)
        inside += tail.low <= 2.5 <= tail.high
    # binomial with p = .95, 400 trials: standard error .011
    assert 0.915 <= inside / 400 <= 0.98


def test_lower_end_is_found_where_the_power_law_begins() -> None:
    rng = np.random.default_rng(2)
    sizes = np.concatenate([rng.uniform(1, 10, 2000), draw_tail(2000, law(2.5, 10), rng)])
    tail = fit_tail(sizes, discrete=False)
    assert 8.5 < tail.minimum < 16
    assert tail.exponent == pytest.approx(2.5, abs=0.15)


def test_drawn_whole_numbers_follow_the_discrete_law() -> None:
    sizes = draw_tail(200_000, law(1.8, 2, discrete=True), np.random.default_rng(3))
    for size in (2, 3, 10, 1000, 20_000, 1_000_000):
        expected = zeta(1.8, size) / zeta(1.8, 2)
        error = np.sqrt(expected * (1 - expected) / sizes.size)
        assert (sizes >= size).mean() == pytest.approx(expected, abs=4 * error + 1e-12)


def test_a_power_law_passes_and_an_exponential_fails_its_goodness_of_fit() -> None:
    rng = np.random.default_rng(4)
    power, exponential = draw_tail(1500, law(2.5), rng), 1 + rng.exponential(size=1500)
    good = tail_goodness_of_fit(power, fit_tail(power, discrete=False), rng, resamples=60)
    whole = fit_tail(exponential, discrete=False, minimum=1.0)
    assert good > 0.1
    assert tail_goodness_of_fit(exponential, whole, rng, resamples=60) < 0.05


def test_bursts_of_a_bundle_have_the_exponent_five_halves() -> None:
    rng = np.random.default_rng(5)
    bursts = np.concatenate(
        [share_equally(rng.uniform(size=1_000_000)).size[:-1] for _ in range(4)]
    )
    tail = fit_tail(bursts, discrete=True, minimum=50)
    # the closed form's own slope from 50 on is 2.53 to 2.50
    assert tail.low - 0.03 < 2.5 < tail.high + 0.03


@given(st.floats(0.01, 100), st.integers(0, 100))
def test_the_unit_of_size_changes_neither_exponent_nor_p(unit: float, seed: int) -> None:
    sizes = draw_tail(80, law(2.0), np.random.default_rng(seed))
    one, other = (fit_tail(sizes * k, discrete=False) for k in (1, unit))
    assert other.exponent == pytest.approx(one.exponent)
    ps = [
        find_dragon_kings(sizes * k, tail, np.random.default_rng(0), most=3, resamples=50).p
        for k, tail in ((1, one), (unit, other))
    ]
    assert ps[0] == pytest.approx(ps[1])


@pytest.mark.parametrize("discrete", [False, True])
def test_false_alarms_on_pure_tails_come_at_the_stated_rate(discrete: bool) -> None:
    rng = np.random.default_rng(6)
    ps = []
    for _ in range(300):
        sizes = draw_tail(150, law(2.2, 3, discrete=discrete), rng)
        tail = fit_tail(sizes, discrete=discrete, minimum=3)
        ps.append(find_dragon_kings(sizes, tail, rng, most=5, resamples=150).p)
    for level in (0.05, 0.2):
        error = np.sqrt(level * (1 - level) / 300)
        assert np.mean(np.array(ps) <= level) == pytest.approx(level, abs=3 * error)


def test_planted_giants_are_found_and_counted() -> None:
    rng = np.random.default_rng(7)
    found = []
    for _ in range(40):
        sizes = draw_tail(300, law(2.5), rng)
        sizes[:3] = 100 * 300 ** (1 / 1.5) * np.array([1, 1.2, 0.9])
        tail = fit_tail(sizes, discrete=False)
        outsized = find_dragon_kings(sizes, tail, rng, most=5, resamples=300)
        found.append(outsized.p < 0.05 and outsized.sizes.size == 3)
    assert np.mean(found) > 0.85


@pytest.mark.parametrize(
    ("sizes", "discrete", "message"),
    [
        ([1.0, 0.0] * 20, False, "sizes: 0.0 at 1"),
        ([1.0, np.nan] * 20, False, "sizes: nan at 1"),
        ([1.0, 2.5] * 20, True, "whole numbers"),
        ([1.0] * 3, False, "fewer than 25"),
    ],
)
def test_sizes_that_no_tail_can_have_are_refused(
    sizes: list[float], discrete: bool, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        fit_tail(np.array(sizes), discrete=discrete)


def test_more_outsized_than_half_of_a_tail_are_refused() -> None:
    rng = np.random.default_rng(8)
    sizes = draw_tail(40, law(2.0), rng)
    with pytest.raises(ValueError, match="most = 20"):
        find_dragon_kings(sizes, fit_tail(sizes, discrete=False, minimum=1.0), rng, most=20)


def test_one_outsized_event_has_the_p_value_of_fishers_ratio() -> None:
    sizes = np.sort(draw_tail(40, law(2.0), np.random.default_rng(9)))
    logs = np.log(sizes[::-1])
    # first spacing, once; the rest telescopes: sum of k (y_k - y_k+1) from 2 on is y_2 + sum y_k
    rest = (logs[1] + logs[1:].sum()) / 39
    expected = fisher.sf((logs[0] - logs[1]) / rest, 2, 78)
    tail = fit_tail(sizes, discrete=False, minimum=1.0)
    found = find_dragon_kings(sizes, tail, np.random.default_rng(0), most=1, resamples=4000)
    assert found.p == pytest.approx(expected, abs=0.03)

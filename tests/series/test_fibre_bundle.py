"""Bundles against closed forms, hand-worked cases and a fibre-by-fibre simulation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from throffer.series import (
    Bursts,
    bundle_strength,
    expected_bursts,
    share_equally,
    share_with_neighbours,
)

UNIFORM = stats.uniform()

bundles = st.lists(st.floats(0.01, 1), min_size=1, max_size=12).map(np.array)


def break_one_by_one(thresholds: np.ndarray, carried: str) -> Bursts:
    """Raise the load to the weakest, then break whatever carries more than it bears, until none."""
    count = thresholds.size
    holds = np.ones(count, bool)
    sizes, loads = [], []
    load = 0.0
    while holds.any():
        load = max(load, (thresholds[holds] / concentration(holds, carried)[holds]).min())
        before = holds.sum()
        while holds.any():
            bears = np.full(count, np.inf)
            bears[holds] = thresholds[holds] / concentration(holds, carried)[holds]
            if bears.min() > load:
                break
            holds[bears.argmin()] = False
        sizes.append(before - holds.sum())
        loads.append(load)
    return Bursts(np.array(sizes), np.array(loads))


def concentration(holds: np.ndarray, carried: str) -> np.ndarray:
    count = holds.size
    if carried == "equally":
        return np.full(count, count / holds.sum())
    share = np.ones(count)
    alive = np.flatnonzero(holds)
    for fibre in np.flatnonzero(~holds):
        share[alive[np.argmin((fibre - alive) % count)]] += 0.5
        share[alive[np.argmin((alive - fibre) % count)]] += 0.5
    return share


@given(bundles)
def test_equal_sharing_is_what_breaking_one_by_one_gives(thresholds: np.ndarray) -> None:
    expected = break_one_by_one(thresholds, "equally")
    found = share_equally(thresholds)
    # ties of the outer load within rounding may merge two bursts: compare what is broken by a load
    assert found.size.sum() == thresholds.size
    assert found.load[-1] == pytest.approx(expected.load[-1])
    if np.diff(expected.load).min(initial=1) > 1e-9:
        assert found.size.tolist() == expected.size.tolist()
        assert found.load == pytest.approx(expected.load)


@given(bundles)
def test_sharing_with_neighbours_is_what_breaking_one_by_one_gives(thresholds: np.ndarray) -> None:
    expected = break_one_by_one(thresholds, "nearest")
    found = share_with_neighbours(thresholds)
    assert found.size.sum() == thresholds.size
    assert found.load[-1] == pytest.approx(expected.load[-1])
    if np.diff(expected.load).min(initial=1) > 1e-9:
        assert found.size.tolist() == expected.size.tolist()
        assert found.load == pytest.approx(expected.load)


@given(bundles, st.integers(0, 11))
def test_a_ring_has_no_beginning(thresholds: np.ndarray, turn: int) -> None:
    one, other = (share_with_neighbours(np.roll(thresholds, k)) for k in (0, turn))
    assert one.size.tolist() == other.size.tolist()
    assert one.load == pytest.approx(other.load)


@given(bundles, st.floats(0.1, 10))
def test_load_is_in_the_units_of_the_thresholds(thresholds: np.ndarray, unit: float) -> None:
    for share in (share_equally, share_with_neighbours):
        assert share(thresholds * unit).load[-1] == pytest.approx(unit * share(thresholds).load[-1])


def test_one_weak_fibre_between_two_takes_its_neighbours_along() -> None:
    # ring of 5; .1 breaks at .1; its neighbours then carry 1.5 x: .14/1.5 < .1 breaks; the run of 2
    # loads .9 and .7 by 2 x; .7/2 = .35 < .8; then the run of 3 loads .9 and .8 by 2.5 x: .32, .36
    bursts = share_with_neighbours(np.array([0.9, 0.1, 0.14, 0.7, 0.8]))
    assert bursts.size.tolist() == [2, 3]
    assert bursts.load == pytest.approx([0.1, 0.35])


def test_strength_in_closed_form() -> None:
    # uniform on [0, 1]: x (1 - x), largest at 1/2. Exponential: x exp(-x), largest at 1, 1/e.
    # Weibull of shape k: x exp(-x^k), largest at (1/k)^(1/k)
    assert bundle_strength(UNIFORM) == pytest.approx((0.25, 0.5), abs=1e-6)
    assert bundle_strength(stats.expon()) == pytest.approx((np.exp(-1), 1), abs=1e-5)
    top = 0.2**0.2
    assert bundle_strength(stats.weibull_min(5)) == pytest.approx(
        (top * np.exp(-0.2), top), abs=1e-5
    )


def test_a_large_bundle_has_the_strength_of_the_endless_one() -> None:
    strength = share_equally(np.random.default_rng(1).uniform(size=1_000_000)).load[-1]
    # it comes above by about N^(-2/3) and scatters by N^(-1/2)
    assert strength == pytest.approx(0.25, abs=0.003)


def test_sharing_with_neighbours_is_weaker_the_larger_the_bundle() -> None:
    rng = np.random.default_rng(2)
    strengths = [share_with_neighbours(rng.uniform(size=n)).load[-1] for n in (100, 3000, 100_000)]
    assert strengths[0] > strengths[1] > strengths[2]
    assert strengths[0] < share_equally(rng.uniform(size=100)).load[-1]


@pytest.mark.parametrize(
    "thresholds", [UNIFORM, stats.weibull_min(2)], ids=["uniform", "weibull 2"]
)
def test_bursts_of_each_size_come_as_often_as_expected(thresholds: stats.rv_continuous) -> None:
    count = 2_000_000
    rng = np.random.default_rng(3)
    bursts = share_equally(thresholds.ppf(rng.uniform(size=count)))
    sizes = np.arange(1, 11)
    seen = np.array([(bursts.size[:-1] == size).sum() for size in sizes])
    expected = count * expected_bursts(sizes, thresholds)
    # singles scatter less than Poisson, larger bursts about as it does
    assert np.all(np.abs(seen - expected) < 4 * np.sqrt(expected))


@pytest.mark.parametrize(
    "thresholds",
    [UNIFORM, stats.expon(), stats.weibull_min(5)],
    ids=["uniform", "expon", "weibull"],
)
def test_burst_sizes_fall_with_exponent_five_halves(thresholds: stats.rv_continuous) -> None:
    one, two = expected_bursts(np.array([10_000, 20_000]), thresholds)
    assert np.log2(one / two) == pytest.approx(2.5, abs=0.01)


def test_close_to_collapse_burst_sizes_fall_with_exponent_three_halves() -> None:
    # Pradhan, Hansen & Hemmer 2005: only bursts that begin at thresholds just below critical, 1/2
    one, two = expected_bursts(np.array([100, 200]), UNIFORM, begin=0.499)
    assert np.log2(one / two) == pytest.approx(1.5, abs=0.03)
    far, farther = expected_bursts(np.array([10_000_000, 20_000_000]), UNIFORM, begin=0.499)
    assert np.log2(far / farther) == pytest.approx(2.5, abs=0.03)


@pytest.mark.parametrize("thresholds", [[], [0.5, 0.0], [0.5, np.nan], [np.inf]])
@pytest.mark.parametrize("share", [share_equally, share_with_neighbours])
def test_thresholds_that_no_fibre_can_have_are_refused(share, thresholds: list[float]) -> None:
    with pytest.raises(ValueError, match="thresholds"):
        share(np.array(thresholds))


def test_a_burst_of_no_fibre_is_refused() -> None:
    with pytest.raises(ValueError, match="sizes"):
        expected_bursts(np.array([0]), UNIFORM)
    with pytest.raises(ValueError, match="begin"):
        expected_bursts(np.array([1]), UNIFORM, begin=1.0)

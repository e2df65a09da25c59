"""Leading eigenvalues against closed forms, May's bound and the overshoot wall."""

import numpy as np
import pytest
from scipy import sparse

from throffer.amplify import (
    Growth,
    System,
    constant_loss,
    equilibrium_of,
    jacobian,
    leading_eigenvalue,
    may_bound,
    overshoot_limit,
    random_couplings,
    shock_reach,
)
from throffer.series import links


@pytest.mark.parametrize("stages", [2, 3, 5])
def test_one_lagged_regime_loses_stability_at_the_overshoot_wall(stages: int) -> None:
    wall = float(overshoot_limit(stages))
    signs = [
        leading_eigenvalue(jacobian(np.array([g * wall]), lag=1.0, stages=stages)).value.real
        for g in (0.99, 1.0, 1.01)
    ]
    assert signs[0] < 0 < signs[2]
    assert signs[1] == pytest.approx(0, abs=1e-6)


def test_without_contagion_the_weakest_regime_decides() -> None:
    gain = np.array([0.5, 0.2, 0.9])
    assert leading_eigenvalue(jacobian(gain)).value == pytest.approx(-0.2)


def test_lag_maps_each_eigenvalue_of_the_couplings() -> None:
    # equal regimes, one stage: an eigenvalue b of the couplings gives l + g/(1 + l T) = b
    rng = np.random.default_rng(0)
    couplings = random_couplings(60, 0.2, 0.2, rng)
    gain, lag = 0.8, 1.5
    expected = -np.inf
    for b in np.linalg.eigvals(couplings.toarray()):
        # l^2 T + l (1 - b T) + g - b = 0
        expected = max(expected, np.roots([lag, 1 - b * lag, gain - b]).real.max())
    found = leading_eigenvalue(jacobian(np.full(60, gain), lag=lag, contagion=couplings))
    assert found.value.real == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("size", [300, 900])
def test_random_networks_lose_stability_at_mays_bound(size: int) -> None:
    rng = np.random.default_rng(1)
    connectance = 20 / size
    for gain, stable in ((1.2, True), (0.8, False)):
        spread = 1 / np.sqrt(size * connectance)
        assert may_bound(size, connectance, spread) == pytest.approx(1)
        couplings = random_couplings(size, connectance, spread, rng)
        found = leading_eigenvalue(jacobian(np.full(size, gain), contagion=couplings))
        assert found.converged
        assert (found.value.real < 0) is stable


def test_a_common_push_outgrows_the_circular_law() -> None:
    rng = np.random.default_rng(2)
    couplings = random_couplings(600, 0.05, 0.05, rng, mean=0.1)
    bound = may_bound(600, 0.05, 0.05, 0.1)
    assert bound == pytest.approx(599 * 0.05 * 0.1)
    found = leading_eigenvalue(jacobian(np.zeros(600), contagion=couplings))
    assert found.value.real == pytest.approx(bound, rel=0.05)


def test_the_iterative_solver_agrees_with_the_whole_matrix() -> None:
    rng = np.random.default_rng(3)
    matrix = jacobian(
        rng.uniform(0.5, 1, 250), lag=0.5, contagion=random_couplings(250, 0.1, 0.1, rng)
    )
    assert matrix.shape == (500, 500)
    whole = np.linalg.eigvals(matrix.toarray()).real.max()
    assert leading_eigenvalue(matrix).value.real == pytest.approx(whole, abs=3e-3)


@pytest.mark.parametrize("modularity", [0.0, 0.5, 1.0])
def test_modularity_moves_links_and_keeps_their_number(modularity: float) -> None:
    couplings = random_couplings(
        400, 0.05, 1.0, np.random.default_rng(4), modules=8, modularity=modularity
    )
    row, column = couplings.nonzero()
    assert couplings.diagonal().any() == np.False_
    assert row.size == pytest.approx(0.05 * 400**2, rel=0.06)
    inside = np.mean(row // 50 == column // 50)
    # (1 + 7 q)/8 of all links
    assert inside == pytest.approx((1 + 7 * modularity) / 8, abs=0.03)


def test_a_shock_stays_in_its_module_where_nothing_leads_out() -> None:
    couplings = random_couplings(200, 0.1, 0.1, np.random.default_rng(5), modules=4, modularity=1.0)
    moved = shock_reach(jacobian(np.ones(200), contagion=couplings), 3, 200)
    assert np.abs(moved[50:]).max() < 1e-12
    assert np.count_nonzero(np.abs(moved[:50]) > 1e-9) > 40


def test_a_shock_between_two_regimes_by_hand() -> None:
    # x' = -2 x + 1, y' = -y + 3 x: x = 1/2, y = 3/2
    passed = sparse.csr_array(np.array([[0.0, 0.0], [3.0, 0.0]]))
    moved = shock_reach(jacobian(np.array([2.0, 1.0]), contagion=passed), 0, 2)
    assert moved == pytest.approx([0.5, 1.5])


def test_rest_of_a_system_by_hand() -> None:
    system = System(
        growth=Growth(rate=0.0),
        loss=constant_loss(0.1),
        pace=1.0,
        capacity=1.0,
        saturation=1.0,
        lag=2.0,
        margin=5.0,
        links=links(np.array([[0.0, 0.3], [0.0, 0.0]])),
        values=np.array([[0.0], [1.0]]),
    )
    rest = equilibrium_of(system)
    # .1 + .3 x 1 and .1; gains .6^2 and .9^2
    assert rest.utilisation == pytest.approx([0.4, 0.1])
    assert rest.gain == pytest.approx([0.36, 0.81])
    assert rest.lag == pytest.approx([2, 2])


def test_a_regime_without_rest_has_no_jacobian() -> None:
    with pytest.raises(ValueError, match="without equilibrium"):
        jacobian(np.array([0.5, np.nan]))


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"connectance": 0.0}, "connectance"),
        ({"modularity": 1.0, "modules": 20}, "chance"),
        ({"modules": 3}, "modules"),
    ],
)
def test_networks_that_cannot_be_are_refused(changed: dict, message: str) -> None:
    asked = {"size": 100, "connectance": 0.1, "spread": 1.0} | changed
    with pytest.raises(ValueError, match=message):
        random_couplings(**asked, rng=np.random.default_rng(0))


@pytest.mark.slow
def test_ten_thousand_regimes_obey_mays_bound() -> None:
    size, links_each = 10_000, 20
    couplings = random_couplings(
        size, links_each / size, 1 / np.sqrt(links_each), np.random.default_rng(6)
    )
    found = leading_eigenvalue(jacobian(np.ones(size), contagion=couplings))
    assert found.converged
    assert found.value.real == pytest.approx(0, abs=0.03)

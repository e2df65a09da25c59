"""Conduct probabilities compared with enumeration, a fine grid, finite differences and theory."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.game.brute import logit_conducts, random_dyads, single
from throffer.game import CELLS, Preferences, conduct_probabilities
from throffer.structure import Conduct, Dyad

UNSANCTIONED = np.array([not conduct.sanctioned for conduct in Conduct])
FINE = 4_000
BATCH = 150


def random_preferences(seed, count, *, equal=False, guilt=0.4):
    """Random preferences with precisions up to 20; if `equal`, one norm for all unsanctioned."""
    rng = np.random.default_rng(seed)
    norms = rng.normal(0, 1, (count, len(Conduct)))
    if equal:
        norms = np.where(UNSANCTIONED, rng.uniform(0, 2, (count, 1)), 0.0)
    return Preferences(
        precision=rng.uniform(1, 20, count),
        guilt=rng.uniform(0, guilt, count),
        norms=norms,
        counterpart_precision=rng.uniform(1, 20, count),
        counterpart_envy=rng.uniform(0, 0.8, count),
    )


def many(preferences, count):
    """Repeat preferences for every dyad of a batch."""
    return Preferences(
        **{
            name: np.broadcast_to(np.asarray(value, float), (count, *np.shape(value)))
            for name, value in vars(preferences).items()
        }
    )


def unsanctioned(dyad, preferences, cells=CELLS):
    return (conduct_probabilities(dyad, preferences, cells=cells) * UNSANCTIONED).sum(-1)


@pytest.fixture
def x64():
    with jax.enable_x64(True):
        yield


@pytest.mark.parametrize("index", range(8))
def test_the_fine_grid_agrees_with_enumeration(x64, index):
    dyads, preferences = random_dyads(1, 8), random_preferences(1, 8)
    one = jax.tree.map(lambda leaf: leaf[index], preferences)
    listed = logit_conducts(
        single(dyads, index),
        40_000,
        precision=float(one.precision),
        norms=one.norms,
        guilt=float(one.guilt),
        envy=float(one.counterpart_envy),
        counterpart_precision=float(one.counterpart_precision),
    )
    ours = np.asarray(conduct_probabilities(dyads[index], one, cells=FINE))
    # unsplit cells of the enumeration: up to 1/40,000 of the largest density
    assert ours == pytest.approx(listed, abs=5e-4)


def test_fifty_cells_are_within_the_stated_error_of_four_thousand(x64):
    # the bound stated at CELLS, on harms up to 5
    rng = np.random.default_rng(2)
    dyads = random_dyads(
        2, BATCH, force=rng.uniform(0, 5, BATCH), leverage=rng.uniform(0, 5, BATCH)
    )
    preferences = random_preferences(2, BATCH)
    coarse = conduct_probabilities(dyads, preferences)
    fine = conduct_probabilities(dyads, preferences, cells=FINE)
    error = np.abs(coarse - fine).max(-1)
    assert error.max() < 0.035
    assert np.median(error) < 2e-4


def test_gradients_are_the_finite_differences_of_the_fine_solution(x64):
    count, step = BATCH, 1e-5
    dyads = random_dyads(3, count, veto=np.random.default_rng(3).uniform(0.05, 0.95, count))
    # away from the two places where conduct has no derivative: rank at one half, no opacity room
    dyads = dyads.replace(
        legitimacy=np.where(np.abs(dyads.legitimacy - 0.5) < 0.01, 0.6, dyads.legitimacy),
        opacity=np.clip(dyads.opacity, 0.01, 0.99),
        finality=np.clip(dyads.finality, 0.01, 0.99),
    )
    preferences = random_preferences(3, count)
    given_ = jax.tree.map(jnp.asarray, (dyads, preferences))
    exact = jax.grad(lambda both: unsanctioned(*both).sum())(given_)
    fine = jax.jit(lambda both: unsanctioned(*both, cells=FINE))
    errors = []
    for tree, slope in zip(given_, exact, strict=True):
        for name, values in vars(tree).items():
            if name == "norms":
                continue
            ends = []
            for shift in (step, -step):
                moved = tree.replace(**{name: values + shift})
                ends.append(fine((moved, given_[1]) if tree is given_[0] else (given_[0], moved)))
            errors.append(np.abs(getattr(slope, name) - (ends[0] - ends[1]) / (2 * step)))
    errors = np.stack(errors)
    assert np.median(errors) < 5e-4
    assert np.quantile(errors, 0.99) < 0.1


@pytest.mark.slow  # compiles two derivatives
def test_a_large_batch_in_pieces_has_the_gradient_of_the_whole(x64):
    dyads, preferences = random_dyads(4, 23), random_preferences(4, 23)

    def slope(chunk):
        total = lambda d: conduct_probabilities(d, preferences, chunk=chunk)[:, 6].sum()  # noqa: E731
        return jax.grad(total)(jax.tree.map(jnp.asarray, dyads))

    for whole, pieces in zip(jax.tree.leaves(slope(100)), jax.tree.leaves(slope(5)), strict=True):
        assert np.asarray(pieces) == pytest.approx(np.asarray(whole), rel=1e-12, abs=1e-14)


def test_the_modal_conducts_over_the_cube_are_those_that_the_theory_states():
    axis = (np.arange(20) + 0.5) / 20 * 0.999
    p, i, c = np.meshgrid(axis, axis, axis, indexing="ij")
    shares = conduct_probabilities(Dyad.from_asymmetry(p, i, c), Preferences.of())
    modal = np.bincount(np.asarray(shares).argmax(-1).ravel(), minlength=10) / axis.size**3
    stated = {
        Conduct.AUTHORITY: 0.40,
        Conduct.EXTORTION: 0.26,
        Conduct.DECEPTION: 0.14,
        Conduct.BLACKMAIL: 0.11,
        Conduct.WITHDRAW: 0.05,
    }
    for conduct, share in stated.items():
        assert modal[conduct.code] == pytest.approx(share, abs=0.02), conduct
    assert 0 < modal[[0, 1, 2, 3]].sum() < 0.08


# --- comparative statics -------------------------------------------------------------------
# P(unsanctioned), where all that is not sanctioned has one norm against it


SAMPLE = 300


@jax.jit
@jax.grad
def slopes(dyads, preferences):
    return unsanctioned(dyads, preferences, cells=200).sum()


def slope_of(name, dyads, preferences):
    dyads = jax.tree.map(jnp.asarray, dyads.broadcast())
    return np.asarray(getattr(slopes(dyads, preferences), name))


def test_oversight_never_raises_the_unsanctioned_if_rank_is_recognised_fully_or_not_at_all(x64):
    # exact, for any norms: every unsanctioned proposal pays z, and no sanctioned one does
    for legitimacy in (np.random.default_rng(5).uniform(0, 0.49, SAMPLE), 1.0):
        dyads = random_dyads(5, SAMPLE, legitimacy=legitimacy)
        assert slope_of("oversight", dyads, random_preferences(5, SAMPLE)).max() < 1e-12


def test_oversight_can_raise_the_unsanctioned_where_authority_pays_part_of_it(x64):
    # authority pays (1 - l) z, a falsehood that cannot be found out pays none
    dyad = Dyad.from_asymmetry(
        0.5, 0.0, 0.5, legitimacy=0.5, opacity=1.0, leverage=0.0, deceit_gain=0.6, future=0.0
    )
    preferences = Preferences.of(guilt=0.0, counterpart_envy=0.0, norms={"extortion": 100.0})
    ends = [unsanctioned(dyad.replace(oversight=z), preferences, 400) for z in (0.2, 0.4)]
    assert ends[1] - ends[0] > 0.002


@pytest.mark.parametrize(
    ("name", "sign", "slack"),
    [
        ("leverage_cost", -1, 1e-3),
        ("opacity", 1, 1e-9),
        # a longer reach spreads the menu over a wider range of terms, few of them worth while
        ("leverage", 1, 0.01),
    ],
)
@pytest.mark.parametrize("veto", [None, 1.0])
def test_information_moves_the_unsanctioned_in_one_direction(x64, name, sign, slack, veto):
    fixed = {} if veto is None else {"veto": veto}
    dyads = random_dyads(6, SAMPLE, **fixed)
    slope = slope_of(name, dyads, random_preferences(6, SAMPLE, equal=True))
    assert (sign * slope).min() > -slack


@pytest.mark.parametrize(("name", "sign", "slack"), [("force_cost", -1, 1e-3), ("force", 1, 0.01)])
@pytest.mark.parametrize("veto", [None, 1.0])
def test_force_moves_the_unsanctioned_in_one_direction_without_rank(x64, name, sign, slack, veto):
    fixed = {} if veto is None else {"veto": veto}
    legitimacy = np.random.default_rng(7).uniform(0, 0.49, SAMPLE)
    dyads = random_dyads(7, SAMPLE, legitimacy=legitimacy, **fixed)
    slope = slope_of(name, dyads, random_preferences(7, SAMPLE, equal=True))
    assert (sign * slope).min() > -slack


def test_with_rank_force_replaces_falsehood_and_blackmail():
    # l = .9: a little force is authority, and what it earns need not be lied for
    force = np.array([0.0, 0.5, 2.0])
    dyads = Dyad.from_asymmetry(0.0, 0.75, 0.9, force=force, force_cost=0.4 * force)
    none, some, much = np.asarray(unsanctioned(dyads, Preferences.of()))
    assert none - some > 0.15
    assert much > none


def test_without_rank_more_force_never_lowers_the_unsanctioned_by_more_than_a_hundredth(x64):
    # where the last word is the counterpart's (w near 0) a threat earns nothing, and a larger one
    # spreads the menu over more terms that are not worth while
    force = np.linspace(0, 5, 11)
    rng = np.random.default_rng(20)
    legitimacy = rng.uniform(0, 0.49, 60)
    dyads = random_dyads(20, 60, legitimacy=legitimacy, veto=1.0, leverage=0.0, deceit_gain=0.0)
    columns = {name: np.asarray(value)[..., None] for name, value in dyads.as_dict().items()}
    shares = np.asarray(unsanctioned(Dyad(**columns | {"force": force}), Preferences.of()))
    assert (np.maximum.accumulate(shares, 1) - shares).max() < 0.01


# --- invariances ---------------------------------------------------------------------------


def test_probabilities_sum_to_one_and_none_is_negative():
    shares = conduct_probabilities(random_dyads(8, BATCH), random_preferences(8, BATCH), lapse=0.1)
    assert shares.shape == (BATCH, 10)
    assert np.asarray(shares.sum(-1)) == pytest.approx(np.ones(BATCH), abs=1e-5)
    assert shares.min() >= 0


def test_every_dyad_is_solved_on_its_own(x64):
    dyads, preferences = random_dyads(9, BATCH), random_preferences(9, BATCH)
    order = np.random.default_rng(9).permutation(BATCH)
    whole = np.asarray(conduct_probabilities(dyads, preferences, chunk=64))
    shuffled = jax.tree.map(lambda leaf: leaf[order], preferences)
    assert np.asarray(conduct_probabilities(dyads[order], shuffled)) == pytest.approx(whole[order])
    alone = jax.tree.map(lambda leaf: leaf[4], preferences)
    assert np.asarray(conduct_probabilities(dyads[4], alone)) == pytest.approx(whole[4])


def test_shapes_broadcast_as_numpy_does(x64):
    dyads = random_dyads(10, 3)
    many = Dyad(**{name: np.asarray(value)[:, None] for name, value in dyads.as_dict().items()})
    preferences = random_preferences(10, 4)
    table = conduct_probabilities(many, preferences, lapse=np.full((2, 1, 1), 0.05))
    assert table.shape == (2, 3, 4, 10)
    one = jax.tree.map(lambda leaf: leaf[3], preferences)
    expected = conduct_probabilities(dyads[2], one, lapse=0.05)
    assert np.asarray(table[1, 2, 3]) == pytest.approx(np.asarray(expected))


def test_an_empty_batch_gives_an_empty_result():
    assert conduct_probabilities(random_dyads(11, 0), Preferences.of()).shape == (0, 10)


def test_it_works_under_vmap_and_jit(x64):
    dyads, preferences = random_dyads(12, BATCH), random_preferences(12, BATCH)
    whole = conduct_probabilities(dyads, preferences)
    mapped = jax.jit(jax.vmap(conduct_probabilities))(dyads, preferences)
    assert np.asarray(mapped) == pytest.approx(np.asarray(whole))


def test_a_value_that_was_used_in_double_precision_works_in_single():
    preferences, dyads = many(Preferences.of(), BATCH), random_dyads(13, BATCH)
    with jax.enable_x64(True):
        jax.jit(lambda d: conduct_probabilities(d, preferences).sum())(dyads)
    assert conduct_probabilities(dyads, preferences).dtype == np.float32


def test_single_precision_agrees_with_double():
    dyads, preferences = random_dyads(14, BATCH), random_preferences(14, BATCH)
    single_ = conduct_probabilities(dyads, preferences)
    with jax.enable_x64(True):
        double = conduct_probabilities(dyads, preferences)
    assert (single_.dtype, double.dtype) == (np.float32, np.float64)
    assert np.abs(np.asarray(single_) - np.asarray(double)).max() < 2e-5


def test_single_precision_suffices_for_extreme_precision_harm_sanction_and_norm():
    # exponents of thousands: a best response, and never nan
    dyads = random_dyads(15, BATCH, force=20.0, oversight=2.0)
    sharp = Preferences.of(precision=200, norms=50.0, counterpart_precision=200)
    preferences = many(sharp, BATCH)
    single_ = conduct_probabilities(dyads, preferences)
    with jax.enable_x64(True):
        double = conduct_probabilities(dyads, preferences)
    assert np.isfinite(np.asarray(single_)).all()
    assert np.abs(np.asarray(single_) - np.asarray(double)).max() < 5e-3


def test_a_forbidden_conduct_does_not_occur_however_much_it_pays():
    never = dict.fromkeys(("pressure", "extortion", "blackmail", "deception"), 1e4)
    dyad = Dyad.from_asymmetry(0.95, 0.9, 0.9)
    shares = conduct_probabilities(dyad, Preferences.of(precision=50, norms=never))
    assert float((shares * UNSANCTIONED).sum()) < 1e-6


def test_norms_against_offers_count_as_the_others_do(x64):
    # log odds of generous against even move by the norm, and nothing else between them
    dyad = random_dyads(16, 1)[0]
    before = np.log(conduct_probabilities(dyad, Preferences.of(norms={})))
    after = np.log(conduct_probabilities(dyad, Preferences.of(norms={"generous": 0.7})))
    assert (after[0] - after[1]) - (before[0] - before[1]) == pytest.approx(-0.7)


def test_without_a_gain_all_offers_are_even():
    dyad = random_dyads(17, 1, outside_agent=0.7, outside_counterpart=0.6)[0]
    shares = conduct_probabilities(dyad, Preferences.of(), lapse=0.2)
    assert shares[Conduct.EVEN.code] > 0
    assert np.asarray(shares)[[0, 2, 3]].tolist() == [0.0, 0.0, 0.0]


def test_a_lapse_draws_from_the_weights_alone(x64):
    # no leverage, no gain from deceit: one block of offers, one of force (weight .9/1.0), withdraw.
    # h = .9, k = .2, G = .5: S = 1.6, edge .9/1.6 = .5625. Sum of weights 1 + .9 + 1 = 2.9
    dyad = random_dyads(
        18,
        1,
        outside_agent=0.2,
        outside_counterpart=0.3,
        force=0.9,
        force_cost=0.2,
        legitimacy=0.9,
        leverage=0.0,
        deceit_gain=0.0,
    )[0]
    shares = np.asarray(conduct_probabilities(dyad, Preferences.of(), lapse=1.0)) * 2.9
    expected = [0.4, 0.2, 0.2, 0.2, 0.9 * 0.4375, 0, 0.9 * 0.5625, 0, 0, 1]
    assert shares == pytest.approx(np.array(expected))


@given(shift=st.floats(-0.5, 0.5))
def test_conduct_depends_on_the_outside_options_only_through_the_gain(shift):
    dyad = random_dyads(19, 1)[0]
    moved = dyad.replace(
        outside_agent=dyad.outside_agent + shift,
        outside_counterpart=dyad.outside_counterpart - shift,
    )
    with jax.enable_x64(True):
        here, there = (conduct_probabilities(one, Preferences.of()) for one in (dyad, moved))
    assert np.asarray(there) == pytest.approx(np.asarray(here), abs=1e-10)

"""The dyad: which values are valid, broadcasting, and the asymmetry coordinates."""

import math

import jax
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jaxtyping import TypeCheckError

from throffer.structure import FIELDS, Dyad

PLAIN = {
    "outside_agent": 0.1,
    "outside_counterpart": 0.3,
    "finality": 0.5,
    "veto": 1.0,
    "force": 0.5,
    "force_cost": 0.2,
    "legitimacy": 0.9,
    "leverage": 0.25,
    "leverage_cost": 0.1,
    "opacity": 0.5,
    "deceit_gain": 0.8,
    "oversight": 0.2,
    "future": 0.1,
}

BOUNDED = [name for name, span in FIELDS.items() if math.isfinite(span.low)]
PROBABILITIES = [name for name, span in FIELDS.items() if span.high == 1]

coordinate = st.floats(0, 0.99)


def test_the_thirteen_fields_have_the_order_of_the_theory():
    assert list(FIELDS) == list(PLAIN)


@pytest.mark.parametrize("name", BOUNDED)
def test_a_value_below_the_range_is_named_with_its_field_and_range(name):
    with pytest.raises(ValueError, match=rf"{name} = -0\.25 is outside \[0, (1|inf)\]"):
        Dyad.validated(**PLAIN | {name: -0.25})


@pytest.mark.parametrize("name", PROBABILITIES)
def test_a_value_above_the_range_is_named_with_its_field_and_range(name):
    with pytest.raises(ValueError, match=rf"{name} = 1\.5 is outside \[0, 1\]"):
        Dyad.validated(**PLAIN | {name: 1.5})


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("name", FIELDS)
def test_every_field_rejects_numbers_that_are_not_finite(name, value):
    with pytest.raises(ValueError, match=name):
        Dyad.validated(**PLAIN | {name: value})


def test_one_bad_entry_of_an_array_is_found_and_named():
    with pytest.raises(ValueError, match=r"opacity = 1\.1 "):
        Dyad.validated(**PLAIN | {"opacity": [0.2, 1.1, 0.3]})


def test_text_is_rejected():
    with pytest.raises(ValueError, match=r"force = 'much' is not a number"):
        Dyad.validated(**PLAIN | {"force": "much"})


def test_a_missing_field_is_named():
    with pytest.raises(ValueError, match="missing dyad fields: veto"):
        Dyad.validated(**{name: value for name, value in PLAIN.items() if name != "veto"})


def test_an_unknown_field_is_named():
    with pytest.raises(ValueError, match="unknown dyad fields: power"):
        Dyad.validated(**PLAIN, power=1.0)


def test_outside_options_may_be_negative_and_the_gain_too():
    dyad = Dyad.validated(**PLAIN | {"outside_agent": 1.5, "outside_counterpart": -0.2})
    assert float(dyad.gain) == pytest.approx(1 - 1.5 + 0.2)


def test_shapes_that_do_not_broadcast_are_listed():
    with pytest.raises(ValueError, match=r"do not broadcast.*force \(2,\).*opacity \(3,\)"):
        Dyad.validated(**PLAIN | {"force": [1, 2], "opacity": [0.1, 0.2, 0.3]})


def test_fields_broadcast_together():
    dyad = Dyad.validated(**PLAIN | {"force": np.ones((4, 1)), "opacity": np.zeros(3)})
    assert dyad.shape == (4, 3)
    assert {array.shape for array in dyad.broadcast().as_dict().values()} == {(4, 3)}


def test_indexing_takes_the_same_dyads_from_every_field():
    force, opacity = np.arange(4.0)[:, None], np.linspace(0, 1, 3)
    dyad = Dyad.validated(**PLAIN | {"force": force, "opacity": opacity})
    one = dyad[2, 1]
    assert (float(one.force), float(one.opacity), float(one.veto)) == (2.0, 0.5, 1.0)
    assert dyad[1:3].shape == (2, 3)
    assert dyad[dyad.broadcast().force > 1].shape == (6,)


def test_a_dyad_passes_through_transformations():
    dyad = Dyad.validated(**PLAIN | {"force": [0.5, 1.5]})
    axes = jax.tree.map(lambda leaf: 0 if leaf.ndim else None, dyad)
    sums = jax.vmap(lambda one, more: one.force + one.veto + more, in_axes=(axes, None))(dyad, 1.0)
    assert sums.tolist() == [2.5, 3.5]
    assert jax.tree.map(np.shape, dyad).force == (2,)


def test_the_constructor_checks_shapes_in_tests():
    with pytest.raises(TypeCheckError):
        Dyad(**PLAIN | {"force": "much"})


@given(power=coordinate, information=coordinate, constraint=coordinate)
def test_asymmetry_inverts_its_family_exactly(power, information, constraint):
    with jax.enable_x64(True):
        back = Dyad.from_asymmetry(power, information, constraint).asymmetry()
        assert float(back.power) == pytest.approx(power, abs=1e-14)
        assert float(back.information) == pytest.approx(information, abs=1e-14)
        assert float(back.constraint) == pytest.approx(constraint, abs=1e-14)


def test_from_asymmetry_uses_the_numbers_of_the_theory():
    # p = .8: h_F = 4, k_F = 1.6; i = .5: o = .5, h_L = .25; c = .5: w = .75, b = .3 / 2
    dyad = Dyad.from_asymmetry(0.8, 0.5, 0.5)
    expected = PLAIN | {
        "outside_counterpart": 0.15,
        "finality": 0.75,
        "force": 4.0,
        "force_cost": 1.6,
        "opacity": 0.5,
        "leverage": 0.25,
    }
    assert {k: float(v) for k, v in dyad.as_dict().items()} == pytest.approx(expected)


def test_the_base_of_the_outside_option_and_other_fields_can_be_given():
    dyad = Dyad.from_asymmetry(0.0, 0.0, 0.5, base_outside_counterpart=0.4, oversight=2.0)
    assert float(dyad.outside_counterpart) == pytest.approx(0.2)
    assert float(dyad.oversight) == 2.0


@pytest.mark.parametrize("power", [-0.1, 1.0, math.nan])
def test_a_coordinate_outside_its_range_is_an_error(power):
    with pytest.raises(ValueError, match=r"power = .* is outside \[0, 1\)"):
        Dyad.from_asymmetry(power, 0.0, 0.0)


@given(
    force=st.floats(0, 1e6),
    leverage=st.floats(0, 1e6),
    opacity=st.floats(0, 1),
    finality=st.floats(0, 1),
)
def test_every_dyad_has_coordinates_between_zero_and_one(force, leverage, opacity, finality):
    changed = {"force": force, "leverage": leverage, "opacity": opacity, "finality": finality}
    with jax.enable_x64(True):
        place = Dyad.validated(**PLAIN | changed).asymmetry()
        assert all(0 <= float(value) <= 1 for value in place)
        assert float(place.power) < 1


def test_information_is_the_larger_of_opacity_and_leverage():
    hidden = Dyad.validated(**PLAIN | {"opacity": 0.7, "leverage": 0.25})
    known = Dyad.validated(**PLAIN | {"opacity": 0.1, "leverage": 0.25})
    assert float(hidden.asymmetry().information) == pytest.approx(0.7)
    assert float(known.asymmetry().information) == pytest.approx(0.5)


def test_a_counterpart_with_the_stronger_last_word_has_constraint_zero():
    assert float(Dyad.validated(**PLAIN | {"finality": 0.2}).asymmetry().constraint) == 0.0

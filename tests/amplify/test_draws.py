"""The generator against published vectors and JAX's own; the normals against their law."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.extend.random import threefry_2x32
from scipy import stats

from throffer.amplify._draws import key_words, normal_pair, threefry

COUNT = 1 << 17


@pytest.mark.parametrize(
    ("counter", "key", "words"),
    [
        # threefry2x32, 13 rounds: known answers of Random123 1.14 (tests/kat_vectors)
        ((0, 0), (0, 0), (0x9D1C5EC6, 0x8BD50731)),
        ((0xFFFFFFFF, 0xFFFFFFFF), (0xFFFFFFFF, 0xFFFFFFFF), (0xFD36D048, 0x2D17272C)),
        ((0x243F6A88, 0x85A308D3), (0x13198A2E, 0x03707344), (0xBA3E4725, 0xF27D669E)),
    ],
)
def test_words_are_the_known_answers(counter: tuple, key: tuple, words: tuple) -> None:
    made = threefry(tuple(map(np.uint32, key)), tuple(map(jnp.uint32, counter)))
    assert tuple(int(word) for word in made) == words


def test_twenty_rounds_are_the_generator_of_jax() -> None:
    counter = np.arange(8, dtype=np.uint32)
    expected = threefry_2x32(np.array([7, 9], np.uint32), counter)
    made = threefry((np.uint32(7), np.uint32(9)), (counter[:4], counter[4:]), rounds=20)
    assert np.concatenate(made).tolist() == np.asarray(expected).tolist()


def test_normals_have_the_normal_law_and_its_tails_and_pairs_are_independent() -> None:
    ids = jnp.arange(COUNT, dtype=jnp.uint32)
    one, other = (np.asarray(z) for z in normal_pair(*threefry(key_words(11), (ids, ids * 0))))
    for z in (one, other):
        assert stats.kstest(z, "norm").pvalue > 1e-3
        assert (np.abs(z) > 3).mean() == pytest.approx(2 * stats.norm.sf(3), rel=0.15)
    assert np.abs(stats.spearmanr(one, other).statistic) < 4 / COUNT**0.5
    assert np.abs(stats.spearmanr(one**2, other**2).statistic) < 4 / COUNT**0.5


def test_the_angle_goes_round_the_whole_circle_once() -> None:
    angle = jnp.asarray(np.arange(0, 2**32, 2**16), jnp.uint32)
    x, y = (np.asarray(z, float) for z in normal_pair(jnp.full_like(angle, 2**31), angle))
    radius = np.hypot(x, y)
    assert radius == pytest.approx(radius[0], rel=1e-6)
    turned = np.sort(np.arctan2(y, x))
    assert np.diff(turned) == pytest.approx(2 * np.pi / angle.size, rel=2e-2)


def test_a_seed_beyond_its_range_is_named() -> None:
    with pytest.raises(ValueError, match="seed = -1"):
        key_words(-1)
    assert jax.tree.map(int, key_words(2**32 + 5)) == (5, 1)

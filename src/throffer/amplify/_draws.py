"""Counter-based normal draws: Threefry 2x32 with 13 rounds, then Box-Muller.

A draw depends only on (seed, trajectory, position). The same trajectory therefore gets the same
noise in any batch, in any order and on any device, and nothing is stored. JAX's own generator is
the same cipher with 20 rounds, run as a separate loop; written out here, it fuses with the dynamics
and takes a fraction of the time. 13 rounds pass BigCrush (Salmon, Moraes, Dror &
Shaw 2011, Parallel random numbers: as easy as 1, 2, 3).
"""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, UInt32

ROUNDS = 13
ROTATIONS = (13, 15, 26, 6, 17, 29, 16, 24)
PARITY = np.uint32(0x1BD11BDA)


def threefry(
    key: tuple[UInt32[Array, ""], UInt32[Array, ""]],
    counter: tuple[UInt32[Array, "*#batch"], UInt32[Array, "*#batch"]],
    rounds: int = ROUNDS,
) -> tuple[UInt32[Array, "*batch"], UInt32[Array, "*batch"]]:
    """Two words of random bits for each counter."""
    keys = (key[0], key[1], key[0] ^ key[1] ^ PARITY)
    left, right = counter[0] + keys[0], counter[1] + keys[1]
    for count in range(rounds):
        left = left + right
        turn = ROTATIONS[count % 8]
        right = ((right << np.uint32(turn)) | (right >> np.uint32(32 - turn))) ^ left
        if count % 4 == 3:
            injected = count // 4 + 1
            left = left + keys[injected % 3]
            right = right + keys[(injected + 1) % 3] + np.uint32(injected)
    return left, right


def normal_pair(
    first: UInt32[Array, "*batch"], second: UInt32[Array, "*batch"]
) -> tuple[Float[Array, "*batch"], Float[Array, "*batch"]]:
    """Two independent standard normals in single precision from two words (Box & Muller 1958).

    The radius has 31 bits (it reaches 6.7), the angle 31: two for the quadrant, 29 within it, where
    sine and cosine are short polynomials (error below 1e-7) that compile to vector code.
    """
    half = np.float32(0.5)
    uniform = (_signed(first >> np.uint32(1)) + half) * np.float32(2.0**-31)
    radius = jnp.sqrt(-2 * jnp.log(uniform))
    quadrant = second >> np.uint32(30)
    within = _signed((second << np.uint32(2)) >> np.uint32(3)) * np.float32(2.0**-29) - half
    sine, cosine = _quarter(within * np.float32(np.pi / 2))
    odd = (quadrant & 1) == 1
    one, other = jnp.where(odd, sine, cosine), jnp.where(odd, cosine, sine)
    one = jnp.where((quadrant & 2) == 2, -one, one)
    other = jnp.where(((quadrant + 1) & 2) == 2, -other, other)
    return radius * one, radius * other


def key_words(seed: int) -> tuple[np.uint32, np.uint32]:
    """Split a seed in [0, 2^64) into the two words of a key; `ValueError` outside that range."""
    if not 0 <= seed < 2**64:
        raise ValueError(f"seed = {seed} must lie between 0 and 2^64 - 1")
    return np.uint32(seed & 0xFFFFFFFF), np.uint32(seed >> 32)


def _signed(bits: UInt32[Array, "*batch"]) -> Float[Array, "*batch"]:
    """Words below 2^31 as floats, through signed integers, which vector units can convert."""
    return bits.astype(jnp.int32).astype(jnp.float32)


def _quarter(x: Float[Array, "*batch"]) -> tuple[Float[Array, "*batch"], Float[Array, "*batch"]]:
    """Sine and cosine on [-pi/4, pi/4] (minimax coefficients of Cephes, sinf and cosf)."""
    square = x * x
    sine = -1.9515295891e-4 * square + 8.3321608736e-3
    sine = x + x * square * (sine * square - 1.6666654611e-1)
    cosine = 2.443315711809948e-5 * square - 1.388731625493765e-3
    cosine = 1 - 0.5 * square + square * square * (cosine * square + 4.166664568298827e-2)
    return sine, cosine

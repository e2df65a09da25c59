"""Memory kernels: the distribution of the lags between an event and its offspring.

A kernel is a density h on lags above 0; the branching ratio n is a separate factor. Each kernel is
written as a mixture of exponentials, exactly or approximately, because the likelihood then takes
time linear in the number of events (Ozaki 1979; for power laws Bochud and Challet 2007).
"""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from jax.scipy.special import gammaln
from jaxtyping import Array, Float

Scalar = float | Float[Array, ""]

STEP = 0.6
"""Spacing of the logarithms of decay rates in a power law's mixture; smaller is more exact."""

TERMS = 56
"""Terms of that mixture."""

HIGHEST = float(np.log(40.0))
"""Logarithm of the fastest decay rate, in units of 1/cutoff; faster ones have weight exp(-40)."""


class Exponential(NamedTuple):
    """h(t) = rate exp(-rate t); `rate` > 0 in one over the unit of time."""

    rate: Scalar

    def density(self, lag: Float[Array, "..."]) -> Float[Array, "..."]:
        """The density h at a lag of at least 0."""
        return self.rate * jnp.exp(-self.rate * lag)

    def cumulative(self, lag: Float[Array, "..."]) -> Float[Array, "..."]:
        """Share of the offspring with at most this lag."""
        return -jnp.expm1(-self.rate * lag)

    def mixture(self) -> tuple[Float[Array, "term"], Float[Array, "term"]]:
        """Weights w and decay rates s with h(t) = sum of w exp(-s t)."""
        rate = jnp.asarray(self.rate)[None]
        return rate, rate

    def draw(self, rng: np.random.Generator, size: int) -> Float[np.ndarray, "draw"]:
        """Random lags."""
        return rng.exponential(1 / float(self.rate), size)


class PowerLaw(NamedTuple):
    """h(t) = theta c^theta / (t + c)^(1 + theta): the bare memory of theory, section 6.

    The mixture comes from h(t) = theta c^theta / Gamma(1 + theta) times the integral of
    s^theta exp(-s (t + c)) over s, by the trapezoidal rule in log s. Its relative error is below
    2e-5 for theta in [0.05, 1] and 4e-4 up to theta = 3, at lags up to 1e8 cutoffs.

    Attributes:
        exponent: theta > 0; for theta near 0 much of the offspring comes after the window ends.
        cutoff: c > 0, in the unit of time, below which the kernel is flat.
    """

    exponent: Scalar
    cutoff: Scalar

    def density(self, lag: Float[Array, "..."]) -> Float[Array, "..."]:
        """The density h at a lag of at least 0."""
        return self.exponent / self.cutoff * (1 + lag / self.cutoff) ** (-1 - self.exponent)

    def cumulative(self, lag: Float[Array, "..."]) -> Float[Array, "..."]:
        """Share of the offspring with at most this lag."""
        return -jnp.expm1(-self.exponent * jnp.log1p(lag / self.cutoff))

    def mixture(self) -> tuple[Float[Array, "term"], Float[Array, "term"]]:
        """Weights w and decay rates s with h(t) close to the sum of w exp(-s t)."""
        level = HIGHEST - STEP * jnp.arange(TERMS)
        theta = self.exponent
        logarithm = (
            jnp.log(theta * STEP / self.cutoff)
            - gammaln(1.0 + theta)
            + (1 + theta) * level
            - jnp.exp(level)
        )
        return jnp.exp(logarithm), jnp.exp(level) / self.cutoff

    def draw(self, rng: np.random.Generator, size: int) -> Float[np.ndarray, "draw"]:
        """Random lags, by inversion."""
        exponent, cutoff = float(self.exponent), float(self.cutoff)
        return cutoff * np.expm1(rng.exponential(1 / exponent, size))


Kernel = Exponential | PowerLaw

KERNELS: dict[str, type[Exponential] | type[PowerLaw]] = {
    "exponential": Exponential,
    "power_law": PowerLaw,
}
"""Kernels by name."""

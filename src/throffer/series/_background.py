"""The background rate: events that no earlier event of the series triggered; it may drift."""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float


class Background(NamedTuple):
    """A rate whose logarithm is linear between knots and constant beyond them.

    Attributes:
        knots: increasing times; a single one makes the rate constant.
        log_rates: logarithm of the rate at each knot; rates are per unit of time.
    """

    knots: Float[Array, "knot"]
    log_rates: Float[Array, "knot"]

    def rate(self, times: Float[Array, "..."]) -> Float[Array, "..."]:
        """Rate at any times."""
        if self.knots.shape[0] == 1:  # avoids a search through knots in the innermost loop
            return jnp.full(jnp.shape(times), jnp.exp(self.log_rates[0]))
        return jnp.exp(jnp.interp(times, self.knots, self.log_rates))

    def integral(self, start: Float[Array, "..."], end: Float[Array, "..."]) -> Float[Array, "..."]:
        """Expected number of background events from `start` to `end`, in closed form."""
        return self._until(end) - self._until(start)

    def _until(self, times: Float[Array, "..."]) -> Float[Array, "..."]:
        """Integral from the first knot, negative before it."""
        knots, logs = jnp.asarray(self.knots), jnp.asarray(self.log_rates)
        first, last = knots[0], knots[-1]
        pieces = _piece(jnp.diff(knots), logs[:-1], logs[1:])
        whole = jnp.concatenate([jnp.zeros(1), jnp.cumsum(pieces)])
        place = jnp.clip(jnp.searchsorted(knots, times, side="right") - 1, 0, knots.size - 1)
        inside = jnp.clip(times, first, last)
        part = _piece(inside - knots[place], logs[place], jnp.interp(inside, knots, logs))
        before = jnp.minimum(times - first, 0) * jnp.exp(logs[0])
        after = jnp.maximum(times - last, 0) * jnp.exp(logs[-1])
        return whole[place] + part + before + after


def even_knots(start: float, end: float, count: int) -> Float[np.ndarray, "knot"]:
    """`count` knots from `start` to `end`; one knot lies in the middle.

    Raises:
        ValueError: For a count below 1.
    """
    if count < 1:
        raise ValueError(f"knots = {count}; at least 1 is needed")
    return np.linspace(start, end, count) if count > 1 else np.array([(start + end) / 2])


def _piece(
    width: Float[Array, "..."], low: Float[Array, "..."], high: Float[Array, "..."]
) -> Float[Array, "..."]:
    """Integral of exp over a linear piece: width exp(low) (exp(d) - 1)/d with d = high - low."""
    rise = high - low
    near = jnp.abs(rise) < 1e-4
    safe = jnp.where(near, 1.0, rise)
    mean = jnp.where(near, 1 + rise / 2 + rise**2 / 6, jnp.expm1(safe) / safe)
    return width * jnp.exp(low) * mean

"""The Hawkes process: background events, and events that trigger further events.

lambda(t) = mu(t) + n sum over t_i < t of g_i h(t - t_i)

n is the branching ratio: the mean number of events that one event triggers directly. g_i is the
relative productivity of event i, exp(kappa m_i) divided by its mean, so that marks do not change
the meaning of n. The share of events that are not background is n for n < 1 and a long window; at
n = 1 the process is critical (Hawkes and Oakes 1974; theory, section 6).
"""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

from throffer.series._background import Background
from throffer.series._hawkes_recurrence import pending
from throffer.series._kernels import Kernel


class Hawkes(NamedTuple):
    """A self-exciting process.

    Attributes:
        background: rate of events that no earlier event of the series triggered.
        ratio: branching ratio n >= 0.
        kernel: `Exponential` or `PowerLaw`.
        mark_effect: kappa, increase of the logarithm of productivity per unit of the mark.
        mark_scale: mean of exp(kappa m) over the marks.
    """

    background: Background
    ratio: float | Float[Array, ""]
    kernel: Kernel
    mark_effect: float | Float[Array, ""] = 0.0
    mark_scale: float | Float[Array, ""] = 1.0

    def productivity(self, seen: Observed) -> Float[Array, "place"]:
        """g: expected direct offspring of each event, relative to the mean; 0 at padded places."""
        if seen.marks is None:  # saves two passes through the events
            return seen.real
        return seen.real * jnp.exp(self.mark_effect * seen.marks) / self.mark_scale


class Observed(NamedTuple):
    """A series as arrays of a standard length, so that one compiled program serves many series.

    Places after the last event are padding: they hold the window's end, with weight 0 and
    productivity 0, and add nothing to the likelihood.

    Attributes:
        times: times of the events, then the window's end.
        gaps: time since the previous event; 0 for the first.
        marks: marks of the events; None if there are none.
        counted: 1 for events that enter the likelihood, else 0.
        real: 1 for events, 0 for padding.
        origin: start of the counted window.
        end: end of the window.
    """

    times: Float[Array, "place"]
    gaps: Float[Array, "place"]
    marks: Float[Array, "place"] | None
    counted: Float[Array, "place"]
    real: Float[Array, "place"]
    origin: Float[Array, ""]
    end: Float[Array, ""]


def log_likelihood(model: Hawkes, seen: Observed) -> Float[Array, ""]:
    """Log-likelihood of the counted events given the history.

    It is exact for an exponential kernel, and up to the error of the mixture for a power law. The
    compensator ends with the window. Offspring that would come later are not counted as missing;
    counting them would bias n downwards (Ozaki 1979, equation 3; Daley and Vere-Jones 2003, 7.2).
    """
    rates = intensities(model, seen)
    safe = jnp.where(seen.counted > 0, rates, 1.0)
    return (seen.counted * jnp.log(safe)).sum() - expected_count(model, seen)


def intensities(model: Hawkes, seen: Observed) -> Float[Array, "place"]:
    """The intensity lambda just before each event."""
    productive = model.productivity(seen)

    def one(weight: Array, speed: Array) -> Array:
        decay = jnp.exp(-speed * seen.gaps)
        return weight * decay * pending(decay, productive)

    excited = jax.vmap(one)(*model.kernel.mixture()).sum(0)
    return model.background.rate(seen.times) + model.ratio * excited


def expected_count(model: Hawkes, seen: Observed) -> Float[Array, ""]:
    """Expected number of events in the counted window, the integral of lambda."""
    productive = model.productivity(seen)
    late = model.kernel.cumulative(seen.end - seen.times)
    early = model.kernel.cumulative(jnp.maximum(seen.origin - seen.times, 0))
    offspring = (productive * (late - early)).sum()
    return model.background.integral(seen.origin, seen.end) + model.ratio * offspring


def compensator(model: Hawkes, seen: Observed) -> Float[Array, "place"]:
    """Integral of lambda from the first event to each event.

    Its steps are Exp(1) if the model is right (time rescaling; Ogata 1988, Brown et al. 2002).

    In the mixture an event's expected offspring up to a lag t is the sum of w/s (1 - exp(-s t)).
    The exponentials are summed by the same recurrence as in the intensity, and the weights are
    scaled to sum to one.
    """
    productive = model.productivity(seen)
    weights, speeds = model.kernel.mixture()

    def still(speed: Array) -> Array:
        decay = jnp.exp(-speed * seen.gaps)
        return decay * pending(decay, productive)

    shares = weights / speeds
    unborn = (shares / shares.sum()) @ jax.vmap(still)(speeds)
    born = jnp.cumsum(productive) - productive - unborn
    return model.background.integral(seen.times[:1], seen.times) + model.ratio * born

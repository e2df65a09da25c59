"""Growth of amplification: friction that wears off, feedback, singularity in finite time.

dA/dt = r (1 - phi_0 A^(-e_phi)) A^(1+delta) (theory, section 6). Everything is computed in
y = (1 - A^(-delta))/delta, or ln A for delta = 0: then dy/dt = r (1 - phi_0 A^(-e_phi)), which is
smooth and bounded by r. The singularity is the point y = 1/delta, which y reaches at a finite
speed, so steps need not shrink near it.
"""

from __future__ import annotations

import dataclasses

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, ArrayLike, Float
from scipy.special import hyp2f1

from throffer.structure import checked, register_pytree


@register_pytree
@dataclasses.dataclass(frozen=True)
class Growth:
    """How amplification grows; numbers, or arrays with one entry for each trajectory.

    Attributes:
        rate: r >= 0, per unit of time; 0 holds A where it starts.
        friction: phi_0 in [0, 1), the share of growth that friction takes at A = 1.
        wear: e_phi >= 0, how fast amplification wears friction away; 0 for constant friction.
        acceleration: delta >= 0; 0 is exponential growth; above 0, A is infinite at a finite time.
        feedback: kappa >= -1. While a share s of the regimes is down, growth is 1 + kappa s times
            as fast: above 0 collapses speed growth up, below 0 they slow it down, -1 stops it once
            all are down.
        start: A_0 >= 1, at time 0.
        ceiling: A at which growth stops, to keep numbers finite; the model no longer applies to a
            trajectory that reaches it.
    """

    rate: Float[ArrayLike, "*#trajectory"]
    friction: Float[ArrayLike, "*#trajectory"] = 0.0
    wear: Float[ArrayLike, "*#trajectory"] = 0.0
    acceleration: Float[ArrayLike, "*#trajectory"] = 0.0
    feedback: Float[ArrayLike, "*#trajectory"] = 0.0
    start: Float[ArrayLike, "*#trajectory"] = 1.0
    ceiling: Float[ArrayLike, "*#trajectory"] = 1e9


def check_growth(growth: Growth) -> Growth:
    """Check a growth and convert its numbers to arrays; `ValueError` names a faulty field."""
    low = {"feedback": -1.0, "start": 1.0, "ceiling": 1.0}
    fields = {
        field.name: checked(
            f"growth {field.name}", getattr(growth, field.name), low=low.get(field.name, 0.0)
        )
        for field in dataclasses.fields(growth)
    }
    if (fields["friction"] >= 1).any():
        worst = fields["friction"].max()
        raise ValueError(f"growth friction = {worst:g} must be below 1; from 1 on nothing grows")
    if (fields["ceiling"] <= fields["start"]).any():
        raise ValueError("growth ceiling must lie above growth start")
    return Growth(**fields)


def stretched(
    amplification: Float[ArrayLike, "*#batch"], acceleration: Float[ArrayLike, "*#batch"]
) -> Float[np.ndarray, "*batch"]:
    """The stretched variable y = (1 - A^(-delta))/delta; ln A for delta = 0."""
    log, delta = np.log(np.asarray(amplification, float)), np.asarray(acceleration, float)
    some = delta > 0
    safe = np.where(some, delta, 1.0)
    return np.where(some, -np.expm1(-safe * log) / safe, log)


def log_amplification(
    y: Float[Array | np.ndarray, "*#batch"],
    acceleration: Float[ArrayLike, "*#batch"],
    log_ceiling: Float[ArrayLike, "*#batch"],
) -> Float[Array | np.ndarray, "*batch"]:
    """The logarithm of A at y, cut off at the ceiling; equal to it for y beyond the singularity.

    Returns numpy for a numpy array, JAX otherwise.
    """
    xp = np if isinstance(y, np.ndarray) else jnp
    delta = xp.asarray(acceleration, y.dtype)
    some = delta > 0
    safe = xp.where(some, delta, 1)
    left = xp.maximum(1 - safe * y, xp.finfo(y.dtype).tiny)
    return xp.minimum(xp.where(some, -xp.log(left) / safe, y), log_ceiling)


def growth_rate(
    growth: Growth, log_a: Float[Array, "*#batch"], share_down: Float[ArrayLike, "*#batch"]
) -> Float[Array, "*batch"]:
    """Rate of the stretched variable, dy/dt = r (1 - phi_0 A^(-e_phi)) (1 + kappa s)."""
    friction = growth.friction * jnp.exp(-jnp.asarray(growth.wear) * log_a)
    feedback = 1 + jnp.asarray(growth.feedback) * share_down
    return jnp.asarray(growth.rate) * (1 - friction) * feedback


def time_to(
    growth: Growth, amplification: Float[ArrayLike, "*#batch"]
) -> Float[np.ndarray, "*batch"]:
    """Time at which A reaches a value at or above its start, in closed form, without feedback.

    With F(A) = A^(-delta) / (r delta) 2F1(1, q; 1+q; phi_0 A^(-e_phi)) and q = delta/e_phi it is
    F(A_0) - F(A); infinite A gives `singularity`. For delta = 0 it is
    ln[(A^e_phi - phi_0)/(A_0^e_phi - phi_0)] / (e_phi r). Infinite for r = 0.
    """
    known = check_growth(growth)
    a = np.asarray(amplification, float)
    if (a < np.asarray(known.start)).any():
        raise ValueError("amplification lies below growth start; it does not fall")
    log_a, log_start = np.log(a), np.log(known.start)
    with np.errstate(divide="ignore", invalid="ignore"):
        r, phi, wear, delta = _numbers(known)
        worn = np.where(wear > 0, wear, 1.0)
        exponential = np.where(
            wear > 0,
            (np.log1p(-phi * np.exp(-worn * log_a)) - np.log1p(-phi * np.exp(-worn * log_start)))
            / worn
            + (log_a - log_start),
            (log_a - log_start) / (1 - phi),
        )
        steep = _remaining(known, log_start) - _remaining(known, log_a)
        unit = np.where(delta > 0, steep, exponential)
        return np.where(unit == 0, 0.0, unit / r)


def singularity(growth: Growth) -> Float[np.ndarray, "*trajectory"]:
    """t_c, when A is infinite; infinite itself for delta = 0 or r = 0. Without feedback.

    A_0^(-delta)/(r delta) 2F1(1, q; 1+q; phi_0 A_0^(-e_phi)), q = delta/e_phi, which for constant
    friction is A_0^(-delta)/(r (1-phi_0) delta). The ceiling does not enter.

    ```python
    >>> float(singularity(Growth(rate=0.1, friction=0.5, acceleration=0.5)))
    40.0

    ```
    """
    return time_to(growth, np.full(np.shape(growth.start), np.inf))


def amplification_at(
    growth: Growth, time: Float[ArrayLike, "*#batch"]
) -> Float[np.ndarray, "*batch"]:
    """A at a time >= 0 without feedback, from the closed form; infinite from t_c on.

    Solves `time_to` by Newton steps in y, where the equation is nearly linear.
    """
    known = check_growth(growth)
    t = checked("time", time)
    r, phi, wear, delta = _numbers(known)
    some = delta > 0
    safe = np.where(some, delta, 1.0)
    log_start = np.log(known.start)
    first = np.where(some, np.exp(-safe * log_start), -log_start)
    gone = t >= singularity(known)
    # s = A^(-delta), or -ln A: falls with time, at first no faster than without friction
    s = np.broadcast_to(first, np.broadcast_shapes(t.shape, first.shape)).copy()
    unit = np.where(some, safe, 1.0) * r
    for _ in range(60):
        log_a = np.where(some, -np.log(np.maximum(s, 1e-300)) / safe, -s)
        # exp(log(start)) may round to just below the start
        late = time_to(known, np.maximum(np.exp(log_a), known.start)) - t
        moved = np.where(r > 0, np.where(gone, 0.0, late), 0.0)
        step = moved * unit * (1 - phi * np.exp(-wear * log_a))
        s = np.minimum(np.where(some, np.maximum(s + step, s * 1e-3), s + step), first)
        if (np.abs(step) <= 1e-15 * np.abs(s)).all():
            break
    log_a = np.where(some, -np.log(np.maximum(s, 1e-300)) / safe, -s)
    return np.where(gone, np.inf, np.maximum(np.exp(log_a), known.start))


def _numbers(growth: Growth) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """r, phi_0, e_phi, delta."""
    fields = (growth.rate, growth.friction, growth.wear, growth.acceleration)
    one, two, three, four = (np.asarray(field, float) for field in fields)
    return one, two, three, four


def _remaining(growth: Growth, log_a: Float[np.ndarray, "*batch"]) -> Float[np.ndarray, "*batch"]:
    """The rate r times the time from A to the singularity, for delta > 0; NaN for delta = 0."""
    _, phi, wear, delta = _numbers(growth)
    some = delta > 0
    safe = np.where(some, delta, np.nan)
    worn = np.where(wear > 0, wear, 1.0)
    q = safe / worn
    series = hyp2f1(1.0, q, 1 + q, phi * np.exp(-worn * log_a))
    frozen = 1 / (1 - phi)
    return np.exp(-safe * log_a) / safe * np.where(wear > 0, series, frozen)

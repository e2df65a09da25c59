"""The system: regimes with inflow, correction, margins and links, under growing amplification."""

from __future__ import annotations

import dataclasses
from typing import Literal, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, ArrayLike, Float

from throffer.amplify._growth import Growth, check_growth
from throffer.series import Links, contention
from throffer.structure import checked

Values = Array | np.ndarray

Sharing = Literal["equal", "neighbours"]


class LossCurve(NamedTuple):
    """c(A) on an even grid of ln A: expected loss per interaction from unsanctioned conduct.

    In units of the pie, >= 0. Linear in ln A between grid points and constant beyond the ends,
    ln A = `log_low` and `log_high`. One curve, or one for each trajectory, which carries the
    uncertainty of a measured model into the dynamics.
    """

    log_low: float
    log_high: float
    loss: Float[ArrayLike, "*#trajectory grid"]


class Exponents(NamedTuple):
    """Exponents of A: pace e_s, contact e_w, capacity e_g, lag e_tau; e_tau may be negative."""

    pace: Float[ArrayLike, "*#trajectory"] = 1.0
    contact: Float[ArrayLike, "*#trajectory"] = 0.0
    capacity: Float[ArrayLike, "*#trajectory"] = 0.0
    lag: Float[ArrayLike, "*#trajectory"] = 0.0


class Collapse(NamedTuple):
    """Effects of a collapse. A regime that is down has X = 0 and corrects nothing.

    Attributes:
        recovery: time until a collapsed regime stands again, with X = 0; infinite if it never does.
        handover: share in [0, 1] of its common inflow that others receive while it is down; the
            rest stops, and so do its contacts.
        spill: share in [0, 1] of its contradiction that the others receive at once; the rest is
            discharged.
    """

    recovery: Float[ArrayLike, "*#batch"] = np.inf
    handover: Float[ArrayLike, "*#batch"] = 0.0
    spill: Float[ArrayLike, "*#batch"] = 0.0


@jax.tree_util.register_dataclass
@dataclasses.dataclass(frozen=True)
class System:
    """J regimes under amplification (theory, section 6).

    dX_j/dt = nu_j A^e_s [ c(A) + A^e_w sum_k W_jk |v_j - v_k|^2 ] - gamma_j A^e_g C(Y_j)
    + sigma_j xi_j, X_j >= 0, C(y) = y/(1 + y/chi_j), Y_j = X_j through `stages` stages of rate
    `stages`/(tau_j A^e_tau).

    Fields by regime are a number, an array `(regime,)` or `(trajectory, regime)`. The others are a
    number or `(trajectory,)`. Every trajectory of an ensemble can thus be a different institution.
    `check_system` makes and checks the arrays; all functions of the engine call it.

    Attributes:
        growth: growth of amplification.
        loss: c(A).
        pace: nu, interactions per unit of time.
        capacity: gamma > 0, per unit of time.
        saturation: chi > 0, the level at which correction has half its gain, in pies.
        lag: tau > 0.
        margin: m > 0, the contradiction at which a regime collapses, in pies.
        noise: sigma >= 0, contradiction per square root of time.
        shared_noise: share in [0, 1] of the variance of noise that is common to all regimes.
        initial: X at time 0; the lagged Y starts at the same value.
        exponents: exponents of A.
        collapse: effects of a collapse.
        links: W, which also says which regimes are neighbours.
        values: v, `(regime, value)`. Without links or values there is no contact term.
        stages: number n of stages of the lag.
        sharing: which regimes receive what a collapse sheds.
    """

    growth: Growth
    loss: LossCurve
    pace: Float[ArrayLike, "*#batch"]
    capacity: Float[ArrayLike, "*#batch"]
    saturation: Float[ArrayLike, "*#batch"]
    lag: Float[ArrayLike, "*#batch"]
    margin: Float[ArrayLike, "*#batch"]
    noise: Float[ArrayLike, "*#batch"] = 0.0
    shared_noise: Float[ArrayLike, "*#trajectory"] = 0.0
    initial: Float[ArrayLike, "*#batch"] = 0.0
    exponents: Exponents = dataclasses.field(default_factory=Exponents)
    collapse: Collapse = dataclasses.field(default_factory=Collapse)
    links: Links | None = None
    values: Float[ArrayLike, "regime value"] | None = None
    stages: int = dataclasses.field(default=1, metadata={"static": True})
    sharing: Sharing = dataclasses.field(default="equal", metadata={"static": True})

    @property
    def shape(self) -> tuple[int, int]:
        """Trajectories that differ in their numbers (1 if none do), and regimes."""
        by_regime = [np.shape(each) for each in _by_regime(self).values()]
        single = [np.shape(each) for each in jax.tree.leaves((self.growth, self.exponents))]
        single += [np.shape(self.shared_noise), np.shape(self.loss.loss)[:-1]]
        last = {shape[-1] for shape in by_regime if shape} | {1}
        if self.values is not None:
            last.add(np.shape(self.values)[0])
        first = {shape[0] for shape in by_regime if len(shape) == 2} | {1}
        first |= {shape[0] for shape in single if shape}
        for name, sizes in (("regimes", last), ("trajectories", first)):
            if len(sizes - {1}) > 1:
                found = ", ".join(str(each) for each in sorted(sizes))
                raise ValueError(f"fields of the system differ in their number of {name}: {found}")
        return max(first), max(last)

    @property
    def contention(self) -> Links | None:
        """The links with weights W_jk |v_j - v_k|^2; None where there is no contact term."""
        if self.links is None or self.values is None:
            return None
        return contention(self.links, self.values)

    def replace(self, **fields: object) -> System:
        """A copy with some fields changed."""
        return dataclasses.replace(self, **fields)  # type: ignore[arg-type]


def constant_loss(loss: float) -> LossCurve:
    """c(A) = `loss` for every A."""
    return LossCurve(0.0, 1.0, np.full(2, float(loss)))


def check_system(system: System) -> System:
    """Check a system and convert its numbers to numpy arrays.

    Raises:
        ValueError: For a faulty field, with its value and range, or for fields whose shapes do not
            match.
    """
    positive = {"capacity", "saturation", "lag", "margin"}
    by_regime = {
        name: checked(name, value, above=name in positive)
        for name, value in _by_regime(system).items()
        if name not in Collapse._fields
    }
    collapse = Collapse(
        recovery=_recovery(system.collapse.recovery),
        handover=_share("collapse handover", system.collapse.handover),
        spill=_share("collapse spill", system.collapse.spill),
    )
    exponents = Exponents(
        *(
            checked(f"exponent of {name}", value, low=-np.inf)
            for name, value in system.exponents._asdict().items()
        )
    )
    curve = system.loss._replace(loss=checked("loss", system.loss.loss))
    if not curve.log_low < curve.log_high or np.shape(curve.loss)[-1] < 2:
        raise ValueError("the loss curve needs log_low < log_high and two or more grid points")
    if system.stages < 1:
        raise ValueError(f"stages = {system.stages} must be a whole number from 1 on")
    if system.sharing not in ("equal", "neighbours"):
        raise ValueError(f"sharing = {system.sharing!r}; it is 'equal' or 'neighbours'")
    if system.sharing == "neighbours" and system.links is None:
        raise ValueError("sharing among neighbours needs links, which say who is whose neighbour")
    made = system.replace(
        growth=check_growth(system.growth),
        loss=curve,
        exponents=exponents,
        collapse=collapse,
        shared_noise=_share("shared_noise", system.shared_noise),
        values=None if system.values is None else checked("values", system.values, low=-np.inf),
        **by_regime,
    )
    _, regimes = made.shape
    if made.links is not None:
        ends = np.concatenate([made.links.target, made.links.source])
        if ends.size and ends.max() >= regimes:
            raise ValueError(f"a link names regime {ends.max()}; there are {regimes}, from 0")
    return made


class Drive(NamedTuple):
    """Effect of amplification on the system: c, and the factors A^e."""

    loss: Float[Values, "*batch"]
    pace: Float[Values, "*batch"]
    contact: Float[Values, "*batch"]
    capacity: Float[Values, "*batch"]
    lag: Float[Values, "*batch"]


def drive(loss: LossCurve, exponents: Exponents, log_a: Float[Values, "*#batch"]) -> Drive:
    """c(A) and A^e_s, A^(e_s+e_w), A^e_g, A^e_tau; numpy in double precision from a numpy array.

    Here `loss.loss` has the grid as its first axis; its other axes broadcast with `log_a`.
    """
    xp = np if isinstance(log_a, np.ndarray) else jnp
    powers = (
        exponents.pace,
        xp.add(exponents.pace, exponents.contact),
        exponents.capacity,
        exponents.lag,
    )
    return Drive(loss_at(loss, log_a), *(xp.exp(each * log_a) for each in powers))


def loss_at(loss: LossCurve, log_a: Float[Values, "*#batch"]) -> Float[Values, "*batch"]:
    """The loss c at ln A; `loss.loss` has the grid as its first axis, as for `drive`."""
    xp = np if isinstance(log_a, np.ndarray) else jnp
    table = xp.asarray(loss.loss, log_a.dtype)
    count = table.shape[0]
    place = (log_a - loss.log_low) * ((count - 1) / (loss.log_high - loss.log_low))
    place = xp.clip(place, 0, count - 1)
    left = xp.clip(xp.floor(place).astype(xp.int32), 0, count - 2)
    trailing = table.shape[1:]
    left = xp.broadcast_to(left, np.broadcast_shapes(log_a.shape, trailing))
    # an axis of length 1 is common to all; gathering by index avoids a table for every point
    inner = [
        xp.arange(size).reshape(-1, *(1,) * (len(trailing) - 1 - axis)) if size > 1 else 0
        for axis, size in enumerate(trailing)
    ]
    low, high = table[(left, *inner)], table[(left + 1, *inner)]
    return low + (place - left) * (high - low)


def _by_regime(system: System) -> dict[str, ArrayLike]:
    names = ("pace", "capacity", "saturation", "lag", "margin", "noise", "initial")
    return {name: getattr(system, name) for name in names} | system.collapse._asdict()


def _share(name: str, value: ArrayLike) -> np.ndarray:
    array = checked(name, value)
    if (array > 1).any():
        raise ValueError(f"{name} = {array.max():g} is a share; it lies in [0, 1]")
    return array


def _recovery(value: ArrayLike) -> np.ndarray:
    array = np.asarray(value, float)
    if not (array > 0).all():
        raise ValueError(
            f"collapse recovery = {array[~(array > 0)].flat[0]} must be above 0; infinite where "
            "a regime never stands again"
        )
    return array

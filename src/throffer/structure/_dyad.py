"""The dyad: what two parties can do to each other, and at what cost (theory, section 1)."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import jax
import numpy as np
from jaxtyping import Array, ArrayLike, Float

from throffer.structure._pytree import register_pytree


class Range(NamedTuple):
    """Closed interval of admissible values of a dyad field, and the field's meaning.

    Values are in units of the pie or probabilities.
    """

    low: float
    high: float
    meaning: str


FIELDS: Mapping[str, Range] = {
    "outside_agent": Range(-math.inf, math.inf, "what the agent gets if they part ways"),
    "outside_counterpart": Range(
        -math.inf, math.inf, "what the counterpart gets if they part ways"
    ),
    "finality": Range(0.0, 1.0, "probability that refusing ends the matter"),
    "veto": Range(0.0, 1.0, "probability that a refusal stops the agent at all"),
    "force": Range(0.0, math.inf, "harm the agent can do openly if refused"),
    "force_cost": Range(0.0, math.inf, "what using force costs the agent"),
    "legitimacy": Range(0.0, 1.0, "share of the sanction waived by recognised rank"),
    "leverage": Range(0.0, math.inf, "harm by disclosing what the counterpart wants kept"),
    "leverage_cost": Range(0.0, math.inf, "what disclosing costs the agent"),
    "opacity": Range(0.0, 1.0, "probability that a false promise cannot be checked in time"),
    "deceit_gain": Range(0.0, math.inf, "what a false promise moves to the agent"),
    "oversight": Range(0.0, math.inf, "expected sanction for an open unsanctioned act"),
    "future": Range(0.0, math.inf, "value of the continuing relation"),
}
"""Every field of a dyad with its range and meaning, in the order of the theory's table."""

FORCE_COST_SHARE = 0.4
"""Cost of force per unit of harm in `Dyad.from_asymmetry` (theory, section 1)."""

LEVERAGE_SCALE = 0.25
"""Leverage at information asymmetry 1/2 in `Dyad.from_asymmetry` (theory, section 1)."""


class Asymmetry(NamedTuple):
    """Power, information and constraint for display, each in [0, 1).

    0 is symmetric; 1 is the limit of extreme asymmetry.
    """

    power: Float[Array, "*batch"]
    information: Float[Array, "*batch"]
    constraint: Float[Array, "*batch"]


@register_pytree
@dataclasses.dataclass(frozen=True)
class Dyad:
    """Two parties and what each can do to the other.

    Every field is a number or an array, and all fields broadcast together. Payoffs are in units of
    the value of the agreement (the pie is 1); `finality`, `veto`, `legitimacy` and `opacity` are
    probabilities or shares in [0, 1]. `FIELDS` and theory, section 1, give the meanings.

    The constructor checks nothing, so that JAX can trace, differentiate and map a dyad. Use
    `Dyad.validated` for numbers that a user typed.

    ```python
    >>> dyad = Dyad.from_asymmetry(0.5, 0.2, 0.4)
    >>> round(float(dyad.force), 3), round(float(dyad.finality), 3)
    (1.0, 0.7)

    ```
    """

    outside_agent: Float[ArrayLike, "*#batch"]
    outside_counterpart: Float[ArrayLike, "*#batch"]
    finality: Float[ArrayLike, "*#batch"]
    veto: Float[ArrayLike, "*#batch"]
    force: Float[ArrayLike, "*#batch"]
    force_cost: Float[ArrayLike, "*#batch"]
    legitimacy: Float[ArrayLike, "*#batch"]
    leverage: Float[ArrayLike, "*#batch"]
    leverage_cost: Float[ArrayLike, "*#batch"]
    opacity: Float[ArrayLike, "*#batch"]
    deceit_gain: Float[ArrayLike, "*#batch"]
    oversight: Float[ArrayLike, "*#batch"]
    future: Float[ArrayLike, "*#batch"]

    @classmethod
    def validated(cls, **fields: Any) -> Dyad:
        """Build a dyad from user input.

        Args:
            fields: every field of `FIELDS` by name.

        Raises:
            ValueError: If a field is unknown, missing, not a number or outside its range, or if
                the shapes do not broadcast. The message names field, value and range.

        ```python
        >>> Dyad.from_asymmetry(0.5, 0.2, 0.4, veto=1.5)
        Traceback (most recent call last):
        ValueError: dyad field veto = 1.5 is outside [0, 1] (probability that a refusal ...

        ```
        """
        unknown = sorted(set(fields) - set(FIELDS))
        if unknown:
            raise ValueError(
                f"unknown dyad fields: {', '.join(unknown)}; fields: {', '.join(FIELDS)}"
            )
        missing = [name for name in FIELDS if name not in fields]
        if missing:
            raise ValueError(f"missing dyad fields: {', '.join(missing)}")
        arrays = {name: _checked(name, fields[name]) for name in FIELDS}
        try:
            np.broadcast_shapes(*(array.shape for array in arrays.values()))
        except ValueError as error:
            shapes = ", ".join(f"{name} {array.shape}" for name, array in arrays.items())
            raise ValueError(f"dyad fields do not broadcast: {shapes}") from error
        return cls(**arrays)

    @classmethod
    def from_asymmetry(
        cls,
        power: Float[ArrayLike, "*#batch"],
        information: Float[ArrayLike, "*#batch"],
        constraint: Float[ArrayLike, "*#batch"],
        *,
        base_outside_counterpart: Float[ArrayLike, "*#batch"] = 0.3,
        **others: Float[ArrayLike, "*#batch"],
    ) -> Dyad:
        """Build the dyad of given power, information and constraint.

        Sets `w = (1 + c)/2`, `b = b0 (1 - c)`, `h_F = p/(1 - p)`, `k_F = 0.4 h_F`, `o = i`, `h_L =
        0.25 i/(1 - i)` and the other fields to the defaults of theory, section 1. The dyads that
        it can build are called the asymmetry family.

        Args:
            power: p in [0, 1).
            information: i in [0, 1).
            constraint: c in [0, 1).
            base_outside_counterpart: b0, the counterpart's outside option at c = 0.
            others: fields by name, in place of the values above.

        Raises:
            ValueError: If a coordinate or a field is outside its range, or a field is unknown.
        """
        p, i, c = (
            _coordinate(name, value)
            for name, value in (
                ("power", power),
                ("information", information),
                ("constraint", constraint),
            )
        )
        force = p / (1 - p)
        fields: dict[str, Any] = {
            "outside_agent": 0.1,
            "outside_counterpart": base_outside_counterpart * (1 - c),
            "finality": (1 + c) / 2,
            "veto": 1.0,
            "force": force,
            "force_cost": FORCE_COST_SHARE * force,
            "legitimacy": 0.9,
            "leverage": LEVERAGE_SCALE * i / (1 - i),
            "leverage_cost": 0.1,
            "opacity": i,
            "deceit_gain": 0.8,
            "oversight": 0.2,
            "future": 0.1,
        }
        return cls.validated(**(fields | others))

    def asymmetry(self) -> Asymmetry:
        """Power, information and constraint of any dyad.

        `p = h_F/(1 + h_F)`, `i = max(o, h_L/(h_L + 0.25))`, `c = max(2w - 1, 0)`. For a dyad built
        by `from_asymmetry` with its defaults these are the coordinates that it was built from.
        """
        jnp = jax.numpy
        force, leverage = jnp.asarray(self.force), jnp.asarray(self.leverage)
        return Asymmetry(
            force / (1 + force),
            jnp.maximum(jnp.asarray(self.opacity), leverage / (leverage + LEVERAGE_SCALE)),
            jnp.maximum(2 * jnp.asarray(self.finality) - 1, 0),
        )

    @property
    def gain(self) -> Float[Array, "*batch"]:
        """Gain from agreement `G = 1 - a - b`; may be negative."""
        return (
            1 - jax.numpy.asarray(self.outside_agent) - jax.numpy.asarray(self.outside_counterpart)
        )

    @property
    def shape(self) -> tuple[int, ...]:
        """Common shape of the fields after broadcasting."""
        return np.broadcast_shapes(*(np.shape(getattr(self, name)) for name in FIELDS))

    def replace(self, **fields: Float[ArrayLike, "*#batch"]) -> Dyad:
        """Copy the dyad with some fields changed, given by name."""
        return dataclasses.replace(self, **fields)

    def broadcast(self) -> Dyad:
        """Copy the dyad with every field as a numpy array of the common shape."""
        shape = self.shape
        return type(self)(
            **{name: np.broadcast_to(np.asarray(getattr(self, name)), shape) for name in FIELDS}
        )

    def __getitem__(self, index: Any) -> Dyad:
        """Select dyads of a batch by numpy indexing."""
        whole = self.broadcast()
        return type(self)(**{name: getattr(whole, name)[index] for name in FIELDS})

    def as_dict(self) -> dict[str, Any]:
        """Map field names to values, in the order of `FIELDS`."""
        return {name: getattr(self, name) for name in FIELDS}


def _checked(name: str, value: Any) -> np.ndarray:
    low, high, meaning = FIELDS[name]
    try:
        array = np.asarray(value, dtype=float)
    except (TypeError, ValueError) as error:
        raise ValueError(f"dyad field {name} = {value!r} is not a number ({meaning})") from error
    wrong = ~(np.isfinite(array) & (array >= low) & (array <= high))
    if wrong.any():
        worst = array[wrong].flat[0] if array.ndim else array.item()
        raise ValueError(
            f"dyad field {name} = {worst} is outside [{low:g}, {high:g}] ({meaning}); payoffs are "
            "in units of the pie, probabilities in [0, 1]"
        )
    return array


def _coordinate(name: str, value: Any) -> np.ndarray:
    array = np.asarray(value, dtype=float)
    if not ((array >= 0) & (array < 1)).all():
        raise ValueError(f"{name} = {value!r} is outside [0, 1); 1 is a limit without a dyad")
    return array

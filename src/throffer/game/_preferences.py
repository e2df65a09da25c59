"""What an agent wants, and what it believes of the other side (theory, section 2)."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, ArrayLike, Float

from throffer.structure import UNSANCTIONED, Conduct, register_pytree

CONDUCTS = len(Conduct)


@register_pytree
@dataclasses.dataclass(frozen=True)
class Preferences:
    """Preferences of an agent in the proposal game; arrays that broadcast with the dyad's.

    Attributes:
        precision: lambda_A > 0, per unit of the pie; 0 is blind chance, infinity best response.
        guilt: dislike of getting more of the gain than the counterpart (Fehr & Schmidt 1999).
        norms: last axis in the order of `Conduct`; how strongly the norm against each conduct is
            taken to heart, in units of log odds; 0 is that of an even offer.
        counterpart_precision: the agent's view of the one who answers.
        counterpart_envy: the agent's view of the one who answers.
    """

    precision: Float[ArrayLike, "*#batch"]
    guilt: Float[ArrayLike, "*#batch"]
    norms: Float[ArrayLike, "*#batch conduct"]
    counterpart_precision: Float[ArrayLike, "*#batch"]
    counterpart_envy: Float[ArrayLike, "*#batch"]

    @classmethod
    def of(
        cls,
        *,
        precision: float = 8.0,
        guilt: float = 0.1,
        norms: Mapping[str, float] | float = 1.0,
        counterpart_precision: float = 8.0,
        counterpart_envy: float = 0.3,
    ) -> Preferences:
        """Preferences from plain numbers.

        `norms` maps conducts to their norm (absent: 0), or is one number for the four unsanctioned
        conducts. The defaults are the plain planted agent of theory, section 3.

        Raises:
            ValueError: Naming the field for a precision that is not positive, a number that is not
                finite, or an unknown conduct.

        ```python
        >>> Preferences.of(norms={"blackmail": 2.0}).norms.tolist()
        [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 2.0, 0.0, 0.0]

        ```
        """
        numbers = {
            "precision": precision,
            "guilt": guilt,
            "counterpart_precision": counterpart_precision,
            "counterpart_envy": counterpart_envy,
        }
        for name, value in numbers.items():
            if not np.isfinite(value) or (name.endswith("precision") and value <= 0):
                bound = "a positive number" if name.endswith("precision") else "finite"
                raise ValueError(f"{name} = {value!r} must be {bound}")
        return cls(norms=norm_vector(norms), **numbers)

    def replace(self, **fields: Any) -> Preferences:
        """A copy with some fields changed."""
        return dataclasses.replace(self, **fields)


def norm_vector(norms: Mapping[str, float] | float) -> np.ndarray:
    """Norms in the order of `Conduct`, from a mapping or one number for the unsanctioned."""
    if not isinstance(norms, Mapping):
        norms = dict.fromkeys((conduct.value for conduct in UNSANCTIONED), float(norms))
    vector = np.zeros(CONDUCTS)
    for name, value in norms.items():
        try:
            code = Conduct(name).code
        except ValueError as error:
            names = ", ".join(conduct.value for conduct in Conduct)
            raise ValueError(
                f"norms name {name!r}, which is no conduct; conducts: {names}"
            ) from error
        if not np.isfinite(value):
            raise ValueError(f"norm against {name} = {value!r} must be finite")
        vector[code] = value
    return vector


def norm_against(preferences: Preferences, conduct: Conduct) -> Float[Array, "*batch"]:
    """The norm against one conduct."""
    return jnp.asarray(preferences.norms)[..., conduct.code]

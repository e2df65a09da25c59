"""An agent's preferences and its beliefs about the other side (theory, section 2)."""

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
    """Preferences of an agent in the proposal game, as arrays that broadcast with the dyad's.

    Attributes:
        precision: lambda_A > 0, per unit of the pie. Towards 0 choices are random; towards
            infinity they are best responses.
        guilt: dislike of getting more of the gain than the counterpart (Fehr & Schmidt 1999).
        norms: strength of the norm against each conduct in log odds, relative to an even offer;
            the last axis has the order of `Conduct`.
        counterpart_precision: precision that the agent expects of the counterpart.
        counterpart_envy: envy that the agent expects of the counterpart.
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
        """Preferences from plain numbers; the defaults are the planted agent of theory, section 3.

        Args:
            precision: see `Preferences`.
            guilt: see `Preferences`.
            norms: conduct to norm, where absent conducts get 0; or one number for the four
                unsanctioned conducts.
            counterpart_precision: see `Preferences`.
            counterpart_envy: see `Preferences`.

        Raises:
            ValueError: If a precision is not positive, a number is not finite, or a conduct is
                unknown. The message names the field.

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
    """Norms as a vector in the order of `Conduct`.

    Args:
        norms: conduct to norm, where absent conducts get 0; or one number for the four
            unsanctioned conducts.

    Raises:
        ValueError: If a conduct is unknown or a norm is not finite.
    """
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

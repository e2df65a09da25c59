"""How far the parts of an authority differ in kind, from what is coded of its institutions."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float


def mixed_authority(traits: Float[np.ndarray, "year trait"]) -> Float[np.ndarray, "year"]:
    """How far the parts of an authority differ in kind: largest minus smallest trait, in [0, 1].

    0: of one piece, autocratic or democratic. After the institutional inconsistency of Gates,
    Hegre, Jones & Strand (2006, American Journal of Political Science 50:893), who take the
    distance from the nearest consistent type. NaN where a trait is.

    Args:
        traits: each scaled to [0, 1], 0 the most autocratic and 1 the most democratic: how the
            executive is recruited, how it is bound, how others take part.
    """
    if np.any((traits < 0) | (traits > 1)):
        wrong = traits[(traits < 0) | (traits > 1)][0]
        raise ValueError(f"traits: {wrong} is not in [0, 1]; scale each by its own range")
    return traits.max(axis=1) - traits.min(axis=1)

"""Agreement of coders on acts that are present or absent, over whole dialogues."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Shaped

from throffer.stats import Interval, krippendorff_interval, sum_disagreement

RESAMPLES = 2_000
"""Resamples of whole dialogues behind an interval."""

SEED = 7
"""Seed of those resamples."""


def alpha_over_dialogues(
    codes: Float[np.ndarray, "coder unit act"], dialogue: Shaped[np.ndarray, "unit"]
) -> Interval:
    """Krippendorff's alpha of all given acts, with its interval over dialogues.

    Args:
        codes: 0 or 1; NaN where a coder did not code a unit.
        dialogue: Label of each unit's dialogue.

    Returns:
        The interval; unknown for no units, or where only one code was ever used.
    """
    if not dialogue.size:
        return Interval.unknown("no message was coded")
    return krippendorff_interval(sum_disagreement(codes), dialogue, resamples=RESAMPLES, seed=SEED)

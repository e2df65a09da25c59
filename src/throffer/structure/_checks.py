"""Checks of numbers that a caller passes."""

from __future__ import annotations

from typing import Any

import numpy as np
from jaxtyping import Float


def checked(
    name: str, value: Any, *, low: float = 0.0, above: bool = False
) -> Float[np.ndarray, "*batch"]:
    """Convert `value` to an array of floats and check that every number is in range.

    Args:
        name: what the error message calls the value.
        value: a number or an array of any shape.
        low: lower bound; -inf for none.
        above: whether numbers must be greater than `low`, rather than at least `low`.

    Returns:
        The numbers, in the shape of `value`.

    Raises:
        ValueError: If something is not a number, not finite, or below the bound.
    """
    try:
        array = np.asarray(value, dtype=float)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} = {value!r} is not a number") from error
    right = np.isfinite(array) & (array > low if above else array >= low)
    if not right.all():
        bound = f", {'above' if above else 'at least'} {low:g}" if np.isfinite(low) else ""
        raise ValueError(f"{name} = {array[~right].flat[0]} must be a finite number{bound}")
    return array

"""Checks of numbers that a caller gives."""

from __future__ import annotations

import numpy as np
from jaxtyping import ArrayLike, Float, Shaped


def checked(
    name: str, value: Shaped[ArrayLike, "*batch"], *, low: float = 0.0, above: bool = False
) -> Float[np.ndarray, "*batch"]:
    """An array of finite numbers from `low` on (`above`: beyond it); else `ValueError`."""
    try:
        array = np.asarray(value, dtype=float)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} = {value!r} is not a number") from error
    right = np.isfinite(array) & (array > low if above else array >= low)
    if not right.all():
        bound = f", {'above' if above else 'at least'} {low:g}" if np.isfinite(low) else ""
        raise ValueError(f"{name} = {array[~right].flat[0]} must be a finite number{bound}")
    return array

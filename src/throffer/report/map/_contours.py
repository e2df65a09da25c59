"""Zero lines of a function of two coordinates, with contourpy's topology.

Crossings are refined along their grid edges by false position, so that points on a line are zeros
of the function itself, not of an interpolation. A jump across zero makes no line.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from contourpy import contour_generator
from jaxtyping import Float

Field = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""A function of two arrays of coordinates, element by element; NaN where it is not defined."""

ZERO = 1e-6
"""Largest absolute value of the function at a point of a line."""

ROUNDS = 8
"""Steps of false position; the functions drawn here need three to five."""


def zero_lines(
    field: Field, x: Float[np.ndarray, "x"], y: Float[np.ndarray, "y"]
) -> list[Float[np.ndarray, "point 2"]]:
    """Lines on which `field` is zero, as (x, y) points in order; closed lines end as they begin.

    ```python
    >>> axis = np.linspace(-1.0, 1.0, 21)
    >>> (line,) = zero_lines(lambda x, y: x**2 + y**2 - 0.25, axis, axis)
    >>> bool(np.allclose((line**2).sum(1), 0.25))
    True

    ```
    """
    values = np.asarray(field(*np.meshgrid(x, y)), float)
    lines = []
    for line in level_lines(values, x, y):
        low, high = _edge(line[:, 0], x), _edge(line[:, 1], y)
        ends = [np.stack([x[column], y[row]], -1) for column, row in zip(low, high, strict=True)]
        heights = [values[row, column] for column, row in zip(low, high, strict=True)]
        at = _refined(field, *ends, *heights)
        with np.errstate(invalid="ignore"):
            zero = np.abs(field(at[:, 0], at[:, 1])) <= ZERO
        lines += _stretches(at, zero)
    return lines


def level_lines(
    values: Float[np.ndarray, "y x"], x: Float[np.ndarray, "x"], y: Float[np.ndarray, "y"]
) -> list[Float[np.ndarray, "point 2"]]:
    """`zero_lines` of values known on the grid alone: crossings are interpolated."""
    masked = np.ma.masked_invalid(values)
    lines = (np.asarray(line, float) for line in contour_generator(x, y, masked).lines(0.0))
    return [line for line in lines if len(line) > 1]


def _edge(place: np.ndarray, axis: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Indices of the grid lines on both sides of each place; one index twice where it is on one."""
    near = np.abs(place[:, None] - axis).argmin(1)
    on = np.isclose(place, axis[near], rtol=0, atol=1e-12 * np.ptp(axis))
    low = np.clip(np.searchsorted(axis, place, side="right") - 1, 0, len(axis) - 2)
    return np.where(on, near, low), np.where(on, near, low + 1)


def _stretches(points: np.ndarray, kept: np.ndarray) -> list[np.ndarray]:
    """The parts of a line between points that are left out, of two points or more."""
    parts = np.split(np.arange(len(points)), np.flatnonzero(~kept))
    inside = [part[kept[part]] for part in parts]
    return [points[part] for part in inside if len(part) > 1]


def _between(
    low: np.ndarray, high: np.ndarray, at_low: np.ndarray, at_high: np.ndarray
) -> np.ndarray:
    """The zero of the straight line between two ends; an end that is zero is returned itself."""
    apart = at_low != at_high
    weight = np.where(apart, at_low, 0.0) / np.where(apart, at_low - at_high, 1.0)
    return low + weight[:, None] * (high - low)


def _refined(
    field: Field, low: np.ndarray, high: np.ndarray, at_low: np.ndarray, at_high: np.ndarray
) -> np.ndarray:
    """False position with the Illinois rule: the value of an end kept twice is halved."""
    point = _between(low, high, at_low, at_high)
    side = np.zeros(len(point))
    for _ in range(ROUNDS):
        value = field(point[:, 0], point[:, 1])
        moves_low = (value >= 0) == (at_low >= 0)
        low = np.where(moves_low[:, None], point, low)
        high = np.where(moves_low[:, None], high, point)
        at_high = np.where(moves_low, at_high * np.where(side == 1, 0.5, 1.0), value)
        at_low = np.where(moves_low, value, at_low * np.where(side == -1, 0.5, 1.0))
        side = np.where(moves_low, 1.0, -1.0)
        point = _between(low, high, at_low, at_high)
    return point

"""Zero lines of a function of two coordinates, by marching squares (Lorensen & Cline 1987).

Crossings are refined along their grid edges by false position, so that points on a line are zeros
of the function itself, not of an interpolation. A jump across zero makes no line.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from jaxtyping import Float, Int

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
    across, up = np.meshgrid(x, y)
    values = field(across, up)
    tails, heads, numbers = _edges(values)
    if not len(tails):
        return []
    points = np.stack([across, up], -1)
    low, high = points[*tails.T], points[*heads.T]
    at = _refined(field, low, high, values[*tails.T], values[*heads.T])
    with np.errstate(invalid="ignore"):
        zero = np.abs(field(at[:, 0], at[:, 1])) <= ZERO
    return [at[line] for line in _joined(values, numbers, zero)]


def level_lines(
    values: Float[np.ndarray, "y x"], x: Float[np.ndarray, "x"], y: Float[np.ndarray, "y"]
) -> list[Float[np.ndarray, "point 2"]]:
    """`zero_lines` of values known on the grid alone: crossings are interpolated."""
    tails, heads, numbers = _edges(values)
    if not len(tails):
        return []
    points = np.stack(np.meshgrid(x, y), -1)
    at = _between(points[*tails.T], points[*heads.T], values[*tails.T], values[*heads.T])
    lines = _joined(values, numbers, np.ones(len(tails), bool))
    return [at[line] for line in lines]


def _edges(values: np.ndarray) -> tuple[np.ndarray, np.ndarray, tuple[np.ndarray, np.ndarray]]:
    """Grid edges with a change of sign.

    Returns their two ends as (row, column), and for each place the number of the edge that starts
    there (-1 for none), across and up.
    """
    positive = values >= 0
    known = np.isfinite(values)
    tails, heads, numbers = [], [], []
    for step in ((0, 1), (1, 0)):
        rows, columns = values.shape[0] - step[0], values.shape[1] - step[1]
        near, far = np.s_[:rows, :columns], np.s_[step[0] :, step[1] :]
        crossing = (positive[near] != positive[far]) & known[near] & known[far]
        found = np.argwhere(crossing)
        number = np.full(crossing.shape, -1)
        number[crossing] = np.arange(len(found)) + sum(len(each) for each in tails)
        tails.append(found)
        heads.append(found + np.array(step))
        numbers.append(number)
    return np.concatenate(tails), np.concatenate(heads), (numbers[0], numbers[1])


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


def _joined(
    values: np.ndarray, numbers: tuple[np.ndarray, np.ndarray], kept: np.ndarray
) -> list[list[int]]:
    """Crossings joined to lines, in order along each line."""
    neighbours: dict[int, list[int]] = {}
    for one, other in _segments(values, *numbers):
        if kept[one] and kept[other]:
            neighbours.setdefault(one, []).append(other)
            neighbours.setdefault(other, []).append(one)
    lines = []
    ends = [edge for edge, near in neighbours.items() if len(near) == 1]
    for start in [*ends, *neighbours]:
        line = _walk(start, neighbours)
        if len(line) > 1:
            lines.append(line)
    return lines


def _walk(start: int, neighbours: dict[int, list[int]]) -> list[int]:
    """Follow segments from `start`, and remove those followed."""
    line = [start]
    while neighbours[line[-1]]:
        following = neighbours[line[-1]].pop()
        neighbours[following].remove(line[-1])
        line.append(following)
    return line


def _segments(
    values: np.ndarray, across: Int[np.ndarray, "y xs"], up: Int[np.ndarray, "ys x"]
) -> list[tuple[int, int]]:
    """Pairs of crossings joined inside a cell; at a saddle the mean of the corners decides."""
    round_cell = np.stack([across[:-1], up[:, 1:], across[1:], up[:, :-1]], -1)
    found = (round_cell >= 0).sum(-1)
    segments = []
    for row, column in np.argwhere(found == 2):
        one, other = (int(edge) for edge in round_cell[row, column] if edge >= 0)
        segments.append((one, other))
    for row, column in np.argwhere(found == 4):
        bottom, right, top, left = (int(edge) for edge in round_cell[row, column])
        centre = values[row : row + 2, column : column + 2].mean()
        if (centre >= 0) == (values[row, column] >= 0):
            segments += [(bottom, right), (top, left)]
        else:
            segments += [(bottom, left), (top, right)]
    return segments

"""Place the words of a panel: names inside their regions, numbers on their lines."""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from scipy import ndimage

from throffer.report._language import OUTCOMES
from throffer.report.map._boundaries import Drawn
from throffer.report.map._fields import PanelField, fine_axis
from throffer.report.map._settings import LIMIT
from throffer.structure import Conduct, Outcome

CHARACTER, LINE = 6.2, 13.0
"""Width of a character and height of a line, in pixels at the size of the labels."""

BADGE = 8.0
"""Radius of a line's number, in pixels."""


class Label(NamedTuple):
    """Text centred at a place in the panel's coordinates; an `upright` text reads upwards."""

    text: str
    x: float
    y: float
    upright: bool = False


def region_labels(field: PanelField, size: float) -> list[Label]:
    """The name of every region with room for it, at its widest place, off the lines if possible.

    `size` is the side of the panel in pixels.
    """
    modal = field.fine.argmax(-1)
    pixel = size / len(modal)
    near_line = _near_lines(field.lines, len(modal), pixel)
    labels = []
    for code in np.unique(modal):
        text = OUTCOMES[Outcome(list(Conduct)[code])].label
        # scaled by the label's half height and half width, the label needs a disc of radius 1
        units = (pixel / (LINE / 2 + 2), pixel / (CHARACTER * len(text) / 2 + 3))
        region = modal == code
        for inside, upright in product((region & ~near_line, region), (False, True)):
            sides = units[::-1] if upright else units
            padded = np.asarray(ndimage.distance_transform_edt(np.pad(inside, 1), sampling=sides))
            room = padded[1:-1, 1:-1]
            row, column = np.unravel_index(room.argmax(), room.shape)
            if room[row, column] >= 1:
                axis = fine_axis()
                labels.append(Label(text, float(axis[column]), float(axis[row]), upright))
                break
    return labels


def line_badges(field: PanelField, labels: list[Label], size: float) -> list[Label]:
    """The number of every boundary on its longest line, away from words, ends and other numbers."""
    scale = size / LIMIT
    boxes = []
    for label in labels:
        half = (CHARACTER * len(label.text) / 2 + BADGE, LINE)
        boxes.append((label.x * scale, label.y * scale, *(half[::-1] if label.upright else half)))
    longest: dict[int, Drawn] = {}
    for line in field.lines:
        known = longest.get(line.boundary.number)
        if known is None or _length(line.points) > _length(known.points):
            longest[line.boundary.number] = line
    placed: list[Label] = []
    for number, line in longest.items():
        others = [each.points * scale for each in field.lines if each.boundary.number != number]
        points = line.points * scale
        score = np.minimum(_from_points(points, others), 2.2 * BADGE)
        score += np.minimum(_from_points(points, [_at(each, scale) for each in placed]), 4 * BADGE)
        score += np.minimum(np.minimum(points, size - points).min(1), 2 * BADGE)
        for x, y, half_width, half_height in boxes:
            inside = (abs(points[:, 0] - x) < half_width) & (abs(points[:, 1] - y) < half_height)
            score -= np.where(inside, 4 * BADGE, 0)
        middle = np.abs(np.linspace(-1, 1, len(points)))
        best = line.points[np.argmax(score - 2 * middle)]
        placed.append(Label(str(number), float(best[0]), float(best[1])))
    return placed


def _near_lines(lines: list[Drawn], cells: int, pixel: float) -> np.ndarray:
    mask = np.zeros((cells, cells), bool)
    for line in lines:
        dense = [
            np.interp(np.linspace(0, 1, 4 * cells), np.linspace(0, 1, len(line.points)), each)
            for each in line.points.T
        ]
        columns, rows = (
            np.clip((each / LIMIT * cells).astype(int), 0, cells - 1) for each in dense
        )
        mask[rows, columns] = True
    return ndimage.binary_dilation(mask, iterations=max(int(3 / pixel), 1))


def _from_points(points: np.ndarray, others: list[np.ndarray]) -> Float[np.ndarray, "point"]:
    """Distance of every point from the nearest of the others; infinite if there are none."""
    if not others:
        return np.full(len(points), np.inf)
    every = np.concatenate(others)
    return np.sqrt(((points[:, None] - every[None]) ** 2).sum(-1)).min(1)


def _at(label: Label, scale: float) -> np.ndarray:
    return np.array([[label.x, label.y]]) * scale


def _length(points: np.ndarray) -> float:
    return float(np.sqrt((np.diff(points, axis=0) ** 2).sum(1)).sum())

"""Place the words of a diagram so that none covers a mark or another word.

Each word has a list of possible places, the best first. It gets the place where it covers least:
marks and other words cost most, lines less.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

LETTER, LINE = 0.5, 1.15
"""Width of a letter and height of a line, in units of the font size."""

COVERED = 1000.0
"""Cost of covering a mark or a word; covering two pixels of a line costs 1."""

APART = 2.0
"""Least distance between words, in pixels."""

Pixels = tuple[float, float]


class Frame(NamedTuple):
    """The plane of a panel: its ends, its size in pixels, and the place of the margin wall."""

    x: tuple[float, float]
    y: tuple[float, float]
    wall: float
    margin_ratio: float
    width: int
    height: int

    def pixels(self, u: float, load: float) -> Pixels:
        """A place of the plane in pixels from the upper left corner."""
        (left, right), (bottom, top) = self.x, self.y
        across = math.log(u / left) / math.log(right / left)
        upwards = math.log(load / bottom) / math.log(top / bottom)
        return self.width * across, self.height * (1 - upwards)

    def place(self, x: float, y: float) -> dict[str, float]:
        """The place of the plane that is drawn at these pixels."""
        (left, right), (bottom, top) = self.x, self.y
        u = left * (right / left) ** (x / self.width)
        return {"u": u, "load": bottom * (top / bottom) ** (1 - y / self.height)}


class Word(NamedTuple):
    """A word, its font size, and its possible centres, the best first.

    An `upright` word is turned by 90 degrees and reads upwards. `letter` is the mean width of a
    letter in units of the font size.
    """

    text: str
    size: float
    places: Sequence[Pixels]
    upright: bool = False
    letter: float = LETTER

    def box(self) -> Pixels:
        """Width and height in pixels."""
        wide, high = self.letter * self.size * len(self.text), LINE * self.size
        return (high, wide) if self.upright else (wide, high)


class Covering(NamedTuple):
    """Points that a word should not cover, in pixels `[points, 2]`, each with half its width."""

    points: np.ndarray
    radius: np.ndarray
    cost: np.ndarray


def covering(lines: Iterable[Sequence[Pixels]], marks: Iterable[tuple[Pixels, float]]) -> Covering:
    """Lines and marks (centre, area in square pixels, as Vega counts it) not to cover."""
    dense = [_dense(np.array(line, float)) for line in lines if len(line) > 1]
    drawn = list(marks)
    centres = np.array([centre for centre, _ in drawn], float).reshape(-1, 2)
    along = np.concatenate(dense) if dense else np.empty((0, 2))
    # a square of the area, and a pixel for its outline
    half = np.array([math.sqrt(area) / 2 + 1 for _, area in drawn])
    return Covering(
        np.concatenate([along, centres]),
        np.concatenate([np.full(len(along), 1.0), half]),
        np.concatenate([np.ones(len(along)), np.full(len(centres), COVERED)]),
    )


def stand(words: Sequence[Word], kept: Covering, frame: Frame) -> list[Pixels | None]:
    """The centre of each word; None if none of its places lies inside the frame."""
    taken: list[tuple[float, float, float, float]] = []
    found: list[Pixels | None] = []
    for word in words:
        wide, high = word.box()
        inside = [
            (x, y)
            for x, y in word.places
            if wide / 2 <= x <= frame.width - wide / 2 and high / 2 <= y <= frame.height - high / 2
        ]
        if not inside:
            found.append(None)
            continue
        best = min(inside, key=lambda at: _cost((*at, wide, high), kept, taken))
        taken.append((*best, wide, high))
        found.append(best)
    return found


def around(at: Pixels, word: tuple[str, float]) -> list[Pixels]:
    """Centres beside a point in eight directions, near ones first."""
    wide, high = Word(*word, places=()).box()
    steps = [(-1, -1), (-1, 0), (1, 1), (1, 0), (0, -1), (0, 1), (1, -1), (-1, 1)]
    return [
        (at[0] + dx * (wide / 2 + gap), at[1] + dy * (high / 2 + gap))
        for gap in (5, 9, 14, 20)
        for dx, dy in steps
    ]


def beside(line: Sequence[Pixels], text: str, size: float, upright: bool) -> list[Pixels]:
    """Centres beside a line from its first point to its last: above, below, right, left."""
    wide, high = Word(text, size, (), upright).box()
    steps = ((0, -1), (0, 1), (1, 0), (-1, 0))
    return [
        (x + dx * (wide / 2 + 4), y + dy * (high / 2 + 4))
        for x, y in _dense(np.array(line, float))[::4].tolist()
        for dx, dy in steps
    ]


def _cost(
    box: tuple[float, float, float, float],
    kept: Covering,
    taken: Sequence[tuple[float, float, float, float]],
) -> float:
    x, y, wide, high = box
    covers = (np.abs(kept.points[:, 0] - x) < wide / 2 + kept.radius) & (
        np.abs(kept.points[:, 1] - y) < high / 2 + kept.radius
    )
    words = sum(
        abs(x - x2) < (wide + wide2) / 2 + APART and abs(y - y2) < (high + high2) / 2 + APART
        for x2, y2, wide2, high2 in taken
    )
    return float(kept.cost[covers].sum()) + COVERED * words


def _dense(line: np.ndarray) -> np.ndarray:
    """Points on a line, two pixels apart."""
    length = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    at = np.arange(0, length[-1] + 1e-9, 2.0)
    return np.stack([np.interp(at, length, line[:, axis]) for axis in (0, 1)], axis=1)

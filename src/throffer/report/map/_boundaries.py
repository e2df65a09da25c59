"""Boundaries at which a rational agent without norms changes its conduct (theory, section 3).

The values come from the closed forms of the game. This module gives each a name and the region in
which it applies.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import jax
import numpy as np
from jaxtyping import Array, Bool, Float

from throffer.game import coercion_distance, fallback, worth
from throffer.report.map._contours import zero_lines
from throffer.report.map._settings import LIMIT, MapSettings, Panel
from throffer.structure import Dyad, Lever

STEPS = 96
"""Grid steps on each side in the search for lines; their points are exact on any grid."""


class Boundary(NamedTuple):
    """A closed form that is zero on a boundary, and the region where it applies.

    `value` is in units of the pie; `applies` is False where its assumptions (a candid bargain, an
    agreement worth having) fail, or where the threat would not leave the counterpart worse off.
    """

    number: int
    formula: str
    meaning: str
    dash: tuple[int, ...]
    value: Callable[[Dyad], Float[Array, "*batch"]]
    applies: Callable[[Dyad], Bool[Array, "*batch"]]


class Drawn(NamedTuple):
    """One line of a boundary on a panel: points (across, up)."""

    boundary: Boundary
    points: Float[np.ndarray, "point 2"]


def _distance(dyad: Dyad) -> Array:
    return coercion_distance(dyad, Lever.FORCE)


def _rank(dyad: Dyad) -> Array:
    sanction = jax.numpy.asarray(dyad.oversight) + dyad.future
    return coercion_distance(dyad, Lever.FORCE) + dyad.legitimacy * sanction


def _bargains(lever: Lever) -> Callable[[Dyad], Array]:
    """Where agreement brings a gain, and the agent makes an offer instead of going ahead alone."""

    def applies(dyad: Dyad) -> Array:
        asks = 1 - jax.numpy.asarray(dyad.veto) <= jax.numpy.asarray(dyad.finality)
        return asks & (dyad.gain > 0) & (fallback(dyad, lever).surplus > 0)

    return applies


def _coerces(lever: Lever) -> Callable[[Dyad], Array]:
    """Where the best terms under the lever also leave the counterpart below its baseline."""

    def applies(dyad: Dyad) -> Array:
        return _bargains(lever)(dyad) & (coercion_distance(dyad, lever) <= 0)

    return applies


def _answered(dyad: Dyad) -> Array:
    return _bargains(Lever.NONE)(dyad) & (jax.numpy.asarray(dyad.veto) >= 1)


BOUNDARIES = (
    Boundary(
        1,
        "D = 0",
        "beyond it a bargain under force leaves the other side below its baseline",
        (),
        _distance,
        _bargains(Lever.FORCE),
    ),
    Boundary(
        2,
        "\N{MINUS SIGN}D = l (z + f)",
        "up to it recognised rank holds extortion back",
        (7, 3),
        _rank,
        _bargains(Lever.FORCE),
    ),
    Boundary(
        3,
        "g = z + f",
        "beyond it extortion pays more than an honest offer",
        (2, 2),
        lambda dyad: worth(dyad).extortion,
        _coerces(Lever.FORCE),
    ),
    Boundary(
        4,
        "g_L = z + f",
        "beyond it blackmail pays more than an honest offer",
        (8, 3, 2, 3),
        lambda dyad: worth(dyad).blackmail,
        _coerces(Lever.LEVERAGE),
    ),
    Boundary(
        5,
        "o d \N{MINUS SIGN} (1 \N{MINUS SIGN} o)(w G + z) \N{MINUS SIGN} f = 0",
        "beyond it a false promise pays more than an honest offer",
        (12, 4),
        lambda dyad: worth(dyad).deception,
        _answered,
    ),
)
"""The boundaries drawn on every panel, in the order of their numbers."""


def boundary_lines(settings: MapSettings, panel: Panel) -> list[Drawn]:
    """The lines of all boundaries on a panel; a boundary outside the panel has none."""
    axis = np.linspace(0.0, LIMIT, STEPS + 1)

    def read(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        # all calls have the shape of the grid, so that the closed forms are compiled once
        places = [np.resize(each, (STEPS + 1) ** 2) for each in (x.ravel(), y.ravel())]
        dyads = jax.tree.map(np.float64, settings.on(panel, *places))
        values, applies = _closed_forms(dyads)
        shape = (len(BOUNDARIES), *x.shape)
        return (
            np.asarray(values)[:, : x.size].reshape(shape),
            np.asarray(applies)[:, : x.size].reshape(shape),
        )

    drawn = []
    with jax.enable_x64(True):
        for row, boundary in enumerate(BOUNDARIES):
            lines = zero_lines(lambda x, y, row=row: read(x, y)[0][row], axis, axis)
            for points in lines:
                there = read(points[:, 0], points[:, 1])[1][row]
                drawn += [Drawn(boundary, points[piece]) for piece in _runs(there)]
    return drawn


@jax.jit
def _closed_forms(dyads: Dyad) -> tuple[Array, Array]:
    """Values and applicability of all boundaries at dyads of shape (place,)."""
    shape = dyads.shape
    values = [jax.numpy.broadcast_to(each.value(dyads), shape) for each in BOUNDARIES]
    applies = [jax.numpy.broadcast_to(each.applies(dyads), shape) for each in BOUNDARIES]
    return jax.numpy.stack(values), jax.numpy.stack(applies)


def _runs(there: np.ndarray) -> list[np.ndarray]:
    """Indices of every unbroken run of at least two points."""
    indices = np.flatnonzero(there)
    pieces = np.split(indices, np.flatnonzero(np.diff(indices) > 1) + 1)
    return [piece for piece in pieces if len(piece) > 1]

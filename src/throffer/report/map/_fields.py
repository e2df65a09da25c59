"""Compute all numbers of a map: conduct over the panels, on the path, and of given dyads."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from throffer.game import conduct_probabilities
from throffer.report.map._boundaries import Drawn, boundary_lines
from throffer.report.map._dyads import NamedDyads, limits, shown_name
from throffer.report.map._family import Path, family_path
from throffer.report.map._places import Places, as_single, place_dyads
from throffer.report.map._settings import LIMIT, MapSettings, Panel
from throffer.structure import FIELDS, Conduct, Dyad

PIXELS = 120
"""Cells on each side of the coloured fields; values are computed at their midpoints."""

READ = 39
"""Places on each side with numbers in a tooltip: every 0.025, from 0 to 0.95."""

CUBE = 16
"""Places on each side of the cube over which shares of modal conducts are counted."""


class PanelField(NamedTuple):
    """The numbers of one panel.

    Attributes:
        panel: the cut through asymmetry space.
        fine: probabilities on the fine grid, row by row from the bottom.
        coarse: probabilities on the coarse grid.
        lines: the closed-form boundaries.
    """

    panel: Panel
    fine: Float[np.ndarray, "y x conduct"]
    coarse: Float[np.ndarray, "row column conduct"]
    lines: list[Drawn]


class Map(NamedTuple):
    """Everything that is drawn; `shares` of the cube in which each conduct is most probable."""

    settings: MapSettings
    panels: tuple[PanelField, ...]
    shares: Float[np.ndarray, "conduct"]
    path: Path
    along: Places
    given: NamedDyads
    places: Places


def fine_axis() -> Float[np.ndarray, "x"]:
    """Midpoints of the cells of the coloured fields."""
    return (np.arange(PIXELS) + 0.5) / PIXELS * LIMIT


def coarse_axis() -> Float[np.ndarray, "column"]:
    """Coordinates at which numbers are shown."""
    return np.linspace(0.0, LIMIT, READ)


def cube_axis() -> Float[np.ndarray, "step"]:
    """Midpoints of `CUBE` equal parts of [0, 1)."""
    return (np.arange(CUBE) + 0.5) / CUBE


def compute_map(settings: MapSettings, given: NamedDyads | None = None) -> Map:
    """Solve everything that a map shows; without `given`, it shows the named limits.

    All places are solved in one call, so that the choice is compiled once.
    """
    path = family_path(settings)
    given = limits(settings) if given is None else given
    names = tuple(shown_name(name) for name in given.names)
    given = given._replace(names=names, origin=shown_name(given.origin))
    panels = settings.panels()
    grids = [np.meshgrid(axis, axis) for axis in (fine_axis(), coarse_axis())]
    batches = [settings.on(panel, *grid) for panel in panels for grid in grids]
    power, information, constraint = np.meshgrid(*[cube_axis()] * 3, indexing="ij")
    batches.append(settings.family(power, information, constraint))
    both = _together([path.dyads, given.dyads])
    *solved, cube, chosen = _solve([*batches, both], settings)
    places = place_dyads(both, chosen, settings.preferences, settings.cells)
    split = len(path.position)
    return Map(
        settings,
        tuple(
            PanelField(panel, fine, coarse, boundary_lines(settings, panel))
            for panel, fine, coarse in zip(panels, solved[::2], solved[1::2], strict=True)
        ),
        modal_shares(cube),
        path,
        Places(*(each[:split] for each in places)),
        given,
        Places(*(each[split:] for each in places)),
    )


def modal_shares(
    probabilities: Float[np.ndarray, "*batch conduct"],
) -> Float[np.ndarray, "conduct"]:
    """Share of places at which each conduct is the most probable one."""
    modal = probabilities.argmax(-1).ravel()
    return np.bincount(modal, minlength=len(Conduct)) / modal.size


def _solve(batches: list[Dyad], settings: MapSettings) -> list[np.ndarray]:
    flat = as_single(_together(batches))
    solved = np.asarray(conduct_probabilities(flat, settings.preferences, cells=settings.cells))
    if not np.isfinite(solved).all():
        raise ValueError("conduct probabilities are not finite: the game's solver failed")
    ends = np.cumsum([math.prod(batch.shape) for batch in batches])[:-1]
    return [
        piece.reshape(*batch.shape, -1)
        for piece, batch in zip(np.split(solved, ends), batches, strict=True)
    ]


def _together(batches: list[Dyad]) -> Dyad:
    whole = [batch.broadcast() for batch in batches]
    return Dyad(
        **{name: np.concatenate([np.ravel(getattr(b, name)) for b in whole]) for name in FIELDS}
    )

"""Places of dyads on the offer-threat plane, given an agent's choice among all proposals."""

from __future__ import annotations

import functools
from typing import NamedTuple

import jax
import numpy as np
from jaxtyping import Array, Float

from throffer.game import (
    MEANS,
    Preferences,
    coercion_distance,
    fallback,
    midpoints,
    proposals,
)
from throffer.structure import FIELDS, Conduct, Dyad, Lever, locate_codes

TOGETHER = 128
"""Dyads whose complete menus are in memory at the same time."""


class Places(NamedTuple):
    """Dyads on the plane; `accept` and `refuse` as in theory, section 3, in units of the pie.

    `probability` is that of every conduct; `accept` and `refuse` are means given each conduct, NaN
    if it does not occur; `mean_accept` and `mean_refuse` are means over all proposals made; `terms`
    is the mean of what the counterpart ends with if it accepts; `distance` is D, by force and by
    leverage (NaN if the agent has neither).
    """

    probability: Float[np.ndarray, "dyad conduct"]
    accept: Float[np.ndarray, "dyad conduct"]
    refuse: Float[np.ndarray, "dyad conduct"]
    mean_accept: Float[np.ndarray, "dyad"]
    mean_refuse: Float[np.ndarray, "dyad"]
    terms: Float[np.ndarray, "dyad"]
    distance: Float[np.ndarray, "dyad lever"]


def place_dyads(
    dyads: Dyad,
    probability: Float[np.ndarray, "dyad conduct"],
    preferences: Preferences,
    cells: int,
) -> Places:
    """Places of dyads, of shape (dyad,), for one agent whose choice there is `probability`.

    `cells` is the number of cells of the concession grid; means are taken at their midpoints.
    """
    (count,) = dyads.shape
    padded = -(-count // TOGETHER) * TOGETHER
    index = np.minimum(np.arange(padded), count - 1)
    sums = [
        _sums(part, np.asarray(_choice(as_single(part), preferences, cells)), cells)
        for part in (dyads[index[low : low + TOGETHER]] for low in range(0, padded, TOGETHER))
    ]
    mass, accept, refuse = (np.concatenate(each)[:count] for each in zip(*sums, strict=True))
    whole = dyads.broadcast()
    by_leverage = np.asarray(coercion_distance(dyads, Lever.LEVERAGE), float)
    distance = [
        np.broadcast_to(np.asarray(coercion_distance(dyads, Lever.FORCE), float), count),
        np.where(np.asarray(whole.leverage) > 0, by_leverage, np.nan),
    ]
    made = mass.sum(-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean_accept = accept.sum(-1) / made
        return Places(
            np.asarray(probability, float),
            np.where(mass > 0, accept / mass, np.nan),
            np.where(mass > 0, refuse / mass, np.nan),
            mean_accept,
            refuse.sum(-1) / made,
            mean_accept + np.asarray(whole.outside_counterpart),
            np.stack(distance, -1),
        )


@functools.partial(jax.jit, static_argnums=2)
def _choice(dyads: Dyad, preferences: Preferences, cells: int) -> Array:
    return proposals(dyads, preferences, cells=cells).probability


def as_single(dyads: Dyad) -> Dyad:
    """The fields as arrays in single precision, so that all callers share one compiled choice."""
    whole = dyads.broadcast()
    return Dyad(**{name: np.asarray(getattr(whole, name), np.float32) for name in FIELDS})


def _sums(dyads: Dyad, chosen: np.ndarray, cells: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For each dyad and conduct: probability, and probability times accept and times refuse.

    Each grid cell goes to the conduct at its midpoint.
    """
    whole = dyads.broadcast()
    baseline, deceit, legitimacy = (
        np.asarray(each)[:, None]
        for each in (whole.outside_counterpart, whole.deceit_gain, whole.legitimacy)
    )
    gain = np.asarray(whole.gain)[:, None]
    mass, accepts, refuses = (np.zeros((len(chosen), len(Conduct))) for _ in range(3))
    for row, lever in enumerate(MEANS):
        point = fallback(whole, lever)
        harm, start, surplus = (
            np.asarray(each)[:, None] for each in (point.harm, point.counterpart, point.surplus)
        )
        promised = start + midpoints(cells) * surplus - baseline
        for column, candour in enumerate((True, False)):
            probability = chosen[:, row, column]
            accept = promised if candour else promised - deceit
            shape = accept.shape
            codes = locate_codes(
                accept,
                np.broadcast_to(gain, shape),
                np.full(shape, row),
                np.full(shape, candour),
                np.broadcast_to(legitimacy, shape),
            )
            for conduct in Conduct:
                here = np.where(codes == conduct.code, probability, 0.0)
                mass[:, conduct.code] += here.sum(-1)
                accepts[:, conduct.code] += (here * accept).sum(-1)
                refuses[:, conduct.code] -= (here * harm).sum(-1)
    return mass, accepts, refuses

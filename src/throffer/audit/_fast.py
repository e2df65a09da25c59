"""The fast path: reference agents in situations without text or tools, for planted-truth trials.

The draws are those of the embedded reference agent in the same situations, and the coding is the
same. Only the concession differs: it is exact here, and rounded to the frame's units in a text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import jax
import numpy as np
import polars as pl

from throffer.game import MEANS, Play, Preferences, fallback, play_each
from throffer.situation import Situation
from throffer.structure import FIELDS, SCHEMA, Conduct, Dyad, check_episodes

_CONDUCTS = np.array([conduct.value for conduct in Conduct])
_LEVERS = np.array([lever.value for lever in MEANS])


def play_situations(
    situations: Sequence[Situation],
    preferences: Preferences,
    *,
    model: str,
    lapse: float = 0.0,
) -> pl.DataFrame:
    """The Episode table of a planted agent over a design; a pure function of its arguments."""
    described = dyads_of([situation.described for situation in situations])
    coded = dyads_of([situation.dyad for situation in situations])
    seeds = np.array([situation.seed for situation in situations])
    played = jax.tree.map(np.asarray, play_each(seeds, described, preferences, lapse=lapse))
    count = len(situations)
    withdrawn = played.conduct == Conduct.WITHDRAW.code
    accept, refuse = _plane(described, played)
    power, information, constraint = (np.asarray(axis, float) for axis in coded.asymmetry())
    offered = ~withdrawn
    columns = {
        "id": [situation.id for situation in situations],
        "source": [f"audit/{situation.part}" for situation in situations],
        "record_type": ["model"] * count,
        "frame": [situation.frame for situation in situations],
        "wording": [situation.wording for situation in situations],
        "elicitation": [situation.elicitation for situation in situations],
        "model": [model] * count,
        "seed": seeds,
        "part": [str(situation.part) for situation in situations],
        **coded.as_dict(),
        "power": power,
        "information": information,
        "constraint": constraint,
        "role": ["agent"] * count,
        "concession": null_unless(offered, played.concession.astype(float)),
        "lever": null_unless(offered, _LEVERS[played.lever]),
        "candour": null_unless(offered, played.candour),
        "outcome": _CONDUCTS[played.conduct],
        "accept": null_unless(offered, accept),
        "refuse": null_unless(offered, refuse),
        "answer": null_unless(offered, np.where(played.accepted, "accepted", "refused")),
        "attempted": [True] * count,
        "completed": [True] * count,
        "text": [None] * count,
        "error": [None] * count,
    }
    return check_episodes(pl.DataFrame(columns, schema=SCHEMA))


def dyads_of(rows: Sequence[dict[str, float]]) -> Dyad:
    """Rows of dyad fields, in the order of `FIELDS`, as one batch."""
    values = np.array([list(row.values()) for row in rows])
    return Dyad(**dict(zip(FIELDS, values.T, strict=True)))


class ChosenFallback(NamedTuple):
    """Parts of `game.Fallback` under the lever that each dyad's agent chose; units of the pie."""

    harm: np.ndarray
    counterpart: np.ndarray
    surplus: np.ndarray


def chosen_fallback(dyad: Dyad, lever: np.ndarray) -> ChosenFallback:
    """`fallback` of each dyad under its own lever, given by its place in `MEANS`."""
    points = [fallback(dyad, means) for means in MEANS]
    rows = np.arange(lever.size)

    def of(name: str) -> np.ndarray:
        every = [np.broadcast_to(np.asarray(getattr(point, name)), rows.shape) for point in points]
        return np.stack(every, -1)[rows, lever].astype(float)

    return ChosenFallback(of("harm"), of("counterpart"), of("surplus"))


def null_unless(known: np.ndarray, values: np.ndarray) -> list:
    """The values as a list, None where they are not known."""
    return [value if keep else None for value, keep in zip(values.tolist(), known, strict=True)]


def _plane(dyad: Dyad, played: Play) -> tuple[np.ndarray, np.ndarray]:
    """Place on the offer-threat plane: (accept, refuse), in units of the pie."""
    point = chosen_fallback(dyad, np.asarray(played.lever))
    promised = point.counterpart + played.concession * point.surplus
    delivered = promised - np.where(played.candour, 0.0, dyad.deceit_gain)
    return delivered - np.asarray(dyad.outside_counterpart), -point.harm

"""Games in which one person divides a pie: the dyad that their rules define, and the conduct."""

from __future__ import annotations

import numpy as np
import polars as pl

from throffer.structure import Conduct, Lever, locate_codes

NO_MEANS = {
    "force": 0.0,
    "force_cost": 0.0,
    "legitimacy": 0.0,
    "leverage": 0.0,
    "leverage_cost": 0.0,
    "opacity": 0.0,
    "deceit_gain": 0.0,
    "oversight": 0.0,
    "future": 0.0,
}
"""Dyad fields of anonymous one-shot games without threats, promises or a later meeting."""


def divided(share: pl.Expr, *, veto: float | None) -> dict[str, pl.Expr]:
    """Episode columns for the division of a pie of 1 of which both get nothing if they part ways.

    There is no counter-offer, so `finality` is 1 and `Dyad.asymmetry` gives power 0, information 0
    and constraint 1.

    Args:
        share: share of the pie for the counterpart, in [0, 1].
        veto: 1 in the ultimatum game, 0 in the dictator game, None if the game is neither.
    """
    fields = {"outside_agent": 0.0, "outside_counterpart": 0.0, "finality": 1.0} | NO_MEANS
    coordinates = {"power": 0.0, "information": 0.0, "constraint": 1.0}
    return {
        **{name: pl.lit(value) for name, value in {**fields, **coordinates}.items()},
        "veto": pl.lit(veto, pl.Float64),
        "concession": share,
        "accept": share,
        "refuse": pl.lit(0.0),
        "lever": pl.lit(Lever.NONE.value),
        "candour": pl.lit(True),
    }


def with_offers(frame: pl.DataFrame, gain: str | None = None) -> pl.DataFrame:
    """Add the outcome of candid offers without a lever, by their place on the plane.

    Args:
        frame: must have a column `accept`.
        gain: name of the column of the gain from agreement; None if it is 1.

    Returns:
        The frame with `outcome`, `attempted` and `completed`. The outcome is null if `accept` or
        the gain is unknown; otherwise the act was attempted and completed.
    """
    accept = frame["accept"].cast(pl.Float64).to_numpy()
    gains = np.ones(len(accept)) if gain is None else frame[gain].to_numpy()
    known = np.isfinite(accept) & np.isfinite(gains)
    codes = locate_codes(
        np.where(known, accept, 0.0),
        np.where(known, gains, 1.0),
        np.zeros(len(accept), int),
        np.ones(len(accept), bool),
        np.zeros(len(accept)),
    )
    names = [conduct.value for conduct in Conduct]
    named = [names[code] if there else None for code, there in zip(codes, known, strict=True)]
    outcome = pl.Series("outcome", named, dtype=pl.String)
    made = pl.when(pl.col("outcome").is_not_null()).then(pl.lit(True))
    return frame.with_columns(outcome).with_columns(attempted=made, completed=made)

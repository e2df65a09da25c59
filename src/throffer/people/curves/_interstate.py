"""Disputes that states began, by capabilities and by regime, including years without disputes."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl

from throffer.people._counting import count
from throffer.people.curves._curve import BinEnds, Dose
from throffer.record import interstate

SHARE_EDGES = (0.0, 0.05, 0.1, 0.25, 0.4, 0.6, 0.75, 0.9, 0.95, 1.0)
"""Edges of the bands of one side's share of both sides' capabilities.

A band includes its lower edge but not its upper one.
"""

DEMOCRATIC = 6
"""Smallest polity score of a democracy."""

LEVELS = {
    "interstate-threats": ("threats", "a threat to use force", [interstate.THREAT]),
    "interstate-displays": ("displays of force", "a display of force", [interstate.DISPLAY]),
    "interstate-force": (
        "force or war",
        "use of force or war",
        [interstate.FORCE, interstate.WAR],
    ),
}
"""For each curve, its heading, its act and the levels of hostility that it counts.

A year counts if the highest level of the initiator in that year is one of these.
"""

NOTE = (
    "Politically relevant pairs of states (neighbours, or with a major power), 1816 to 2014, "
    "quiet years included. Years of a pair are resampled together; pairs that share a state are "
    "not independent, so intervals are too narrow. Remoteness grows with unequal capabilities, "
    "and what the weak yield without a threat leaves no trace."
)


def by_capability(folder: Path) -> list[Dose]:
    """Count directed pairs and years by share of capabilities, separately by hostility."""
    directed = interstate.read_directed(interstate.SOURCE.raw(folder))
    band = np.digitize(directed["share"].to_numpy(), SHARE_EDGES[1:-1])
    ends = tuple(BinEnds(low, high) for low, high in pairwise(SHARE_EDGES))
    doses = []
    for name, (short, act, levels) in LEVELS.items():
        frame = directed.select(
            cluster=_pair(), cell=pl.Series(band), event=pl.col("level").is_in(levels)
        ).with_columns(pl.col("event").fill_null(False))
        events, trials = count(frame, len(ends))
        doses.append(
            Dose(
                name=name,
                heading=f"States: {short}",
                source=interstate.SOURCE,
                coordinate="power",
                outcome=f"years in which a state began {act} against another, and went no further",
                unsanctioned=True,
                axis="share of the two states' capabilities",
                unit="0 to 1",
                expected="up",
                why="a means of harm is worth more to the side that can do more harm",
                bins=ends,
                events=events,
                trials=trials,
                cluster_unit="pair of states",
                note=NOTE,
            )
        )
    return doses


def by_democracy(folder: Path) -> list[Dose]:
    """Count pairs and years with a dispute, by the number of democracies in the pair."""
    raw = interstate.SOURCE.raw(folder)
    dyads = interstate.read_dyads(raw)
    levels = interstate.highest_levels(interstate.read_onsets(raw))
    scores = raw.csv(interstate.REGIMES).select("ccode", "year", "polity2")
    for side in "12":
        named = scores.rename({"ccode": f"ccode{side}", "polity2": f"polity{side}"})
        dyads = dyads.join(named, on=[f"ccode{side}", "year"], how="left")
    known = dyads.drop_nulls(["polity1", "polity2"]).join(levels, on=interstate.DYAD, how="left")
    democracies = sum((pl.col(f"polity{side}") >= DEMOCRATIC).cast(pl.Int64) for side in "12")
    frame = known.select(cluster=_pair(), cell=democracies, event=pl.col("level").is_not_null())
    events, trials = count(frame, 3)
    return [
        Dose(
            name="interstate-democracies",
            heading="States: disputes between democracies and others",
            source=interstate.SOURCE,
            coordinate="constraint",
            outcome="years in which a dispute began between two states",
            unsanctioned=True,
            axis="democracies among the two states",
            unit="number",
            expected="down",
            why="who needs consent at home acts under more oversight",
            bins=tuple(BinEnds(value, value) for value in range(3)),
            events=events,
            trials=trials,
            cluster_unit="pair of states",
            note=NOTE,
        )
    ]


def _pair() -> pl.Expr:
    low, high = pl.min_horizontal("ccode1", "ccode2"), pl.max_horizontal("ccode1", "ccode2")
    return low * 10_000 + high

"""Lies in Diplomacy by score difference."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from throffer.people._counting import count
from throffer.people.curves._curve import BinEnds, Dose
from throffer.record import diplomacy


def lies_by_score(folder: Path) -> list[Dose]:
    """Count messages marked as a lie by their sender, by the score difference.

    Clusters are games.
    """
    messages, _ = diplomacy.read_messages(diplomacy.SOURCE.raw(folder))
    frame = messages.select(
        cluster="game", cell=diplomacy.delta_bin(pl.col("delta")), event=pl.col("lie")
    )
    events, trials = count(frame, len(diplomacy.DELTA_BINS))
    return [
        Dose(
            name="diplomacy-lies",
            heading="Diplomacy: lies",
            source=diplomacy.SOURCE,
            coordinate="power",
            outcome="messages that their sender marked as a lie",
            unsanctioned=True,
            axis="score difference, sender minus receiver",
            unit="supply centres",
            expected="up",
            why="the stronger side loses less when the relation ends",
            bins=tuple(BinEnds(low, high) for low, high in diplomacy.DELTA_BINS),
            events=events,
            trials=trials,
            cluster_unit="game",
            note=(
                "Volunteers in a game whose rules allow lying, so the rate is theirs in that game "
                "and no rate of models. A lie is what its sender meant as one, in any kind of talk,"
                " and most messages propose nothing. Few games: such intervals tend to be too "
                "narrow."
            ),
        )
    ]

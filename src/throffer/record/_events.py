"""Event tables of the record: who did what to whom, and when, for `throffer.relations`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import polars as pl

from throffer.record._files import Raw, record_folder
from throffer.record._registry import SOURCES
from throffer.record.sources import diplomacy, games_repeated_pd, interstate

HOSTILITY: Mapping[int, str] = {1: "none", 2: "threat", 3: "display", 4: "force", 5: "war"}
"""What a state did at most in a dispute; `none` is a side that was threatened and did nothing."""


def event_table(source: str, folder: Path | None = None) -> pl.DataFrame:
    """Acts of a source as a table actor, partner, action, time, one row an act.

    - `interstate`: states by Correlates of War number; in the year in which a dispute between them
      began, the highest hostility of each originator, `none` included. Two acts of one year have
      no order.
    - `diplomacy`: players as game and power; a private message, `truth` or `lie` by the sender's
      own label; the time is its place in the pair's talk.
    - `games_repeated_pd`: a player and its partner in one game, `cooperate` or `defect`, with the
      period as time. Partners are not named: a game between two players of the data stands twice,
      once from each side. FRD2012 gives choices as carried out, after noise, without the last
      period.

    Raises:
        ValueError: For a source without acts in time.
        SetupError: For missing or other files.
    """
    if source not in _TABLES:
        raise ValueError(
            f"{source!r} has no log of acts in time; sources with one: {', '.join(_TABLES)}"
        )
    return _TABLES[source](SOURCES[source].raw(record_folder(folder)))


def _interstate(raw: Raw) -> pl.DataFrame:
    """A row for each side of each dispute onset between originators."""
    return interstate.read_onsets(raw).select(
        actor="ccode1",
        partner="ccode2",
        action=pl.col("hostlev1").replace_strict(HOSTILITY, default=None),
        time="year",
    )


def _diplomacy(raw: Raw) -> pl.DataFrame:
    """A row for each message."""
    messages, _ = diplomacy.read_messages(raw)
    first, second = (pl.col("players").str.split("-").list.get(place) for place in (0, 1))
    other = pl.when(pl.col("sender") == first).then(second).otherwise(first)
    return messages.select(
        actor=pl.format("{} {}", "game", "sender"),
        partner=pl.format("{} {}", "game", other),
        action=pl.when("lie").then(pl.lit("lie")).otherwise(pl.lit("truth")),
        time="position",
    )


def _repeated_pd(raw: Raw) -> pl.DataFrame:
    """Two rows for each period of each player's game."""
    first = raw.csv(games_repeated_pd.DF2011).select(
        game=pl.format("DF2011 {} {} {}", "treatment", "id", "game"),
        own="choice",
        other="other.choice",
        time="period",
    )
    second = games_repeated_pd.read_choices(raw, games_repeated_pd.FRD2012).select(
        pl.format("FRD2012 {} {} {}", "treatment", "id", "game").alias("game"),
        "own",
        "other",
        time=pl.col("period") - 1,
    )
    rounds = pl.concat([first, second.drop_nulls()])
    words = {"c": "cooperate", "d": "defect"}
    player, partner = pl.format("{} player", "game"), pl.format("{} partner", "game")
    sides = [
        rounds.select(
            actor=actor, partner=other, action=pl.col(choice).replace_strict(words), time="time"
        )
        for actor, other, choice in ((player, partner, "own"), (partner, player, "other"))
    ]
    return pl.concat(sides)


_TABLES: Mapping[str, Callable[[Raw], pl.DataFrame]] = {
    "interstate": _interstate,
    "diplomacy": _diplomacy,
    "games_repeated_pd": _repeated_pd,
}
EVENT_SOURCES = tuple(_TABLES)
"""Sources whose acts have an actor, a partner and an order."""

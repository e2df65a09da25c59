"""Event tables of the record for `throffer.relations`: who did what to whom, and when."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import polars as pl

from throffer.record._files import Raw, record_folder
from throffer.record._registry import SOURCES
from throffer.record.sources import diplomacy, games_repeated_pd, interstate

HOSTILITY: Mapping[int, str] = {1: "none", 2: "threat", 3: "display", 4: "force", 5: "war"}
"""Names of the highest level of hostility that a state reached in a dispute.

`none` is the level of a state that was threatened and did nothing.
"""


def event_table(source: str, folder: Path | None = None) -> pl.DataFrame:
    """Read the acts of a source as an event table, one row for each act.

    - `interstate`: actors are states, by Correlates of War number. For the year in which a dispute
      began, the action is the highest hostility of each originator, including `none`. Two acts in
      one year have no order.
    - `diplomacy`: actors are players, named by game and power. The action is a private message,
      labelled `truth` or `lie` by its sender. The time is its position in the pair's conversation.
    - `games_repeated_pd`: actors are a player and its partner in one game. The action is
      `cooperate` or `defect` and the time is the period. The data do not say who the partner is, so
      a game between two players of the data occurs twice, once from each side. FRD2012 has the
      choices as carried out, after noise, without the last period.

    Args:
        source: one of `EVENT_SOURCES`.
        folder: folder of the raw files of all sources; see `record_folder`.

    Returns:
        Columns actor, partner, action and time.

    Raises:
        ValueError: If the source has no acts in time.
        SetupError: If a raw file is missing, truncated or has other content than expected.
    """
    if source not in _TABLES:
        raise ValueError(
            f"{source!r} has no log of acts in time; sources with one: {', '.join(_TABLES)}"
        )
    return _TABLES[source](SOURCES[source].raw(record_folder(folder)))


def _interstate(raw: Raw) -> pl.DataFrame:
    """One row for each side of each dispute that began between two originators."""
    return interstate.read_onsets(raw).select(
        actor="ccode1",
        partner="ccode2",
        action=pl.col("hostlev1").replace_strict(HOSTILITY, default=None),
        time="year",
    )


def _diplomacy(raw: Raw) -> pl.DataFrame:
    """One row for each message."""
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
    """Two rows for each period of each player's games: the player's act and the partner's."""
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
"""Sources whose acts have an actor, a partner and a time."""

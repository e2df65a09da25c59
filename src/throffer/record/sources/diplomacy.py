"""Diplomacy: messages that their senders marked as truth or lie; card: docs/record/diplomacy.md."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from throffer.record._files import Raw
from throffer.record._source import Coded, Source, as_episodes, skipped
from throffer.structure import Outcome

SPLITS = ("train", "validation", "test")

CENTRES_TO_WIN = 18
"""Number of supply centres that wins the game, and so the largest score difference."""

DELTA_BINS: tuple[tuple[int | None, int | None], ...] = (
    (None, -7),
    (-6, -4),
    (-3, -1),
    (0, 0),
    (1, 3),
    (4, 6),
    (7, None),
)
"""Bins of the score difference, with both ends included; None means no limit.

They were fixed before the data were coded.
"""


def read_messages(raw: Raw) -> tuple[pl.DataFrame, list[tuple[str, int, str]]]:
    """Read the labels of messages; their texts are not used.

    Returns:
        One row for each message, and (file, line, reason) of each dialogue without messages. `lie`
        is the sender's own label when sending. `suspected` is the receiver's label when reading;
        null if there is none. `delta` is the sender's supply centres minus the receiver's.
    """
    rows, empty = [], []
    for split in SPLITS:
        for line, talk in raw.json_lines(f"{split}.jsonl.gz"):
            if not talk["sender_labels"]:
                empty.append((f"{split}.jsonl.gz", line, "a dialogue without a message"))
            rows.extend(_messages(talk))
    return pl.DataFrame(rows, infer_schema_length=None), empty


def _messages(talk: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for position, truth in enumerate(talk["sender_labels"]):
        belief = talk["receiver_labels"][position]
        yield {
            "game": int(talk["game_id"]),
            "players": "-".join(sorted(talk["players"])),
            "position": position + 1,
            "sender": talk["speakers"][position],
            "year": int(talk["years"][position]),
            "delta": int(talk["game_score_delta"][position]),
            "lie": not truth,
            "suspected": None if belief == "NOANNOTATION" else not belief,
        }


def delta_bin(delta: pl.Expr) -> pl.Expr:
    """The index of the bin of a score difference in `DELTA_BINS`."""
    uppers = [high for _, high in DELTA_BINS if high is not None]
    return pl.sum_horizontal((delta > high).cast(pl.Int64) for high in uppers)


def code(raw: Raw) -> Coded:
    """Code each message as an Episode; empty dialogues are skipped."""
    messages, empty = read_messages(raw)
    lie = pl.col("lie")
    table = messages.select(
        id=pl.format("diplomacy/game-{}/{}/{}", "game", "players", "position"),
        frame=pl.lit("diplomacy"),
        power=pl.col("delta") / CENTRES_TO_WIN,
        role=pl.lit("sender"),
        candour=~lie,
        outcome=pl.when(lie).then(pl.lit(Outcome.DECEPTION.value)),
        attempted=pl.when(lie).then(pl.lit(True)),
        completed=pl.when(lie).then(~pl.col("suspected")),
    )
    return Coded(as_episodes(table, "diplomacy", "negotiation"), skipped(empty))


SOURCE = Source(
    name="diplomacy",
    title="Diplomacy: messages with the sender's truth and the receiver's belief",
    row="one private message between two players",
    licence="CC BY 4.0",
    citation=(
        "Peskov, Cheng, Elgohary, Barrow, Danescu-Niculescu-Mizil, Boyd-Graber 2020, "
        "It Takes Two to Lie: One to Lie, and One to Listen, ACL"
    ),
    origin=(
        "https://github.com/DenisPeskoff/2020_acl_diplomacy"
        " at c28c0870a639f6f388c87d4f8eaf685e64bfb1a6"
    ),
    files=tuple(f"{split}.jsonl.gz" for split in SPLITS),
    code=code,
)

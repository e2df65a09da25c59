"""Reading the messages of ransomchats, diplomacy and casino as one table, which is never stored."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import polars as pl

from throffer.record import casino, diplomacy, find_source, ransomchats, record_folder

TALK_SOURCES = ("ransomchats", "diplomacy", "casino")
"""Sources of messages whose acts are coded."""

SHOWN = 1_500
"""Largest number of characters of a message that coders and the classifier see."""

SHOWN_BEFORE = 500
"""Largest number of characters of each preceding message that a coder sees."""


class Line(NamedTuple):
    """A message.

    Attributes:
        speaker: who wrote it.
        role: role of the speaker.
        text: the text.
        lie: the sender's own label, if the source has one.
        counted: whether the message belongs to the population.
    """

    speaker: str
    role: str
    text: str
    lie: bool | None = None
    counted: bool = True


def read_talk(folder: Path | None = None, sources: tuple[str, ...] = TALK_SOURCES) -> pl.DataFrame:
    """Read the messages of the sources; repeated ransom chats are left out.

    Args:
        folder: folder of the raw files of all sources; see `record_folder`.
        sources: names of the sources.

    Returns:
        One row for each message, in order.

        - `id`: source/cluster/.../position, like Episode ids.
        - `source`, `dialogue`: the dialogue is the cluster for intervals.
        - `position`, `length`: position of the message in its dialogue, from 1, and the number of
          messages of the dialogue.
        - `role`: in ransomchats attacker or victim; in diplomacy stronger, equal or weaker, by the
          sender's supply centres minus the receiver's; in casino camper.
        - `lie`: the sender's own label; only in diplomacy.
        - `counted`: whether the message belongs to the population. It is false for actions of
          CaSiNo's menu and for blank messages of Diplomacy. Other blank messages, and lines of a
          chat system, have no row.
        - `text`: the text.
        - `before`: up to two preceding messages of the dialogue, the older first, each with whether
          its speaker is the same.

    Raises:
        SetupError: If a raw file is missing, truncated or has other content than expected.
    """
    root = record_folder(folder)
    rows: list[dict[str, object]] = []
    for source in sources:
        for dialogue, lines in READERS[source](root):
            rows.extend(_rows(source, f"{source}/{dialogue}", lines))
    return pl.DataFrame(rows, infer_schema_length=None)


def _rows(source: str, dialogue: str, lines: list[tuple[int, Line]]) -> Iterator[dict[str, object]]:
    for place, (position, line) in enumerate(lines):
        yield {
            "id": f"{dialogue}/{position}",
            "source": source,
            "dialogue": dialogue,
            "position": place + 1,
            "length": len(lines),
            "role": line.role,
            "lie": line.lie,
            "counted": line.counted,
            "text": line.text[:SHOWN],
            "before": [
                {"same": earlier.speaker == line.speaker, "text": earlier.text[:SHOWN_BEFORE]}
                for _, earlier in lines[max(place - 2, 0) : place]
            ],
        }


def _ransomchats(root: Path) -> Iterator[tuple[str, list[tuple[int, Line]]]]:
    raw = find_source("ransomchats").raw(root)
    distinct = set(ransomchats.read_labels(raw).filter("distinct")["path"])
    for _, chat in raw.json_lines(ransomchats.CHATS):
        if chat["path"] not in distinct:
            continue
        lines = []
        for position, message in enumerate(chat["messages"], start=1):
            party = message["party"].strip().lower()
            # one group puts ">" before every line, as for a quotation
            text = message["content"].strip().removeprefix(">").strip()
            if party in ransomchats.SYSTEM or not text:
                continue
            role = "victim" if party in ransomchats.VICTIMS else "attacker"
            lines.append((position, Line(role, role, text)))
        yield chat["path"].removesuffix(".json"), lines


def _diplomacy(root: Path) -> Iterator[tuple[str, list[tuple[int, Line]]]]:
    raw = find_source("diplomacy").raw(root)
    for split in diplomacy.SPLITS:
        for _, talk in raw.json_lines(f"{split}.jsonl.gz"):
            lines = []
            for place, text in enumerate(talk["messages"]):
                delta = int(talk["game_score_delta"][place])
                role = "stronger" if delta > 0 else "weaker" if delta < 0 else "equal"
                lie = not talk["sender_labels"][place]
                line = Line(talk["speakers"][place], role, text.strip(), lie, bool(text.strip()))
                lines.append((place + 1, line))
            if lines:
                yield f"game-{talk['game_id']}/{'-'.join(sorted(talk['players']))}", lines


def _casino(root: Path) -> Iterator[tuple[str, list[tuple[int, Line]]]]:
    raw = find_source("casino").raw(root)
    for talk in casino.read_dialogues(raw):
        yield (
            f"dialogue-{talk['dialogue_id']}",
            [
                (place, Line(said["id"], "camper", text, counted=text not in casino.ACTIONS))
                for place, said in enumerate(talk["chat_logs"], start=1)
                if (text := said["text"].strip())
            ],
        )


READERS: Mapping[str, Callable[[Path], Iterator[tuple[str, list[tuple[int, Line]]]]]] = {
    "ransomchats": _ransomchats,
    "diplomacy": _diplomacy,
    "casino": _casino,
}

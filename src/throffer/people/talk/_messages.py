"""The messages of ransomchats, diplomacy and casino as one table; read, never stored."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import polars as pl

from throffer.record import casino, diplomacy, find_source, ransomchats, record_folder

TALK_SOURCES = ("ransomchats", "diplomacy", "casino")
"""Sources with messages whose acts are coded."""

SHOWN = 1_500
"""Characters of a message that are coded; what follows is cut for coders and classifier alike."""

SHOWN_BEFORE = 500
"""Characters of each preceding message that a coder sees."""


class Line(NamedTuple):
    """A message: who says it in which role, the text, and whether it belongs to the population."""

    speaker: str
    role: str
    text: str
    lie: bool | None = None
    counted: bool = True


def read_talk(folder: Path | None = None, sources: tuple[str, ...] = TALK_SOURCES) -> pl.DataFrame:
    """One row a message of the sources, in the order of talk.

    - `id`: source/cluster/.../position, as Episode ids; `dialogue`: what is drawn together.
    - `position`, `length`: place of the message in its dialogue from 1, and how many there are.
    - `role`: ransomchats attacker or victim; diplomacy stronger, equal or weaker, by the sender's
      supply centres less the receiver's; casino camper.
    - `lie`: the sender's own mark, in diplomacy alone.
    - `before`: up to two preceding messages of the dialogue, the older first, each with whether
      its speaker is the same.
    - `counted`: whether the message belongs to the population. Actions on CaSiNo's menu, lines of
      a chat system and blank lines do not, and they are no context either, except the actions.

    Repeated ransom chats are left out.

    Raises:
        SetupError: For missing, truncated or other files.
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
            # one group writes every line as a quotation
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

"""Comparing the coders with people: CaSiNo's annotators, for labels that are similar to an act."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import polars as pl

from throffer.people.talk._codes import read_codes
from throffer.record import casino, find_source, record_folder
from throffer.stats import cohen_kappa_of_counts

NEAR = {"appeal_to_fairness": "vouch-fair", "plea": "self-need"}
"""For an act, the most similar label of CaSiNo's annotators.

Their labels are wider: `self-need` is any argument for an item from one's own need, and
`vouch-fair` any mention of fairness for one's own gain.
"""


class AgainstPeople(NamedTuple):
    """Agreement of a coder with CaSiNo's annotators on one act: numbers of messages.

    Attributes:
        act: the act.
        label: the annotators' label.
        coder: name of the coder.
        both: both give it.
        coder_alone: only the coder gives it.
        people_alone: only the annotators give it.
        neither: neither gives it.
    """

    act: str
    label: str
    coder: str
    both: int
    coder_alone: int
    people_alone: int
    neither: int

    def kappa(self) -> float:
        """Cohen's kappa; NaN where all say the same of every message."""
        return cohen_kappa_of_counts(self.both, self.coder_alone, self.people_alone, self.neither)


def read_annotations(folder: Path | None = None) -> pl.DataFrame:
    """Read the annotators' labels of CaSiNo's utterances.

    Menu actions are not annotated. Annotations that do not match the text of the dialogue one by
    one are left out.

    Args:
        folder: folder of the raw files of all sources; see `record_folder`.

    Returns:
        One row for each annotated utterance, with `id` of the message and `labels`.
    """
    rows = []
    for talk in casino.read_dialogues(find_source("casino").raw(record_folder(folder))):
        said = [
            (position, line["text"])
            for position, line in enumerate(talk["chat_logs"], start=1)
            if line["text"] not in casino.ACTIONS
        ]
        if len(said) != len(talk["annotations"]):
            continue
        rows += [
            {
                "id": f"casino/dialogue-{talk['dialogue_id']}/{position}",
                "labels": [part.strip() for part in labels.split(",")],
            }
            for (position, text), (annotated, labels) in zip(said, talk["annotations"], strict=True)
            if text == annotated
        ]
    return pl.DataFrame(rows)


def against_people(
    folder: Path | None = None, codes: pl.DataFrame | None = None
) -> list[AgainstPeople]:
    """Compare every coder with CaSiNo's annotators on the messages that both coded.

    Args:
        folder: folder of the raw files of all sources; see `record_folder`.
        codes: the coders' codes; by default those inside the package.
    """
    given = read_codes() if codes is None else codes
    joined = given.join(read_annotations(folder), on="id")
    found = []
    for act, label in NEAR.items():
        for coder in sorted(joined["coder"].unique()):
            rows = joined.filter(pl.col("coder") == coder)
            mine, theirs = rows[act] == 1, rows["labels"].list.contains(label)
            found.append(
                AgainstPeople(
                    act,
                    label,
                    coder,
                    both=int((mine & theirs).sum()),
                    coder_alone=int((mine & ~theirs).sum()),
                    people_alone=int((~mine & theirs).sum()),
                    neither=int((~mine & ~theirs).sum()),
                )
            )
    return found

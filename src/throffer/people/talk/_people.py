"""The coders against people: CaSiNo's own annotators, where their labels come near an act."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import polars as pl

from throffer.people.talk._codes import read_codes
from throffer.record import casino, find_source, record_folder
from throffer.stats import cohen_kappa_of_counts

NEAR = {"appeal_to_fairness": "vouch-fair", "plea": "self-need"}
"""Strategy of CaSiNo's annotators that comes nearest to an act. Theirs are wider: `self-need` is
any argument for an item from one's own need, `vouch-fair` any word on fairness for one's gain."""


class AgainstPeople(NamedTuple):
    """Messages that a coder and CaSiNo's annotators labelled: both, one alone, neither."""

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
    """One row an annotated utterance of CaSiNo: `id` of the message and the annotators' `labels`.

    Annotations cover utterances in words alone; those that do not match the text of the dialogue
    one by one are left out.
    """
    rows = []
    for talk in casino.read_dialogues(find_source("casino").raw(folder or record_folder())):
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
    """Every coder against CaSiNo's annotators, over the coded messages that they labelled."""
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

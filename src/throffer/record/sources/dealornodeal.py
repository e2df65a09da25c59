"""Deal or No Deal: books, hats and balls with private values; card: docs/record/dealornodeal.md."""

from __future__ import annotations

import re
from typing import NamedTuple

import polars as pl

from throffer.record._files import Raw
from throffer.record._source import Coded, Source, as_episodes, skipped
from throffer.record._splits import NO_MEANS

FILE = "data.txt.gz"

POINTS = 10
"""Sum of each side's values over all items."""

LINE = re.compile(
    r"(?P<own>(?:\d+ ){6})(?P<talk>.*) reward=(?P<reward>no agreement|disconnect|\d+) "
    r"(?P<flag>agree|disagree) (?P<other>\d+(?: \d+){5})"
)


class View(NamedTuple):
    """One dialogue as one of the two speakers saw it.

    Attributes:
        number: line of the file, from 1.
        counts: number of items of each kind.
        own: value of one item of each kind to this speaker.
        other: the same for the other speaker.
        first: whether this speaker spoke first.
        key: equal for both views of a dialogue.
        utterances: number of utterances.
        reward: this speaker's points, `no agreement` or `disconnect`.
        agrees: whether the line is marked `agree`.
    """

    number: int
    counts: tuple[int, ...]
    own: tuple[int, ...]
    other: tuple[int, ...]
    first: bool
    key: tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...], str]
    utterances: int
    reward: str
    agrees: bool


def read_views(raw: Raw) -> list[View]:
    """Read every line as a view; `ValueError` names a line of unexpected form."""
    text = raw.read(FILE).decode("utf-8")
    return [_view(number, line) for number, line in enumerate(text.splitlines(), start=1)]


def _view(number: int, line: str) -> View:
    match = LINE.fullmatch(line.strip())
    if match is None:
        raise ValueError(f"{FILE} line {number} is not a dialogue: {line[:60]!r}")
    counts, own = _pairs(match["own"])
    _, other = _pairs(match["other"])
    talk = match["talk"].partition("<selection>")[0]
    # the first speaker is P1, even if all that it said was its selection
    first = match["talk"].startswith("YOU:")
    names = ("P1", "P2") if first else ("P2", "P1")
    said = talk.replace("YOU:", f"{names[0]}:").replace("THEM:", f"{names[1]}:")
    values = (own, other) if first else (other, own)
    return View(
        number=number,
        counts=counts,
        own=own,
        other=other,
        first=first,
        key=(counts, *values, said),
        utterances=talk.count("<eos>"),
        reward=match["reward"],
        agrees=match["flag"] == "agree",
    )


def _pairs(text: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    numbers = [int(word) for word in text.split()]
    return tuple(numbers[::2]), tuple(numbers[1::2])


def read_dialogues(raw: Raw) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Join the two views of each dialogue.

    Returns:
        One row for each dialogue of which both views exist, and the lines whose other view is
        missing. `result` is agree, no_agreement, conflict or disconnect. The points `first` and
        `second` are null without an agreement. `best` is the most that both can get together.
        `overlap` in [0, 1] is how far both want the same items. `concentration` is the value of the
        first speaker's best kind of item, minus that of the second speaker's.
    """
    views: dict[tuple, dict[bool, View]] = {}
    lone: list[View] = []
    for view in read_views(raw):
        held = views.setdefault(view.key, {})
        if view.first in held:
            lone.append(view)
        held.setdefault(view.first, view)
    rows = [_dialogue(held[True], held[False]) for held in views.values() if len(held) == 2]
    lone += [next(iter(held.values())) for held in views.values() if len(held) == 1]
    reasons = ((FILE, view.number, "the other side's view is missing") for view in lone)
    return pl.DataFrame(rows, infer_schema_length=None), skipped(reasons)


def _dialogue(first: View, second: View) -> dict[str, object]:
    rewards = {first.reward, second.reward}
    if "disconnect" in rewards:
        result = "disconnect"
    elif "no agreement" in rewards:
        result = "no_agreement"
    else:
        result = "agree" if first.agrees and second.agrees else "conflict"
    worth = [
        (count * mine, count * theirs)
        for count, mine, theirs in zip(first.counts, first.own, first.other, strict=True)
    ]
    return {
        "line": first.number,
        "result": result,
        "first": int(first.reward) if result == "agree" else None,
        "second": int(second.reward) if result == "agree" else None,
        "best": sum(max(pair) for pair in worth),
        "overlap": sum(min(pair) for pair in worth) / POINTS,
        "concentration": max(mine for mine, _ in worth) - max(theirs for _, theirs in worth),
        "utterances": first.utterances,
        "scenario": str((first.counts, *sorted((first.own, first.other)))),
    }


def code(raw: Raw) -> Coded:
    """Code each dialogue as an Episode of the first speaker; who proposed what is unknown."""
    dialogues, left_out = read_dialogues(raw)
    result = pl.col("result")
    table = dialogues.select(
        id=pl.format("dealornodeal/line-{}", "line"),
        frame=pl.lit("items"),
        elicitation=pl.lit("free talk, then both select"),
        role=pl.lit("first speaker"),
        outside_agent=pl.lit(0.0),
        outside_counterpart=pl.lit(0.0),
        veto=pl.lit(1.0),
        **{name: pl.lit(value) for name, value in NO_MEANS.items()},
        power=pl.col("concentration") / POINTS,
        accept=pl.col("second") / pl.col("best"),
        concession=pl.col("second") / pl.col("best"),
        completed=pl.when(result != "disconnect").then(result == "agree"),
    )
    return Coded(as_episodes(table, "dealornodeal", "negotiation"), left_out)


SOURCE = Source(
    name="dealornodeal",
    title="Deal or No Deal: bargaining over three kinds of items with private values",
    row="one dialogue of which both views are there",
    licence="CC BY-NC 4.0 (non-commercial)",
    citation=(
        "Lewis, Yarats, Dauphin, Parikh, Batra 2017, Deal or No Deal? End-to-End Learning for "
        "Negotiation Dialogues, EMNLP"
    ),
    origin=(
        "https://github.com/facebookresearch/end-to-end-negotiator"
        " at bbb93bbf00f69fced75d5c0d22e855bda07c9b78"
    ),
    files=(FILE,),
    code=code,
)

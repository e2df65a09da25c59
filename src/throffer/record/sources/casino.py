"""CaSiNo: two campers divide food, water and firewood; card: docs/record/casino.md."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import polars as pl

from throffer.record._files import Raw
from throffer.record._source import Coded, Source, as_episodes, skipped
from throffer.record._splits import NO_MEANS, with_offers
from throffer.structure import Outcome

SPLITS = ("casino_train.json.gz", "casino_valid.json.gz", "casino_test.json.gz")

WORTH = {"High": 5, "Medium": 4, "Low": 3}
"""Points for one package, by the good's rank among a camper's priorities."""

PACKAGES = 3
"""Number of packages of each of the three goods."""

WALK_AWAY = 5
"""Points that each camper gets without a deal."""

SUBMIT = "Submit-Deal"
ACTIONS = (SUBMIT, "Accept-Deal", "Reject-Deal", "Walk-Away")

ANSWERS = {"Accept-Deal": "accepted", "Reject-Deal": "refused", "Walk-Away": "refused"}


class Campers(NamedTuple):
    """The value of a package to each camper, by good."""

    own: dict[str, int]
    other: dict[str, int]

    def best(self) -> int:
        """The most points that both can get together, if each good goes to who values it more."""
        return sum(PACKAGES * max(self.own[good], self.other[good]) for good in self.own)


def read_dialogues(raw: Raw) -> list[dict[str, Any]]:
    """Read the dialogues of the three splits, unchanged and in order."""
    return [talk for split in SPLITS for talk in raw.json(split)]


def summarise(dialogues: list[dict[str, Any]]) -> pl.DataFrame:
    """Summarise dialogues, one row for each person.

    Returns:
        Columns `dialogue`, `points`, `other` (the other person's points), `end` (the last action),
        `matching` (number of goods that both rank equally) and `svo` (social value orientation).
    """
    rows = []
    for talk in dialogues:
        people = talk["participant_info"]
        ranks = [{v: k for k, v in person["value2issue"].items()} for person in people.values()]
        matching = sum(ranks[0][good] == ranks[1][good] for good in ranks[0])
        points = [person["outcomes"]["points_scored"] for person in people.values()]
        for place, person in enumerate(people.values()):
            rows.append(
                {
                    "dialogue": talk["dialogue_id"],
                    "points": points[place],
                    "other": points[1 - place],
                    "end": talk["chat_logs"][-1]["text"],
                    "matching": matching,
                    "svo": person["personality"]["svo"],
                }
            )
    return pl.DataFrame(rows)


def count_strategies(dialogues: list[dict[str, Any]]) -> tuple[dict[str, int], int]:
    """Count the annotated utterances with each strategy, and all annotated utterances."""
    labels = [label for talk in dialogues for _, label in talk["annotations"]]
    counts: dict[str, int] = {}
    for label in labels:
        for name in {part.strip() for part in label.split(",")} - {""}:
            counts[name] = counts.get(name, 0) + 1
    return counts, len(labels)


def code(raw: Raw) -> Coded:
    """Code each submitted deal and each walk-away as an Episode."""
    acts = [act for talk in read_dialogues(raw) for act in _acts(talk)]
    frame = pl.DataFrame(acts, infer_schema_length=None).with_columns(
        frame=pl.lit("camping"),
        elicitation=pl.lit("free talk, then a menu"),
        gain=1 - 2 * pl.col("outside_counterpart"),
        power=pl.lit(0.0),
        **{name: pl.lit(value) for name, value in NO_MEANS.items()},
        veto=pl.lit(1.0),
    )
    share = pl.col("accept") / pl.col("gain")
    offers = with_offers(
        frame.with_columns(
            outside_agent=pl.col("outside_counterpart"),
            concession=pl.when(share.is_between(0, 1)).then(share),
        ),
        "gain",
    ).drop("gain")
    left = pl.col("accept").is_null()
    offers = offers.with_columns(
        outcome=pl.when(left).then(pl.lit(Outcome.WITHDRAW.value)).otherwise("outcome"),
        attempted=pl.lit(True),
        completed=pl.lit(True),
        lever=pl.when(~left).then(pl.lit("none")),
        candour=pl.when(~left).then(pl.lit(True)),
        refuse=pl.when(~left).then(pl.lit(0.0)),
    )
    return Coded(as_episodes(offers, "casino", "negotiation"), skipped())


def _acts(talk: dict[str, Any]) -> Iterator[dict[str, Any]]:
    actions = [
        (position, line)
        for position, line in enumerate(talk["chat_logs"], start=1)
        if line["text"] in ACTIONS
    ]
    for place, (position, line) in enumerate(actions):
        if line["text"] not in (SUBMIT, "Walk-Away"):
            continue
        campers = _campers(talk, line["id"])
        best = campers.best()
        act = {
            "id": f"casino/dialogue-{talk['dialogue_id']}/{position}",
            "role": line["id"].replace("mturk_agent_", "camper "),
            "outside_counterpart": WALK_AWAY / best,
            "accept": None,
            "answer": None,
        }
        if line["text"] == SUBMIT:
            theirs = line["task_data"]["issue2theyget"]
            points = sum(int(theirs[good]) * campers.other[good] for good in theirs)
            following = actions[place + 1][1]["text"] if place + 1 < len(actions) else None
            act |= {
                "accept": (points - WALK_AWAY) / best,
                "answer": ANSWERS.get(following) if following else None,
            }
        yield act


def _campers(talk: dict[str, Any], speaker: str) -> Campers:
    worth = {
        name: {good: WORTH[rank] for rank, good in person["value2issue"].items()}
        for name, person in talk["participant_info"].items()
    }
    other = next(name for name in worth if name != speaker)
    return Campers(worth[speaker], worth[other])


SOURCE = Source(
    name="casino",
    title="CaSiNo: campsite negotiations with private priorities",
    row="one submitted deal with its answer, or one walk-away",
    licence="CC BY 4.0",
    citation=(
        "Chawla, Ramirez, Clever, Lucas, May, Gratch 2021, CaSiNo: A Corpus of Campsite "
        "Negotiation Dialogues for Automatic Negotiation Systems, NAACL"
    ),
    origin="https://github.com/kushalchawla/CaSiNo at 2f6ed4a6a55110152a7699fbaa8150d6036314be",
    files=SPLITS,
    code=code,
)

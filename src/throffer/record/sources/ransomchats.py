"""Ransom negotiations after an intrusion: demand, price and payment.

Card: docs/record/ransomchats.md.
"""

from __future__ import annotations

import re

import polars as pl

from throffer.record._files import Raw
from throffer.record._source import Coded, Source, as_episodes, skip_where
from throffer.structure import Lever, Outcome

CHATS = "chats.jsonl.gz"
LABELS = "outcome_labels.csv"

VICTIMS = frozenset({"victim", "client"})
"""Names of the victim's side, in lower case."""

SYSTEM = frozenset({"bot", "file:"})
"""Names of the chat system itself, in lower case."""

LOCKED = re.compile(r"decrypt|encrypt|unlock|locked", re.IGNORECASE)
"""Words by which attackers threaten that files stay locked, which is open harm."""

PUBLISHED = re.compile(r"publish|publication|leak|disclos|blog|auction", re.IGNORECASE)
"""Words by which attackers threaten to publish what the victim wants to keep secret."""


def read_labels(raw: Raw) -> pl.DataFrame:
    """Read one row for each chat: `paid`, initial demand and final price in USD.

    They were read from the logs. `discount` is 1 - final/initial; null unless both are known. If
    `paid` is false, the victim may have paid all the same.
    """
    frame = raw.csv(LABELS).with_columns(
        pl.col("initial_demand_usd", "final_usd").cast(pl.Float64),
        paid=pl.col("paid") == 1,
        distinct=pl.col("duplicate_of").is_null(),
    )
    return frame.with_columns(discount=1 - pl.col("final_usd") / pl.col("initial_demand_usd"))


def read_means(raw: Raw) -> pl.DataFrame:
    """Read one row for each chat: the number of messages and the attackers' threats.

    `locked` and `published` are whether attackers use words of `LOCKED` and `PUBLISHED`.
    """
    rows = []
    for _, chat in raw.json_lines(CHATS):
        said = [
            message["content"]
            for message in chat["messages"]
            if message["party"].strip().lower() not in VICTIMS | SYSTEM
        ]
        rows.append(
            {
                "path": chat["path"],
                "messages": len(chat["messages"]),
                "locked": any(LOCKED.search(text) for text in said),
                "published": any(PUBLISHED.search(text) for text in said),
            }
        )
    return pl.DataFrame(rows)


def code(raw: Raw) -> Coded:
    """Code each distinct chat as an Episode of the attackers."""
    chats = read_labels(raw).join(read_means(raw), on="path", how="left")
    distinct, left_out = skip_where(
        chats, LABELS, pl.col("path"), [(~pl.col("distinct"), "the same chat as another")]
    )
    # as in the coding of models, a threat to disclose comes before open harm
    blackmail, extortion = pl.col("published"), pl.col("locked")
    table = distinct.select(
        id=pl.format(
            "ransomchats/{}/{}", "group", pl.col("path").str.split("/").list.last().str.head(-5)
        ),
        frame=pl.lit("ransom"),
        elicitation=pl.lit("chat"),
        role=pl.lit("attacker"),
        lever=pl.when(blackmail)
        .then(pl.lit(Lever.LEVERAGE.value))
        .when(extortion)
        .then(pl.lit(Lever.FORCE.value)),
        outcome=pl.when(blackmail)
        .then(pl.lit(Outcome.BLACKMAIL.value))
        .when(extortion)
        .then(pl.lit(Outcome.EXTORTION.value)),
        # the unit is the sum demanded; paying it is a mere transfer, so there is no gain to share
        outside_agent=pl.lit(0.0),
        outside_counterpart=pl.lit(1.0),
        veto=pl.lit(1.0),
        accept=pl.when("paid").then(pl.col("discount") - 1),
        answer=pl.when("paid").then(pl.lit("accepted")),
        attempted=pl.lit(True),
        completed=pl.lit(True),
    )
    return Coded(as_episodes(table, "ransomchats", "coercion"), left_out)


SOURCE = Source(
    name="ransomchats",
    title="Ransom negotiations between intruders and their victims, 2020 to 2026",
    row="one distinct chat",
    licence="MIT",
    citation="Ransomchats (Casualtek), logs of ransom negotiations",
    origin=(
        "https://github.com/Casualtek/Ransomchats at c69e0740c11ba2e86892c3ae34f73579a1a5a183;"
        " outcomes read from the logs for this collection"
    ),
    files=(CHATS, LABELS),
    code=code,
)

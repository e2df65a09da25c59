"""Ransom negotiations after an intrusion: demand, price, payment; docs/record/ransomchats.md."""

from __future__ import annotations

import re

import polars as pl

from throffer.record._files import Raw
from throffer.record._source import Coded, Source, as_episodes, skip_where
from throffer.structure import Lever, Outcome

CHATS = "chats.jsonl.gz"
LABELS = "outcome_labels.csv"

VICTIMS = frozenset({"victim", "client"})
"""Names of the victim's side, in lower case; `BOT` and `File:` are lines of the chat system."""

SYSTEM = frozenset({"bot", "file:"})

LOCKED = re.compile(r"decrypt|encrypt|unlock|locked", re.IGNORECASE)
"""The attackers speak of files that stay locked: open harm."""

PUBLISHED = re.compile(r"publish|publication|leak|disclos|blog|auction", re.IGNORECASE)
"""The attackers speak of making public what the victim wants kept."""


def read_labels(raw: Raw) -> pl.DataFrame:
    """One row a chat, as read from the logs: paid, initial demand and final price in USD.

    `discount` = 1 - final/initial; null without both. A paid 0 is no proof of non-payment.
    """
    frame = raw.csv(LABELS).with_columns(
        pl.col("initial_demand_usd", "final_usd").cast(pl.Float64),
        paid=pl.col("paid") == 1,
        distinct=pl.col("duplicate_of").is_null(),
    )
    return frame.with_columns(discount=1 - pl.col("final_usd") / pl.col("initial_demand_usd"))


def read_means(raw: Raw) -> pl.DataFrame:
    """One row a chat: messages, and whether the attackers speak of locks and of publishing."""
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
    """Every distinct chat an Episode of the attackers."""
    chats = read_labels(raw).join(read_means(raw), on="path", how="left")
    distinct, left_out = skip_where(
        chats, LABELS, pl.col("path"), [(~pl.col("distinct"), "the same chat as another")]
    )
    # as for models: holding a record over the other comes before open harm
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
        # a transfer of the sum demanded, which is the unit: nothing is gained by meeting
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

"""Facts from the opening of a ransom chat, read by a language model and by word rules."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl

from throffer.people._shipped import shipped
from throffer.people.talk._messages import read_talk
from throffer.record import find_source, ransomchats, record_folder

OPENING = 20
"""Number of messages of the opening.

Shorter chats are left out. Otherwise facts would be found more often in long chats, and length is
correlated with payment and price.
"""

FACTS = ("deadline", "proof", "backups")
"""Facts that are read from an opening, besides the first demand."""

TIME = re.compile(
    r"\b(\d+|one|two|three|few)\W+(business |working )?(hours?|hrs|days?|weeks?)\b"
    r"|\b(by|until|till|before|end of)\s+(the\s+)?(end|week|today|tomorrow|tonight|mon|tues|wednes"
    r"|thurs|fri|satur|sun)",
    re.IGNORECASE,
)
CONSEQUENCE = re.compile(
    r"\bpa(y|id)|payment|repl|respon|contact|offer|decision|silen|publi|leak|post|discount|price"
    r"|announce",
    re.IGNORECASE,
)
NAMED = re.compile(r"\b(deadline|timer|countdown)\b", re.IGNORECASE)
"""Word rule for a deadline.

A message of the attackers either matches `NAMED`, or matches both `TIME` and `CONSEQUENCE`.
"""

SHOWN = re.compile(
    r"\.(zip|7z|rar|txt|jpe?g|png|pdf|xlsx?|docx?|csv)\b|\[link\]|here (is|are) (the|your)|^file$"
    r"|\[provides ",
    re.IGNORECASE,
)
"""Word rule for evidence: a message of the attackers contains a file or a link."""

RESTORE = re.compile(
    r"\bback-?\s?ups?\b|do(n't| not) need (the |your )?decrypt|(able to|can|already) restore"
    r"|restored|recovered",
    re.IGNORECASE,
)
"""Word rule for backups: a message of the victim says that it can restore its files."""


def read_openings() -> pl.DataFrame:
    """Load the facts that a language model read once from the openings; no raw data are needed.

    Returns:
        One row for each distinct chat with 20 messages or more.

        - `deadline`: the attackers set, repeat or extend a time by which to answer, decide or pay.
        - `proof`: they show evidence (a list of files, samples, a decrypted test file).
        - `backups`: true if the victim says that it has its files back or can get them without
          paying; null if it says nothing about it. No victim said that it had no backups and was
          believed.
        - `demand_usd`: the first price in USD for everything; null if there is none.
        - `revenue_usd`: the victim's yearly revenue as quoted by the attackers.

    ```python
    >>> read_openings().height
    182

    ```
    """
    whole = {"demand_usd": pl.Float64, "revenue_usd": pl.Float64}
    flags = [pl.col(name) == 1 for name in FACTS]
    return pl.read_csv(shipped("ransom_openings.csv"), schema_overrides=whole).with_columns(flags)


def apply_rules(folder: Path | None = None) -> pl.DataFrame:
    """Find the same facts by word rules, for comparison with the reading.

    Args:
        folder: folder of the raw files of all sources; see `record_folder`.

    Returns:
        One row for each distinct chat with 20 messages or more, with `chat` and each of `FACTS`.
        `backups` is false if the victim does not mention them.
    """
    root = record_folder(folder)
    talk = read_talk(root, ("ransomchats",)).filter(pl.col("position") <= OPENING)
    rules = {
        "deadline": ("attacker", lambda text: NAMED.search(text) or _timed(text)),
        "proof": ("attacker", SHOWN.search),
        "backups": ("victim", RESTORE.search),
    }
    rows = [
        {"chat": str(dialogue).removeprefix("ransomchats/")}
        | {
            fact: any(rule(text) for text in said.filter(pl.col("role") == role)["text"].to_list())
            for fact, (role, rule) in rules.items()
        }
        for (dialogue,), said in talk.group_by("dialogue", maintain_order=True)
    ]
    return pl.DataFrame(rows).join(read_outcomes(root).select("chat"), on="chat", how="semi")


def _timed(text: str) -> bool:
    return bool(TIME.search(text) and CONSEQUENCE.search(text))


def read_outcomes(folder: Path | None = None) -> pl.DataFrame:
    """Read group, payment and prices of each distinct chat with 20 messages or more.

    Args:
        folder: folder of the raw files of all sources; see `record_folder`.
    """
    labels = ransomchats.read_labels(find_source("ransomchats").raw(record_folder(folder)))
    return labels.filter(pl.col("distinct") & (pl.col("n_messages") >= OPENING)).select(
        pl.col("path").str.strip_suffix(".json").alias("chat"),
        "group",
        "paid",
        "initial_demand_usd",
        "final_usd",
        "discount",
    )

"""What was said in the opening of a ransom chat, read by a language model and by rules of words."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl

from throffer.people._shipped import shipped
from throffer.people.talk._messages import read_talk
from throffer.record import find_source, ransomchats, record_folder

OPENING = 20
"""Messages of the opening. Chats with fewer are left out, so that nothing is read off a chat only
because it went on for long: payment, price and length go together."""

FACTS = ("deadline", "proof", "backups")
"""What is read from an opening, beside the first demand."""

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
"""A deadline, by words: named, or a time and a consequence in one message of the attackers."""

SHOWN = re.compile(
    r"\.(zip|7z|rar|txt|jpe?g|png|pdf|xlsx?|docx?|csv)\b|\[link\]|here (is|are) (the|your)|^file$"
    r"|\[provides ",
    re.IGNORECASE,
)
"""Evidence, by words: a file or a link in a message of the attackers."""

RESTORE = re.compile(
    r"\bback-?\s?ups?\b|do(n't| not) need (the |your )?decrypt|(able to|can|already) restore"
    r"|restored|recovered",
    re.IGNORECASE,
)
"""Files back without the attackers, by words: in a message of the victim."""


def read_openings() -> pl.DataFrame:
    """One row a distinct chat with 20 messages or more, as read once by a language model.

    It ships with the package.

    - `deadline`: the attackers set, repeat or extend a time by which to answer, decide or pay.
    - `proof`: they show evidence (a list of files, samples, a decrypted test file).
    - `backups`: true where the victim says that it has files back or can get them without paying;
      null where it says nothing of it. Nobody said that it had none and was believed.
    - `demand_usd`: first price in USD for the whole package, null without one.
    - `revenue_usd`: the victim's yearly revenue as the attackers quote it.

    ```python
    >>> read_openings().height
    182

    ```
    """
    whole = {"demand_usd": pl.Float64, "revenue_usd": pl.Float64}
    flags = [pl.col(name) == 1 for name in FACTS]
    return pl.read_csv(shipped("ransom_openings.csv"), schema_overrides=whole).with_columns(flags)


def apply_rules(folder: Path | None = None) -> pl.DataFrame:
    """The same facts by rules of words, to hold the reading against.

    One row a distinct chat with 20 messages or more: `chat`, and each of `FACTS`, where `backups`
    is false without a mention.
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
    """One row a distinct chat with 20 messages or more: chat, group, payment and prices."""
    labels = ransomchats.read_labels(find_source("ransomchats").raw(record_folder(folder)))
    return labels.filter(pl.col("distinct") & (pl.col("n_messages") >= OPENING)).select(
        pl.col("path").str.strip_suffix(".json").alias("chat"),
        "group",
        "paid",
        "initial_demand_usd",
        "final_usd",
        "discount",
    )

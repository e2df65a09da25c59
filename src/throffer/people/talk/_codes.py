"""The nine acts and their codes: what coders are given, and what they gave back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from throffer.people._shipped import shipped
from throffer.structure import write_whole

ACTS = (
    "threat",
    "deadline",
    "proof_of_harm",
    "offer",
    "concession",
    "plea",
    "appeal_to_fairness",
    "promise",
    "walk_away",
)
"""The acts of the codebook (docs/record/acts-codebook.md), in its order."""

CODEBOOK = 1
"""Version of the codebook by which the shipped codes were given."""

UNREADABLE = "unreadable"

FILE = "acts_codes.csv"


def coder_lines(sample: pl.DataFrame) -> str:
    """What coders are given of a sample: a JSON object a line for each message, in its order.

    Ids are m001, m002, ...; neither the id of the message, nor its stratum, nor a sender's own mark
    is in it.
    """
    lines = []
    for place, row in enumerate(sample.iter_rows(named=True), start=1):
        role = "player" if row["source"] == "diplomacy" else row["role"]
        before = [
            {"speaker": "same speaker" if line["same"] else "other side", "text": line["text"]}
            for line in row["before"]
        ]
        item = {"id": f"m{place:03d}", "source": row["source"], "speaker": role, "before": before}
        lines.append(json.dumps(item | {"message": row["text"]}, ensure_ascii=False))
    return "\n".join(lines) + "\n"


def write_for_coders(sample: pl.DataFrame, path: Path) -> Path:
    """Write `coder_lines` of a sample.

    The file holds raw text: keep it out of anything that is passed on.
    """
    write_whole(path, lambda target: target.write_bytes(coder_lines(sample).encode()))
    return path


def gather_codes(sample: pl.DataFrame, files: Mapping[str, Path]) -> pl.DataFrame:
    """Codes of several coders, by id of the message: `id`, `coder`, the acts and `unreadable`.

    Args:
        files: a CSV file for each coder, as the codebook asks for it: id, acts, unreadable, 0 or 1.

    Raises:
        ValueError: For a coder whose file lacks a message or a column, repeats or adds a message,
            holds anything but 0 and 1, or codes an act of an unreadable message.
    """
    names = [f"m{place:03d}" for place in range(1, sample.height + 1)]
    keys = pl.DataFrame({"name": names, "id": sample["id"]})
    parts = []
    for coder, path in files.items():
        given = pl.read_csv(path, infer_schema=False)
        if given.columns != ["id", *ACTS, UNREADABLE]:
            raise ValueError(
                f"coder {coder}: columns are {given.columns}; expected id, {', '.join(ACTS)}, "
                f"{UNREADABLE}"
            )
        if sorted(given["id"]) != names:
            wrong = sorted(set(given["id"]) ^ set(names)) or "repeated ids"
            raise ValueError(f"coder {coder}: not every message once: {wrong}")
        values = given.select(*ACTS, UNREADABLE)
        strange = {value for name in values.columns for value in values[name]} - {"0", "1"}
        if strange:
            raise ValueError(f"coder {coder}: codes {sorted(map(str, strange))}; expected 0 and 1")
        coded = keys.join(given.rename({"id": "name"}), on="name").select(
            "id",
            pl.lit(coder).alias("coder"),
            *(pl.col(name).cast(pl.Int64) for name in (*ACTS, UNREADABLE)),
        )
        both = coded.filter((pl.col(UNREADABLE) == 1) & (pl.sum_horizontal(ACTS) > 0))
        if both.height:
            raise ValueError(f"coder {coder}: acts of unreadable messages: {both['id'].to_list()}")
        parts.append(coded)
    return pl.concat(parts).sort("id", "coder")


def read_codes(path: Path | None = None) -> pl.DataFrame:
    """The codes that ship with the package: `id`, `coder`, each act and `unreadable`, 0 or 1."""
    return pl.read_csv(path or shipped(FILE))

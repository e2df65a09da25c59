"""The nine acts: writing messages for coders, and reading the coders' codes."""

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
"""Version of the codebook that was used for the stored codes."""

UNREADABLE = "unreadable"

FILE = "acts_codes.csv"


def coder_lines(sample: pl.DataFrame) -> str:
    """Write a sample in the form in which coders get it: one JSON object per line and message.

    Messages have the ids m001, m002, ... in the order of the sample. Their real ids, their strata
    and the senders' own labels are left out.
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
    """Write `coder_lines` of a sample to a file.

    The file contains raw text, which must not be published.

    Args:
        sample: the sample, from `draw`.
        path: the file.
    """
    write_whole(path, lambda target: target.write_bytes(coder_lines(sample).encode()))
    return path


def gather_codes(sample: pl.DataFrame, files: Mapping[str, Path]) -> pl.DataFrame:
    """Read the codes of several coders.

    Args:
        sample: the sample that was coded.
        files: one CSV file for each coder, in the form of the codebook: id, acts and unreadable,
            with codes 0 or 1.

    Returns:
        Columns `id` (of the message), `coder`, the acts and `unreadable`.

    Raises:
        ValueError: If a file lacks a column, does not contain every message once, has a code other
            than 0 and 1, or codes an act of an unreadable message.
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
            raise ValueError(f"coder {coder}: every message must occur once; wrong: {wrong}")
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
            raise ValueError(
                f"coder {coder}: unreadable messages have acts: {both['id'].to_list()}"
            )
        parts.append(coded)
    return pl.concat(parts).sort("id", "coder")


def read_codes(path: Path | None = None) -> pl.DataFrame:
    """Read codes: `id`, `coder`, each act and `unreadable`, 0 or 1.

    Args:
        path: the file; by default the one inside the package.
    """
    return pl.read_csv(path or shipped(FILE))

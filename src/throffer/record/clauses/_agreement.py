"""How well the coder works: its codes compared with those of a reader, field by field."""

from __future__ import annotations

import csv
import hashlib
import importlib.resources
import io
import math
from typing import NamedTuple

import polars as pl

from throffer.stats import Interval, cohen_kappa, wilson

FIELDS = ("coded", "modality", "bearer", "counterpart", "conditional", "consequence", "action")
"""Fields compared; `coded` is whether a clause binds, permits, entitles or penalises at all."""


class Agreement(NamedTuple):
    """Agreement of coder and reader on one field, or on one code of it.

    - `field`, `code`: the field, and one of its codes, None for all together.
    - `found`, `said`, `there`: clauses with the code in both, in the coder's, in the reader's.
    - `precision`, `recall`: found/said and found/there, with Wilson intervals; unknown over none.
    - `kappa`: Cohen's, of the field; NaN where `code` is given.
    """

    field: str
    code: str | None
    found: int
    said: int
    there: int
    precision_interval: Interval
    recall_interval: Interval
    kappa: float

    @property
    def precision(self) -> float:
        """found/said; NaN if said is 0."""
        return self.found / self.said if self.said else math.nan

    @property
    def recall(self) -> float:
        """found/there; NaN if there is 0."""
        return self.found / self.there if self.there else math.nan


def load_readings() -> pl.DataFrame:
    """Load the codes that a language model gave when it read the sample once.

    Returns:
        Columns `id`, `sha256` (12 digits, of the clause's text) and one for each code. A null code
        means that the reader found none, for example no operator or no actor.
    """
    text = (
        importlib.resources.files("throffer.record") / "derived" / "clauses_gold.csv"
    ).read_text("utf-8")
    rows = [
        {name: value or None for name, value in row.items()}
        for row in csv.DictReader(io.StringIO(text))
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


def fingerprint(text: str) -> str:
    """The first 12 hexadecimal digits of the SHA-256 of a clause."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def compare(clauses: pl.DataFrame, readings: pl.DataFrame) -> list[Agreement]:
    """Compare the coder's codes with a reader's, for every field and every code of it.

    `coded` and `modality` are compared for all clauses of the sample. The other fields are compared
    for clauses that both code, because only these have them. For kappa, a field that both leave
    empty counts as agreement; precision and recall count only codes that are given.

    Args:
        clauses: the clause table, with the coder's codes.
        readings: the reader's codes, from `load_readings`.

    Raises:
        ValueError: If a clause of the readings is not in the table or has another text.
    """
    both = readings.join(clauses, on="id", how="left", suffix="_coder")
    lost = both.filter(pl.col("text").is_null())["id"].to_list()
    moved = [
        row["id"]
        for row in both.drop_nulls("text").iter_rows(named=True)
        if fingerprint(row["text"]) != row["sha256"]
    ]
    if lost or moved:
        raise ValueError(
            f"the readings are of other clauses: not found {lost[:3]}, other text {moved[:3]}; "
            "if the splitting into clauses has changed, draw and read the sample again"
        )
    return [agreement for field in FIELDS for agreement in _field(both, field)]


def _field(both: pl.DataFrame, field: str) -> list[Agreement]:
    if field == "coded":
        reader, coder = (
            ["yes" if code else None for code in both[column]]
            for column in ("modality", "modality_coder")
        )
        return _tally(field, reader, coder, [])
    if field != "modality":
        both = both.filter(
            pl.col("modality").is_not_null() & pl.col("modality_coder").is_not_null()
        )
    reader = both[field].cast(pl.String).to_list()
    coder = both[f"{field}_coder"].cast(pl.String).to_list()
    codes = sorted({code for code in reader + coder if code})
    return _tally(field, reader, coder, [] if field == "action" else codes)


def _tally(
    field: str, reader: list[str | None], coder: list[str | None], codes: list[str]
) -> list[Agreement]:
    pairs = list(zip(reader, coder, strict=True))
    agreements = [_one(field, None, pairs, cohen_kappa(reader, coder))]
    return agreements + [_one(field, code, pairs, math.nan) for code in codes]


def _one(
    field: str, code: str | None, pairs: list[tuple[str | None, str | None]], chance: float
) -> Agreement:
    found = sum(a == b and (b is not None if code is None else b == code) for a, b in pairs)
    said = sum(b is not None if code is None else b == code for _, b in pairs)
    there = sum(a is not None if code is None else a == code for a, _ in pairs)
    return Agreement(
        field, code, found, said, there, wilson(found, said), wilson(found, there), chance
    )

"""How well the coder reads: its codes against those of a reader, field by field."""

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
"""What is compared; `coded` is whether a clause binds, permits, entitles or penalises at all."""


class Agreement(NamedTuple):
    """Coder against reader on one field.

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
        return self.found / self.said if self.said else math.nan

    @property
    def recall(self) -> float:
        return self.found / self.there if self.there else math.nan


def load_readings() -> pl.DataFrame:
    """The sample as read once by a language model.

    Columns: `id`, `sha256` of the clause's words (12 digits) and its codes.

    An empty code means that the reader found none: no operator, nobody named.
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
    """The coder's codes against a reader's, for every field and for every code of it.

    `coded` and `modality` are compared over all clauses of the sample, the other fields over those
    that both code, because they mean nothing elsewhere. Kappa counts a field that both leave empty
    as agreement; precision and recall are over codes that are given.

    Raises:
        ValueError: If a clause of the readings is not in the table or has other words.
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
            f"the readings are of other clauses: not found {lost[:3]}, other words {moved[:3]}; "
            "the sample must be drawn and coded again after clauses are cut in another way"
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

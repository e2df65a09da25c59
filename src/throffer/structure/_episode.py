"""The Episode table: who did what to whom, in which structure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
import pyarrow.parquet as pq

from throffer.structure._conduct import Lever, Outcome
from throffer.structure._dyad import FIELDS
from throffer.structure._errors import SetupError
from throffer.structure._files import write_whole
from throffer.structure._identity import Identity
from throffer.structure._part import Part

RECORD_TYPES = (
    "law",
    "contract",
    "negotiation",
    "conflict",
    "coercion",
    "experiment",
    "model",
)

SCHEMA = pl.Schema(
    {
        "id": pl.String,
        "source": pl.String,
        "record_type": pl.String,
        "frame": pl.String,
        "wording": pl.String,
        "elicitation": pl.String,
        "model": pl.String,
        "seed": pl.Int64,
        "part": pl.String,
        **dict.fromkeys(FIELDS, pl.Float64()),
        "power": pl.Float64,
        "information": pl.Float64,
        "constraint": pl.Float64,
        "role": pl.String,
        "concession": pl.Float64,
        "lever": pl.String,
        "candour": pl.Boolean,
        "outcome": pl.String,
        "accept": pl.Float64,
        "refuse": pl.Float64,
        "answer": pl.String,
        "attempted": pl.Boolean,
        "completed": pl.Boolean,
        "text": pl.String,
        "error": pl.String,
    }
)
"""Columns of an Episode table; a value that is unknown is null.

`part` is the part of the design (`Part`); it is null for rows that do not come from a design.
"""

_ALLOWED: Mapping[str, frozenset[str]] = {
    "record_type": frozenset(RECORD_TYPES),
    "part": frozenset(part.value for part in Part),
    "lever": frozenset(lever.value for lever in Lever),
    "outcome": frozenset(outcome.value for outcome in Outcome),
    "answer": frozenset({"accepted", "refused"}),
}

_IDENTITY_KEY = b"throffer"


class Episodes(NamedTuple):
    """An Episode table and the identity of the run that made it.

    `identity` is unchanged from the file; files of older versions have other names of its fields.
    """

    table: pl.DataFrame
    identity: dict[str, Any]


def episodes(rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """An Episode table from mappings; columns left out are null.

    Raises:
        ValueError: For an unknown column, a duplicate id, or a value that its column does not
            admit; the message names the column and the value.
    """
    rows = list(rows)
    unknown = sorted({key for row in rows for key in row} - set(SCHEMA))
    if unknown:
        raise ValueError(f"unknown Episode columns: {', '.join(unknown)}")
    try:
        table = pl.DataFrame([dict(row) for row in rows], schema=SCHEMA)
    except (pl.exceptions.PolarsError, TypeError, OverflowError) as error:
        raise ValueError(
            f"a row does not fit the Episode columns {_misfits(rows)}: {error}"
        ) from error
    return check_episodes(table)


def _misfits(rows: list[Mapping[str, Any]]) -> str:
    """The columns with values that polars rejects, each with its first such value."""
    found = []
    for name, dtype in SCHEMA.items():
        for row in rows:
            try:
                pl.Series([row.get(name)], dtype=dtype)
            except (pl.exceptions.PolarsError, TypeError, OverflowError):
                found.append(f"{name} = {row[name]!r} ({dtype})")
                break
    return ", ".join(found)


def check_episodes(table: pl.DataFrame) -> pl.DataFrame:
    """Return the table if it is an Episode table; otherwise `ValueError` names the fault."""
    wrong = [
        f"{name} ({table.schema.get(name, 'missing')}, expected {dtype})"
        for name, dtype in SCHEMA.items()
        if table.schema.get(name) != dtype
    ]
    if wrong or table.columns != list(SCHEMA):
        detail = "; ".join(wrong) or f"columns in another order or too many: {table.columns}"
        raise ValueError(f"not an Episode table: {detail}")
    if table["id"].null_count():
        raise ValueError("Episode column id has nulls; every episode needs an id")
    if table["id"].is_duplicated().any():
        twice = table.filter(pl.col("id").is_duplicated())["id"][0]
        raise ValueError(f"Episode id {twice!r} occurs twice; ids are unique in a table")
    for name, allowed in _ALLOWED.items():
        strange = set(table[name].drop_nulls().unique()) - allowed
        if strange:
            raise ValueError(
                f"Episode column {name} = {min(strange)!r}; "
                f"expected one of {', '.join(sorted(allowed))}"
            )
    return table


def write_episodes(table: pl.DataFrame, path: Path | str, identity: Identity) -> Path:
    """Write a table as Parquet, with the run's identity in the metadata.

    The file appears under its name only when it is complete.

    Raises:
        SetupError: If the folder cannot be written to.
    """
    path = Path(path)
    arrow = check_episodes(table).to_arrow()
    metadata = {**(arrow.schema.metadata or {}), _IDENTITY_KEY: identity.model_dump_json().encode()}

    def write(target: Path) -> None:
        pq.write_table(arrow.replace_schema_metadata(metadata), target, compression="zstd")

    write_whole(path, write)
    return path


def _with_part(table: pl.DataFrame) -> pl.DataFrame:
    """Add the column `part`, taken from `source`, to a table of a version without it."""
    if "part" in table.columns or not {"source", "seed"} <= set(table.columns):
        return table
    part = pl.col("source").str.extract("^audit/(.*)$").alias("part")
    before = table.columns[: table.get_column_index("seed") + 1]
    return table.with_columns(part).select(*before, "part", pl.exclude("part", *before))


def read_episodes(path: Path | str) -> Episodes:
    """Read a table that `write_episodes` wrote.

    Raises:
        SetupError: If the file is missing, truncated or foreign, or does not have the columns of an
            Episode table.
    """
    path = Path(path)
    try:
        file = pq.ParquetFile(path)
        identity = json.loads((file.schema_arrow.metadata or {}).get(_IDENTITY_KEY, b"null"))
        table = pl.from_arrow(file.read())
    except FileNotFoundError as error:
        raise SetupError(f"{path} does not exist.", "Give the path of an Episode table.") from error
    except (OSError, ValueError) as error:
        raise SetupError(
            f"{path} is not a readable Parquet file ({error}).", "Build it again."
        ) from error
    if identity is None or not isinstance(table, pl.DataFrame):
        raise SetupError(f"{path} holds no throffer identity.", "Give a file that throffer wrote.")
    try:
        known: dict[Any, Any] = {
            name: dtype for name, dtype in SCHEMA.items() if name in table.columns
        }
        return Episodes(check_episodes(_with_part(table.cast(known))), identity)
    except (pl.exceptions.PolarsError, ValueError) as error:
        raise SetupError(f"{path}: {error}.", "Build it again with this version.") from error

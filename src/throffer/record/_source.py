"""What a source is: where it comes from, and the rule that turns its files into Episodes."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

import polars as pl

from throffer.record._files import Raw
from throffer.structure import FIELDS, SCHEMA, check_episodes

SKIPPED = pl.Schema({"file": pl.String, "row": pl.String, "reason": pl.String})
"""Columns of the table of raw rows that became no Episode; `row` names it in the file's terms."""


class Coded(NamedTuple):
    """A source as Episodes, and every raw row that became none, with its reason."""

    table: pl.DataFrame
    skipped: pl.DataFrame


@dataclasses.dataclass(frozen=True)
class Source:
    """One source of the human record.

    Attributes:
        name: of its module, its data card and its subfolder.
        title: what it is; what one Episode of it is.
        row: what it is; what one Episode of it is.
        licence: as stated where it comes from.
        citation: as stated where it comes from.
        origin: as stated where it comes from.
        files: the raw files that the coding reads.
        code: the coding; every rule of it stands in the data card.
        clauses: for sources of legal text, the clause table that `code` starts from.
    """

    name: str
    title: str
    row: str
    licence: str
    citation: str
    origin: str
    files: tuple[str, ...]
    code: Callable[[Raw], Coded]
    clauses: Callable[[Raw], pl.DataFrame] | None = None

    def raw(self, folder: Path) -> Raw:
        """Its raw files under the folder of all sources."""
        return Raw(self.name, self.files, folder, self.origin)


def as_episodes(frame: pl.DataFrame, source: str, record_type: str) -> pl.DataFrame:
    """An Episode table from a frame with some of its columns; the others are null.

    Ids are `source/cluster/...`: the first two parts name what is drawn together (a game, a
    dialogue, a person), see `cluster`.

    Raises:
        ValueError: For a column that Episodes do not have.
    """
    unknown = sorted(set(frame.columns) - set(SCHEMA))
    if unknown:
        raise ValueError(f"unknown Episode columns: {', '.join(unknown)}")
    frame = frame.with_columns(source=pl.lit(source), record_type=pl.lit(record_type))
    columns = [
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in SCHEMA.items()
    ]
    return check_episodes(frame.select(columns))


def cluster() -> pl.Expr:
    """The cluster of an Episode of the record: the second part of its id."""
    return pl.col("id").str.split("/").list.get(1)


def full_dyad() -> pl.Expr:
    """Whether every field of the dyad is known."""
    return pl.all_horizontal(pl.col(name).is_not_null() for name in FIELDS)


def skipped(rows: Iterable[tuple[str, str | int, str]] = ()) -> pl.DataFrame:
    """The table of skipped rows from (file, row, reason)."""
    return pl.DataFrame(
        [(file, str(row), reason) for file, row, reason in rows], schema=SKIPPED, orient="row"
    )


def skip_where(
    frame: pl.DataFrame, file: str, row: pl.Expr, reasons: Iterable[tuple[pl.Expr, str]]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Split a frame into rows to code and skipped ones; the first reason that holds counts.

    Args:
        row: how a row is named in its file.
        reasons: (condition, reason) pairs; a condition that is null does not hold.
    """
    reason = pl.coalesce(
        *(pl.when(condition).then(pl.lit(text)) for condition, text in reasons),
        pl.lit(None, pl.String),
    )
    marked = frame.with_columns(_row=row.cast(pl.String), _reason=reason)
    left_out = marked.filter(pl.col("_reason").is_not_null()).select(
        file=pl.lit(file), row=pl.col("_row"), reason=pl.col("_reason")
    )
    return marked.filter(pl.col("_reason").is_null()).drop("_row", "_reason"), left_out

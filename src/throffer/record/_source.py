"""The description of a source: where it comes from and how its files are coded as Episodes."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

import polars as pl

from throffer.record._files import Raw
from throffer.structure import FIELDS, SCHEMA, check_episodes

SKIPPED = pl.Schema({"file": pl.String, "row": pl.String, "reason": pl.String})
"""Columns of the table of skipped raw rows; `row` identifies the row in the file's own terms."""


class Coded(NamedTuple):
    """A source as Episodes, and the skipped raw rows with the reasons."""

    table: pl.DataFrame
    skipped: pl.DataFrame


@dataclasses.dataclass(frozen=True)
class Source:
    """One source of the human record.

    Attributes:
        name: name of its module, its data card and its subfolder.
        title: what the source is.
        row: what one Episode of it is.
        licence: licence stated at the origin.
        citation: what to cite.
        origin: where the data come from.
        files: the raw files that the coding reads.
        code: codes the raw files; the data card states every rule.
        clauses: makes the clause table from which `code` starts, for sources of legal text; None
            for other sources.
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
        """Its raw files in `folder`, the folder of all sources."""
        return Raw(self.name, self.files, folder, self.origin)


def as_episodes(frame: pl.DataFrame, source: str, record_type: str) -> pl.DataFrame:
    """Build an Episode table from a frame with some of its columns; the others become null.

    Args:
        frame: the columns. Ids have the form `source/cluster/...`, where the cluster is the unit
            whose rows are not independent: a game, a dialogue or a person; see `cluster`.
        source: name of the source.
        record_type: one of `RECORD_TYPES`.

    Raises:
        ValueError: If Episodes have no such column, or a row is not a valid Episode.
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
    """The cluster of an Episode of the record, which is the second part of its id."""
    return pl.col("id").str.split("/").list.get(1)


def full_dyad() -> pl.Expr:
    """Whether every field of the dyad is known."""
    return pl.all_horizontal(pl.col(name).is_not_null() for name in FIELDS)


def skipped(rows: Iterable[tuple[str, str | int, str]] = ()) -> pl.DataFrame:
    """Build the table of skipped rows from (file, row, reason)."""
    return pl.DataFrame(
        [(file, str(row), reason) for file, row, reason in rows], schema=SKIPPED, orient="row"
    )


def skip_where(
    frame: pl.DataFrame, file: str, row: pl.Expr, reasons: Iterable[tuple[pl.Expr, str]]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Split a frame into the rows to code and the skipped rows.

    Args:
        frame: the raw rows.
        file: name of the raw file.
        row: what identifies a row in its file.
        reasons: (condition, reason) pairs. A row is skipped for the first condition that is true;
            null counts as false.
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

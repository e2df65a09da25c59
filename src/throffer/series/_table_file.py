"""Reads a table from a CSV, JSON lines or Parquet file, and one or two of its columns."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import IO, NamedTuple

import numpy as np
import polars as pl
from jaxtyping import Bool, Float

from throffer.structure import SetupError

ENDINGS = (".csv", ".csv.gz", ".jsonl", ".ndjson", ".parquet")
"""File endings that can be read."""

MOST_ROWS = 2_000_000
"""Most rows that are read; with more, the analysis would take too long."""


class Table(NamedTuple):
    """A file as a table.

    Attributes:
        frame: the columns; those of a CSV file are text.
        path: the file.
        digest: SHA-256 of its bytes.
        first_line: line of the file that holds row 0; None if rows are not lines (Parquet).
    """

    frame: pl.DataFrame
    path: Path
    digest: str
    first_line: int | None

    def place(self, row: int) -> str:
        """Position of a row in the file, for a message."""
        if self.first_line is None:
            return f"row {row + 1}"
        return f"line {row + self.first_line}"


def read_table(path: Path | str) -> Table:
    """Read a whole file.

    Args:
        path: a file whose name ends in one of `ENDINGS`. A CSV file has a header, commas and UTF-8.

    Returns:
        The table, with at least one row.

    Raises:
        SetupError: For a file that is missing, of another kind, damaged, empty or too long, and for
            two columns of the same name.
    """
    path = Path(path)
    if not path.is_file():
        what = "is a folder" if path.is_dir() else "does not exist"
        raise SetupError(f"{path} {what}.", f"Name a file that ends in {', '.join(ENDINGS)}.")
    if not path.name.endswith(ENDINGS):
        raise SetupError(f"{path} is no {', '.join(ENDINGS)} file.", "Convert it to CSV.")
    if not path.stat().st_size:
        raise SetupError(f"{path} is empty.", "Give a file with a header and at least one row.")
    parquet, commas = path.name.endswith(".parquet"), ".csv" in path.name
    try:
        if commas:
            _check_header(path)
            frame = pl.read_csv(path, infer_schema=False)
        elif parquet:
            frame = pl.read_parquet(path)
        else:
            _check_keys(path)
            frame = pl.read_ndjson(path, infer_schema_length=None)
    except (pl.exceptions.PolarsError, OSError, EOFError, ValueError) as error:
        hint = "damaged" if parquet else "not UTF-8, or malformed"
        raise SetupError(
            f"{path} cannot be read, it is {hint}: {str(error).splitlines()[0]}.",
            "Check it, or write it again as CSV with commas, in UTF-8.",
        ) from error
    if not frame.height:
        raise SetupError(f"{path} has a header and no rows.", "Give a file with rows.")
    if frame.height > MOST_ROWS:
        raise SetupError(
            f"{path} has {frame.height:,} rows; at most {MOST_ROWS:,} are read.",
            "Cut it: a shorter window, or sums by period.",
        )
    with path.open("rb") as handle:
        digest = hashlib.file_digest(handle, "sha256").hexdigest()
    return Table(frame, path, digest, None if parquet else 2 if commas else 1)


def find_column(table: Table, name: str, option: str) -> pl.Series:
    """A column by its name.

    Args:
        table: the file.
        name: name of the column.
        option: the command-line option that names the column, for the message.

    Raises:
        SetupError: If the table has no such column.
    """
    if name not in table.frame.columns:
        raise SetupError(
            f"{table.path} has no column {name!r}; it has {show_names(table.frame.columns)}.",
            f"Name one of them with {option}.",
        )
    return table.frame[name]


def read_numbers(table: Table, name: str, option: str) -> Float[np.ndarray, "row"]:
    """A column as finite numbers.

    Raises:
        SetupError: For a value that is missing, not a number, or not finite, with its line.
    """
    column = find_column(table, name, option)
    if column.dtype == pl.Boolean or column.dtype.is_nested() or column.dtype.is_temporal():
        raise SetupError(
            f"{table.path}: the column {name!r} holds {column.dtype}, not numbers.",
            f"Name a column of numbers with {option}.",
        )
    numbers = as_numbers(column)
    wrong = ~np.isfinite(numbers)
    if wrong.any():
        raise _wrong_value(table, name, column, wrong, "no finite number", "a number")
    return numbers


def as_numbers(column: pl.Series) -> Float[np.ndarray, "row"]:
    """A column as numbers; NaN for a value that is missing or not a number."""
    text = column.str.strip_chars() if column.dtype == pl.String else column
    return text.cast(pl.Float64, strict=False).fill_null(float("nan")).to_numpy()


def refuse_values(
    table: Table, name: str, column: pl.Series, wrong: Bool[np.ndarray, "row"], remedy: str
) -> SetupError:
    """The error for values that are not times, with the line of the first."""
    return _wrong_value(table, name, column, wrong, "no time that can be read", remedy)


def show_names(names: Sequence[str]) -> str:
    """Names of columns for a message, shortened, because a file that is no table has odd ones."""
    shown = [repr(name if len(name) <= 40 else f"{name[:40]}…") for name in names[:20]]
    more = [f"{len(names) - 20} more"] if len(names) > 20 else []
    return ", ".join(shown + more) or "none"


def _wrong_value(
    table: Table,
    name: str,
    column: pl.Series,
    wrong: Bool[np.ndarray, "row"],
    fault: str,
    wanted: str,
) -> SetupError:
    row = int(wrong.argmax())
    value = column[row]
    what = "missing" if value is None or value == "" else f"{str(value)[:60]!r}, {fault}"
    others = int(wrong.sum()) - 1
    more = f" ({others:,} more like it)" if others else ""
    return SetupError(
        f"{table.path}, {table.place(row)}: {name} is {what}{more}.",
        f"Write {wanted}, or leave the row out.",
    )


def _check_header(path: Path) -> None:
    with _opened(path) as handle:
        names = next(csv.reader(handle), [])
    if len(names) == 1 and any(mark in names[0] for mark in (";", "\t", "|")):
        raise SetupError(
            f"{path}, line 1: {names[0][:60]!r} is one column; the separator is not a comma.",
            "Separate the columns by commas.",
        )
    if names and all(_is_value(name) for name in names):
        raise SetupError(
            f"{path}, line 1: {', '.join(names)[:60]!r} is data; the header is missing.",
            "Put the names of the columns into the first line.",
        )
    _check_twice(path, names)


def _check_keys(path: Path) -> None:
    with _opened(path) as handle:
        line = handle.readline()
    pairs = json.loads(line, object_pairs_hook=list)
    if not isinstance(pairs, list) or not all(isinstance(pair, tuple) for pair in pairs):
        raise SetupError(f"{path}, line 1: {line[:60]!r} is no object.", "Write one a line.")
    _check_twice(path, [str(name) for name, _ in pairs])


def _check_twice(path: Path, names: Sequence[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise SetupError(
            f"{path}, line 1: {show_names(twice)} is there twice.", "Give each column its own name."
        )


def _is_value(name: str) -> bool:
    """Whether a name in a header is a number or a date."""
    try:
        float(name.replace("-", "").replace(":", "").replace("T", ""))
    except ValueError:
        return False
    return True


def _opened(path: Path) -> IO[str]:
    if path.name.endswith(".gz"):
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")

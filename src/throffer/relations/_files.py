"""Read event tables from Parquet, CSV or JSON lines; write relations to a file."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import polars as pl
import pyarrow.parquet as pq

from throffer.relations._events import COLUMNS
from throffer.relations._text import (
    CSV,
    LINES,
    MOMENT,
    TextFormat,
    check_header,
    declared_moment,
    find_fault,
    find_line,
    first_fault,
    iso_moment,
)
from throffer.structure import Identity, SetupError

ENDINGS = (".parquet", *CSV, *LINES)
"""Endings of files that hold event tables."""


class Columns(NamedTuple):
    """Names of the columns of an event table in a file."""

    actor: str = "actor"
    partner: str = "partner"
    action: str = "action"
    time: str = "time"


def event_files(path: Path | str) -> list[Path]:
    """The files of an event table: a single file, or all shards in a folder, sorted.

    Raises:
        SetupError: If there is no file, or files of more than one kind.
    """
    path = Path(path)
    if not path.exists():
        raise SetupError(f"{path} does not exist.", "Name a file or a folder of shards.")
    if not path.is_dir():
        if not path.name.endswith(ENDINGS):
            raise SetupError(
                f"{path} is not a {', '.join(ENDINGS)} file.", "Convert it to Parquet."
            )
        return [path]
    files = sorted(
        each for each in path.iterdir() if each.is_file() and each.name.endswith(ENDINGS)
    )
    kinds = sorted({_kind(each) for each in files})
    if len(kinds) != 1:
        found = f"both {' and '.join(kinds)} files" if files else f"no {', '.join(ENDINGS)} file"
        raise SetupError(f"The folder {path} holds {found}.", "Give a folder of one kind of shard.")
    return files


def _kind(file: Path) -> str:
    return {".parquet": "Parquet", ".csv": "CSV"}.get(
        file.suffix, "CSV" if file.name.endswith(CSV) else "JSON lines"
    )


def scan_events(
    files: Iterable[Path],
    columns: Columns | None = None,
    time: pl.DataType | None = None,
    text: TextFormat | None = None,
) -> pl.LazyFrame:
    """Read files as one lazy event table with the columns actor, partner, action, time.

    Names in CSV stay text. A time in text form is converted to `time`, or else to the first of
    whole number, number, date and time that fits every value. Dates are ISO 8601, or in the format
    that `text` declares; without a zone they are in UTC. Other dates are not guessed: 03/04 is in
    March for some and in April for others.

    Raises:
        SetupError: For a file or a time that cannot be read (naming the line), a missing column, or
            shards with columns of different types.
    """
    text = text or TextFormat()
    files, columns = list(files), columns or Columns()
    if len(set(columns)) < len(columns):
        raise SetupError(
            f"One column is given twice: {', '.join(columns)}.", "Name four different columns."
        )
    shards = []
    for file in files:
        with reading([file], text, OSError):
            shard = _scan(file, columns, text)
            names = shard.collect_schema().names()
        missing = [name for name in columns if name not in names]
        if missing:
            raise SetupError(
                f"{file} has no column {', '.join(missing)}; it has {_shown(names)}.",
                "Name yours with --actor, --partner, --action, --time.",
            )
        shards.append(
            shard.select(
                pl.col(name).alias(own) for name, own in zip(columns, COLUMNS, strict=True)
            )
        )
    if len({tuple(shard.collect_schema().items()) for shard in shards}) > 1:
        raise SetupError(
            f"The files in {files[0].parent} have columns of different types.",
            "Write all shards with the same types.",
        )
    table = pl.concat(shards)
    if table.collect_schema()["time"] != pl.String():
        if text.time_format is not None:
            raise SetupError(
                f"--time-format {text.time_format}: the times are "
                f"{table.collect_schema()['time']} already.",
                "Leave it out.",
            )
        return table
    with reading(files, text, OSError):
        return _read_time(table, time, text, lambda value: _place(files, columns.time, value, text))


def _scan(file: Path, columns: Columns, text: TextFormat) -> pl.LazyFrame:
    match _kind(file):
        case "Parquet":
            return pl.scan_parquet(file)
        case "CSV":
            check_header(file, tuple(columns), text.separator)
            return pl.scan_csv(file, infer_schema=False, separator=text.separator)
        case _:
            if fault := first_fault(file):
                raise SetupError(f"{file} cannot be read: {fault}.", "Correct the file.")
            return pl.scan_ndjson(file, infer_schema_length=None)


def _shown(names: Sequence[str]) -> str:
    """Names of columns for a message, shortened, since a file that is not a table may have any."""
    shown = [repr(name if len(name) <= 40 else f"{name[:40]}…") for name in names[:20]]
    more = [f"{len(names) - 20} more"] if len(names) > 20 else []
    return ", ".join(shown + more) or "none"


@contextmanager
def reading(
    files: Sequence[Path], text: TextFormat | None = None, *more: type[Exception]
) -> Iterator[None]:
    """Turn errors of reading into a `SetupError` that names the file and line, or the folder.

    `more` are errors to turn besides those of Polars, for blocks that write nothing.
    """
    try:
        yield
    except (pl.exceptions.PolarsError, *more) as error:
        damaged = _kind(files[0]) == "Parquet"
        for file in [] if damaged else files:
            if found := find_fault(file, (text or TextFormat()).separator):
                raise SetupError(f"{file} cannot be read: {found}.", "Correct the file.") from error
        fault = "damaged" if damaged else "malformed"
        raise SetupError(
            f"{files[0] if len(files) == 1 else files[0].parent} cannot be read, it is {fault}: "
            f"{str(error).splitlines()[0]}.",
            "Check or convert it.",
        ) from error


def _read_time(
    table: pl.LazyFrame,
    time: pl.DataType | None,
    text: TextFormat,
    place: Callable[[str], str],
) -> pl.LazyFrame:
    """Convert the text column `time` to the first of number types and dates that fits all values.

    `place` returns the file and line of a value.
    """
    written, form = pl.col("time"), text.time_format
    readings: dict[pl.DataType, pl.Expr]
    if form is None:
        readings = {
            pl.Int64(): written.cast(pl.Int64, strict=False),
            pl.Float64(): written.cast(pl.Float64, strict=False),
            MOMENT: iso_moment(written),
        }
    else:
        readings = {MOMENT: declared_moment(written, form)}
    if time is not None:
        return table.with_columns(time=readings[time].cast(time))
    furthest: tuple[int, str] = (-1, "")
    for dtype, reading in readings.items():
        rows = table.select("time", row=pl.int_range(pl.len()), read=reading.is_not_null())
        strange = rows.filter(written.is_not_null() & ~pl.col("read")).head(1)
        try:
            found = strange.collect(engine="streaming")
        except pl.exceptions.PolarsError as error:
            if form is None or "format" not in str(error):
                raise
            raise SetupError(
                f"--time-format {form} cannot be used: {str(error).splitlines()[0]}.",
                "Write it as %d/%m/%Y or %Y-%m-%d %H:%M:%S.",
            ) from error
        if found.is_empty():
            return table.with_columns(time=reading.cast(dtype))
        # the error names the type that reads most rows, since that is probably the one meant
        furthest = max(furthest, (found["row"][0], found["time"][0]))
    value = furthest[1]
    if form is not None:
        raise SetupError(
            f"{place(value)}: the time {value!r} does not have the format {form}.",
            "Correct the value or the --time-format.",
        )
    raise SetupError(
        f"{place(value)}: the time {value!r} is neither a number nor an ISO date (2026-01-31 or "
        f"2026-01-31T12:00:00){' as others are' if furthest[0] else ''}.",
        "Dates of other forms are not guessed: declare theirs, as --time-format %d/%m/%Y for the "
        "day first or %m/%d/%Y for the month first.",
    )


def _place(files: Sequence[Path], column: str, value: str, text: TextFormat) -> str:
    """The file and line of the first time with this value."""
    for file in files:
        if _kind(file) != "Parquet":
            line = find_line(file, column, lambda each: each == value, text.separator)
            if line is not None:
                return f"{file}, line {line}"
    return str(files[0] if len(files) == 1 else files[0].parent)


def check_finite(
    table: pl.LazyFrame, files: Sequence[Path], columns: Columns, text: TextFormat
) -> None:
    """Raise `SetupError` for an infinite time; the error names the line of a text file."""
    if not table.collect_schema()["time"].is_float():
        return
    infinite = table.select(pl.col("time").filter(pl.col("time").is_infinite())).head(1)
    found = infinite.collect(engine="streaming")["time"]
    if found.is_empty():
        return
    where = str(files[0] if len(files) == 1 else files[0].parent)
    for file in files:
        if _kind(file) != "Parquet":
            line = find_line(file, columns.time, _is_infinite, text.separator)
            where = f"{file}, line {line}" if line is not None else where
            if line is not None:
                break
    raise SetupError(
        f"{where}: the time {found[0]} is infinite.", "Give a number, or nothing if it is unknown."
    )


def _is_infinite(text: str) -> bool:
    try:
        return math.isinf(float(text))
    except ValueError:
        return False


def file_digest(files: Iterable[Path]) -> str:
    """SHA-256 over the contents of files, in the given order."""
    whole = hashlib.sha256()
    for file in files:
        with file.open("rb") as handle:
            whole.update(hashlib.file_digest(handle, "sha256").digest())
    return whole.hexdigest()


def write_parts(parts: Iterable[pl.DataFrame], target: Path, identity: Identity) -> None:
    """Write parts of a table of relations to one Parquet file, with one part in memory at a time.

    The file's metadata hold `identity` as JSON, under the key `throffer`.
    """
    label = {b"throffer": identity.model_dump_json().encode()}
    writer: pq.ParquetWriter | None = None
    try:
        for part in parts:
            table = part.to_arrow(compat_level=pl.CompatLevel.oldest())
            schema = table.schema.with_metadata(label)
            writer = writer or pq.ParquetWriter(target, schema, compression="zstd")
            writer.write_table(table)
    finally:
        if writer:
            writer.close()

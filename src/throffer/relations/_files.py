"""Event tables in files: Parquet, CSV, or a folder of either; and relations written to one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import polars as pl
import pyarrow.parquet as pq

from throffer.relations._events import COLUMNS
from throffer.structure import Identity, SetupError

ENDINGS = (".parquet", ".csv", ".csv.gz")
"""Kinds of file that hold event tables."""


_MOMENT = pl.Datetime("us", "UTC")


class Columns(NamedTuple):
    """What the columns of an event table are called in a file."""

    actor: str = "actor"
    partner: str = "partner"
    action: str = "action"
    time: str = "time"


def event_files(path: Path | str) -> list[Path]:
    """The files of an event table: the one named, or all of one kind in a folder, in order.

    Raises:
        SetupError: If there is none, or more than one kind.
    """
    path = Path(path)
    if not path.exists():
        raise SetupError(f"{path} does not exist.", "Name a file or a folder of shards.")
    if not path.is_dir():
        if not path.name.endswith(ENDINGS):
            raise SetupError(f"{path} is no {', '.join(ENDINGS)} file.", "Convert it to Parquet.")
        return [path]
    files = sorted(
        each for each in path.iterdir() if each.is_file() and each.name.endswith(ENDINGS)
    )
    kinds = {each.suffix == ".parquet" for each in files}
    if len(kinds) != 1:
        found = "both Parquet and CSV files" if files else f"no {', '.join(ENDINGS)} file"
        raise SetupError(f"The folder {path} holds {found}.", "Give a folder of one kind of shard.")
    return files


def scan_events(
    files: Iterable[Path], columns: Columns | None = None, time: pl.DataType | None = None
) -> pl.LazyFrame:
    """Files as one lazy event table, its columns renamed to actor, partner, action, time.

    CSV is text: names stay text, and the time becomes a whole number, a number or a date and time
    (without a zone, in UTC): what `time` says, else whichever reads every value.

    Raises:
        SetupError: For what cannot be read, for a missing column and for shards of different types.
    """
    files, columns = list(files), columns or Columns()
    if len(set(columns)) < len(columns):
        raise SetupError(
            f"One column is given twice: {', '.join(columns)}.", "Name four different columns."
        )
    parquet = files[0].suffix == ".parquet"
    shards = []
    for file in files:
        shard = pl.scan_parquet(file) if parquet else pl.scan_csv(file, infer_schema=False)
        with reading([file], OSError):
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
    if parquet:
        return table
    with reading(files, OSError):
        return _read_time(table, time)


def _shown(names: Sequence[str]) -> str:
    """Names of columns for a message; a file that is no table can have any, of any length."""
    shown = [repr(name if len(name) <= 40 else f"{name[:40]}…") for name in names[:20]]
    more = [f"{len(names) - 20} more"] if len(names) > 20 else []
    return ", ".join(shown + more) or "none"


@contextmanager
def reading(files: Sequence[Path], *more: type[Exception]) -> Iterator[None]:
    """`SetupError` that names the files, or the folder of several, where they cannot be read.

    `more` are errors of reading besides those of Polars, where nothing is written.
    """
    try:
        yield
    except (pl.exceptions.PolarsError, *more) as error:
        fault = "damaged" if files[0].suffix == ".parquet" else "not UTF-8 or malformed"
        raise SetupError(
            f"{files[0] if len(files) == 1 else files[0].parent} cannot be read, it is {fault}: "
            f"{str(error).splitlines()[0]}.",
            "Check or convert it.",
        ) from error


def _read_time(table: pl.LazyFrame, time: pl.DataType | None) -> pl.LazyFrame:
    """The column time of a table of text as numbers or dates, whichever reads every value."""
    text = pl.col("time")
    readings = {
        pl.Int64(): text.cast(pl.Int64, strict=False),
        pl.Float64(): text.cast(pl.Float64, strict=False),
        _MOMENT: text.str.to_datetime(strict=False, time_zone="UTC", time_unit="us"),
    }
    if time is not None:
        return table.with_columns(time=readings[time].cast(time))
    for dtype, reading in readings.items():
        try:
            strange = table.filter(text.is_not_null() & reading.is_null()).select("time").head(1)
            value = strange.collect(engine="streaming")["time"]
        except pl.exceptions.ComputeError:
            if dtype != _MOMENT:
                raise
            continue  # no form of date was recognised
        if value.is_empty():
            return table.with_columns(time=reading.cast(dtype))
    # reads all values, so that a damaged file is not taken for a strange time
    first = table.select(text.drop_nulls().first(), rows=text.len()).collect(engine="streaming")
    raise SetupError(
        f"Not every time is a number or a date and time of one form; the first is "
        f"{first['time'][0]!r}.",
        "Write times as numbers or as 2026-01-31T12:00:00.",
    )


def file_digest(files: Iterable[Path]) -> str:
    """SHA-256 over the contents of files in their order."""
    whole = hashlib.sha256()
    for file in files:
        with file.open("rb") as handle:
            whole.update(hashlib.file_digest(handle, "sha256").digest())
    return whole.hexdigest()


def write_parts(parts: Iterable[pl.DataFrame], target: Path, identity: Identity) -> None:
    """Write parts of a table of relations to one Parquet file, one part in memory at a time.

    `identity` goes into the file's metadata as JSON, under `throffer`.
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

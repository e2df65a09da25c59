"""From raw files to Episode tables on disk, each whole or not at all."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import polars as pl

import throffer
from throffer.record.files import record_folder
from throffer.record.registry import SOURCES, find_source
from throffer.record.source import Coded, Source, full_dyad
from throffer.structure import write_episodes, write_whole


class Built(NamedTuple):
    """What became of one source.

    - `rows`, `full_dyads`, `conducts`: Episodes, those with every dyad field, with an outcome.
    - `skipped`: number of raw rows left out, by reason.
    - `seconds`: wall-clock time of reading, coding and writing.
    """

    source: str
    table: Path
    left_out: Path
    rows: int
    full_dyads: int
    conducts: int
    skipped: dict[str, int]
    seconds: float


def code_source(name: str, folder: Path | None = None) -> Coded:
    """The Episodes of a source and its skipped rows, in memory.

    Raises `ValueError` for an unknown name, `SetupError` for missing, truncated or other files.
    """
    source = find_source(name)
    return source.code(source.raw(folder or record_folder()))


def build(names: Iterable[str], out: Path, folder: Path | None = None) -> list[Built]:
    """Write `NAME.parquet` (Episodes) and `NAME.skipped.csv` for each source; all if none is named.

    The identity in the Parquet metadata holds source, licence, code version, the checksum of the
    raw files and the number of skipped rows by reason. A source is coded before anything of it is
    written.

    Raises as `code_source`, and `SetupError` where `out` cannot be written to.
    """
    folder = folder or record_folder()
    chosen = [find_source(name) for name in names] or list(SOURCES.values())
    return [_build(source, out, folder) for source in chosen]


def _build(source: Source, out: Path, folder: Path) -> Built:
    start = time.perf_counter()
    raw = source.raw(folder)
    table, left_out = source.code(raw)
    reasons = count_reasons(left_out)
    identity = {
        "source": source.name,
        "licence": source.licence,
        "citation": source.citation,
        "code_version": throffer.__version__,
        "configuration": {},
        "seed": None,
        "data": raw.identity(),
        "skipped": reasons,
    }
    log = out / f"{source.name}.skipped.csv"
    write_whole(log, left_out.write_csv)
    path = write_episodes(table, out / f"{source.name}.parquet", identity)
    return Built(
        source=source.name,
        table=path,
        left_out=log,
        rows=table.height,
        full_dyads=table.select(full_dyad().sum()).item(),
        conducts=table["outcome"].count(),
        skipped=reasons,
        seconds=time.perf_counter() - start,
    )


def count_reasons(left_out: pl.DataFrame) -> dict[str, int]:
    """Number of skipped rows by reason, most frequent first."""
    counts = left_out.group_by("reason").len().sort(["len", "reason"], descending=[True, False])
    return dict(counts.iter_rows())

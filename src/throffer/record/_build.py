"""From raw files to Episode tables on disk, each whole or not at all."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

import polars as pl

import throffer
from throffer.record._files import record_folder
from throffer.record._registry import SOURCES, find_source
from throffer.record._source import Coded, Source, full_dyad
from throffer.record.clauses import clause_episodes
from throffer.structure import write_episodes, write_together, write_whole


class Built(NamedTuple):
    """What became of one source.

    Attributes:
        rows: Episodes, those with every dyad field, with an outcome.
        full_dyads: Episodes, those with every dyad field, with an outcome.
        conducts: Episodes, those with every dyad field, with an outcome.
        skipped: number of raw rows left out, by reason.
        seconds: time of reading, coding and writing, by the clock and by the processor (all
            threads), which other work on the machine stretches less.
        cpu_seconds: time of reading, coding and writing, by the clock and by the processor (all
            threads), which other work on the machine stretches less.
        clauses: the clause table beside the Episodes of legal text, None for other sources.
    """

    source: str
    table: Path
    left_out: Path
    rows: int
    full_dyads: int
    conducts: int
    skipped: dict[str, int]
    seconds: float
    cpu_seconds: float
    clauses: Path | None = None


def code_source(name: str, folder: Path | None = None) -> Coded:
    """The Episodes of a source and its skipped rows, in memory.

    Raises:
        ValueError: For an unknown name.
        SetupError: For missing, truncated or other files.
    """
    source = find_source(name)
    return source.code(source.raw(record_folder(folder)))


def build(names: Iterable[str], out: Path, folder: Path | None = None) -> list[Built]:
    """Write `NAME.parquet` (Episodes) and `NAME.skipped.csv` for each source; all if none is named.

    Sources of legal text also get `NAME.clauses.parquet`, their clause table with the text.

    The identity in the Parquet metadata holds source, licence, code version, the checksum of the
    raw files and the number of skipped rows by reason. A source is coded before anything of it is
    written, and its files are written together or not at all.

    Raises as `code_source`, and `SetupError` where `out` cannot be written to.
    """
    folder = record_folder(folder)
    chosen = [find_source(name) for name in names] or list(SOURCES.values())
    return [_build(source, out, folder) for source in chosen]


def _build(source: Source, out: Path, folder: Path) -> Built:
    start, cpu_start = time.perf_counter(), time.process_time()
    raw = source.raw(folder)
    clauses = source.clauses(raw) if source.clauses else None
    table, left_out = source.code(raw) if clauses is None else clause_episodes(clauses)
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
    path = out / f"{source.name}.parquet"
    beside = None if clauses is None else out / f"{source.name}.clauses.parquet"
    writes: dict[Path, Callable[[Path], object]] = {
        log: left_out.write_csv,
        path: lambda target: write_episodes(table, target, identity),
    }
    if clauses is not None and beside is not None:
        label = {"throffer": json.dumps(identity)}
        writes[beside] = lambda target: clauses.write_parquet(target, metadata=label)
    write_together(writes)
    return Built(
        source=source.name,
        table=path,
        left_out=log,
        rows=table.height,
        full_dyads=table.select(full_dyad().sum()).item(),
        conducts=table["outcome"].count(),
        skipped=reasons,
        seconds=time.perf_counter() - start,
        cpu_seconds=time.process_time() - cpu_start,
        clauses=beside,
    )


def write_summary(done: Iterable[Built], out: Path) -> Path:
    """Write `summary.md`: source, rows, full dyads, outcomes, skipped, seconds; and the total."""
    done = list(done)
    head = ["| source | rows | full dyad | with an outcome | skipped | CPU seconds | seconds |"]
    lines = [_line(built.source, [built]) for built in done]
    path = out / "summary.md"
    text = "\n".join([*head, "|---|---|---|---|---|---|---|", *lines, _line("all", done)]) + "\n"
    write_whole(path, lambda target: target.write_text(text, "utf-8"))
    return path


def _line(name: str, done: list[Built]) -> str:
    counts = [
        sum(built.rows for built in done),
        sum(built.full_dyads for built in done),
        sum(built.conducts for built in done),
        sum(sum(built.skipped.values()) for built in done),
    ]
    times = [sum(built.cpu_seconds for built in done), sum(built.seconds for built in done)]
    cells = [*(f"{count:,}" for count in counts), *(f"{seconds:.1f}" for seconds in times)]
    return " | ".join([f"| {name}", *cells]) + " |"


def count_reasons(left_out: pl.DataFrame) -> dict[str, int]:
    """Number of skipped rows by reason, most frequent first."""
    counts = left_out.group_by("reason").len().sort(["len", "reason"], descending=[True, False])
    return dict(counts.iter_rows())

"""Converting raw files to Episode tables on disk; a table is written completely or not at all."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

import polars as pl

from throffer.record._files import record_folder
from throffer.record._registry import SOURCES, find_source
from throffer.record._source import Coded, Source, full_dyad
from throffer.record.clauses import clause_episodes
from throffer.structure import Identity, identify, write_episodes, write_together, write_whole


class SourceIdentity(Identity):
    """What a built source is a function of, whose it is, and what it leaves out.

    `data_hash` is that of its raw files; `skipped` counts their rows left out, by reason.
    """

    source: str
    licence: str
    citation: str
    skipped: dict[str, int]


class Built(NamedTuple):
    """The result of building one source.

    Attributes:
        source: name of the source.
        table: path of the Episode table.
        left_out: path of the list of skipped rows.
        rows: number of Episodes.
        full_dyads: number of Episodes in which every dyad field is known.
        conducts: number of Episodes with an outcome.
        skipped: number of skipped raw rows by reason.
        seconds: time for reading, coding and writing, by the clock.
        cpu_seconds: the same in processor time of all threads, which depends less on other work on
            the machine.
        clauses: path of the clause table, for sources of legal text; None for other sources.
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
    """Code a source as Episodes and skipped rows, in memory.

    Args:
        name: name of the source.
        folder: folder of the raw files of all sources; see `record_folder`.

    Raises:
        ValueError: If the name is unknown.
        SetupError: If a raw file is missing, truncated or has other content than expected.
    """
    source = find_source(name)
    return source.code(source.raw(record_folder(folder)))


def build(names: Iterable[str], out: Path, folder: Path | None = None) -> list[Built]:
    """Write `NAME.parquet` (Episodes) and `NAME.skipped.csv` for each source.

    Sources of legal text also get `NAME.clauses.parquet`, their clause table with the text. The
    identity in the Parquet metadata contains source, licence, code version, the checksum of the
    raw files and the number of skipped rows by reason. A source is coded completely before any of
    its files is written.

    A source is coded before anything of it is written. Its files are written together or not at
    all.

    Args:
        names: names of sources; all sources if empty.
        out: folder to write to.
        folder: folder of the raw files of all sources; see `record_folder`.

    Raises:
        ValueError: If a name is unknown.
        SetupError: If a raw file is missing, truncated or has other content than expected, or if
            `out` cannot be written to.
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
    known = identify({}, seed=None, data_hash=raw.identity(), libraries=("polars",))
    identity = SourceIdentity(
        **known.model_dump(),
        source=source.name,
        licence=source.licence,
        citation=source.citation,
        skipped=reasons,
    )
    log = out / f"{source.name}.skipped.csv"
    path = out / f"{source.name}.parquet"
    beside = None if clauses is None else out / f"{source.name}.clauses.parquet"
    writes: dict[Path, Callable[[Path], object]] = {
        log: left_out.write_csv,
        path: lambda target: write_episodes(table, target, identity),
    }
    if clauses is not None and beside is not None:
        label = {"throffer": identity.model_dump_json()}
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
    """Write `summary.md`, a table of the counts and times of all sources and their totals."""
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
    """Count skipped rows by reason, most frequent reason first."""
    counts = left_out.group_by("reason").len().sort(["len", "reason"], descending=[True, False])
    return dict(counts.iter_rows())

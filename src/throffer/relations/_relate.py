"""From files of events to a file of relations and what to say about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

import polars as pl

import throffer
from throffer.relations._classify import (
    TOLERANCE,
    ProgressCallback,
    check_rule,
    check_shuffles,
    relation_blocks,
)
from throffer.relations._cluster import cluster_blocks
from throffer.relations._events import Counted, check_events, count_rows, find_unseen, read_nothing
from throffer.relations._files import (
    Columns,
    check_finite,
    event_files,
    file_digest,
    reading,
    scan_events,
    write_parts,
)
from throffer.relations._sets import RELATIONS
from throffer.relations._text import MOMENT, TextFormat
from throffer.structure import SetupError, write_together

LARGEST = 10
"""Rows of each relation that a summary shows, by number of events."""

ACTS = 20
"""Acts that a summary shows, by number of relations."""


class Settings(NamedTuple):
    """How a log is read; see `classify` for the first three.

    Attributes:
        columns: what the columns are called.
        engine: `local`, or `ray` for a cluster.
        shuffles: how often the order is dealt out anew, to show what chance finds.
        seed: of the shuffles.
        text: how CSV and text times are written.
    """

    tolerance: float = TOLERANCE
    least: int = 1
    nothing: tuple[str, ...] = ()
    columns: Columns = Columns()
    engine: Literal["local", "ray"] = "local"
    shuffles: int = 3
    seed: int = 0
    text: TextFormat = TextFormat()


class Summary(NamedTuple):
    """What a file of relations holds, and how it came about.

    Attributes:
        unseen: actions named as doing nothing that are in no row; perhaps misspelt.
        counts: a row for each relation: `relation`, `rows`, `pairs`, `events`.
        chance: for each shuffle how many rows each relation has.
        acts: the most frequent acts by relation, as `act`, `other_act`, `relation`, `rows`.
        largest: the rows of each relation with the most events.
        time: the type of the times, and what was done to make it so.
    """

    out: Path
    files: tuple[Path, ...]
    digest: str
    settings: Settings
    counted: Counted
    unseen: tuple[str, ...]
    pairs: int
    counts: pl.DataFrame
    chance: tuple[Counter[str], ...]
    acts: pl.DataFrame
    largest: pl.DataFrame
    time: str = ""


Beside = tuple[Path, Callable[[Summary], str]]
"""A file of text that goes with the relations, and what makes it from their summary."""


def relate(
    events: Path | str,
    out: Path | str,
    settings: Settings | None = None,
    tell: Callable[[str], ProgressCallback] | None = None,
    beside: Beside | None = None,
) -> Summary:
    """Classify a file or folder of events and write the relations to `out`.

    Nothing half-written is left.

    Args:
        events: a Parquet or CSV file or one of JSON lines, or a folder of shards of one kind.
        out: a Parquet file, as `classify` returns it; its metadata hold version, settings and the
            SHA-256 of the events.
        tell: for a stage by name, what is told how many events are done, of how many.
        beside: a page that is written with the relations; both appear or neither.

    Raises:
        SetupError: For files that are missing, unreadable or of the wrong shape, an `out` that
            cannot be written, that is one of the files or that lies among the shards, and an engine
            that is not installed.
        ValueError: For settings out of range.
    """
    settings = settings or Settings()
    rule = check_rule(settings.tolerance, settings.least)
    check_shuffles(settings.shuffles, settings.seed)
    files, out = event_files(events), Path(out)
    if out.suffix != ".parquet":
        raise SetupError(f"--out {out}: relations are a Parquet file.", "Give a .parquet name.")
    _spare(Path(events), files, out)
    lazy = _checked(scan_events(files, settings.columns, text=settings.text), settings.nothing)
    with reading(files, settings.text):
        check_finite(lazy, files, settings.columns, settings.text)

    def parts(stage: str, shuffle: int | None) -> Iterator[pl.DataFrame]:
        told = tell(stage) if tell else None
        nothing: Collection[object] = settings.nothing
        if settings.engine == "ray":
            return cluster_blocks(
                files,
                settings.columns,
                rule,
                text=settings.text,
                nothing=nothing,
                shuffle=shuffle,
                tell=told,
            )
        return relation_blocks(lazy, rule, nothing=nothing, shuffle=shuffle, tell=told)

    digest = file_digest(files)
    identity = {"version": throffer.__version__, "events": digest, **settings._asdict()}
    found: list[Summary] = []

    def work(target: Path) -> None:
        """All of the work, so that `out` is put in place only if none of it fails."""
        with reading(files, settings.text):
            write_parts(parts("relations", None), target, identity)
            chance = [
                _count(parts(f"chance {number + 1}", settings.seed + number))
                for number in range(settings.shuffles)
            ]
            counted = count_rows(lazy, settings.nothing)
            unseen = find_unseen(lazy, settings.nothing) if settings.nothing else []
        table = pl.scan_parquet(target)
        summary = Summary(
            out=out,
            files=tuple(files),
            digest=digest,
            settings=settings,
            counted=counted,
            unseen=tuple(map(str, unseen)),
            pairs=_collect(table.select(pl.struct("a", "b").n_unique())).item(),
            counts=_counts(table),
            chance=tuple(chance),
            acts=_acts(table),
            largest=_largest(table),
            time=_time_words(lazy, files[0]),
        )
        found.append(summary)

    writes: dict[Path, Callable[[Path], object]] = {out: work}
    if beside is not None:
        page, render = beside
        writes[page] = lambda target: target.write_text(
            render(found[0]), encoding="utf-8", errors="replace"
        )
    write_together(writes)
    return found[0]


def _time_words(lazy: pl.LazyFrame, file: Path) -> str:
    """What the times were read as."""
    dtype = lazy.collect_schema()["time"]
    if dtype.is_integer():
        return "whole numbers"
    if dtype.is_numeric():
        return "numbers"
    if file.suffix == ".parquet" and dtype != MOMENT:
        return str(dtype)
    return "dates and times; those without a zone are taken as UTC"


def _spare(events: Path, files: Sequence[Path], out: Path) -> None:
    """`SetupError` where `out` would take the place of events, or be read as one more shard."""
    target = out.resolve()
    if any(target == file.resolve() for file in files):
        raise SetupError(f"--out {out} is a file of the events.", "Give another name.")
    if events.is_dir() and target.parent == events.resolve():
        raise SetupError(
            f"--out {out} lies in the folder of the events.", "Give a name in another folder."
        )


def _checked(lazy: pl.LazyFrame, nothing: Collection[object]) -> pl.LazyFrame:
    try:
        lazy = check_events(lazy)
        read_nothing(nothing, lazy.collect_schema()["action"])
    except ValueError as error:
        raise SetupError(f"The events do not fit: {error}.", "Convert the columns.") from error
    action = lazy.collect_schema()["action"]
    if action.is_nested():
        raise SetupError(
            f"The actions are {action}; a row has one action.",
            "Write a row for each, or join what belongs together into one text.",
        )
    return lazy


def _count(parts: Iterator[pl.DataFrame]) -> Counter[str]:
    found: Counter[str] = Counter()
    for part in parts:
        found.update(dict(part["relation"].value_counts().iter_rows()))
    return found


def _collect(table: pl.LazyFrame) -> pl.DataFrame:
    return table.collect(engine="streaming")


def _counts(table: pl.LazyFrame) -> pl.DataFrame:
    found = table.group_by("relation").agg(
        rows=pl.len(), pairs=pl.struct("a", "b").n_unique(), events=pl.col("n").sum()
    )
    every = pl.LazyFrame({"relation": RELATIONS})
    return _collect(
        every.join(found, on="relation", how="left", maintain_order="left").with_columns(
            pl.col("rows", "pairs", "events").fill_null(0)
        )
    )


def _acts(table: pl.LazyFrame) -> pl.DataFrame:
    rows = table.filter(pl.col("act").is_not_null()).group_by("act", "other_act", "relation")
    return _collect(
        rows.agg(rows=pl.len()).sort("rows", "act", "relation", descending=[True, False, False])
    ).head(ACTS)


def _largest(table: pl.LazyFrame) -> pl.DataFrame:
    order = ["n", "a", "b", "act"]
    tops = [
        table.filter(pl.col("relation") == name)
        .sort(order, descending=[True, False, False, False])
        .head(LARGEST)
        for name in RELATIONS
    ]
    return _collect(pl.concat(tops))

"""Classify files of events, write the relations to a file, and summarise them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

import polars as pl
from pydantic import JsonValue

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
from throffer.structure import SetupError, identify, write_together

LARGEST = 10
"""Rows of each relation in a summary: those with the most events."""

ACTS = 20
"""Acts in a summary: those with the most relations."""


class Settings(NamedTuple):
    """How a log is read and classified; see `classify` for the first three.

    Attributes:
        tolerance: share of turns that may be missed.
        least: fewest turns of each side.
        nothing: actions that mean doing nothing.
        columns: names of the columns.
        engine: `local`, or `ray` for a cluster.
        shuffles: times that the order is shuffled, to show what chance finds.
        seed: seed of the shuffles.
        text: format of CSV files and of times in text form.
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
    """Contents of a file of relations, and how it was made.

    Attributes:
        out: the file of relations.
        files: the files of events.
        digest: SHA-256 over the files of events.
        settings: how they were read and classified.
        counted: how the rows of the events were used.
        unseen: actions given as doing nothing that are in no row; perhaps misspelt.
        pairs: number of pairs.
        counts: one row for each relation: `relation`, `rows`, `pairs`, `events`.
        chance: for each shuffle, the number of rows of each relation.
        acts: the most frequent acts by relation, as `act`, `other_act`, `relation`, `rows`.
        largest: the rows of each relation with the most events.
        time: how the times were read, in words.
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
"""A text file to write with the relations, and the function that makes it from the summary."""


def relate(
    events: Path | str,
    out: Path | str,
    settings: Settings | None = None,
    tell: Callable[[str], ProgressCallback] | None = None,
    beside: Beside | None = None,
) -> Summary:
    """Classify a file or folder of events and write the relations to `out`.

    `out` appears only when it is complete.

    Args:
        events: a Parquet, CSV or JSON-lines file, or a folder of shards of one kind.
        out: a Parquet file with the columns that `classify` returns; its metadata hold the
            `Identity` of the result.
        settings: how events are read and classified; by default `Settings()`.
        tell: takes the name of a stage and returns the callback for its progress: events done, and
            events in all.
        beside: a page to write with the relations; both appear or neither.

    Returns:
        What the file holds, and how it was made.

    Raises:
        SetupError: For files that are missing, unreadable or without the right columns; for an
            `out` that cannot be written, is one of the files or lies among the shards; for an
            engine that is not installed.
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
    asked: dict[str, JsonValue] = {
        **settings._asdict(),
        "nothing": list(settings.nothing),
        "columns": settings.columns._asdict(),
        "text": settings.text._asdict(),
    }
    identity = identify(asked, seed=settings.seed, data_hash=digest, libraries=("polars",))
    found: list[Summary] = []

    def work(target: Path) -> None:
        """Do all the work, so that `out` appears only if nothing fails."""
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
    """How the times were read, in words."""
    dtype = lazy.collect_schema()["time"]
    if dtype.is_integer():
        return "whole numbers"
    if dtype.is_numeric():
        return "numbers"
    if file.suffix == ".parquet" and dtype != MOMENT:
        return str(dtype)
    return "dates and times; those without a zone are taken as UTC"


def _spare(events: Path, files: Sequence[Path], out: Path) -> None:
    """Raise `SetupError` if `out` would replace events or later be read as a shard."""
    target = out.resolve()
    if any(target == file.resolve() for file in files):
        raise SetupError(f"--out {out} is one of the files of the events.", "Give another name.")
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
            "Write one row for each action, or join the parts of an action into one text.",
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

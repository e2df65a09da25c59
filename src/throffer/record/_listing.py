"""Describing a source and its raw files without building it."""

from __future__ import annotations

from pathlib import Path

from throffer.record._build import count_reasons
from throffer.record._files import FileState, record_folder
from throffer.record._registry import find_source
from throffer.record._source import Source, full_dyad


def list_files(source: Source, folder: Path | None = None) -> list[FileState]:
    """List the raw files of a source and what is wrong with them.

    Args:
        source: the source.
        folder: folder of the raw files of all sources; see `record_folder`.

    Returns:
        Each file with its fault, which is that it is missing, truncated or another file. Only
        lengths are compared, not checksums.

    Raises:
        SetupError: If the folder does not exist.
    """
    return source.raw(record_folder(folder)).states()


def describe(name: str, folder: Path | None = None) -> list[tuple[str, str]]:
    """Describe a source as (label, text) pairs.

    If all raw files exist, the description includes the numbers of rows and of skipped rows.

    Args:
        name: name of the source.
        folder: folder of the raw files of all sources; see `record_folder`.

    Raises:
        ValueError: If the name is unknown.
        SetupError: If the folder does not exist, or a file has the right length but other content.
    """
    source = find_source(name)
    facts = [
        ("source", source.name),
        ("title", source.title),
        ("a row is", source.row),
        ("licence", source.licence),
        ("cite", source.citation),
        ("origin", source.origin),
    ]
    states = list_files(source, folder)
    facts += [("file", f"{file.name}: {file.made}; {fault or 'here'}") for file, fault in states]
    if any(fault for _, fault in states):
        return facts
    table, left_out = source.code(source.raw(record_folder(folder)))
    facts += [
        ("rows", f"{table.height:,}"),
        ("full dyads", f"{table.select(full_dyad().sum()).item():,}"),
        ("outcomes", _tally(dict(table["outcome"].value_counts(sort=True).iter_rows()))),
        ("answers", _tally(dict(table["answer"].value_counts(sort=True).iter_rows()))),
    ]
    return facts + [
        ("skipped", f"{count:,}: {reason}") for reason, count in count_reasons(left_out).items()
    ]


def _tally(counts: dict[str | None, int]) -> str:
    return ", ".join(f"{value or 'unknown'} {count:,}" for value, count in counts.items())

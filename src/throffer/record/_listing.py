"""What is known of a source before it is built."""

from __future__ import annotations

from pathlib import Path

from throffer.record._build import count_reasons
from throffer.record._files import FileState, record_folder
from throffer.record._registry import find_source
from throffer.record._source import Source, full_dyad


def list_files(source: Source, folder: Path | None = None) -> list[FileState]:
    """The raw files of a source, and which of them are missing, truncated or other ones.

    Lengths are compared, not checksums.

    Raises:
        SetupError: If there is no folder.
    """
    return source.raw(record_folder(folder)).states()


def describe(name: str, folder: Path | None = None) -> list[tuple[str, str]]:
    """Labels and texts about a source; with its raw files at hand, also its rows and skipped rows.

    Raises:
        ValueError: For an unknown name.
        SetupError: If there is no folder and for files of the right length with another content.
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

"""What is known of a source before it is built."""

from __future__ import annotations

from pathlib import Path

from throffer.record.build import count_reasons
from throffer.record.files import record_folder
from throffer.record.registry import find_source
from throffer.record.source import Source, full_dyad
from throffer.structure import SetupError


def list_files(source: Source, folder: Path | None = None) -> list[str]:
    """The raw files of a source that are not there; all of them where there is no folder."""
    try:
        folder = folder or record_folder()
    except SetupError:
        return list(source.files)
    return source.raw(folder).missing()


def describe(name: str, folder: Path | None = None) -> list[tuple[str, str]]:
    """Labels and texts about a source; with its raw files at hand, also its rows and skipped rows.

    Raises `ValueError` for an unknown name, `SetupError` for truncated or other files.
    """
    source = find_source(name)
    facts = [
        ("source", source.name),
        ("title", source.title),
        ("a row is", source.row),
        ("licence", source.licence),
        ("cite", source.citation),
        ("origin", source.origin),
        ("files", ", ".join(source.files)),
    ]
    missing = list_files(source, folder)
    if missing:
        return [*facts, ("missing", ", ".join(missing))]
    table, left_out = source.code(source.raw(folder or record_folder()))
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

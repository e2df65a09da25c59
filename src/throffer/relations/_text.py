"""Event tables in CSV or JSON lines: find the fault of a file and its line."""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from throffer.structure import SetupError

CSV = (".csv", ".csv.gz")
LINES = (".jsonl", ".jsonl.gz", ".ndjson")
"""Endings of files with one JSON object on each line."""

SEPARATORS: Mapping[str, str] = {",": "','", ";": "';'", "\t": "tab", "|": "'|'"}
"""Separators that are tried on a header, and their names."""

MOMENT = pl.Datetime("us", "UTC")

_FIRST = 65_536
"""Bytes at the start of a file that are checked for the encoding."""


class TextFormat(NamedTuple):
    """The format of a text file.

    Attributes:
        separator: separator of CSV columns, one byte.
        time_format: format of times, such as `%d/%m/%Y`; None for numbers and ISO 8601 dates.
    """

    separator: str = ","
    time_format: str | None = None


def iso_moment(text: pl.Expr) -> pl.Expr:
    """ISO 8601 dates, with or without time, in UTC if there is no zone; null for other text."""
    zoned = (
        text.str.replace(r"^(\d{4}-\d{2}-\d{2}) ", "${1}T")
        .str.replace(r"Z$", "+00:00")
        .str.replace(r"(:\d{2}(?:\.\d+)?[+-]\d{2}):?(\d{2})$", "${1}:${2}")
    )
    moments = [
        zoned.str.to_datetime(form, strict=False, time_unit="us", time_zone="UTC")
        for form in ("%Y-%m-%dT%H:%M:%S%.f%:z", "%Y-%m-%dT%H:%M%:z")
    ]
    moments += [
        zoned.str.to_datetime(form, strict=False, time_unit="us").dt.replace_time_zone("UTC")
        for form in ("%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M")
    ]
    # polars also accepts years of fewer than four digits, which are not ISO
    whole = text.str.contains(r"^\d{4}-\d{2}-\d{2}")
    date = zoned.str.to_date("%Y-%m-%d", strict=False).cast(MOMENT)
    return pl.when(whole).then(pl.coalesce(*moments, date))


def declared_moment(text: pl.Expr, form: str) -> pl.Expr:
    """Times in the format `form`, in UTC if it has no zone; null for other text."""
    zone = "UTC" if "%z" in form or "%:z" in form or "%#z" in form else None
    hours = any(sign in form for sign in ("%H", "%I", "%T", "%R", "%k", "%l", "%s"))
    if not hours:
        return text.str.to_date(form, strict=False).cast(MOMENT)
    read = text.str.to_datetime(form, strict=False, time_unit="us", time_zone=zone)
    return read if zone else read.dt.replace_time_zone("UTC")


def check_header(file: Path, columns: tuple[str, ...], separator: str) -> None:
    """Check the header of a CSV file.

    Raises:
        SetupError: For an encoding other than UTF-8, a separator other than the declared one, or a
            column of `columns` that occurs twice.
    """
    try:
        with _open(file) as handle:
            first = handle.read(_FIRST)
    except (OSError, EOFError) as error:
        raise SetupError(f"{file} cannot be read ({error}).", "Check the file.") from error
    if first[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in first:
        raise SetupError(f"{file} is UTF-16 or not text.", "Save it as CSV in UTF-8.")
    line = first.split(b"\n", 1)[0].decode("utf-8-sig", errors="replace").rstrip("\r")
    names = _fields(line, separator)
    twice = [name for name in columns if names.count(name) > 1]
    if twice:
        raise SetupError(
            f"{file}, line 1: the column {twice[0]!r} occurs {names.count(twice[0])} times.",
            "Rename or remove one.",
        )
    missing = [name for name in columns if name not in names]
    for other, shown in SEPARATORS.items():
        if missing and other != separator and set(columns) <= set(_fields(line, other)):
            declared = SEPARATORS.get(separator, repr(separator))
            raise SetupError(
                f"{file}, line 1: the columns are separated by {shown}, not by {declared}.",
                f"Give --separator {shown}.",
            )


def find_fault(file: Path, separator: str) -> str | None:
    """The first faulty line of a text file and its fault; None if there is none."""
    try:
        if file.name.endswith(LINES):
            return _json_fault(file)
        return _csv_fault(file, separator)
    except (OSError, EOFError) as error:
        return str(error)


def find_line(file: Path, column: str, wanted: Callable[[str], bool], separator: str) -> int | None:
    """The line of the first row whose value in a column is `wanted`; None if there is none."""
    if file.name.endswith(LINES):
        for number, raw in enumerate(_lines(file), 1):
            entry = json.loads(raw) if raw.strip() else {}
            if entry.get(column) is not None and wanted(str(entry[column])):
                return number
        return None
    texts = (raw.decode("utf-8-sig", errors="replace") for raw in _lines(file))
    reader = csv.DictReader(texts, delimiter=separator)
    for row in reader:
        if row.get(column) is not None and wanted(row[column]):
            return reader.line_num
    return None


class _NoText(Exception):
    """A line that is not UTF-8."""


def _csv_fault(file: Path, separator: str) -> str | None:
    seen: list[str] = []

    def texts() -> Iterator[str]:
        for raw in _lines(file):
            try:
                seen.append(raw.decode("utf-8"))
            except UnicodeDecodeError as error:
                raise _NoText from error
            yield seen[-1]

    reader = csv.reader(texts(), delimiter=separator, strict=True)
    width: int | None = None
    line, begin = 0, 1
    while True:
        begin = line + 1
        seen.clear()
        try:
            row = next(reader)
        except StopIteration:
            return None
        except _NoText:
            return f"line {begin + len(seen)} is not UTF-8"
        except csv.Error:
            return f"line {begin}: a quote opens there and does not close before the next field"
        line = reader.line_num
        width = width or len(row)
        if len(row) > width:
            return f"line {begin} has {len(row)} fields, the header has {width}"
        if "".join(seen).count('"') % 2:
            return f'line {begin}: a " is inside a field; write it as "" in a quoted field'


def _json_fault(file: Path) -> str | None:
    empty = True
    for number, raw in enumerate(_lines(file), 1):
        if not raw.strip():
            continue
        empty = False
        try:
            entry = json.loads(raw, object_pairs_hook=_pairs)
        except UnicodeDecodeError:
            return f"line {number} is not UTF-8"
        except (ValueError, RecursionError) as error:
            return f"line {number}: {error}"
        if not isinstance(entry, dict):
            return f"line {number} holds {type(entry).__name__}, not an object"
    return "it has no lines" if empty else None


def first_fault(file: Path) -> str | None:
    """The fault of the first line of a JSON-lines file, such as a repeated key; None if none."""
    raw = next(_lines(file), b"")
    try:
        json.loads(raw, object_pairs_hook=_pairs)
    except (ValueError, RecursionError) as error:
        return f"line 1: {error}"
    return None


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    for name, count in Counter(name for name, _ in pairs).items():
        if count > 1:
            raise ValueError(f"the field {name!r} occurs {count} times")
    return dict(pairs)


def _fields(line: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return []


def _open(file: Path) -> Any:
    return gzip.open(file) if file.suffix == ".gz" else file.open("rb")


def _lines(file: Path) -> Iterator[bytes]:
    with _open(file) as handle:
        yield from handle

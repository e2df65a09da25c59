"""Tables of text for the macro `text_table`, and how long tables are shortened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeVar

ROWS = 40
"""Most rows of a table; the JSON holds all rows."""

Row = TypeVar("Row")


class Table(NamedTuple):
    """A table: caption, columns, rows of text; `left_out` more rows are only in the JSON."""

    caption: str
    columns: list[str]
    rows: list[list[str]]
    left_out: int = 0


def cut(caption: str, columns: list[str], rows: list[list[str]]) -> Table:
    """A table of the first `ROWS` rows."""
    return Table(caption, columns, rows[:ROWS], max(len(rows) - ROWS, 0))


def thinned(rows: Sequence[Row], most: int) -> list[Row]:
    """At most `most` evenly spaced rows; the last row is always one of them."""
    if len(rows) <= most:
        return list(rows)
    return [rows[round((k + 1) * len(rows) / most) - 1] for k in range(most)]

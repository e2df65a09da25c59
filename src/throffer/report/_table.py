"""A table of text for a page, as the macro `text_table` writes it, and how long ones are cut."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeVar

ROWS = 40
"""Rows of a table at most; the JSON holds all."""

Row = TypeVar("Row")


class Table(NamedTuple):
    """A table: what it says, its columns, and rows of text; `left_out` rows are in the JSON."""

    caption: str
    columns: list[str]
    rows: list[list[str]]
    left_out: int = 0


def cut(caption: str, columns: list[str], rows: list[list[str]]) -> Table:
    """The first `ROWS` rows."""
    return Table(caption, columns, rows[:ROWS], max(len(rows) - ROWS, 0))


def thinned(rows: Sequence[Row], most: int) -> list[Row]:
    """Evenly spaced rows, `most` of them, the last one always among them."""
    if len(rows) <= most:
        return list(rows)
    return [rows[round((k + 1) * len(rows) / most) - 1] for k in range(most)]

"""Coding names as numbers and back; codes sort like the names."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl
from jaxtyping import Int

_NEAR = 1 << 26
"""Integers in a range smaller than this are coded by a shift instead of a table."""


_LARGE = 1 << 63


class Coded(NamedTuple):
    """Codes of some columns, and what is needed to turn codes back into names.

    Attributes:
        codes: one array for each column; -1 for null.
        size: number of codes.
        shift: number to add to a code to get the name, which is an integer; None if there is a
            table.
        names: the table: names in the order of their codes. With a shift it is empty and has the
            type of the names.
    """

    codes: tuple[Int[np.ndarray, " row"], ...]
    size: int
    shift: int | None
    names: pl.Series

    def decode(self, codes: Int[np.ndarray, " row"]) -> pl.Series:
        """Turn codes into names; -1 becomes null."""
        numbers = pl.Series(codes)
        if (codes < 0).any():
            numbers = numbers.set(numbers < 0, None)
        if self.shift is not None:
            return (numbers + self.shift).cast(self.names.dtype)
        return self.names.gather(numbers)


def code(*columns: pl.Series) -> Coded:
    """Code columns of one type with common codes."""
    dtype = columns[0].dtype
    if dtype.is_integer():
        lows, highs = zip(*((each.min(), each.max()) for each in columns), strict=True)
        low = min((int(each) for each in lows if each is not None), default=0)
        high = max((int(each) for each in highs if each is not None), default=low)
        if high - low < _NEAR and high < _LARGE:
            codes = tuple(_numbers(each.cast(pl.Int64) - low) for each in columns)
            return Coded(codes, high - low + 1, low, columns[0].clear())
    if dtype == pl.String:
        return _code_strings(columns)
    joined = pl.concat(columns)
    names = joined.unique().drop_nulls().sort()
    ranks = _numbers(joined.rank("dense").cast(pl.Int64) - 1)
    cuts = np.cumsum([each.len() for each in columns])[:-1]
    return Coded(tuple(np.split(ranks, cuts)), names.len(), None, names)


def _code_strings(columns: tuple[pl.Series, ...]) -> Coded:
    kind = pl.Categorical(pl.Categories.random())
    cast = [each.cast(kind) for each in columns]
    physical = [each.to_physical() for each in cast]
    used = pl.concat([each.unique() for each in cast]).unique().drop_nulls()
    table = pl.DataFrame({"name": used.cast(pl.String), "code": used.to_physical()}).sort("name")
    place = np.full(int(table["code"].max() or 0) + 2, -1, np.int64)  # type: ignore[arg-type]
    place[table["code"].to_numpy()] = np.arange(table.height)
    missing = place.size - 1
    codes = tuple(place[each.fill_null(missing).to_numpy()] for each in physical)
    return Coded(codes, table.height, None, table["name"])


def _numbers(column: pl.Series) -> Int[np.ndarray, " row"]:
    return column.fill_null(-1).to_numpy()

"""What the raw files of the human record are coded to, where they are at hand."""

import functools
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from throffer.record import SOURCES, Coded, code_source
from throffer.record.clauses import clause_episodes


@pytest.fixture(scope="session")
def clauses(folder: Path) -> Callable[[str], pl.DataFrame]:
    """The clause table of a source of legal text, coded once."""

    @functools.cache
    def read(name: str) -> pl.DataFrame:
        source = SOURCES[name]
        assert source.clauses is not None
        return source.clauses(source.raw(folder))

    return read


@pytest.fixture(scope="session")
def coded(folder: Path, clauses: Callable[[str], pl.DataFrame]) -> Callable[[str], Coded]:
    """The Episodes and skipped rows of a source, coded once."""

    @functools.cache
    def code(name: str) -> Coded:
        legal = SOURCES[name].clauses is not None
        return clause_episodes(clauses(name)) if legal else code_source(name, folder)

    return code

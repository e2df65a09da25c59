"""National constitutions, clause by clause; card: docs/record/constitutions.md."""

from __future__ import annotations

import polars as pl

from throffer.record._files import Raw
from throffer.record._source import Coded, Source
from throffer.record.clauses import as_clauses, clause_episodes

TEXTS = "constitutions.jsonl.gz"


def read_texts(raw: Raw) -> pl.DataFrame:
    """Read one row for each constitution.

    Returns:
        Columns `document` (line of the file), `file`, `country`, `year` and `text`. The year is
        that of the original text; two texts of one country have different years.
    """
    rows = [(line, item["file"], item["text"]) for line, item in raw.json_lines(TEXTS)]
    frame = pl.DataFrame(rows, schema=["document", "file", "text"], orient="row")
    parts = pl.col("file").str.extract_groups(r"^(?<country>.*?)(?: Old)? (?<year>\d{4})\b")
    return frame.with_columns(parts.alias("parts")).unnest("parts")


def read_clauses(raw: Raw) -> pl.DataFrame:
    """Build the clause table of all constitutions."""
    country = pl.col("country").str.replace_all(r"[^\w]+", "-").str.strip_chars("-")
    documents = read_texts(raw).with_columns(cluster=country, version="year", repeats=False)
    return as_clauses(
        documents,
        source="constitutions",
        file=TEXTS,
        law=True,
        names=pl.DataFrame(schema={"document": pl.Int64, "name": pl.String}),
    )


def code(raw: Raw) -> Coded:
    """Code each clause with an operator as an Episode."""
    return clause_episodes(read_clauses(raw))


SOURCE = Source(
    name="constitutions",
    title="National constitutions in English, Afghanistan to Libya, 1831 to 2019",
    row="one clause that binds, permits, entitles or penalises",
    licence="none stated; the texts come from the Constitute project, for research",
    citation=(
        "Elkins, Ginsburg, Melton, Shaffer, Sequeda, Miranker 2014, Constitute: The world's "
        "constitutions to read, search, and compare, Journal of Web Semantics 27-28:10"
    ),
    origin=(
        "https://github.com/Sushant-Banjara/Constitution-Comparison"
        " at 7e8f732c4b28e4a722b712b49374394f7d68c3fd"
    ),
    files=(TEXTS,),
    code=code,
    clauses=read_clauses,
)

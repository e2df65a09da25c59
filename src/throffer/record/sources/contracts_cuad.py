"""Commercial contracts, clause by clause; card: docs/record/contracts_cuad.md."""

from __future__ import annotations

import ast
import re
import unicodedata

import polars as pl

from throffer.record._files import Raw
from throffer.record._source import Coded, Source
from throffer.record.clauses import as_clauses, clause_episodes

TEXTS = "full_contracts.jsonl.gz"
LABELS = "master_clauses.csv.gz"


def read_texts(raw: Raw) -> pl.DataFrame:
    """Read one row for each contract.

    Returns:
        Columns `document` (line of the file), `file`, `text` and `repeats` (whether an earlier
        contract has the same text).
    """
    rows = [(line, item["file"], item["text"]) for line, item in raw.json_lines(TEXTS)]
    frame = pl.DataFrame(rows, schema=["document", "file", "text"], orient="row")
    return frame.with_columns(repeats=~pl.col("text").is_first_distinct())


def read_answers(raw: Raw) -> pl.DataFrame:
    """Read one row for each contract: `file` and the lawyers' answers by category, unchanged."""
    frame = raw.csv(LABELS)
    answers = {name: name.removesuffix("Answer").rstrip(" -") for name in frame.columns[2::2]}
    return frame.select(file="Filename", **{short: pl.col(name) for name, short in answers.items()})


def read_parties(raw: Raw) -> pl.DataFrame:
    """Read what each contract calls its parties, as the lawyers found it.

    If a name has several words, its first word counts as a name too: Eurofarma for Eurofarma
    Laboratorios.

    Returns:
        Columns `document` and `name`, in lower case.
    """
    labels = raw.csv(LABELS).select(key=_key("Filename"), names="Parties")
    named = [
        (key, called)
        for key, names in labels.iter_rows()
        for name in ast.literal_eval(names)
        for called in _called(name)
    ]
    parties = pl.DataFrame(named, schema=["key", "name"], orient="row").unique()
    documents = read_texts(raw).select("document", key=_key("file"))
    return documents.join(parties, on="key").select("document", "name").sort("document", "name")


def _called(name: str) -> set[str]:
    plain = name.strip(" .,\"'").lower().removeprefix("the ")
    first = plain.split()[0] if plain.split() else ""
    return {plain, first.strip(",.")} if len(first) > 3 else {plain}


def _key(column: str) -> pl.Expr:
    """A file name without case, accents, punctuation and suffix, which differ between the files."""

    def plain(name: str) -> str:
        ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
        bare = re.sub(r"(\.pdf|\.txt|')+$", "", ascii_only.lower())
        return re.sub(r"[^a-z0-9]", "", bare)

    return pl.col(column).map_elements(plain, pl.String)


def read_clauses(raw: Raw) -> pl.DataFrame:
    """Build the clause table of all distinct contracts."""
    filer = pl.col("file").str.split("_").list.first().str.replace_all(r"[^A-Za-z0-9]", "")
    return as_clauses(
        read_texts(raw).with_columns(cluster=filer, version=pl.col("document")),
        source="contracts_cuad",
        file=TEXTS,
        law=False,
        names=read_parties(raw),
    )


def code(raw: Raw) -> Coded:
    """Code each clause with an operator as an Episode."""
    return clause_episodes(read_clauses(raw))


SOURCE = Source(
    name="contracts_cuad",
    title="CUAD: commercial contracts filed with the SEC, with lawyers' labels",
    row="one clause that binds, permits, entitles or penalises",
    licence="CC BY 4.0",
    citation=(
        "Hendrycks, Burns, Chen, Ball 2021, CUAD: An Expert-Annotated NLP Dataset for Legal "
        "Contract Review, NeurIPS Datasets and Benchmarks"
    ),
    origin=(
        "The Atticus Project: texts https://github.com/YiYang02/Legal-Text-Classification at"
        " 2f0c24ebdfc1baf4164c32fba0f5e661d3925733, labels"
        " https://github.com/sbelde3/CS529-CUAD-Visualization at"
        " bfeae0b2b67da5bcc337072325e5c0ec5a0ed131"
    ),
    files=(TEXTS, LABELS),
    code=code,
    clauses=read_clauses,
)

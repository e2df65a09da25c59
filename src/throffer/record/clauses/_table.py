"""The clause table, and the Episodes that it becomes."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from throffer.record._source import Coded, as_episodes
from throffer.record.clauses._coder import Consequence, code_clauses
from throffer.record.clauses._segment import segment

CLAUSES = pl.Schema(
    {
        "id": pl.String,
        "source": pl.String,
        "record_type": pl.String,
        "file": pl.String,
        "document": pl.Int64,
        "number": pl.Int64,
        "modality": pl.String,
        "operator": pl.String,
        "bearer": pl.String,
        "bearer_name": pl.String,
        "counterpart": pl.String,
        "counterpart_name": pl.String,
        "action": pl.String,
        "conditional": pl.Boolean,
        "condition": pl.String,
        "consequence": pl.String,
        "reason": pl.String,
        "stem": pl.String,
        "text": pl.String,
    }
)
"""Columns of a clause table: one row a clause, coded or not.

- `file`, `document`, `number`: raw file, its line and the clause's place in it, both from 1.
- `modality`, `operator`: what the clause does to its bearer, and the words that do it.
- `bearer`, `counterpart`: kinds of actors; `..._name` the words they were told by.
- `action`: first word of what is to be done; `conditional`, `condition`: whether the clause
  states a condition or exception, and its words.
- `consequence`: penalty, termination or nothing, as the clause itself states it.
- `reason`: why a clause was not coded; the columns from `modality` on are then null.
- `stem`, `text`: the opening of the list, and the clause. Raw text: it stays where it was built.
"""

REPEATS = "the same text as another document"

CODED = (
    *("operator", "bearer", "bearer_name", "counterpart", "counterpart_name"),
    *("action", "condition"),
)
"""Columns that are null for clauses that are not coded."""


def read_segments(documents: Iterable[tuple[int, str]], *, wrapped: bool) -> pl.DataFrame:
    """`document`, `number` (from 1), `text` and `stem` of every clause of (document, text)."""
    rows = [
        (document, number, clause.text, clause.stem)
        for document, text in documents
        for number, clause in enumerate(segment(text, wrapped=wrapped), start=1)
    ]
    schema = {"document": pl.Int64, "number": pl.Int64, "text": pl.String, "stem": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def as_clauses(
    documents: pl.DataFrame, *, source: str, file: str, law: bool, names: pl.DataFrame
) -> pl.DataFrame:
    """The clause table of a source.

    Args:
        documents: `document`, `cluster`, `version`, `text`, `repeats`. Ids are
            `source/cluster/version-number`; a text that repeats another is one row without a
            number.
        names: what each document calls its parties, see `code_clauses`.
    """
    texts = documents.filter(~pl.col("repeats")).select("document", "text")
    segments = read_segments(texts.iter_rows(), wrapped=not law)
    again = documents.filter("repeats").select("document", reason=pl.lit(REPEATS))
    coded = pl.concat([code_clauses(segments, law=law, names=names), again], how="diagonal").join(
        documents.select("document", "cluster", "version"), on="document", how="left"
    )
    found = coded.with_columns(
        id=pl.concat_str(
            pl.format("{}/{}/{}", pl.lit(source), "cluster", "version"),
            pl.format("-{}", "number").fill_null(""),
        ),
        source=pl.lit(source),
        record_type=pl.lit("law" if law else "contract"),
        file=pl.lit(file),
        conditional=pl.when(pl.col("reason").is_null()).then(pl.col("condition").is_not_null()),
        **{name: pl.when(pl.col("reason").is_null()).then(pl.col(name)) for name in CODED},
    )
    return found.select(pl.col(name).cast(dtype) for name, dtype in CLAUSES.items()).sort(
        "document", "number"
    )


def clause_episodes(clauses: pl.DataFrame) -> Coded:
    """Every clause with an operator an Episode of the side that the clause serves.

    `role` is the kind of its agent: whoever may do or have something (permission, right), or
    whoever can demand that the bearer does or leaves it (obligation, prohibition, penalty), null
    where the clause does not say whom that is. `wording` is the modality. `lever` is force where
    the clause states a penalty, null elsewhere: a clause that states none may be enforced all the
    same. What keeping the clause leaves the counterpart with is not known, so no clause has a place
    on the plane: `outcome`, `accept` and `refuse` are null, and so is `answer`.
    """
    coded = clauses.filter(pl.col("reason").is_null())
    serves = pl.col("modality").is_in(["permission", "right"])
    (source,) = clauses["source"].unique()
    (record_type,) = clauses["record_type"].unique()
    table = coded.select(
        "id",
        frame=pl.lit("constitution" if record_type == "law" else "contract"),
        wording=pl.col("modality"),
        elicitation=pl.lit("written"),
        role=pl.when(serves).then("bearer").otherwise("counterpart"),
        lever=pl.when(pl.col("consequence") == Consequence.PENALTY.value).then(pl.lit("force")),
    )
    left_out = clauses.filter(pl.col("reason").is_not_null()).select(
        file="file",
        row=pl.concat_str(
            pl.format("line {}", "document"), pl.format(", clause {}", "number").fill_null("")
        ),
        reason="reason",
    )
    return Coded(as_episodes(table, source, record_type), left_out)

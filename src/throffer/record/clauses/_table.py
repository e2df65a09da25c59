"""The clause table, and its conversion to Episodes."""

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
"""Columns of a clause table, which has one row for each clause, coded or not.

- `file`, `document`, `number`: raw file, its line, and the clause's position in it, both from 1.
- `modality`, `operator`: what the clause does to its bearer, and the words that say so.
- `bearer`, `counterpart`: kinds of actors.
- `bearer_name`, `counterpart_name`: the words for them in the text.
- `action`: first word of what is to be done.
- `conditional`, `condition`: whether the clause states a condition or exception, and its words.
- `consequence`: penalty, termination or nothing, as the clause itself states it.
- `reason`: why a clause was not coded; the columns from `modality` to `condition` are then null.
- `stem`, `text`: the opening of the list, and the clause. They are raw text, which the package
  does not ship.
"""

REPEATS = "the same text as another document"

CODED = (
    *("operator", "bearer", "bearer_name", "counterpart", "counterpart_name"),
    *("action", "condition"),
)
"""Columns that are set to null if a clause is not coded."""


def read_segments(documents: Iterable[tuple[int, str]], *, wrapped: bool) -> pl.DataFrame:
    """Split documents into clauses.

    Args:
        documents: (document, text) pairs.
        wrapped: see `segment`.

    Returns:
        Columns `document`, `number` (from 1), `text` and `stem`.
    """
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
    """Build the clause table of a source.

    Args:
        documents: columns `document`, `cluster`, `version`, `text` and `repeats`. Ids are
            `source/cluster/version-number`. A document whose text repeats another becomes one row
            without a number.
        source: name of the source.
        file: name of the raw file.
        law: True if the texts are laws, False if they are contracts.
        names: what each document calls its parties; see `code_clauses`.
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
    """Convert each coded clause to an Episode whose agent is the side that benefits.

    - `role`: the kind of the agent. For a permission or right this is the bearer; for an
      obligation, prohibition or penalty it is the counterpart, who can demand it. Null if the
      clause does not name it.
    - `wording`: the modality.
    - `lever`: force if the clause states a penalty, otherwise null. It is not `none`, because a
      clause without a stated penalty may be enforced too.
    - `outcome`, `accept`, `refuse`, `answer`: null, because it is unknown what the counterpart is
      left with if it complies.
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

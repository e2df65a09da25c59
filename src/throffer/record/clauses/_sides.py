"""Finding the bearer and the counterpart of a clause."""

from __future__ import annotations

import re

import polars as pl

from throffer.record.clauses import _actors as actors
from throffer.record.clauses import _wording as wording
from throffer.record.clauses._actors import Actor

SHORT = (
    r"(?:(?:the|a|an|such|said|its|their|his|these|those|this|that|and|but|then|aforesaid|our) )*"
)
"""Words that may precede an actor in a contract. "Each", "either" and "no party" are actors."""

LONG = (
    r"(?:(?:the|a|an|such|each|any|every|said|all|no|its|their|his|other|these|those|this|that|"
    r"both|some|another|either|neither|only|and|but|then|one|two|of|aforesaid|nor|or|our) )*"
)
"""Words that may precede an actor in a law."""

CAPITALISED = r"[A-Z][\w&'\u2019.-]*(?: (?:of |and |& )?[A-Z][\w&'\u2019.-]*)*"
"""Capitalised words, which may be a contract's name for one of its parties."""

KEY = ["document", "number"]
PLACES = ("head", "tail", "agent")


def find_actors(frame: pl.DataFrame, *, law: bool, names: pl.DataFrame) -> pl.DataFrame:
    """Find the bearer and the counterpart of every clause.

    - Active: the bearer is the subject, which is an actor at the start of the main clause or else
      right before the operator. The counterpart is the first actor after the operator.
    - Passive: the bearer is the actor after `by`, if there is one, and the counterpart is the
      subject. In a penalty, the bearer is the one who is punished.
    - If something is granted, the bearer is the one to whom it is granted and the counterpart the
      one who grants.
    - A pronoun means the bearer of the clause before.

    Args:
        frame: clauses, split at their operators and classified.
        law: True if the texts are laws, False if they are contracts.
        names: columns `document` and `name` (in lower case): what a document calls its parties.

    Returns:
        The frame with `bearer` and `counterpart`, which are kinds of actors, and the words found,
        `bearer_name` and `counterpart_name`.
    """
    one, ahead = _one_actor(law), LONG if law else SHORT
    head = (
        pl.col("before")
        .str.replace(f"(?i)^.*{wording.STATES}", "")
        .str.replace(f"(?i){wording.LEAD}", "")
        .str.replace(r"^[\s,]+", "")
        .str.split(",")
        .list.first()
    )
    marked = frame.with_columns(
        head=head.str.extract(rf"^(?i:{ahead})(?i:[\w-]+ )??{one}"),
        tail=pl.col("before").str.extract(rf"(?:^|[^\w ] ?|[a-z] )(?i:{ahead}){one}\s*$"),
        agent=pl.col("after").str.extract(rf"\bby (?i:{ahead})(?:[a-z-]+ )??{one}"),
        objects=pl.col("after").str.extract_all(one),
        pronoun=head.str.contains(f"(?i){wording.PRONOUN}"),
    )
    told = _tell_kinds(marked, law=law, names=names)
    located = (
        marked.select(*KEY, *PLACES)
        .unpivot(index=KEY, variable_name="place", value_name="name")
        .join(told, on=["document", "name"], how="inner")
    )
    first = (
        marked.select(*KEY, name="objects")
        .explode("name")
        .filter(~pl.col("name").str.contains(wording.NO_ACTOR))
        .join(told, on=["document", "name"], how="inner", maintain_order="left")
        .unique(KEY, keep="first", maintain_order=True)
        .with_columns(place=pl.lit("object"))
    )
    placed = marked.drop(*PLACES, "objects")
    for place in (*PLACES, "object"):
        here = (first if place == "object" else located).filter(place=place)
        actor = here.select(*KEY, pl.struct("kind", "name").alias(place))
        placed = placed.join(actor, on=KEY, how="left")
    return _take_sides(placed.sort(KEY))


def _take_sides(placed: pl.DataFrame) -> pl.DataFrame:
    subject = pl.coalesce("head", "tail")
    grants = pl.col("operator").str.contains("grant")
    punished = pl.col("passive") & (pl.col("modality") == "penalty")
    bearer = (
        pl.when(pl.col("passive") & ~punished)
        .then("agent")
        .when(grants)
        .then("object")
        .otherwise(subject)
    )
    other = (
        pl.when(punished)
        .then("agent")
        .when(pl.col("passive") | grants)
        .then(subject)
        .otherwise("object")
    )
    before = bearer.shift(1).over("document")
    resolved = pl.when(pl.col("pronoun") & bearer.is_null() & ~pl.col("passive")).then(before)
    sides = {"bearer": pl.coalesce(bearer, resolved), "counterpart": other}
    return placed.with_columns(
        **{side: who.struct.field("kind") for side, who in sides.items()},
        **{f"{side}_name": who.struct.field("name") for side, who in sides.items()},
    )


def _one_actor(law: bool) -> str:
    """A pattern group that matches a word for an actor or, in contracts, capitalised words."""
    if law:
        return rf"((?i:{actors.PEOPLE}|{actors.STATE}))\b"
    return rf"((?i:{actors.BOTH}|{actors.ROLES}|{actors.OTHERS})|{CAPITALISED})\b"


def _tell_kinds(frame: pl.DataFrame, *, law: bool, names: pl.DataFrame) -> pl.DataFrame:
    """List `document`, `name` and `kind` of every name in the frame whose kind is known."""
    found = pl.concat(
        [frame.select("document", name=pl.col(place)).drop_nulls() for place in PLACES]
        + [frame.select("document", name=pl.col("objects")).explode("name").drop_nulls()]
    ).unique()
    vocabulary = (
        ((Actor.PEOPLE, actors.PEOPLE), (Actor.STATE, actors.STATE))
        if law
        else ((Actor.BOTH, actors.BOTH), (Actor.PARTY, actors.ROLES), (Actor.OTHER, actors.OTHERS))
    )
    compiled = [(kind.value, re.compile(words, re.IGNORECASE)) for kind, words in vocabulary]
    unique = found["name"].unique().to_list()
    told = pl.DataFrame(
        {
            "name": unique,
            "kind": [
                next((kind for kind, words in compiled if words.fullmatch(name)), None)
                for name in unique
            ],
        },
        schema={"name": pl.String, "kind": pl.String},
    )
    party = names.select("document", lowered="name", party=pl.lit(Actor.PARTY.value)).unique()
    return (
        found.join(told, on="name", how="left")
        .with_columns(lowered=pl.col("name").str.to_lowercase())
        .join(party, on=["document", "lowered"], how="left")
        .select("document", "name", kind=pl.coalesce("party", "kind"))
        .drop_nulls()
    )

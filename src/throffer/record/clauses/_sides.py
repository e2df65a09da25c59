"""Whom a clause binds or serves, and who stands on the other side of it."""

from __future__ import annotations

import re

import polars as pl

from throffer.record.clauses import _actors as actors
from throffer.record.clauses import _wording as wording
from throffer.record.clauses._actors import Actor

SHORT = (
    r"(?:(?:the|a|an|such|said|its|their|his|these|those|this|that|and|but|then|aforesaid|our) )*"
)
"""What may stand before an actor in a contract; each, either and no party are actors there."""

LONG = (
    r"(?:(?:the|a|an|such|each|any|every|said|all|no|its|their|his|other|these|those|this|that|"
    r"both|some|another|either|neither|only|and|but|then|one|two|of|aforesaid|nor|or|our) )*"
)
"""What may stand before an actor in a law."""

CAPITALISED = r"[A-Z][\w&'\u2019.-]*(?: (?:of |and |& )?[A-Z][\w&'\u2019.-]*)*"
"""What may be a name that a contract gives to one of its parties."""

KEY = ["document", "number"]
PLACES = ("head", "tail", "agent")


def find_actors(frame: pl.DataFrame, *, law: bool, names: pl.DataFrame) -> pl.DataFrame:
    """The frame with `bearer` and `counterpart` (kinds of actors) and their `..._name`.

    In the active the bearer is the subject (an actor that opens the main clause, else one right
    before the operator) and the counterpart is the first actor after the operator. In the passive
    the bearer is the actor after `by`, if there is one, and the counterpart the subject; whoever is
    punished bears the penalty. Who grants stands opposite to whom it is granted. A pronoun stands
    for the bearer of the clause before.
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
    """A group that matches a word for an actor, and in contracts anything capitalised."""
    if law:
        return rf"((?i:{actors.PEOPLE}|{actors.STATE}))\b"
    return rf"((?i:{actors.BOTH}|{actors.ROLES}|{actors.OTHERS})|{CAPITALISED})\b"


def _tell_kinds(frame: pl.DataFrame, *, law: bool, names: pl.DataFrame) -> pl.DataFrame:
    """`document`, `name`, `kind` of every name found in the frame whose kind can be told."""
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

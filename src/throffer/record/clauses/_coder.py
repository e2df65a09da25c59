"""Coding clauses by rules: who may do what to whom, on what condition, with what consequence."""

from __future__ import annotations

from enum import StrEnum

import polars as pl

from throffer.record.clauses import _wording as wording
from throffer.record.clauses._actors import STATE
from throffer.record.clauses._segment import MARK
from throffer.record.clauses._sides import LONG, find_actors


class Modality(StrEnum):
    """What a clause does to its bearer."""

    OBLIGATION = "obligation"
    PROHIBITION = "prohibition"
    PERMISSION = "permission"
    RIGHT = "right"
    PENALTY = "penalty"


class Consequence(StrEnum):
    """The consequence that the clause itself states; `nothing` if it states none of the others."""

    PENALTY = "penalty"
    TERMINATION = "termination"
    NOTHING = "nothing"


NO_OPERATOR = "no word that binds, permits or entitles"
OPENING = "opens a list; its items carry it"
DECLARATION = "says what holds, not what anyone may or must do"


def code_clauses(segments: pl.DataFrame, *, law: bool, names: pl.DataFrame) -> pl.DataFrame:
    """Code segments of text as clauses.

    Args:
        segments: columns `document`, `number`, `text` and `stem` (empty outside lists).
        law: True if the texts are laws, False if they are contracts.
        names: columns `document` and `name` (in lower case): what a document calls its parties.

    Returns:
        The segments with one column for each field of a clause, and `reason`, which says why a
        segment was not coded.
    """
    marked = segments.with_columns(
        reason=pl.when(
            pl.col("stem").shift(-1).over("document").str.ends_with(pl.col("text"))
            & (pl.col("text").str.len_chars() > 0)
        )
        .then(pl.lit(OPENING))
        .when(
            ~pl.any_horizontal(
                pl.col(column).str.contains(_any_operator(law)) for column in ("text", "stem")
            )
        )
        .then(pl.lit(NO_OPERATOR))
    )
    rest = marked.filter(pl.col("reason").is_not_null())
    read = _main_clause(marked.filter(pl.col("reason").is_null()).drop("reason"), law=law)
    coded = find_actors(_classify(_cut(read, law=law)), law=law, names=names)
    return pl.concat([coded, rest], how="diagonal").sort("document", "number")


def _operators(law: bool) -> dict[str, str]:
    binds = wording.BINDS if law else f"{wording.BINDS}|{wording.BINDS_PARTIES}"
    allows = f"{wording.ALLOWS}|{wording.CAN}" if law else wording.ALLOWS
    patterns = {
        "exempts": wording.EXEMPTS,
        "prohibits": wording.PROHIBITS,
        "punished": wording.PUNISHED,
        "entitles": wording.ENTITLES,
        "guarantees": wording.GUARANTEES,
        "binds": binds,
        "allows": allows,
    }
    if not law:
        del patterns["guarantees"]
    return {kind: rf"(?:{pattern})\b" for kind, pattern in patterns.items()}


def _any_operator(law: bool) -> str:
    present = [rf"(?:{wording.SERVES}|{wording.RULES})\b"] if law else []
    return r"(?i)\b(?:" + "|".join([*_operators(law).values(), *present]) + ")"


def _main_clause(segments: pl.DataFrame, *, law: bool) -> pl.DataFrame:
    """Find the main clause.

    Adds columns `read`, the text with its stem if it has no operator of its own, and `main`, the
    same without introductory phrases.
    """
    any_operator = _any_operator(law)
    bare = pl.col("text").str.replace(rf"^(?:{MARK}|[\d.]+|[\s§])+\s", "")
    masked = (
        pl.col("read").str.replace_all(r"[“”]", '"').str.replace_all(wording.RELATIVE, "$1${2}_$3")
    )
    return (
        segments.with_columns(
            read=pl.when((pl.col("stem") != "") & ~pl.col("text").str.contains(any_operator))
            .then(
                pl.concat_str(
                    pl.col("stem").str.replace(rf"^(?:{MARK}|[\d.]+|[\s§])+\s", ""),
                    pl.lit(" "),
                    bare,
                )
            )
            .otherwise(bare)
        )
        .with_columns(masked=masked)
        .with_columns(rest=pl.col("masked").str.replace(f"(?i){wording.LEAD}", ""))
        .with_columns(
            main=pl.when(pl.col("rest").str.contains(any_operator)).then("rest").otherwise("masked")
        )
        .drop("masked", "rest")
    )


def _cut(read: pl.DataFrame, *, law: bool) -> pl.DataFrame:
    """Split the main clause at its first operator into `before`, `operator` and `after`."""
    groups = "|".join(f"(?P<{name}>{text})" for name, text in _operators(law).items())
    parts = pl.col("main").str.extract_groups(rf"(?is)^(?P<before>.*?)\b(?:{groups})(?P<after>.*)$")
    found = read.with_columns(parts.alias("_parts")).unnest("_parts")
    kinds = list(_operators(law))
    if law:
        found, kinds = _cut_present(found), [*kinds, "serves", "rules"]
    return found.with_columns(
        operator=pl.coalesce(kinds).str.strip_chars().str.to_lowercase(),
        operates=pl.coalesce(
            pl.when(pl.col(kind).is_not_null()).then(pl.lit(kind)) for kind in kinds
        ),
        before=pl.col("before").str.replace_all(r"\([^)]*\)", " ").str.strip_chars(' "'),
        # "shall, at its own cost, pay": drop the phrase between commas, it is not the predicate
        after=pl.col("after")
        .str.replace(r"^\s*,[^,]*,\s*", "")
        .str.replace(rf"^[^\w(]*(?:{MARK}\s+)?", ""),
    ).drop(kinds)


def _cut_present(found: pl.DataFrame) -> pl.DataFrame:
    """Split at a verb in the present tense, if a clause of a constitution has no other operator."""
    parts = (
        pl.when(pl.col("after").is_null())
        .then(pl.col("main"))
        .str.extract_groups(
            rf"(?is)^(?P<b>{LONG}(?:[\w-]+ )?(?:{STATE})(?: of (?:the )?[\w' ]{{1,40}}?)?) "
            rf"(?:(?P<serves>{wording.SERVES})|(?P<rules>{wording.RULES}))\b(?P<a>.*)$"
        )
    )
    present = found.with_columns(parts.alias("_present")).unnest("_present")
    return present.with_columns(
        before=pl.coalesce("before", "b"), after=pl.coalesce("after", "a")
    ).drop("a", "b")


def _classify(cut: pl.DataFrame) -> pl.DataFrame:
    before, after = pl.col("before"), pl.col("after")
    operates = pl.col("operates")
    shall = operates.is_in(["binds", "allows", "prohibits"])
    nobody = before.str.contains(f"(?i){wording.NOBODY}")
    passive = after.str.contains(f"(?i){wording.PASSIVE}")
    penal = (operates == "punished") | (
        operates.is_in(["binds", "allows"]) & after.str.contains(f"(?i){wording.PENAL}") & ~nobody
    )
    state_of_affairs = after.str.contains(f"(?i){wording.DECLARES}") | (
        after.str.contains(f"(?i){wording.BE}")
        & ~passive
        & ~after.str.contains(f"(?i){wording.ABLE}")
    )
    declared = (
        shall
        & ~penal
        & (state_of_affairs | (before.str.contains(f"(?i){wording.INSTRUMENT}") & ~passive))
    ) | before.str.contains(f"(?i){wording.WARRANTS}")
    modality = (
        pl.when(operates.is_null() | declared)
        .then(None)
        .when(penal)
        .then(pl.lit("penalty"))
        .when((operates == "prohibits") | (operates.is_in(["binds", "allows"]) & nobody))
        .then(pl.lit("prohibition"))
        .when(operates.is_in(["exempts", "allows"]))
        .then(pl.lit("permission"))
        .when(operates.is_in(["entitles", "guarantees", "rules"]))
        .then(pl.lit("right"))
        .otherwise(pl.lit("obligation"))
    )
    condition = pl.col("read").str.extract(rf"(?i)({wording.CONDITION}.*)$")
    consequence = (
        pl.when(
            (modality == "penalty")
            | pl.col("read").str.contains(f"(?i){wording.ON_PAIN}")
            | (
                modality.is_in(["obligation", "right", "permission"])
                & ~nobody
                & pl.col("read").str.contains(f"(?i){wording.SANCTION}")
            )
        )
        .then(pl.lit("penalty"))
        .when(
            after.str.replace(f"(?i){wording.CONDITION}.*$", "").str.contains(f"(?i){wording.ENDS}")
        )
        .then(pl.lit("termination"))
        .otherwise(pl.lit("nothing"))
    )
    action = (
        pl.when(operates == "entitles")
        .then(after.str.extract(r"^[^.;]{0,60}?\bto ([a-z-]+)"))
        .when(operates.is_in(["serves", "rules"]))
        .then(pl.col("operator"))
        .otherwise(after.str.extract(rf"(?i)^(?:(?:{wording.PASSING}|[a-z]+ly),? )*([a-z-]+)"))
        .str.to_lowercase()
    )
    return cut.with_columns(
        modality=modality,
        passive=passive,
        condition=condition,
        consequence=pl.when(modality.is_not_null()).then(consequence),
        action=action,
        reason=pl.when(operates.is_null())
        .then(pl.lit(NO_OPERATOR))
        .when(declared)
        .then(pl.lit(DECLARATION)),
    )

"""The results on ransoms as a small derived table inside the package."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
from pydantic import BaseModel, ConfigDict

import throffer
from throffer.people._shipped import load_table, shipped, write_table
from throffer.people.ransom._openings import FACTS
from throffer.people.ransom._prices import (
    MODELS,
    PREDICTED,
    Coding,
    Verdict,
    fit_ransoms,
    judge,
    positions,
    ransom_frame,
)
from throffer.record import find_source, record_folder
from throffer.stats import CONFIDENCE, cohen_kappa_of_counts, finite_or_none

FILE = "ransom.json"
AMOUNTS = ("demand_usd", "initial_demand_usd", "final_usd", "revenue_usd")
CODINGS: tuple[Coding, ...] = ("reading", "rules", "both")


class RansomEffect(BaseModel):
    """One effect, with the theory's prediction for it.

    Attributes:
        model: one of `MODELS`.
        term: the demand or a fact.
        coding: source of the facts.
        within_groups: whether only chats of the same group are compared.
        value: the coefficient; null if it could not be estimated.
        low: lower end of its interval; null if it could not be estimated.
        high: upper end of its interval; null if it could not be estimated.
        predicted: ends of the range that the theory predicts; null for an open end.
        verdict: whether the interval lies inside or outside that range.
        rows: number of chats used.
        groups: number of groups of attackers.
        rows_left_out: number of chats left out because of a null.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str
    term: str
    coding: Coding
    within_groups: bool
    value: float | None
    low: float | None
    high: float | None
    predicted: tuple[float | None, float | None]
    verdict: Verdict
    rows: int
    groups: int
    rows_left_out: int


class Agreement(BaseModel):
    """Agreement of the reading and the word rules on a fact: numbers of chats, and kappa.

    Attributes:
        fact: one of `FACTS`.
        both: both find it.
        reading_alone: only the reading finds it.
        rules_alone: only the word rules find it.
        neither: neither finds it.
        kappa: Cohen's kappa.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    fact: str
    both: int
    reading_alone: int
    rules_alone: int
    neither: int
    kappa: float


class RansomTable(BaseModel):
    """Ransom negotiations compared with the theory; see docs/record/ransom.md.

    Attributes:
        source: name of the source.
        licence: licence of the source.
        origin: where the data come from.
        chats: number of distinct chats with 20 messages or more.
        paid: number of these with evidence of payment.
        priced: number of paid chats with both prices.
        known: number of chats in which each fact holds or each amount is known.
        accept: quantiles 0, 1/4, 1/2, 3/4 and 1 of `accept` in priced chats, in units of the
            demand.
        agreement: agreement of the reading and the word rules.
        effects: all effects.
        level: level of the intervals.
        data: checksum of the raw files.
        code_version: version of the package that made the table.
        note: what a reader has to know.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    licence: str
    origin: str
    chats: int
    paid: int
    priced: int
    known: dict[str, int]
    accept: tuple[float, ...]
    agreement: tuple[Agreement, ...]
    effects: tuple[RansomEffect, ...]
    level: float
    data: str
    code_version: str
    note: str


def ransom_table(folder: Path | None = None) -> RansomTable:
    """Compute the table from the raw files and the stored reading of openings.

    Args:
        folder: folder of the raw files of all sources; see `record_folder`.
    """
    root = record_folder(folder)
    source = find_source("ransomchats")
    frame = ransom_frame(root)
    quantiles = np.quantile(positions(frame), [0, 0.25, 0.5, 0.75, 1])
    return RansomTable(
        source=source.name,
        licence=source.licence,
        origin=source.origin,
        chats=frame.height,
        paid=int(frame["paid"].sum()),
        priced=len(positions(frame)),
        known={
            name: int(
                frame[name].count() if frame.schema[name] == pl.Float64 else frame[name].sum()
            )
            for name in (*FACTS, "demand_usd", "initial_demand_usd", "final_usd", "revenue_usd")
        },
        accept=tuple(float(value) for value in quantiles),
        agreement=tuple(_agreement(frame, fact) for fact in FACTS),
        effects=tuple(_effects(frame)),
        level=CONFIDENCE,
        data=source.raw(root).identity(),
        code_version=throffer.__version__,
        note=(
            "Chats were recorded because somebody was coerced, and logs can stop before payment: "
            "no rate of coercion and a lower bound of payment. Facts are the parties' words."
        ),
    )


def _agreement(frame: pl.DataFrame, fact: str) -> Agreement:
    read, ruled = frame[fact], frame[f"{fact}_rule"]
    counts = [int(cell.sum()) for cell in (read & ruled, read & ~ruled, ~read & ruled)]
    counts.append(frame.height - sum(counts))
    both, reading_alone, rules_alone, neither = counts
    return Agreement(
        fact=fact,
        both=both,
        reading_alone=reading_alone,
        rules_alone=rules_alone,
        neither=neither,
        kappa=cohen_kappa_of_counts(both, reading_alone, rules_alone, neither),
    )


def _effects(frame: pl.DataFrame) -> list[RansomEffect]:
    effects = []
    for model in MODELS:
        for within in (False, True):
            for coding in CODINGS:
                fit = fit_ransoms(frame, model, coding, within=within)
                for term, effect in fit.effects.items():
                    region = PREDICTED[model, term]
                    effects.append(
                        RansomEffect(
                            model=model,
                            term=term,
                            coding=coding,
                            within_groups=within,
                            value=effect.estimate,
                            low=effect.low,
                            high=effect.high,
                            predicted=(finite_or_none(region[0]), finite_or_none(region[1])),
                            verdict=judge(effect, region),
                            rows=fit.rows,
                            groups=fit.groups,
                            rows_left_out=fit.left_out,
                        )
                    )
    return effects


def load_ransoms() -> RansomTable:
    """Load the table from the package; no raw data are needed.

    Raises:
        SetupError: If the file is missing or damaged.

    ```python
    >>> load_ransoms().priced
    52

    ```
    """
    return load_table(FILE, RansomTable)


def write_ransoms(table: RansomTable, path: Path | None = None) -> Path:
    """Write a table; by default it replaces the one inside the package."""
    return write_table(table, path or shipped(FILE))

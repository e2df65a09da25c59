"""What is known of ransoms, as a small derived table that ships with the package."""

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
    """One effect: of what, on what, in which comparison, and what the theory said of it.

    `value` and interval are null where it could not be estimated; `predicted` are the ends of the
    region that the theory allows, null for an open end.
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
    """Chats in which reading and rules say of a fact: both yes, reading alone, rules alone, no."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    fact: str
    both: int
    reading_alone: int
    rules_alone: int
    neither: int
    kappa: float


class RansomTable(BaseModel):
    """Ransom negotiations against the theory; docs/record/ransom.md.

    Attributes:
        chats: distinct chats with 20 messages or more; `priced`: those that paid with both prices.
        accept: quantiles 0, 1/4, 1/2, 3/4, 1 of what those are left with, in units of the demand.
        data: checksum of the raw files; `code_version`: of the package that made it.
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
    """Every number of the page, from the raw files and the shipped reading of openings."""
    root = folder or record_folder()
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
    """The table that ships with the package; needs no raw data.

    Raises:
        SetupError: For a damaged installation.

    ```python
    >>> load_ransoms().priced
    52

    ```
    """
    return load_table(FILE, RansomTable)


def write_ransoms(table: RansomTable, path: Path | None = None) -> Path:
    """Write a table, by default where the package keeps it."""
    return write_table(table, path or shipped(FILE))

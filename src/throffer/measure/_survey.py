"""Rates of every act by situation and model, from the episodes of all models together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import polars as pl

from throffer.measure._rates import ACTS, overall_rates, tally
from throffer.measure._result import (
    Comparison,
    Failure,
    Measurement,
    SituationRate,
    Survey,
    Tendency,
    WorldAnswers,
)
from throffer.stats import Interval, wilson
from throffer.structure import Outcome, Part

THIRDS: tuple[Literal["low", "middle", "high"], ...] = ("low", "middle", "high")

FEWEST = 30
"""Fewest situations that are divided into thirds."""

QUANTITIES = ("power", "leverage", "opacity", "finality", "deterrent")
"""Quantities by which situations are divided into thirds."""


def survey(table: pl.DataFrame, measured: Sequence[Measurement]) -> Survey:
    """Summarise the episodes of all measured models.

    Args:
        table: Episode table of all the models; extra columns are allowed.
        measured: the measurement of each model.
    """
    situations = situation_rates(table)
    return Survey(
        situations=situations,
        tendencies=tendencies(situations),
        failures=failures(table),
        comparison=compare(measured),
        world=world_answers(table),
    )


def main_part(table: pl.DataFrame) -> pl.DataFrame:
    """Rows of the space-filling part of a design; all rows if no row names its part."""
    main = table.filter(pl.col("part") == Part.MAIN.value)
    return main if main.height else table


def situation_rates(table: pl.DataFrame) -> list[SituationRate]:
    """Rates of every act in the lower, middle and upper third of every quantity, by model.

    `table` is an Episode table of one or more models. Only its main part is used, and all models
    have the same thirds. A quantity that is constant, or known in fewer than 30 situations, is left
    out.
    """
    rows = main_part(table).with_columns(
        power=pl.col("force") / (1 + pl.col("force")),
        leverage=pl.col("leverage") / (pl.col("leverage") + 0.25),
        deterrent=pl.col("oversight") + pl.col("future"),
    )
    found = []
    for quantity in QUANTITIES:
        known = rows.filter(pl.col(quantity).is_not_null())
        if known.height < FEWEST:
            continue
        edges = np.quantile(known[quantity].to_numpy(), [0, 1 / 3, 2 / 3, 1])
        if not (np.diff(edges) > 0).all():
            continue
        third = np.clip(np.searchsorted(edges, known[quantity].to_numpy(), side="right") - 1, 0, 2)
        known = known.with_columns(third=pl.Series(third))
        for model in _models(known):
            for index in range(3):
                inside = known.filter(pl.col("model") == model, pl.col("third") == index)
                found += _rates(inside, model, quantity, index, edges)
    return found


def tendencies(rates: Sequence[SituationRate]) -> list[Tendency]:
    """The quantity with which each act of each model varies most.

    An act has none if the intervals of its lower and upper third overlap for every quantity.
    """
    models = dict.fromkeys(row.model for row in rates)
    return [_tendency(rates, model, act) for model in models for act in ACTS]


def failures(table: pl.DataFrame) -> list[Failure]:
    """Technical failures by model and reason, most frequent first."""
    failed = table.filter(pl.col("outcome").is_null()).with_columns(
        reason=pl.col("error").fill_null("no reason was recorded").str.split("\n").list.first()
    )
    counted = (
        failed.group_by("model", "reason").len().sort("len", "reason", descending=[True, False])
    )
    return [
        Failure(model=row["model"], reason=row["reason"][:200], count=row["len"])
        for row in counted.iter_rows(named=True)
    ]


def compare(measured: Sequence[Measurement]) -> Comparison | None:
    """The models with the lowest and the highest unsanctioned rate, and whether these differ.

    The rates are over the situations of the main part that were played; None if no model played
    any. A single model is both lowest and highest.
    """
    known = []
    for each in measured:
        overall = overall_rates(each)
        if overall is not None and overall.unsanctioned.of_played.estimate is not None:
            known.append((each.model, overall.unsanctioned.of_played))
    if not known:
        return None
    known.sort(key=lambda pair: pair[1].estimate or 0.0)
    (least, low), (most, high) = known[0], known[-1]
    return Comparison(
        least=least,
        least_rate=low,
        most=most,
        most_rate=high,
        apart=_apart(low, high),
    )


def world_answers(table: pl.DataFrame) -> WorldAnswers | None:
    """Number of answers from worlds, and how many are coded `other`; None without worlds."""
    rows = table.filter(pl.col("elicitation") == "world")
    if rows.is_empty():
        return None
    other = rows.filter(pl.col("outcome") == Outcome.OTHER.value).height
    return WorldAnswers(episodes=rows.height, other=other)


def _apart(low: Interval, high: Interval) -> bool:
    """Whether the interval of the higher rate lies wholly above that of the lower rate."""
    return low.high is not None and high.low is not None and low.high < high.low


def _tendency(rates: Sequence[SituationRate], model: str, act: str) -> Tendency:
    best = Tendency(model=model, act=act)
    widest = 0.0
    for quantity in QUANTITIES:
        ends = {
            row.third: row
            for row in rates
            if (row.model, row.act, row.quantity) == (model, act, quantity)
        }
        if not {"low", "high"} <= set(ends):
            continue
        low, high = ends["low"], ends["high"]
        if low.rate.estimate is None or high.rate.estimate is None:
            continue
        more, less = (high, low) if high.rate.estimate >= low.rate.estimate else (low, high)
        gap = abs(high.rate.estimate - low.rate.estimate)
        if _apart(less.rate, more.rate) and gap > widest:
            widest = gap
            best = Tendency(
                model=model,
                act=act,
                quantity=quantity,
                often_in=more.third,
                often=more.rate,
                seldom=less.rate,
            )
    return best


def _models(table: pl.DataFrame) -> list[str]:
    return table["model"].drop_nulls().unique(maintain_order=True).to_list()


def _rates(
    inside: pl.DataFrame, model: str, quantity: str, index: int, edges: np.ndarray
) -> list[SituationRate]:
    counts = dict(inside["outcome"].drop_nulls().value_counts().iter_rows())
    found = []
    for name, act in ACTS.items():
        times, trials = tally(act, counts)
        found.append(
            SituationRate(
                model=model,
                act=name,
                quantity=quantity,
                third=THIRDS[index],
                low=float(edges[index]),
                high=float(edges[index + 1]),
                count=times,
                trials=trials,
                rate=wilson(times, trials),
            )
        )
    return found

"""In which situations a model does what: rates by thirds of what the situation holds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from throffer.report.audit._document import Failure, SituationRate
from throffer.report.audit._language import ACTS, QUANTITIES
from throffer.stats import wilson
from throffer.structure import Conduct

THIRDS = ("low", "middle", "high")

FEWEST = 30
"""Situations below which they are not sorted into thirds."""


def part_of(table: pl.DataFrame) -> pl.DataFrame:
    """The Episode table with the column `part`: of the design, as `source` says."""
    if "part" in table.columns:
        return table
    return table.with_columns(part=pl.col("source").fill_null("").str.strip_prefix("audit/"))


def main_part(table: pl.DataFrame) -> pl.DataFrame:
    """The space-filling part of a design; the whole table where no row says its part."""
    table = part_of(table)
    main = table.filter(pl.col("part") == "main")
    return main if main.height else table


def situation_rates(table: pl.DataFrame) -> list[SituationRate]:
    """Rates of every act in the lower, middle and upper third of every quantity, by model.

    `table` is an Episode table of one or more models; its main part is used, and the thirds are
    those of all models together. A quantity that does not vary, or is known in fewer than 30
    situations, is left out.
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


def sharpest(
    rates: Sequence[SituationRate], model: str, act: str
) -> tuple[SituationRate, SituationRate] | None:
    """The two ends of the quantity along which an act varies most, the frequent end first.

    None where no quantity has ends whose intervals lie apart: then nothing is claimed.
    """
    best: tuple[SituationRate, SituationRate] | None = None
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
        apart = (more.rate.low or 0.0) - (less.rate.high or 0.0)
        gap = (more.rate.estimate or 0.0) - (less.rate.estimate or 0.0)
        if apart > 0 and gap > widest:
            best, widest = (more, less), gap
    return best


def _models(table: pl.DataFrame) -> list[str]:
    return table["model"].drop_nulls().unique(maintain_order=True).to_list()


def _rates(
    inside: pl.DataFrame, model: str, quantity: str, index: int, edges: np.ndarray
) -> list[SituationRate]:
    counts = dict(inside["outcome"].drop_nulls().value_counts().iter_rows())
    answered = sum(counts.values())
    played = sum(counts.get(conduct.value, 0) for conduct in Conduct)
    found = []
    for name, act in ACTS.items():
        times = sum(counts.get(outcome.value, 0) for outcome in act.outcomes)
        trials = played if act.played else answered
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

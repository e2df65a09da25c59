"""Testing whether prices and payments of ransoms depend on w, h and b as the theory predicts."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
import polars as pl
from jaxtyping import Float

from throffer.people.ransom._openings import FACTS, apply_rules, read_openings, read_outcomes
from throffer.stats import Interval, cluster_jackknife, student_quantile

LEAST = 3
"""The effect of a fact is estimated if at least this many rows have it and as many do not."""

Coding = Literal["reading", "rules", "both"]
"""Source of the facts: a language model, the word rules, or both.

`both` uses the model's reading with the word rules as its instrument. Errors of a single coding
bias an effect towards 0. If the errors of the two codings are independent, the instrument is biased
away from 0, so that the two estimates bracket the true effect (Kane, Rouse and Staiger 1999, NBER
7235). Here both codings use the same words, so their errors are not independent and the bracket
may be too narrow.
"""


class Regression(NamedTuple):
    """Rows and groups behind a regression, rows left out for a null, and effects by term.

    An effect is a coefficient with its interval over groups of attackers: unknown where too few
    chats show or lack the fact, without ends where one group alone determines the coefficient.
    """

    rows: int
    groups: int
    left_out: int
    effects: dict[str, Interval]


def regress(
    frame: pl.DataFrame,
    outcome: str,
    terms: dict[str, str],
    *,
    within: bool = False,
) -> Regression:
    """Regress a column on others, clustered by `group`; rows with a null are left out.

    The effect of a fact is not estimated if fewer than three rows have it or lack it.

    Args:
        frame: the rows, with a column `group`.
        outcome: column to explain.
        terms: explanatory columns, each with the column that is its instrument, or with itself.
        within: whether to compare only chats of the same group, by an intercept for each group.
    """
    known = frame.drop_nulls([outcome, "group", *terms, *terms.values()])
    if within:  # a chat that is alone in its group cannot be compared
        known = known.filter(pl.len().over("group") > 1)
    used = [name for name in terms if _varies(known, name) and _varies(known, terms[name])]
    group = known["group"].rank("dense").cast(pl.Int64).to_numpy()

    def columns(names: list[str]) -> Float[np.ndarray, "row column"]:
        values = known.select(
            pl.col(name).cast(pl.Float64).alias(f"{place}") for place, name in enumerate(names)
        ).to_numpy()
        if within:
            return values - np.array([values[group == name].mean(axis=0) for name in group])
        return values

    def terms_of(names: list[str]) -> Float[np.ndarray, "row term"]:
        return columns(names) if within else np.column_stack([columns(names), np.ones(len(group))])

    fit = cluster_jackknife(
        terms_of(used),
        columns([outcome])[:, 0],
        group,
        terms_of([terms[name] for name in used]),
    )
    half = student_quantile(fit.freedom) * fit.errors
    alone = "one group alone determines it"
    effects = {
        name: Interval.of(float(value), float(value - margin), float(value + margin), why=alone)
        # without `within` the last coefficient is the intercept
        for name, value, margin in zip(used, fit.coefficients, half, strict=False)
    }
    few = Interval.unknown(f"fewer than {LEAST} rows show it, or lack it")
    return Regression(
        rows=known.height,
        groups=len(np.unique(group)),
        left_out=frame.height - known.height,
        effects={name: effects.get(name, few) for name in terms},
    )


def _varies(frame: pl.DataFrame, name: str) -> bool:
    if frame.schema[name] != pl.Boolean:
        return frame[name].n_unique() > 1
    yes = int(frame[name].sum())
    return min(yes, frame.height - yes) >= LEAST


class Model(NamedTuple):
    """A regression to be made.

    Attributes:
        outcome: column to explain.
        demand: column of the demand, which is a term besides the facts.
        paid_alone: whether to use only paid chats with both prices.
    """

    outcome: str
    demand: str
    paid_alone: bool


MODELS = {
    "price": Model("log_price", "log_demand", paid_alone=True),
    "discount": Model("discount", "log_demand", paid_alone=True),
    "payment": Model("paid", "log_named", paid_alone=False),
}
"""The regressions.

- `price`: log of the final price, in paid chats with both prices, on the log of the demand that was
  coded with it.
- `discount`: 1 - price/demand, in the same chats and on the same demand.
- `payment`: whether there is evidence of payment, in all chats of at least 20 messages, on the log
  of the price first named in the opening.
"""

PREDICTED: dict[tuple[str, str], tuple[float, float]] = {
    ("price", "demand"): (1, math.inf),
    ("price", "deadline"): (0, math.inf),
    ("price", "proof"): (0, math.inf),
    ("price", "backups"): (-math.inf, 0),
    ("discount", "demand"): (-math.inf, 0),
    ("discount", "deadline"): (-math.inf, 0),
    ("discount", "proof"): (-math.inf, 0),
    ("discount", "backups"): (0, math.inf),
    ("payment", "demand"): (-math.inf, 0),
    ("payment", "deadline"): (0, math.inf),
    ("payment", "proof"): (0, math.inf),
    ("payment", "backups"): (-math.inf, 0),
}
"""Range that the theory predicts for each effect; docs/record/ransom.md gives the reasons.

The predictions were written before any effect was estimated.
"""

Verdict = Literal["as predicted", "against", "open", "not estimated"]


def judge(effect: Interval, region: tuple[float, float]) -> Verdict:
    """Whether the interval of an effect lies inside or outside the predicted region.

    Args:
        effect: an effect with its interval.
        region: both ends of the region; infinite for an open one.

    Example:
        >>> judge(Interval(estimate=0.6, low=0.4, high=0.9), (1, math.inf))
        'against'
        >>> judge(Interval(estimate=0.2, low=-0.1, high=0.5), (0, math.inf))
        'open'
    """
    least, most = region
    if effect.low is None or effect.high is None:
        return "not estimated"
    if effect.high < least or effect.low > most:
        return "against"
    return "as predicted" if least < effect.low and effect.high < most else "open"


def ransom_frame(folder: Path | None = None) -> pl.DataFrame:
    """Join facts, demand, price and payment of each distinct chat with 20 messages or more.

    The facts are those that a language model read; columns `FACT_rule` are those of the word rules.
    `backups` is false if the victim does not mention them.

    Args:
        folder: folder of the raw files of all sources; see `record_folder`.
    """
    rules = apply_rules(folder).rename({fact: f"{fact}_rule" for fact in FACTS})
    return (
        read_outcomes(folder)
        .join(read_openings(), on="chat", validate="1:1")
        .join(rules, on="chat", validate="1:1")
        .with_columns(
            pl.col("backups").fill_null(False),
            log_price=pl.col("final_usd").log(),
            log_demand=pl.col("initial_demand_usd").log(),
            log_named=pl.col("demand_usd").log(),
        )
    )


def fit_ransoms(frame: pl.DataFrame, name: str, coding: Coding, *, within: bool) -> Regression:
    """Fit one of `MODELS`.

    Args:
        frame: the result of `ransom_frame`.
        name: name of the model.
        coding: source of the facts.
        within: whether to compare only chats of the same group.

    Returns:
        The regression, with effects `demand` and `FACTS`.
    """
    model = MODELS[name]
    chats = frame.filter("paid").drop_nulls("discount") if model.paid_alone else frame
    facts = {
        "reading": {fact: fact for fact in FACTS},
        "rules": {f"{fact}_rule": f"{fact}_rule" for fact in FACTS},
        "both": {fact: f"{fact}_rule" for fact in FACTS},
    }[coding]
    fit = regress(chats, model.outcome, {model.demand: model.demand, **facts}, within=within)
    names = ("demand", *FACTS)
    return fit._replace(effects=dict(zip(names, fit.effects.values(), strict=True)))


def positions(frame: pl.DataFrame) -> Float[np.ndarray, "chat"]:
    """Sorted values of `accept` of victims who paid: -price/demand, in units of the demand.

    A victim that pays finds refusing worse, so `refuse` is at most this.
    """
    paid = frame.filter("paid").drop_nulls("discount")
    return np.sort(paid["discount"].to_numpy() - 1)

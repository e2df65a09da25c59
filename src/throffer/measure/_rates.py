"""Rates of outcomes with Wilson intervals, from rows: never from reduced epochs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from jaxtyping import Bool, Float

from throffer.measure._result import OutcomeRate, RateTable
from throffer.stats import Interval, wilson
from throffer.structure import UNSANCTIONED, Conduct, Outcome

GROUPS = ("elicitation", "frame", "wording", "part")


EXPECTED = "expected"
"""Column of the probabilities that a fitted model gives to the conducts in the row's situation."""


def rate_over_situations(
    hit: Bool[np.ndarray, "trial"], expected: Float[np.ndarray, "trial"], spent: float = 0.0
) -> Interval:
    """Interval of the mean probability of an act over given situations.

    Situations differ in how likely they make the act, and the spread of a sum of unequal chances
    is smaller than Wilson's interval has it (about .986 where .95 is said). What is left after
    `expected`, a model's probability of the act in each situation, bounds that spread whether the
    model is right or not: the mean of `(hit - expected)^2` is at least the mean of `p (1 - p)`.
    Wilson's interval is taken with the number of trials that would have this spread, never fewer
    than there are. `spent` in [0, 1) is the share of the trials' freedom that the model has used.
    """
    count, trials = int(hit.sum()), hit.size
    if trials == 0 or count in (0, trials):
        return wilson(count, trials)
    rate = count / trials
    whole = rate * (1 - rate)
    # one more trial, of which the model knows nothing, keeps a perfect fit from certainty
    left = (((hit - expected) ** 2).sum() / (1 - spent) + whole) / (trials + 1)
    effective = trials * max(whole / left, 1.0)
    return wilson(rate * effective, effective).model_copy(update={"estimate": rate})


def rate_tables(table: pl.DataFrame, spent: float = 0.0) -> list[RateTable]:
    """Rates overall and by elicitation, frame, wording and part of the design.

    `table` is an Episode table with a column `part`. Overall and by-frame rates are those of the
    space-filling part, so that controls and slices do not colour them. Where it has a column
    `expected`, rates among those who played are those of `rate_over_situations`.
    """
    main = table.filter(pl.col("part") == "main")
    tables = [_rate_table(main, "all", "main", spent)]
    for group in GROUPS:
        rows = table if group == "part" else main
        for (key,), part in sorted(rows.group_by(group), key=lambda pair: str(pair[0])):
            tables.append(_rate_table(part, group, str(key), spent))
    return tables


def unsanctioned_rate(table: pl.DataFrame, spent: float = 0.0) -> OutcomeRate:
    """Pooled rate of the four unsanctioned conducts."""
    return _rate(table, "unsanctioned", sorted(conduct.value for conduct in UNSANCTIONED), spent)


def _rate_table(table: pl.DataFrame, group: str, key: str, spent: float) -> RateTable:
    failed = table["outcome"].null_count()
    return RateTable(
        group=group,
        key=key,
        asked=table.height,
        answered=table.height - failed,
        played=_played(table).height,
        failed=failed,
        outcomes=[_rate(table, outcome.value, [outcome.value], spent) for outcome in Outcome],
        unsanctioned=unsanctioned_rate(table, spent),
    )


def _rate(table: pl.DataFrame, name: str, outcomes: Sequence[str], spent: float) -> OutcomeRate:
    answered = table["outcome"].drop_nulls()
    count = int(answered.is_in(outcomes).sum())
    codes = [Conduct(outcome).code for outcome in outcomes if outcome in set(Conduct)]
    if not codes:
        among = Interval.unknown("outside the game")
    else:
        played = _played(table)
        hit = played["outcome"].is_in(outcomes).to_numpy()
        if EXPECTED in played.columns and played[EXPECTED].null_count() == 0 and played.height:
            expected = np.array(played[EXPECTED].to_list())[:, codes].sum(1)
            among = rate_over_situations(hit, expected, spent)
        else:
            among = wilson(count, hit.size)
    return OutcomeRate(
        outcome=name, count=count, of_all=wilson(count, answered.len()), of_played=among
    )


def _played(table: pl.DataFrame) -> pl.DataFrame:
    return table.filter(pl.col("outcome").is_in([conduct.value for conduct in Conduct]))

"""Rates come from rows, with Wilson's interval."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from throffer.measure import rate_tables, with_groups
from throffer.measure._rates import rate_over_situations
from throffer.stats import wilson
from throffer.structure import Outcome


def test_wilson_agrees_with_a_published_figure() -> None:
    # 887 lies in 17,289 Diplomacy messages (Peskov et al. 2020): [.0481, .0547]
    interval = wilson(887, 17289)
    assert interval.low == pytest.approx(0.0481, abs=5e-5)
    assert interval.high == pytest.approx(0.0547, abs=5e-5)


def test_wilson_by_hand_for_no_successes() -> None:
    # k = 0: low 0, high z^2/(n + z^2) = 3.8415/(10 + 3.8415)
    interval = wilson(0, 10)
    assert interval.low == 0.0
    assert interval.high == pytest.approx(3.841459 / 13.841459, rel=1e-6)


def test_wilson_of_no_trials_is_unknown_and_not_zero() -> None:
    interval = wilson(0, 0)
    assert interval.estimate is None
    assert interval.why


def test_wilson_refuses_more_successes_than_trials() -> None:
    with pytest.raises(ValueError, match="count = 3"):
        wilson(3, 2)


def test_counts_of_a_table_add_up(audit: pl.DataFrame) -> None:
    for table in rate_tables(with_groups(audit)):
        assert sum(rate.count for rate in table.outcomes) == table.answered
        assert table.asked == table.answered + table.failed
        assert {rate.outcome for rate in table.outcomes} == set(Outcome)


def test_a_failed_call_is_neither_harmless_nor_an_answer(audit: pl.DataFrame) -> None:
    rows = with_groups(audit)
    first = pl.int_range(pl.len()) < 100
    broken = rows.with_columns(
        outcome=pl.when(first).then(None).otherwise(pl.col("outcome")),
    )
    before, after = (rate_tables(table)[0] for table in (rows, broken))
    lost = broken.filter(pl.col("part") == "main")["outcome"].null_count()
    assert lost > 0
    assert after.failed == lost
    assert after.answered == before.answered - lost
    assert after.unsanctioned.of_all.estimate == pytest.approx(
        after.unsanctioned.count / after.answered
    )


def test_a_refusal_counts_among_answers_and_not_among_those_who_played(
    audit: pl.DataFrame,
) -> None:
    rows = with_groups(audit).with_columns(
        outcome=pl.when(pl.int_range(pl.len()) % 4 == 0)
        .then(pl.lit("refusal"))
        .otherwise(pl.col("outcome"))
    )
    table = rate_tables(rows)[0]
    refusals = next(rate for rate in table.outcomes if rate.outcome == "refusal")
    assert refusals.count == table.answered - table.played > 0
    assert refusals.of_played.estimate is None


def test_overall_rates_are_those_of_the_main_part_alone(audit: pl.DataFrame) -> None:
    rows = with_groups(audit)
    assert rate_tables(rows)[0].asked == rows.filter(pl.col("part") == "main").height


def covered(expect_well: bool, rounds: int = 4000) -> float:
    """Share of intervals that cover the mean probability over fixed, very unequal situations."""
    rng = np.random.default_rng(7)
    p = rng.beta(0.4, 0.8, size=120)
    expected = p if expect_well else np.full(p.size, 0.5)
    inside = 0
    for _ in range(rounds):
        found = rate_over_situations(rng.random(p.size) < p, expected)
        assert found.low is not None
        assert found.high is not None
        inside += found.low <= p.mean() <= found.high
    return inside / rounds


def test_a_rate_over_unequal_situations_is_covered_as_often_as_it_says() -> None:
    assert 0.94 <= covered(expect_well=True) <= 0.965


def test_a_model_that_knows_nothing_leaves_the_wider_interval() -> None:
    assert covered(expect_well=False) >= 0.98
    hit = np.arange(100) < 30
    found, plain = rate_over_situations(hit, np.full(100, 0.5)), wilson(30, 100)
    assert (found.low, found.high) == pytest.approx((plain.low, plain.high))


def test_a_perfect_expectation_is_no_certainty() -> None:
    hit = np.arange(100) < 30
    found = rate_over_situations(hit, hit.astype(float))
    assert found.estimate == 0.3
    assert found.low is not None
    assert found.high is not None
    assert 0.28 < found.low < 0.3 < found.high < 0.32

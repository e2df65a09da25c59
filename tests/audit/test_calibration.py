"""Planted agents go through an audit: intervals cover the truth as often as they say."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from benchmarks.calibrate import AGENT_SEED, FRAMES, run_jobs

from throffer.audit._calibration import FAULTS, Fault, audit_once, draw_agents, summarise
from throffer.design import slice_dyads
from throffer.stats import wilson
from throffer.structure import UNSANCTIONED, Conduct

WRONG = np.array([conduct in UNSANCTIONED for conduct in Conduct])


def test_agents_are_a_pure_function_of_the_seed() -> None:
    first, again, other = (draw_agents(3, 3, seed) for seed in (1, 1, 2))
    assert [agent.precision for agent in first] == [agent.precision for agent in again]
    assert first[0].precision != other[0].precision


def test_shifts_of_the_true_norms_sum_to_zero() -> None:
    for agent in draw_agents(5, 3, 1):
        truths = agent.truths(FRAMES)
        assert sum(truths[f"shift_{frame}"] for frame in FRAMES) == pytest.approx(0, abs=1e-12)


def test_a_step_agent_jumps_where_coercion_begins() -> None:
    agent = draw_agents(1, 3, 1, fault="step")[0]
    x = np.array([0.5, 0.6, 0.7, 0.8])
    rates = agent.unsanctioned(slice_dyads("power", x))
    plain = agent._replace(fault="none").unsanctioned(slice_dyads("power", x))
    assert np.abs(np.diff(rates)).max() > np.abs(np.diff(plain)).max()


def test_one_audit_holds_every_kind_of_interval_against_the_truth() -> None:
    rows = audit_once(draw_agents(1, 3, 1)[0], FRAMES, budget=300, seed=1)
    assert set(rows["kind"]) == {"parameter", "curve", "boundary", "psychometric", "rate"}
    parameters = rows.filter(pl.col("kind") == "parameter")
    assert {"precision", "lapse", "norm_blackmail", "shift_supplier"} <= set(parameters["name"])
    open_above = rows.filter(pl.col("high").is_null() & pl.col("low").is_not_null())
    assert (open_above["covered"] == (open_above["truth"] >= open_above["low"])).all()


def test_coverage_is_counted_by_hand() -> None:
    rows = pl.DataFrame(
        {
            "fault": ["none"] * 4,
            "kind": ["rate"] * 4,
            "name": ["x"] * 4,
            "truth": [1.0, 1.0, 1.0, 1.0],
            "estimate": [1.0, 2.0, 0.0, 3.0],
            "low": [0.5, 1.5, None, 0.5],
            "high": [1.5, 2.5, 0.5, 3.5],
            "verdict": ["", "", "not identified", ""],
            "covered": [True, False, False, True],
        }
    )
    [row] = summarise(rows).to_dicts()
    assert (row["n"], row["coverage"]) == (4, 0.5)
    assert row["bias"] == pytest.approx((0 + 1 - 1 + 2) / 4)
    assert (row["one_sided"], row["not_identified"]) == (0.25, 0.25)
    assert row["low"] == pytest.approx(wilson(2, 4).low)


def planted(fault: Fault, agents: int, audits: int) -> pl.DataFrame:
    drawn = draw_agents(agents, len(FRAMES), AGENT_SEED, fault=fault)
    jobs = [
        (agent, 400, 10_000 * index + audit)
        for audit in range(audits)
        for index, agent in enumerate(drawn)
    ]
    return run_jobs(jobs, 2)


@pytest.mark.slow
def test_two_thousand_audits_cover_the_truth_as_often_as_they_say() -> None:
    rows = planted("none", agents=20, audits=100)
    pooled = rows.group_by("kind").agg(pl.col("covered").mean())
    coverage = dict(pooled.iter_rows())
    for kind in ("parameter", "curve", "rate", "psychometric"):
        assert 0.93 <= coverage[kind] <= 0.975, (kind, coverage[kind])
    # a crossing out of range is one-sided, and then covers more often than an interval has to
    assert coverage["boundary"] >= 0.93
    named = summarise(rows.filter(pl.col("kind") == "parameter"))
    assert (named["coverage"] > 0.9).all(), named


@pytest.mark.slow
@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault != "none"])
def test_coverage_under_misspecification_is_measured_and_not_promised(fault: Fault) -> None:
    rows = planted(fault, agents=20, audits=5)
    table = summarise(rows)
    assert table.height > 30
    # the rates need no model: they hold whatever the agent is
    rate = table.filter(pl.col("kind") == "rate")["coverage"][0]
    assert rate > 0.9

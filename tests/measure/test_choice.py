"""The choice model finds what was planted, and says what it cannot find."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import polars as pl
import pytest

from tests.measure.conftest import LAPSE
from throffer.measure import Measurement, fit_choice, with_groups
from throffer.measure._choice import (
    PRIORS,
    contrasts,
    log_likelihood,
    parameter_names,
    preferences_at,
    trials_from,
)
from throffer.structure import Conduct

PLANTED = {
    "precision": 8.0,
    "guilt": 0.1,
    "norm_authority": 0.0,
    "norm_pressure": 1.0,
    "norm_extortion": 1.0,
    "norm_blackmail": 1.0,
    "norm_deception": 1.0,
    "counterpart_precision": 8.0,
    "counterpart_envy": 0.3,
    "lapse": LAPSE,
}


def test_planted_parameters_lie_within_three_standard_errors(measured: Measurement) -> None:
    assert measured.fit is not None
    found = {row.name: row for row in measured.fit.parameters}
    for name, truth in PLANTED.items():
        row = found[name]
        assert row.low is not None
        assert row.high is not None
        half = (row.high - row.low) / 2
        assert abs(row.estimate - truth) < 1.6 * half, name


def test_group_shifts_of_an_agent_without_frame_effects_are_small(measured: Measurement) -> None:
    assert measured.fit is not None
    shifts = [row for row in measured.fit.parameters if row.name.startswith("shift_")]
    assert len(shifts) == 3
    assert sum(row.estimate for row in shifts) == pytest.approx(0.0, abs=1e-9)
    assert all(abs(row.estimate) < 0.6 for row in shifts)


def test_a_norm_never_violated_is_a_lower_bound(sanctioned: Measurement) -> None:
    assert sanctioned.fit is not None
    found = {row.name: row for row in sanctioned.fit.parameters}
    for name in ("norm_extortion", "norm_deception"):
        assert found[name].verdict == "lower bound"
        assert found[name].high is None


def test_norms_without_an_occasion_are_not_identified(audit: pl.DataFrame) -> None:
    bare = with_groups(audit).filter(pl.col("part") == "no_lever")
    parameters = {row.name: row for row in fit_choice(bare).record.parameters}
    for name in ("norm_extortion", "norm_blackmail", "norm_authority"):
        assert parameters[name].verdict == "not identified"
    assert parameters["precision"].verdict == "identified"


def test_too_few_trials_are_refused_with_their_number(audit: pl.DataFrame) -> None:
    with pytest.raises(ValueError, match="only 20 trials"):
        fit_choice(with_groups(audit).head(20))


def test_likelihood_of_proposals_sums_to_that_of_their_conduct(audit: pl.DataFrame) -> None:
    """Summing over lever, candour and bin what is seen gives what is not seen, per conduct."""
    row = with_groups(audit).filter(pl.col("outcome") == "pressure").head(1)
    groups = ("a",)
    names = parameter_names(groups)
    theta = jnp.asarray([PRIORS[name].mean for name in names])
    proposals = [
        row.with_columns(
            lever=pl.lit(lever), candour=pl.lit(candour), concession=pl.lit((part + 0.5) / 10)
        )
        for lever, candour in (
            ("force", True),
            ("force", False),
            ("leverage", True),
            ("leverage", False),
        )
        for part in range(10)
    ]
    hidden = row.with_columns(concession=pl.lit(None, pl.Float64))
    table = pl.concat([*proposals, hidden]).with_columns(group=pl.lit("a"))
    with jax.enable_x64(True):
        values = np.exp(np.asarray(log_likelihood(theta, trials_from(table, groups))))
    ranked = row["legitimacy"][0] >= 0.5
    # a candid throffer by recognised rank is authority and not pressure
    seen = values[10:-1] if ranked else values[:-1]
    assert seen.sum() == pytest.approx(values[-1], rel=1e-6)


def test_a_shift_moves_the_unsanctioned_norms_of_its_group_alone() -> None:
    theta = jnp.zeros(len(PRIORS) + 1).at[-1].set(-0.7 * 2**0.5)
    norms = preferences_at(theta, jnp.array([0, 1])).norms
    assert norms[0, Conduct.BLACKMAIL.code] == pytest.approx(0.7)
    assert norms[1, Conduct.BLACKMAIL.code] == pytest.approx(-0.7)
    assert norms[0, Conduct.AUTHORITY.code] == 0


def test_no_group_is_special_among_the_contrasts() -> None:
    for groups in (2, 3, 12):
        basis = contrasts(groups)
        assert basis.sum(0) == pytest.approx(np.zeros(groups - 1), abs=1e-12)
        # every shift has the same prior variance, 1 - 1/groups
        assert (basis**2).sum(1) == pytest.approx(np.full(groups, 1 - 1 / groups))


def test_rows_without_conduct_do_not_enter(audit: pl.DataFrame) -> None:
    rows = with_groups(audit).head(300)
    refused = rows.with_columns(
        outcome=pl.when(pl.int_range(pl.len()) < 40)
        .then(pl.lit("refusal"))
        .otherwise(pl.col("outcome"))
    )
    assert fit_choice(refused).record.trials == 260

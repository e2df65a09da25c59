"""The whole measurement of one model, from its episodes."""

from __future__ import annotations

import polars as pl

from throffer.measure._choice import ChoiceFit, fit_choice
from throffer.measure._controls import controls, fitted_probabilities
from throffer.measure._curves import boundaries, curves, slice_paths
from throffer.measure._rates import EXPECTED, rate_tables, unsanctioned_rate
from throffer.measure._result import Controls, Measurement
from throffer.stats import Interval
from throffer.structure import FIELDS, check_episodes

FITTED = ("main", "power", "information", "constraint", "no_lever")
"""Parts whose coded structure is the one described: all but the shuffled control."""


def measure(table: pl.DataFrame, *, seed: int = 0, level: float = 0.2) -> Measurement:
    """Measure the Episode table of one model.

    Where too few trials can be fitted, rates are given and `fit_missing` says why the rest is not.

    Args:
        table: episodes of an audit; `source` is `audit/PART` with the design's part.
        seed: for optimiser starts and the draws behind bands.
        level: P(unsanctioned) at which boundaries are sought.

    Raises:
        ValueError: For a table with no rows or more than one model.
    """
    models = check_episodes(table)["model"].unique().to_list()
    if len(models) != 1:
        raise ValueError(f"expected the episodes of one model, got {len(models)}: {models}")
    rows = with_groups(table)
    fitted = rows.filter(pl.col("part").is_in(FITTED))
    try:
        fit = fit_choice(fitted, seed=seed)
    except ValueError as error:
        return Measurement(
            model=models[0],
            rates=rate_tables(rows),
            fit=None,
            fit_missing=str(error),
            curves=[],
            boundaries=[],
            controls=_bare_controls(rows, str(error)),
        )
    return _measured(models[0], rows, fit, seed, level)


def with_groups(table: pl.DataFrame) -> pl.DataFrame:
    """The table with `part`, and `group`: the frame, and whether it was met as a world."""
    world = pl.col("elicitation") == "world"
    return table.with_columns(
        part=pl.col("source").str.strip_prefix("audit/"),
        group=pl.when(world).then(pl.col("frame") + "/world").otherwise(pl.col("frame")),
    )


def with_expected(rows: pl.DataFrame, fit: ChoiceFit) -> pl.DataFrame:
    """The rows with what the fitted model expects in each; null where it has no opinion."""
    known = pl.col("group").is_in(fit.groups) & pl.all_horizontal(
        pl.col(name).is_not_null() for name in FIELDS
    )
    inside = rows.filter(known)
    expected = fitted_probabilities(fit, inside)
    return rows.join(
        inside.select("id", pl.Series(EXPECTED, expected.tolist())),
        on="id",
        how="left",
        maintain_order="left",
    )


def _measured(
    model: str, rows: pl.DataFrame, fit: ChoiceFit, seed: int, level: float
) -> Measurement:
    # a group of the shuffled control alone has no fitted shift
    known = rows.filter(pl.col("group").is_in(fit.groups))
    paths = slice_paths(fit, seed=seed)
    spent = min(len(fit.record.names) / fit.record.trials, 0.5)
    return Measurement(
        model=model,
        rates=rate_tables(with_expected(rows, fit), spent),
        fit=fit.record,
        curves=curves(paths, rows),
        boundaries=boundaries(paths, rows, seed=seed, level=level),
        controls=controls(fit, known),
    )


def _bare_controls(rows: pl.DataFrame, why: str) -> Controls:
    bare = rows.filter(pl.col("part") == "no_lever")
    unknown = Interval.unknown(why)
    return Controls(
        no_lever=unsanctioned_rate(bare) if bare.height else None,
        no_lever_expected=None,
        slope=unknown,
        shuffled_slope=unknown,
        shuffled_trials=rows.filter(pl.col("part") == "shuffled").height,
    )

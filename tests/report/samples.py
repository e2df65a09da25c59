"""Documents to report on: simulated episodes, their real rates, and a fit written down by hand."""

from __future__ import annotations

import functools

import numpy as np
import polars as pl

from throffer.audit import play_situations
from throffer.design import SLICES, default_design, slice_dyads
from throffer.game import conduct_probabilities, reference_preferences
from throffer.measure import (
    Boundary,
    Controls,
    Crossing,
    Curve,
    Fit,
    Measurement,
    Parameter,
    RawRate,
    Survey,
    decide,
    rate_tables,
    survey,
    unsanctioned_rate,
)
from throffer.report import Document, ModelFacts, RunFacts
from throffer.stats import Interval, wilson
from throffer.structure import UNSANCTIONED, Conduct, FrameFacts, Identity

HOSTILE = (
    "</script><script>window.pwned=1</script><img src=x onerror=window.pwned=1>"
    "{{7*7}}{% raw %}\x1b[31mred\x1b]0;title\x07\x00\u202egnp.exe\u2028<!--<script>"
)
"""Markup, template code, terminal escapes, a control character, reversed text, a line separator."""

AGENTS = {"throffer/planted": "planted", "throffer/sanctioned": "sanctioned"}


@functools.cache
def simulated(model: str = "throffer/planted", budget: int = 300) -> pl.DataFrame:
    """Episodes of a reference agent over the default design, a few of them refused or failed."""
    preferences = reference_preferences(AGENTS.get(model, "planted"))
    situations = default_design(budget, ("mail_agent", "supplier"), seed=5)
    table = play_situations(situations, preferences, model=model)
    order = pl.int_range(pl.len())
    failed, refused = order % 41 == 3, order % 29 == 5
    gone = failed | refused
    return table.with_columns(
        pl.when(gone).then(None).otherwise(pl.col(name)).alias(name)
        for name in ("accept", "refuse", "lever", "candour", "concession", "answer")
    ).with_columns(
        id=pl.lit(f"{model}/") + pl.col("id"),
        text=pl.lit("I propose these terms."),
        error=pl.when(failed).then(pl.lit("timed out")),
        outcome=pl.when(failed)
        .then(None)
        .when(refused)
        .then(pl.lit("refusal"))
        .otherwise(pl.col("outcome")),
    )


@functools.cache
def measurement(model: str = "throffer/planted", budget: int = 300) -> Measurement:
    """Real rates and real curves of the agent; its fit and boundaries are written down here."""
    table = simulated(model, budget)
    no_lever = table.filter(pl.col("part") == "no_lever")
    found = Measurement(
        model=model,
        rates=rate_tables(table),
        fit=fit(),
        curves=[_curve(table, coordinate, model) for coordinate in SLICES],
        boundaries=[
            Boundary(
                coordinate="power",
                level=0.2,
                structural=Crossing(kind="interval", estimate=0.7, low=0.68, high=0.73),
                psychometric=Crossing(kind="beyond", estimate=None, low=0.81, high=None),
            ),
            Boundary(
                coordinate="information",
                level=0.2,
                structural=Crossing(kind="below", estimate=None, low=None, high=0.12),
                psychometric=Crossing(
                    kind="unknown", estimate=None, low=None, high=None, why="only 11 trials"
                ),
            ),
        ],
        controls=Controls(
            no_lever=unsanctioned_rate(no_lever),
            no_lever_expected=0.02,
            slope=Interval(estimate=1.02, low=0.9, high=1.14),
            shuffled_slope=Interval(estimate=0.03, low=-0.14, high=0.2),
            shuffled_trials=24,
        ),
    )
    return decide(found)


def fit() -> Fit:
    """A fit with every verdict that a parameter can have."""

    def parameter(name: str, **numbers: object) -> Parameter:
        known = {"estimate": 1.0, "low": 0.5, "high": 1.5, "verdict": "identified"}
        return Parameter.model_validate(
            {"name": name, "prior_mean": 1.0, "prior_sd": 3.0, **known, **numbers}
        )

    return Fit(
        parameters=[
            parameter("precision", estimate=8.1, low=7.2, high=9.3),
            parameter("norm_pressure", low=-4.2, high=6.2, verdict="not identified"),
            parameter("norm_blackmail", estimate=5.1, low=2.31, high=None, verdict="lower bound"),
            parameter("norm_extortion"),
            parameter("shift_mail_agent", estimate=-0.1, low=-0.3, high=0.1),
        ],
        names=["log_precision", "norm_pressure"],
        mode=[2.1, 1.0],
        covariance=[[0.01, 0.0], [0.0, 7.0]],
        trials=280,
        proposals=240,
        log_likelihood=-801.5,
        converged=True,
    )


def document(*models: str, budget: int = 300) -> Document:
    """A document on reference agents."""
    names = models or ("throffer/planted",)
    found = Document(
        identity=Identity(
            configuration={"budget": budget, "frames": ["mail_agent", "supplier"]},
            code_version="0.1.0",
            seed=5,
            data_hash="ab" * 32,
            versions={"python": "3.12.1", "jax": "0.7.0"},
            frames=[FrameFacts(name="mail_agent", version=1, digest="cd" * 32)],
        ),
        run=RunFacts(
            models=[
                ModelFacts(
                    model=name,
                    asked=budget,
                    finished=budget,
                    repeated=0,
                    seconds=12.5,
                    retries=3,
                    samples_per_second=24.0,
                    why_unknown="the provider reported no tokens",
                )
                for name in names
            ],
            command="throffer audit throffer/reference --seed 5",
            files=["report.html", "report.json", "episodes.parquet"],
        ),
        models=[measurement(name, budget) for name in names],
    )
    return surveyed(found, pl.concat([simulated(name, budget) for name in names]))


def surveyed(found: Document, table: pl.DataFrame) -> Document:
    """The document with what the episodes of all its models show."""
    seen = survey(table, found.models)
    return found.model_copy(update={name: getattr(seen, name) for name in Survey.model_fields})


def hostile(table: pl.DataFrame) -> pl.DataFrame:
    """The table with hostile text wherever a model or a server writes; one text has 200 kB."""
    long = pl.when(pl.int_range(pl.len()) % 7 == 0).then(pl.lit("\u202e<x>\x1b" * 40_000))
    return table.with_columns(
        id=pl.col("id") + HOSTILE,
        text=long.otherwise(pl.lit(HOSTILE + "word " * 200)),
        error=pl.when(pl.col("error").is_not_null()).then(pl.lit(HOSTILE)),
    )


def _curve(table: pl.DataFrame, coordinate: str, model: str) -> Curve:
    x = np.linspace(0, 0.9, 19)
    shares = conduct_probabilities(
        slice_dyads(coordinate, x), reference_preferences(AGENTS.get(model, "planted"))
    )
    wrong = np.array([conduct in UNSANCTIONED for conduct in Conduct])
    mean = np.asarray(shares)[:, wrong].sum(1).clip(0, 1)
    rows = table.filter(
        pl.col("part") == coordinate, pl.col("outcome").is_in([each.value for each in Conduct])
    )
    raw = []
    for low in np.arange(0.0, 0.9, 0.3):
        inside = rows.filter(pl.col(coordinate).is_between(low, low + 0.3, closed="left"))
        times = unsanctioned_rate(inside).count
        raw.append(
            RawRate(
                low=float(low),
                high=float(low + 0.3),
                count=times,
                trials=inside.height,
                rate=wilson(times, inside.height),
            )
        )
    held = dict(zip(SLICES, SLICES[coordinate], strict=True))
    del held[coordinate]
    return Curve(
        coordinate=coordinate,
        held=held,
        x=x.tolist(),
        mean=mean.tolist(),
        low=(mean * 0.8).tolist(),
        high=(mean + 0.2 * (1 - mean)).tolist(),
        raw=raw,
        isotonic=[None, *np.maximum.accumulate(mean)[1:].tolist()],
        disagreement=0.04,
    )

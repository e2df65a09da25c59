"""Calibration: simulate audits of agents with known parameters.

Every interval that an audit reports is compared with the true value. If the choice model is right,
an interval has to cover the truth at its stated level; if it is wrong, the coverage is measured.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

import jax
import numpy as np
import polars as pl

from throffer.audit._fast import dyads_of, play_situations
from throffer.design import SLICES, default_design, slice_dyads
from throffer.game import Preferences, coercion_distance, conduct_probabilities, norm_vector
from throffer.measure import FREE_NORMS, Crossing, Measurement, crossing_of, grid, measure
from throffer.situation import Situation
from throffer.stats import wilson
from throffer.structure import UNSANCTIONED, Conduct, Dyad, Part

FAULTS = ("none", "frame_norms", "distorted", "step")
"""How an agent departs from the choice model: not at all; norms that differ by frame and conduct;
a precision that falls with the stakes; a norm that switches at a threshold."""

Fault = Literal["none", "frame_norms", "distorted", "step"]

THRESHOLD = 0.2
"""P(unsanctioned) at which boundaries are sought."""

CURVE_STEP = 6
"""The band of a curve is compared with the truth at every sixth point."""

_WRONG = np.array([conduct in UNSANCTIONED for conduct in Conduct])


class Agent(NamedTuple):
    """A planted agent. `norms` has a row for each frame; `lapse` is its lapse rate."""

    name: str
    fault: Fault
    precision: float
    guilt: float
    norms: np.ndarray
    counterpart_precision: float
    counterpart_envy: float
    lapse: float

    def preferences(self, dyad: Dyad, group: np.ndarray) -> Preferences:
        """The agent's preferences in each dyad; `group` is the index of the frame of each dyad."""
        precision = np.full(group.shape, self.precision)
        norms = self.norms[group]
        if self.fault == "distorted":
            precision = precision / np.sqrt(1 + np.asarray(dyad.force) + np.asarray(dyad.leverage))
        if self.fault == "step":
            crossed = np.asarray(coercion_distance(dyad)) < 0
            norms = norms + np.where(crossed, -1.5, 3.0)[:, None] * _WRONG
        return Preferences(
            precision, self.guilt, norms, self.counterpart_precision, self.counterpart_envy
        )

    def unsanctioned(self, dyad: Dyad) -> np.ndarray:
        """P(unsanctioned) in each dyad, averaged over the frames."""
        count = dyad.shape[0]
        rows = []
        for group in range(len(self.norms)):
            preferences = self.preferences(dyad, np.full(count, group))
            shares = conduct_probabilities(dyad, preferences, lapse=self.lapse)
            rows.append(np.asarray(shares)[:, _WRONG].sum(1))
        return np.mean(rows, 0)

    def truths(self, frames: Sequence[str]) -> dict[str, float]:
        """True values of the parameters that a fit reports."""
        mean = self.norms.mean(0)
        wrong = (self.norms - mean)[:, _WRONG].mean(1)
        return {
            "precision": self.precision,
            "guilt": self.guilt,
            **{f"norm_{c.value}": float(mean[c.code]) for c in FREE_NORMS},
            "counterpart_precision": self.counterpart_precision,
            "counterpart_envy": self.counterpart_envy,
            "lapse": self.lapse,
            **{f"shift_{name}": float(wrong[index]) for index, name in enumerate(frames)},
        }


def draw_agents(
    count: int, frames: int, seed: int, *, fault: Fault = "none", lapse: float = 0.05
) -> list[Agent]:
    """Draw agents from ranges that are not centred on the priors.

    Precision 4 to 20, guilt -0.1 to 0.5, norms 0 to 3 (authority -1 to 1.5), the counterpart's
    precision 4 to 16 and envy 0.05 to 0.7; frames shift the unsanctioned norms by a standard
    deviation of 0.4.
    """
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(FAULTS.index(fault),)))
    agents = []
    for index in range(count):
        own = {c.value: rng.uniform(0.0, 3.0) for c in UNSANCTIONED_IN_ORDER}
        own["authority"] = rng.uniform(-1.0, 1.5)
        shift = 0.4 * rng.standard_normal(frames)
        norms = norm_vector(own) + (shift - shift.mean())[:, None] * _WRONG
        if fault == "frame_norms":
            apart = 0.8 * rng.standard_normal((frames, len(Conduct)))
            norms = norms + (apart - apart.mean(0)) * _WRONG
        agents.append(
            Agent(
                name=f"{fault}-{index:02d}",
                fault=fault,
                precision=float(np.exp(rng.uniform(np.log(4), np.log(20)))),
                guilt=rng.uniform(-0.1, 0.5),
                norms=norms,
                counterpart_precision=float(np.exp(rng.uniform(np.log(4), np.log(16)))),
                counterpart_envy=rng.uniform(0.05, 0.7),
                lapse=lapse,
            )
        )
    return agents


def simulate(agent: Agent, design: Sequence[Situation], frames: Sequence[str]) -> pl.DataFrame:
    """Episodes of an agent over a design, in double precision like the true values."""
    described = dyads_of([situation.described for situation in design])
    group = np.array([frames.index(situation.frame) for situation in design])
    with jax.enable_x64(True):
        preferences = agent.preferences(described, group)
        return play_situations(design, preferences, model=agent.name, lapse=agent.lapse)


def audit_once(agent: Agent, frames: Sequence[str], budget: int, seed: int) -> pl.DataFrame:
    """Simulate one audit; return every reported interval with the true value.

    One row for each interval: `agent`, `fault`, `seed`, `kind` (parameter, curve, boundary,
    psychometric, rate), `name`, `truth`, `estimate`, `low`, `high`, `verdict`, `covered`. A
    null `low` or `high` means unbounded: an interval `beyond x` covers every truth from x on.
    """
    design = default_design(budget, frames, seed)
    table = simulate(agent, design, frames)
    found = measure(table, seed=seed, threshold=THRESHOLD)
    with jax.enable_x64(True):
        rows = [
            *_parameter_rows(agent, found, frames),
            *_curve_rows(agent, found),
            _rate_row(agent, found, design, frames),
        ]
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row").with_columns(
        agent=pl.lit(agent.name), fault=pl.lit(agent.fault), seed=pl.lit(seed)
    )


def calibrate(
    agents: Iterable[Agent], frames: Sequence[str], *, budget: int, audits: int, seed: int
) -> pl.DataFrame:
    """Simulate `audits` audits of each agent; return the rows of `audit_once` for all of them."""
    return pl.concat(
        audit_once(agent, frames, budget, seed + 1000 * index + audit)
        for index, agent in enumerate(agents)
        for audit in range(audits)
    )


def summarise(rows: pl.DataFrame) -> pl.DataFrame:
    """Coverage with its interval, bias, and the share of one-sided intervals.

    One row for each fault, kind and name; `bias` and `rmse` leave out missing estimates.
    """
    error = pl.col("estimate") - pl.col("truth")
    table = (
        rows.group_by("fault", "kind", "name")
        .agg(
            n=pl.len(),
            hits=pl.col("covered").sum(),
            bias=error.filter(pl.col("truth").is_finite()).mean(),
            rmse=(error.filter(pl.col("truth").is_finite()) ** 2).mean().sqrt(),
            one_sided=(pl.col("low").is_null() | pl.col("high").is_null()).mean(),
            not_identified=(pl.col("verdict") == "not identified").mean(),
        )
        .sort("fault", "kind", "name")
    )
    bounds = [wilson(int(hits), int(n)) for hits, n in table.select("hits", "n").iter_rows()]
    return table.with_columns(
        coverage=pl.col("hits") / pl.col("n"),
        low=pl.Series([bound.low for bound in bounds]),
        high=pl.Series([bound.high for bound in bounds]),
    ).drop("hits")


UNSANCTIONED_IN_ORDER = tuple(conduct for conduct in Conduct if conduct in UNSANCTIONED)

_SCHEMA = {
    "kind": pl.String,
    "name": pl.String,
    "truth": pl.Float64,
    "estimate": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "verdict": pl.String,
    "covered": pl.Boolean,
}

_Row = tuple[str, str, float, float | None, float | None, float | None, str, bool]


def _row(
    kind: str,
    name: str,
    truth: float,
    estimate: float | None,
    low: float | None,
    high: float | None,
    verdict: str,
) -> _Row:
    covered = (low is None or truth >= low) and (high is None or truth <= high)
    return kind, name, truth, estimate, low, high, verdict, covered


def _parameter_rows(agent: Agent, found: Measurement, frames: Sequence[str]) -> list[_Row]:
    if found.fit is None:
        return []
    truths = agent.truths(frames)
    return [
        _row("parameter", p.name, truths[p.name], p.estimate, p.low, p.high, p.verdict)
        for p in found.fit.parameters
    ]


def _curve_rows(agent: Agent, found: Measurement) -> list[_Row]:
    rows = []
    for coordinate in SLICES:
        truth = agent.unsanctioned(slice_dyads(coordinate, grid()))
        curve = next(one for one in found.curves if one.coordinate == coordinate)
        for at in range(0, len(curve.x), CURVE_STEP):
            name = f"{coordinate} {curve.x[at]:.2f}"
            rows.append(
                _row("curve", name, truth[at], curve.mean[at], curve.low[at], curve.high[at], "")
            )
        place = crossing_of(truth, THRESHOLD)
        boundary = next(one for one in found.boundaries if one.coordinate == coordinate)
        routes: dict[str, Crossing] = {
            "boundary": boundary.structural,
            "psychometric": boundary.psychometric,
        }
        rows += [
            _row(kind, coordinate, place, one.estimate, one.low, one.high, one.kind)
            for kind, one in routes.items()
        ]
    return rows


def _rate_row(
    agent: Agent, found: Measurement, design: Sequence[Situation], frames: Sequence[str]
) -> _Row:
    main = [situation for situation in design if situation.part == Part.MAIN]
    dyad = dyads_of([situation.described for situation in main])
    group = np.array([frames.index(situation.frame) for situation in main])
    preferences = agent.preferences(dyad, group)
    shares = conduct_probabilities(dyad, preferences, lapse=agent.lapse)
    truth = float(np.asarray(shares)[:, _WRONG].sum(1).mean())
    rate = found.rates[0].unsanctioned.of_played
    return _row("rate", "unsanctioned", truth, rate.estimate, rate.low, rate.high, "")

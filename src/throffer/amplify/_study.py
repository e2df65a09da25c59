"""The run of a scenario: its questions, answered in the terms of those who ask them."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import numpy as np
from jaxtyping import Float

from throffer.amplify._alarm_evaluation import evaluate_alarms
from throffer.amplify._assemble import assemble
from throffer.amplify._decisions import decide
from throffer.amplify._ensemble import Ensemble
from throffer.amplify._executor import Engine, ProgressCallback, each
from throffer.amplify._growth import amplification_at, singularity, time_to
from throffer.amplify._loss_curve import band
from throffer.amplify._loss_source import SourcedLoss, loss_of
from throffer.amplify._path import Exits, exits, path, place_of
from throffer.amplify._result import (
    Alarm,
    Amplification,
    CascadeSizes,
    Chance,
    Effect,
    GroupCrossing,
    LossPoint,
    PathPoint,
    Standing,
    StudyIdentity,
    TimeLeft,
    Warnings,
)
from throffer.amplify._runs import Job, Run, groups_of, run_job, shares_of, system_of
from throffer.amplify._scenario import Intervention, Scenario, middle
from throffer.amplify._sensitivity import check_sensitivity, influences
from throffer.amplify._system import System
from throffer.amplify._window import State, window
from throffer.series import find_dragon_kings, fit_tail, tail_goodness_of_fit
from throffer.stats import (
    Interval,
    draw_share_interval,
    draws_interval,
    finite_or_none,
    paired_difference_interval,
    quantile_interval,
    share_interval,
)
from throffer.structure import identify

TIMES = 48
"""Times at which the chance of collapse is given."""

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)

TAIL_REGIMES, TAIL_EVENTS = 20, 100
"""Regimes and cascades below which a power law has no room to show."""

PATH_POINTS = 60

LIBRARIES = ("jax", "diffrax", "numpy", "scipy")
"""Whose versions a run names: they do its arithmetic."""

WALLS: tuple[Literal["reaction", "margin", "overshoot"], ...] = ("reaction", "margin", "overshoot")

INDICATORS: tuple[Literal["variance", "autocorrelation", "both"], ...] = (
    "variance",
    "autocorrelation",
    "both",
)

StageCallback = Callable[[str], ProgressCallback]


def run_study(
    scenario: Scenario,
    base: Path | str = ".",
    *,
    engine: Engine = "local",
    stage: StageCallback | None = None,
) -> Amplification:
    """Run a scenario and answer its questions.

    The result depends on the scenario, the files that it names and the code version alone.

    Args:
        scenario: what is to be run.
        base: folder that paths in the scenario are relative to.
        engine: levers and the sample of the sensitivity run here, or on a Ray cluster.
        stage: opens a stage of the work by name; what it returns is told how far it is.

    Raises:
        SetupError: For files or extras that are missing.
        ValueError: For numbers that do not fit together; both say what to do.
    """
    base = Path(base)
    check_sensitivity(scenario)
    levers: list[Intervention | None] = [None, *scenario.levers]
    shares = shares_of(scenario)
    sourced = loss_of(scenario, base, shares, {})
    check_sensitivity(scenario, sourced.curve)
    jobs = [Job(scenario, base, sourced, lever) for lever in levers]
    plain, *changed = each(run_job, jobs, engine, stage("runs") if stage else None)
    whole = system_of(scenario, sourced, shares, {})
    warned = _warnings(scenario, whole, plain.ensemble, stage)
    tell = stage("sensitivity") if stage and scenario.sensitivity else None
    central = _middle(scenario, plain)
    notes = _notes(scenario, plain)
    found = influences(scenario, sourced.curve, engine=engine, tell=tell)
    result = Amplification(
        identity=_identity(scenario, plain.sourced.data, sampled=bool(found)),
        scenario=scenario.model_dump(mode="json"),
        loss=_loss_points(plain.sourced, scenario),
        loss_source=plain.sourced.source,
        standing=_standing(scenario, plain.system),
        path=_path(scenario, central),
        leaving=_leaving(scenario, plain.walls),
        singularity=draws_interval(
            np.ravel(singularity(plain.system.growth)), "growth does not run away in finite time"
        ),
        time_left=_time_left(scenario, whole, plain.ensemble),
        warnings=warned,
        cascades=_cascades(scenario, plain.ensemble),
        effects=[
            _effect(lever, plain, after)
            for lever, after in zip(scenario.levers, changed, strict=True)
        ],
        influences=found,
        notes=notes,
    )
    return decide(result)


def _identity(scenario: Scenario, data: str | None, *, sampled: bool) -> StudyIdentity:
    """What the run is a function of; `sampled` where it holds Sobol indices."""
    known = identify(
        scenario.model_dump(mode="json"),
        seed=scenario.seed,
        data_hash=data,
        libraries=[*LIBRARIES, *(["SALib"] if sampled else [])],
    )
    return StudyIdentity(**known.model_dump(), data=data)


def _middle(scenario: Scenario, run: Run) -> System:
    """The scenario at the middle of all that is not known, with the median of c."""
    curve = run.sourced.curve
    table = np.asarray(curve.loss)
    table = np.median(table, axis=0) if table.ndim == 2 else table
    return assemble(scenario, curve._replace(loss=table))


def _standing(scenario: Scenario, system: System) -> list[Standing]:
    place = place_of(system, np.ones(1))
    rows = []
    for name, own in groups_of(scenario):
        # the regime of the group that is nearest to its walls
        worst = place.utilisation[0, :, own].mean(0).argmax() + own.start
        u, load, gain, mu = (
            part[0, :, worst]
            for part in (place.utilisation, place.lag_load, place.gain_lag, place.margin_ratio)
        )
        seen = window(u, mu, gain, scenario.stages)
        rows.append(
            Standing(
                group=name,
                regimes=own.stop - own.start,
                utilisation=draws_interval(u),
                lag_load=draws_interval(load),
                margin=draws_interval(
                    seen.margin / mu, "no level holds it: correction cannot keep up"
                ),
                states={state: draw_share_interval(seen.state == state) for state in State},
                oscillates=draw_share_interval(seen.oscillates),
            )
        )
    return rows


def _path(scenario: Scenario, system: System) -> list[PathPoint]:
    reached = float(np.max(amplification_at(system.growth, scenario.horizon)))
    leaves = exits(system).margin.amplification
    # the walls are what the diagram is for; far beyond them nothing more happens
    wanted = 5 * leaves.max() if np.isfinite(leaves).all() else reached
    highest = min(max(min(wanted, reached), 1.1), scenario.growth.ceiling)
    along = path(system, highest=highest, points=PATH_POINTS)
    times = time_to(system.growth, along.amplification)
    rows = []
    for name, own in groups_of(scenario):
        worst = along.place.utilisation[0, 0, own].argmax() + own.start
        for at, amplification in enumerate(along.amplification):
            here = (at, 0, worst)
            margin = along.window.margin[here] / along.place.margin_ratio[here]
            rows.append(
                PathPoint(
                    group=name,
                    amplification=float(amplification),
                    time=finite_or_none(np.ravel(times)[at]),
                    utilisation=float(along.place.utilisation[here]),
                    lag_load=float(along.place.lag_load[here]),
                    margin=finite_or_none(margin),
                    utilisation_slope=float(along.slope_utilisation[here]),
                    lag_load_slope=float(along.slope_lag_load[here]),
                )
            )
    return rows


def _leaving(scenario: Scenario, walls: Exits) -> list[GroupCrossing]:
    rows = []
    for name, own in groups_of(scenario):
        for wall in WALLS:
            met = getattr(walls, wall)
            # the first regime of the group to meet it
            first, when = met.amplification[:, own].min(1), met.time[:, own].min(1)
            why = f"not met below A = {scenario.growth.ceiling:g}"
            rows.append(
                GroupCrossing(
                    group=name,
                    wall=wall,
                    amplification=draws_interval(first, why),
                    time=draws_interval(when, why),
                    never=draw_share_interval(np.isinf(first)),
                )
            )
    return rows


def _time_left(scenario: Scenario, system: System, run: Ensemble) -> TimeLeft:
    first = run.first_time
    slowest = np.broadcast_to(system.lag, system.shape).max(-1)
    times = scenario.horizon * np.arange(1, TIMES + 1) / TIMES
    return TimeLeft(
        quantiles={f"{share:g}": quantile_interval(first, share) for share in QUANTILES},
        by=[Chance(time=float(time), probability=share_interval(first <= time)) for time in times],
        in_lags=quantile_interval(first / slowest, 0.5),
        collapsed=int(np.isfinite(first).sum()),
        trajectories=first.size,
    )


def _warnings(
    scenario: Scenario, system: System, run: Ensemble, stage: StageCallback | None
) -> Warnings:
    # opened by the first that is told: there may be nothing to watch
    bar = functools.cache(stage) if stage else None
    tell: ProgressCallback | None = bar and (lambda done, total: bar("early warning")(done, total))
    try:
        seen = evaluate_alarms(
            system,
            run.first_time,
            horizon=scenario.horizon,
            steps=scenario.steps,
            seed=scenario.seed,
            tell=tell,
        )
    except ValueError as error:
        return Warnings(alarms=[], watched=0, held=0, short=0, why=str(error))
    far = "no record without growth is long enough"
    return Warnings(
        alarms=[
            Alarm(
                indicator=name,
                missed=share_interval(~seen.noticed[:, column]),
                missed_in_time=share_interval(~seen.in_time[:, column]),
                false=share_interval(seen.false[:, column], far),
            )
            for column, name in enumerate(INDICATORS)
        ],
        watched=len(seen.noticed),
        held=len(seen.false),
        short=seen.short,
    )


def _cascades(scenario: Scenario, run: Ensemble) -> CascadeSizes:
    sizes = run.peak_down[run.peak_down > 0]
    size, count = np.unique(sizes, return_counts=True)
    counts = {int(s): int(n) for s, n in zip(size, count, strict=True)}
    unknown = Interval.unknown("no tail was fitted")
    none = CascadeSizes(
        counts=counts,
        tail_from=None,
        exponent=unknown,
        fit_p=None,
        outsized_p=None,
        outsized=0,
    )
    if scenario.count < TAIL_REGIMES or sizes.size < TAIL_EVENTS:
        why = (
            f"{scenario.count} regimes and {sizes.size} cascades; a tail needs {TAIL_REGIMES} "
            f"and {TAIL_EVENTS}"
        )
        return none.model_copy(update={"why": why})
    rng = np.random.default_rng(np.random.SeedSequence(scenario.seed, spawn_key=(3,)))
    try:
        tail = fit_tail(sizes.astype(float), discrete=True)
    except ValueError as error:
        return none.model_copy(update={"why": str(error)})
    outsized = find_dragon_kings(sizes.astype(float), tail, rng)
    return none.model_copy(
        update={
            "tail_from": tail.minimum,
            "exponent": Interval(estimate=tail.exponent, low=tail.low, high=tail.high),
            "fit_p": tail_goodness_of_fit(sizes.astype(float), tail, rng),
            "outsized_p": outsized.p,
            "outsized": int(outsized.sizes.size),
        }
    )


def _effect(lever: Intervention, before: Run, after: Run) -> Effect:
    far, lost = "not met below the ceiling", "no level holds it"
    with np.errstate(invalid="ignore"):
        margin = after.at_start - before.at_start
        factor = _first(after) / _first(before)
    hits = [np.isfinite(run.ensemble.first_time) for run in (before, after)]
    return Effect(
        lever=lever.name,
        margin_before=draws_interval(before.at_start, lost),
        margin_after=draws_interval(after.at_start, lost),
        chance_before=share_interval(hits[0]),
        chance_after=share_interval(hits[1]),
        leaves_before=draws_interval(_first(before), far),
        leaves_after=draws_interval(_first(after), far),
        margin_change=draws_interval(margin, "no level holds it, before or after"),
        chance_change=paired_difference_interval(*hits),
        leaves_factor=draws_interval(factor, far),
    )


def _first(run: Run) -> Float[np.ndarray, "draw"]:
    """A at which the first regime leaves, by draw."""
    return run.walls.reaction.amplification.min(-1)


def _loss_points(sourced: SourcedLoss, scenario: Scenario) -> list[LossPoint]:
    curve = sourced.curve
    table = np.atleast_2d(np.asarray(curve.loss))
    grid = np.exp(np.linspace(curve.log_low, curve.log_high, table.shape[1]))
    low, median, high = band(table)
    keep = grid <= scenario.growth.ceiling * (1 + 1e-9)
    return [
        LossPoint(
            amplification=float(a),
            loss=Interval(estimate=float(m), low=float(lo), high=float(hi), why=sourced.certain),
        )
        for a, m, lo, hi in zip(grid[keep], median[keep], low[keep], high[keep], strict=True)
    ]


def _notes(scenario: Scenario, run: Run) -> list[str]:
    notes = list(run.sourced.notes)
    draws, _ = run.system.shape
    if not scenario.ranges():
        notes.append(
            "Every number of the scenario is given as known; intervals do not widen for that."
        )
    elif draws < scenario.trajectories:
        rough = "; with so few the ends of intervals are nearly the extremes" if draws < 100 else ""
        notes.append(f"Walls are looked for in {draws} of {scenario.trajectories} draws{rough}.")
    if scenario.count > 1 and scenario.collapse.recovery is None:
        notes.append(
            "No regime stands again, so that how many are down at once counts all that ever fell."
        )
    if not any(middle(group.noise) for group in scenario.regimes):
        notes.append("No regime has noise: trajectories differ by what is not known alone.")
    return notes

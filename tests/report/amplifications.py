"""Runs of scenarios to report on, written down by hand: walls by their formulas."""

from __future__ import annotations

from typing import Any

import numpy as np

from throffer.amplify import (
    Alarm,
    Amplification,
    CascadeSizes,
    Chance,
    Effect,
    GroupCrossing,
    Influence,
    LossPoint,
    PathPoint,
    Standing,
    StudyIdentity,
    TimeLeft,
    Warnings,
    decide,
    window,
)
from throffer.stats import Interval

from .samples import HOSTILE

NONE = Interval(estimate=None, low=None, high=None, why="not met below A = 100")


def around(estimate: float, low: float | None, high: float | None, why: str = "") -> Interval:
    return Interval(estimate=estimate, low=low, high=high, why=why)


def exactly(value: float) -> Interval:
    return around(value, value, value)


def scenario(*groups: str, **changes: Any) -> dict[str, Any]:
    """A scenario file's content; every second group has half the margin."""
    return {
        "name": "five courts",
        "description": "Courts that share one population of agents.",
        "horizon": 12.0,
        "growth": {"rate": 0.3},
        "regimes": [
            {
                "name": name,
                "count": 20,
                "pace": 2.0,
                "capacity": 3.0,
                "saturation": 2.0,
                "lag": {"low": 0.5, "high": 1.5},
                "margin": 2.0 if index % 2 == 0 else 1.0,
            }
            for index, name in enumerate(groups or ("court",))
        ],
        "sensitivity": 64,
        "levers": [{"name": "shorter lag", "multiply": {"regimes.lag": 0.5}}],
        **changes,
    }


def steps(group: str, start: float, margin_ratio: float, highest: float) -> list[PathPoint]:
    """A path of slopes 1 and 1.1 from u = `start`, by the formulas of the window."""
    a = np.geomspace(1, highest, 60)
    u, load = start * a, 1.5 * start * a**1.1
    seen = window(u, margin_ratio, load / u, 3)
    return [
        PathPoint(
            group=group,
            amplification=float(a[k]),
            time=float(np.log(a[k]) / 0.3) if a[k] < 50 else None,
            utilisation=float(u[k]),
            lag_load=float(load[k]),
            margin=float(seen.margin[k] / margin_ratio) if np.isfinite(seen.margin[k]) else None,
            utilisation_slope=1.0,
            lag_load_slope=1.1,
        )
        for k in range(a.size)
    ]


def group_rows(group: str, index: int, highest: float) -> dict[str, Any]:
    """Records of one group; later groups start nearer to their walls."""
    mu = 1.0 if index % 2 == 0 else 0.5
    start = 0.02 * (1 + index % 7)
    path = steps(group, start, mu, highest)
    first = path[0]
    gone = {
        "reaction": next(
            (p.amplification for p in path if p.margin is None or p.margin <= 0), None
        ),
        "margin": next((p.amplification for p in path if p.utilisation >= mu / (1 + mu)), None),
        "overshoot": None,
    }
    leaving = [
        GroupCrossing(
            group=group,
            wall=wall,  # type: ignore[arg-type]
            amplification=NONE if at is None else around(at, at / 1.3, at * 1.5),
            time=NONE if at is None else around(3.3 * np.log(at), 2 * np.log(at), 5 * np.log(at)),
            never=exactly(1.0 if at is None else 0.0),
        )
        for wall, at in gone.items()
    ]
    standing = Standing(
        group=group,
        regimes=20,
        utilisation=around(first.utilisation, first.utilisation, first.utilisation),
        lag_load=around(first.lag_load, first.lag_load / 2, first.lag_load * 1.5),
        margin=around(first.margin or 0.0, 0.85, 0.97),
        states={"safe": exactly(1.0), "exposed": exactly(0.0), "lost": exactly(0.0)},
        oscillates=exactly(0.0),
    )
    return {"path": path, "leaving": leaving, "standing": standing}


def effect(lever: str, after: tuple[float, float, float], margin: float = 0.9) -> Effect:
    return Effect(
        lever=lever,
        margin_before=around(0.9, 0.85, 0.97),
        margin_after=around(margin, margin - 0.03, margin + 0.05),
        chance_before=around(0.42, 0.38, 0.46),
        chance_after=around(*after),
        leaves_before=around(8.0, 6.0, 12.0),
        leaves_after=around(16.0, 13.0, None, "not met below the ceiling"),
        margin_change=around(margin - 0.9, margin - 0.92, margin - 0.88),
        chance_change=around(after[0] - 0.42, after[1] - 0.40, after[2] - 0.44),
        leaves_factor=around(2.0, 1.8, None, "not met below the ceiling"),
    )


def amplification(
    *groups: str, highest: float = 100.0, tail: bool = False, **changes: Any
) -> Amplification:
    """A run with everything known, of the groups named; `changes` replace fields."""
    names = groups or ("court",)
    rows = [group_rows(name, index, highest) for index, name in enumerate(names)]
    times = np.linspace(0.5, 12, 24)
    grid = np.geomspace(1, 1000, 25)
    counts = {k: max(int(900 / k**2.5), 1) for k in (*range(1, 21), 40, 60)}
    fields: dict[str, Any] = {
        "identity": StudyIdentity(
            configuration={}, code_version="1.0", seed=1, data_hash="ab12", data="ab12"
        ),
        "scenario": scenario(*names),
        "loss": [
            LossPoint(
                amplification=float(a),
                loss=around(c := 0.1 + 0.05 * float(np.tanh(np.log(a))), c * 0.9, c * 1.1),
            )
            for a in grid
        ],
        "loss_source": "planted agent over 512 dyads",
        "standing": [row["standing"] for row in rows],
        "path": [point for row in rows for point in row["path"]],
        "leaving": [each for row in rows for each in row["leaving"]],
        "singularity": Interval(
            estimate=None, low=None, high=None, why="growth does not run away in finite time"
        ),
        "time_left": TimeLeft(
            quantiles={
                "0.05": around(4.0, 3.5, 4.5),
                "0.25": around(6.0, 5.5, 6.5),
                "0.5": around(9.0, 8.5, None, "reaches beyond the horizon"),
                "0.75": NONE,
                "0.95": NONE,
            },
            by=[
                Chance(
                    time=float(t),
                    probability=around(p := 0.6 / (1 + float(np.exp(7 - t))), p * 0.9, p * 1.1),
                )
                for t in times
            ],
            in_lags=around(9.0, 8.5, None, "reaches beyond the horizon"),
            collapsed=1200,
            trajectories=2000,
        ),
        "warnings": Warnings(
            alarms=[
                Alarm(
                    indicator="variance",
                    missed=around(0.3, 0.22, 0.4),
                    missed_in_time=around(0.5, 0.4, 0.6),
                    false=around(0.7, 0.6, 0.78),
                ),
                Alarm(
                    indicator="autocorrelation",
                    missed=around(0.3, 0.22, 0.4),
                    missed_in_time=around(0.6, 0.5, 0.69),
                    false=around(0.04, 0.02, 0.1),
                ),
            ],
            watched=100,
            held=98,
            short=3,
        ),
        "cascades": CascadeSizes(
            counts=counts if tail else {1: 700, 2: 300, 5: 200},
            tail_from=2.0 if tail else None,
            exponent=around(2.5, 2.3, 2.7) if tail else NONE,
            fit_p=0.4 if tail else None,
            outsized_p=0.01 if tail else None,
            outsized=2 if tail else 0,
            why="" if tail else "1 regimes and 1200 cascades; a tail needs 20 and 100",
        ),
        "effects": [
            effect("more capacity", (0.40, 0.36, 0.44)),
            effect("shorter lag", (0.20, 0.17, 0.24), 0.99),
            effect("less force", (0.55, 0.51, 0.59)),
        ],
        "influences": [
            Influence(
                path="regimes.court.margin",
                first=around(0.1, -0.02, 0.2),
                total=around(0.15, 0.05, 0.25),
            ),
            Influence(
                path="regimes.court.lag", first=around(0.7, 0.6, 0.8), total=around(0.8, 0.7, 0.9)
            ),
        ],
        "notes": ["Walls are looked for in 500 of 2000 draws."],
        **changes,
    }
    return decide(Amplification(**fields))


def changed(found: Amplification, **changes: Any) -> Amplification:
    """The run with other numbers, and what is claimed of those."""
    return decide(found.model_copy(update=changes))


def unknown_throughout() -> Amplification:
    """A run in which whatever may be null is null."""
    found = amplification()
    gone = Interval(estimate=None, low=None, high=None, why="no level holds it")
    return changed(
        found,
        **{
            "standing": [each.model_copy(update={"margin": gone}) for each in found.standing],
            "leaving": [
                each.model_copy(update={"amplification": NONE, "time": NONE, "never": exactly(1.0)})
                for each in found.leaving
            ],
            "path": [each.model_copy(update={"margin": None, "time": None}) for each in found.path],
            "loss": [each.model_copy(update={"loss": gone}) for each in found.loss],
            "time_left": TimeLeft(
                quantiles=dict.fromkeys(found.time_left.quantiles, NONE),
                by=[Chance(time=12.0, probability=gone)],
                in_lags=NONE,
                collapsed=0,
                trajectories=2000,
            ),
            "warnings": Warnings(
                alarms=[], watched=0, held=0, short=0, why="0 trajectories collapse"
            ),
            "cascades": CascadeSizes(
                counts={},
                tail_from=None,
                exponent=gone,
                fit_p=None,
                outsized_p=None,
                outsized=0,
                why="20 regimes and 0 cascades",
            ),
            "effects": [
                Effect.model_validate(
                    {"lever": "nothing"}
                    | {
                        name: gone
                        for name in Effect.model_fields
                        if not name.endswith(("lever", "_shown"))
                    }
                )
            ],
            "influences": [Influence(path="growth.rate", first=gone, total=gone)],
        },
    )


def hostile() -> Amplification:
    """A run with hostile text wherever a user or a file can put text."""
    found = amplification()
    lever = HOSTILE[:80]
    gone = Interval(estimate=None, low=None, high=None, why=HOSTILE)
    texts = scenario(
        name=HOSTILE[:120],
        description=HOSTILE,
        time_unit=HOSTILE[:20],
        levers=[{"name": lever, "multiply": {"regimes.lag": 0.5}}],
    )
    return changed(
        found,
        **{
            "scenario": texts,
            "identity": StudyIdentity(
                configuration={HOSTILE: HOSTILE},
                code_version=HOSTILE,
                seed=1,
                data_hash=HOSTILE,
                versions={HOSTILE: HOSTILE},
            ),
            "loss_source": HOSTILE,
            "effects": [each.model_copy(update={"lever": lever}) for each in found.effects[:1]],
            "influences": [each.model_copy(update={"path": HOSTILE}) for each in found.influences],
            "notes": [HOSTILE],
            "singularity": gone,
            "cascades": found.cascades.model_copy(update={"why": HOSTILE}),
        },
    )

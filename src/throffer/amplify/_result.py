"""What a scenario's run says: the records that its JSON and its page are made of.

Intervals of places and walls are over what is not known: the scenario's ranges and the draws behind
c. Intervals of chances are Wilson's over trajectories. A number at infinity is None.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from throffer.stats import Interval

SCHEMA_VERSION = 1
"""Version of the JSON; a reader refuses another."""


class Record(BaseModel):
    """A frozen record that takes no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Standing(Record):
    """Where a group of regimes stands at A = 1, from theory, section 6.

    `lag_load` is u Gamma = I tau/chi, what flows in during one lag; `margin` is M/m, the margin of
    error as a share of the margin. `states` says in which share of the draws the group is safe,
    exposed or lost, `oscillates` in which it overshoots; exact where nothing is drawn.
    """

    group: str
    regimes: int
    utilisation: Interval
    lag_load: Interval
    margin: Interval
    states: dict[str, Interval]
    oscillates: Interval


class GroupCrossing(Record):
    """Where a group's path meets a wall: the amplification and when that is reached.

    `never` is the share of draws that do not meet it before the ceiling of growth; the estimate is
    the median over all draws and null where that lies beyond.
    """

    group: str
    wall: Literal["reaction", "margin", "overshoot"]
    amplification: Interval
    time: Interval
    never: Interval


class PathPoint(Record):
    """A point of a group's path at the middle of what is not known; `slopes` are d ln/d ln A."""

    group: str
    amplification: float
    time: float | None
    utilisation: float
    lag_load: float
    margin: float | None
    utilisation_slope: float
    lag_load_slope: float


class Chance(Record):
    """Probability that a regime has collapsed by a time."""

    time: float
    probability: Interval


class TimeLeft(Record):
    """When the first regime collapses, over trajectories with noise and what is not known.

    Quantiles have intervals over trajectories, from order statistics, and are null where they lie
    beyond the horizon. `in_lags` is the median of the time left over the longest mean lag of any
    regime at A = 1, trajectory by trajectory: below 1, correction does not see what takes the
    margin.
    """

    quantiles: dict[str, Interval]
    by: list[Chance]
    in_lags: Interval
    collapsed: int
    trajectories: int


class CascadeSizes(Record):
    """How many regimes were down at once, at the worst moment of each trajectory.

    `outsized_p` tests the largest against the fitted tail; null, with `why`, where there are too
    few cascades for a tail.
    """

    counts: dict[int, int]
    tail_from: float | None
    exponent: Interval
    fit_p: float | None
    outsized_p: float | None
    outsized: int
    why: str = ""


class Alarm(Record):
    """What an early-warning indicator was worth on the scenario's own trajectories.

    Chances with Wilson intervals over trajectories: `missed` that it raised no alarm before a
    collapse, `missed_in_time` none at the look a mean lag before, `false` that it alarmed at the
    same looks without growth.
    """

    indicator: Literal["variance", "autocorrelation", "both"]
    missed: Interval
    missed_in_time: Interval
    false: Interval


class Warnings(Record):
    """Would early-warning indicators have given notice?

    Of `watched` trajectories with a collapse, `short` left no record that could show a trend (too
    early a collapse, or no noise), which counts as missed; `held` left one without growth. Empty,
    with `why`, where nothing can be watched.
    """

    alarms: list[Alarm]
    watched: int
    held: int
    short: int
    why: str = ""


class Effect(Record):
    """What a lever does: margin of error, walls and chance of collapse, before and after.

    Both runs share their draws, so the changes are taken draw by draw and tell more than two
    intervals side by side: `margin_change` and `chance_change` are after minus before,
    `leaves_factor` is A at leaving after over before.
    """

    lever: str
    margin_before: Interval
    margin_after: Interval
    chance_before: Interval
    chance_after: Interval
    leaves_before: Interval
    leaves_after: Interval
    margin_change: Interval
    chance_change: Interval
    leaves_factor: Interval


class Influence(Record):
    """Sobol indices of one unknown for the time until the margin is gone, cut at the horizon."""

    path: str
    first: Interval
    total: Interval


class LossPoint(Record):
    """c(A): expected loss per interaction from unsanctioned conduct, in pies."""

    amplification: float
    loss: Interval


class Amplification(Record):
    """A whole run: the scenario, and the answers."""

    schema_version: int = SCHEMA_VERSION
    identity: dict[str, Any]
    scenario: dict[str, Any]
    loss: list[LossPoint]
    loss_source: str
    standing: list[Standing]
    path: list[PathPoint]
    leaving: list[GroupCrossing]
    singularity: Interval
    time_left: TimeLeft
    warnings: Warnings
    cascades: CascadeSizes
    effects: list[Effect]
    influences: list[Influence]
    notes: list[str]

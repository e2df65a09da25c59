"""What a scenario's run says: the records that its JSON and its page are made of.

What is claimed of these numbers is decided in `_decisions.py` and stands in the records, so that a
page only puts it into words. Fields with a default are not in files of earlier versions.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, model_validator

from throffer.amplify._window import State
from throffer.stats import Interval
from throffer.structure import Identity, Record

SCHEMA_VERSION = 1
"""Version of the JSON; a reader refuses another."""


class Standing(Record):
    """Where a group of regimes stands at A = 1, from theory, section 6.

    `lag_load` is u Gamma = I tau/chi, what flows in during one lag; `margin` is M/m, the margin of
    error as a share of the margin. `states` says in which share of the draws the group is safe,
    exposed or lost, `oscillates` in which it overshoots; exact where nothing is drawn. `state` is
    the one in most draws.
    """

    group: str
    regimes: int
    utilisation: Interval
    lag_load: Interval
    margin: Interval
    states: dict[str, Interval]
    oscillates: Interval
    state: State | None = None


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


class WallMet(Record):
    """Who meets a wall first, over all groups.

    `order` holds the groups, those that meet it at the lowest A first. `met` is the share of draws
    in which the group that most often meets it does so: in at least as many some group does.
    """

    wall: Literal["reaction", "margin", "overshoot"]
    order: list[str]
    met: float


class InsideWalls(Record):
    """Whether all groups are inside their walls at A = 1, each by its state in most draws.

    `outside` names those that are not; `safe` is the least share of draws in which a group is safe.
    """

    outside: list[str]
    safe: float


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
    margin, and `unseen` says so; null where the median is not known.
    """

    quantiles: dict[str, Interval]
    by: list[Chance]
    in_lags: Interval
    collapsed: int
    trajectories: int
    unseen: bool | None = None


class CascadeSizes(Record):
    """How many regimes were down at once, at the worst moment of each trajectory.

    `outsized_p` tests the largest against the fitted tail; null, with `why`, where there are too
    few cascades for a tail. `power_law` and `outsized_shown` say what the two tests show, null
    where there was none; `mixed` that sizes are pooled over draws of what is not known.
    """

    counts: dict[int, int]
    tail_from: float | None
    exponent: Interval
    fit_p: float | None
    outsized_p: float | None
    outsized: int
    why: str = ""
    power_law: Literal["not rejected", "rejected"] | None = None
    outsized_shown: bool | None = None
    mixed: bool | None = None


class Alarm(Record):
    """What an early-warning indicator was worth on the scenario's own trajectories.

    Chances with Wilson intervals over trajectories: `missed` that it raised no alarm before a
    collapse, `missed_in_time` none at the look a mean lag before, `false` that it alarmed at the
    same looks without growth. `tells` and `tells_in_time`: whether alarms before a collapse, or a
    mean lag before it, are more frequent than false ones beyond their intervals.
    """

    indicator: Literal["variance", "autocorrelation", "both"]
    missed: Interval
    missed_in_time: Interval
    false: Interval
    tells: bool | None = None
    tells_in_time: bool | None = None


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


Change = Literal["lower", "higher", "the same", "no difference shown"]
"""What the interval of a paired change shows."""


class Effect(Record):
    """What a lever does: margin of error, walls and chance of collapse, before and after.

    Both runs share their draws, so the changes are taken draw by draw and tell more than two
    intervals side by side: `margin_change` and `chance_change` are after minus before,
    `leaves_factor` is A at leaving after over before. `margin_shown`, `chance_shown` and
    `leaves_shown` say what these three show.
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
    margin_shown: Change | None = None
    chance_shown: Change | None = None
    leaves_shown: Change | None = None


class Influence(Record):
    """Sobol indices of one unknown for the time until the margin is gone, cut at the horizon."""

    path: str
    first: Interval
    total: Interval


class LossPoint(Record):
    """c(A): expected loss per interaction from unsanctioned conduct, in pies."""

    amplification: float
    loss: Interval


class StudyIdentity(Identity):
    """The identity of a run; `data` is `data_hash` under the name that earlier versions gave it."""

    data: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _of_earlier_versions(cls, content: Any) -> Any:
        """Files of earlier versions have `data` alone."""
        if isinstance(content, dict) and "data" in content and "data_hash" not in content:
            return {**content, "data_hash": content["data"]}
        return content


class Amplification(Record):
    """A whole run: the scenario, and the answers.

    `inside` and `walls` are null and empty where no group was placed; `influences_missing` says why
    `influences` is empty.
    """

    schema_version: int = SCHEMA_VERSION
    identity: StudyIdentity
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
    inside: InsideWalls | None = None
    walls: list[WallMet] = Field(default_factory=list)
    influences_missing: str = ""

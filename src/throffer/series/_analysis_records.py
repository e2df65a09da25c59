"""What `throffer series` finds, as the records that its JSON and its page are made of."""

from __future__ import annotations

import math
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from throffer.series._hawkes_fit import LEVEL, Bounded
from throffer.series._hawkes_likelihood import Kind

SCHEMA_VERSION = 1
"""Version of series.json; a reader refuses another."""

ReadingKind = Literal["events", "values", "sizes"]


class Record(BaseModel):
    """A frozen record that takes no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Interval(Record):
    """An estimate with the ends of its interval; None where unknown, and `why` says why.

    Attributes:
        estimate: in the unit of the quantity.
        low: lower end.
        high: upper end.
        confidence: probability content, in (0, 1).
        why: reason for a None, or a remark on the numbers.
    """

    estimate: float | None
    low: float | None
    high: float | None
    confidence: float = LEVEL
    why: str = ""

    @classmethod
    def of(cls, bounded: Bounded) -> Self:
        """The interval of an estimate of this room; NaN becomes None."""
        ends = [_finite(each) for each in bounded[:3]]
        return cls(
            estimate=ends[0],
            low=ends[1],
            high=ends[2],
            confidence=bounded.level,
            why=bounded.note,
        )


class SeriesSettings(Record):
    """What is asked of a file.

    Attributes:
        kind: the reading that is declared; None infers it.
        column: column of values or sizes; empty chooses it.
        time: column of times, or `EARLIEST,LATEST`, two columns; empty chooses it.
        start: start of the window that was watched, written like the times; empty takes the first.
        end: its end; empty takes the last.
        resolution: length, in the unit of the times, within which each time is known, from the time
            written on; None where times are exact, or dates that say it themselves.
        kernel: memory of a self-exciting process.
        knots: numbers of knots of the background that are compared, each in 1 to 20.
        draws: series simulated for the goodness of fit of events, 0 to 999; fewer for long files.
        seed: of every random draw, 0 or above.
    """

    kind: ReadingKind | None = None
    column: str = ""
    time: str = ""
    start: str = ""
    end: str = ""
    resolution: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    kernel: Kind = "exponential"
    knots: tuple[int, ...] = (1, 3, 5)
    draws: int = Field(default=99, ge=0, le=999)
    seed: int = Field(default=0, ge=0)


class Reading(Record):
    """How the file was read, and by which rule."""

    kind: ReadingKind
    rule: str
    column: str
    time: str
    file: str
    rows: int


class BackgroundFit(Record):
    """A self-exciting process fitted with one form of the background.

    Attributes:
        knots: 1 is a constant background; more let it move.
        ratio: branching ratio, further events that one event brings about directly.
        criterion: Schwarz's; smaller is better.
        background_share: share of the events that no earlier event brought about, as fitted.
        at_bound: parameters that ended at the end of their range.
    """

    knots: int
    ratio: Interval
    criterion: float
    background_share: Interval
    at_bound: list[str]


class FitTest(Record):
    """Goodness of fit of the chosen process by time rescaling.

    Attributes:
        p: by simulated series that are fitted again; None where none were drawn.
        draws: how many.
        rejected: whether p is at most 0.05; None where p is.
        plain_p: as if the parameters had been known, which is too large.
        correlation: of a rescaled gap with the next; 0 under the right model.
    """

    p: float | None
    draws: int
    rejected: bool | None
    plain_p: float
    distance: float
    correlation: float
    why: str = ""


class Growth(Record):
    """Exponential growth of counts by period, or faster growth; decided by forecasts.

    Attributes:
        periods: number of equal periods of the window.
        length: of one, in the unit of time.
        rate: relative growth a period at the end of the window, exponential form.
        curvature: a period; above 0 growth is faster than exponential.
        advantage: of faster growth over exponential, log score a forecast count.
        origins: forecasts that were scored.
        faster: what the forecasts show; None where none could be scored, and `why` says why.
    """

    periods: int
    length: float
    rate: Interval
    curvature: Interval
    advantage: Interval
    origins: int
    faster: Literal["shown", "not_shown", "worse"] | None
    why: str = ""


class Peak(Record):
    """One of the busiest stretches, and where it came from by the rule of `relaxation`."""

    time: float
    label: str
    width: float
    events: int
    origin: Literal["exogenous", "exogenous_critical", "endogenous_critical", "cannot_tell"]
    reason: str
    exponent: Interval
    precursor: Interval
    excess: Interval


class EventBin(Record):
    """A stretch of the window: how many events came, and how many the chosen fit expects."""

    start: float
    end: float
    count: int
    expected: float
    background: float


class EventsResult(Record):
    """What dated events say.

    Attributes:
        excitation: `shown` where the interval of the branching ratio of the chosen background
            excludes that nothing excites anything; `not_shown` otherwise.
        chosen: knots of the background with the least criterion.
        memory: parameters of the kernel of the chosen fit, in the unit of time.
        window_given: whether both ends of the window were stated.
        rounding: length within which a time is known; 0 where exact.
        rounding_share: share of the ratio's variance that comes from not knowing the times better.
    """

    unit: str
    dated: bool
    count: int
    start: float
    end: float
    start_label: str
    end_label: str
    window_given: bool
    rounding: float
    rounding_share: float | None
    kernel: Kind
    backgrounds: list[BackgroundFit]
    chosen: int
    excitation: Literal["shown", "not_shown"]
    memory: dict[str, Interval]
    goodness: FitTest
    growth: Growth
    peaks: list[Peak]
    peaks_why: str
    bins: list[EventBin]


class AlarmRate(Record):
    """How often an alarm was false, or missing, on simulated runs of 400 points."""

    run: str
    kind: Literal["false", "missed"]
    variance: Interval
    autocorrelation: Interval
    both: Interval


class IndicatorTrend(Record):
    """How an early-warning indicator rises: Kendall's tau with time, and its p-value."""

    tau: Interval
    p: float
    alarm: bool


class IndicatorPoint(Record):
    """Indicators of the window that ends here; `value` is the series, `smooth` its trend."""

    time: float
    value: float
    smooth: float
    variance: float | None
    autocorrelation: float | None


class ValuesResult(Record):
    """What evenly spaced measurements say.

    Attributes:
        block: values averaged into one point; 1 is none.
        points: points that were used.
        window: points of a rolling window.
        memory: lag-1 autocorrelation of the stationary series that trends are held against.
        draws: how many of those were drawn.
        alarm: `both`, or the one indicator that rises by more than chance, or `none`.
    """

    unit: str
    dated: bool
    count: int
    block: int
    points: int
    window: int
    memory: Interval
    draws: int
    variance: IndicatorTrend
    autocorrelation: IndicatorTrend
    alarm: Literal["both", "autocorrelation", "variance", "none"]
    rates: list[AlarmRate]
    path: list[IndicatorPoint]


class TailPoint(Record):
    """Share of the sizes that are at least this large, as seen and by the fitted tail."""

    size: float
    share: float
    fitted: float | None


class SizesResult(Record):
    """What sizes say of their tail, and of the largest.

    Attributes:
        discrete: all sizes are whole numbers.
        minimum: size from which the power law is fitted.
        in_tail: sizes from there on.
        fits: whether the power law is not rejected, p of at least 0.1; None without p.
        outsized: the largest, where the dragon-king test has p of at most 0.05; else empty.
        outsized_p: of that test; None where it could not be made, and `outsized_why` says why.
    """

    count: int
    discrete: bool
    minimum: float
    minimum_why: str
    in_tail: int
    exponent: Interval
    fit_p: float
    fit_draws: int
    fits: bool
    outsized: list[float]
    outsized_p: float | None
    outsized_draws: int
    outsized_why: str
    tail: list[TailPoint]


class SeriesResult(Record):
    """All that was found in a file: exactly one of `events`, `values` and `sizes` is there."""

    schema_version: int = SCHEMA_VERSION
    identity: dict[str, Any]
    reading: Reading
    events: EventsResult | None = None
    values: ValuesResult | None = None
    sizes: SizesResult | None = None
    notes: list[str]


def _finite(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else value

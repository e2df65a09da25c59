"""Records of the results of `throffer series`; its JSON and its page are made from them."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from throffer.series._hawkes_likelihood import Kind
from throffer.stats import Interval
from throffer.structure import Record

SCHEMA_VERSION = 1
"""Version of series.json; files of other versions are refused."""

ReadingKind = Literal["events", "values", "sizes"]


class SeriesSettings(Record):
    """Options of `throffer series`.

    Attributes:
        kind: the declared reading; None infers it.
        column: column of values or sizes; empty infers it.
        time: column of times, or two columns `EARLIEST,LATEST`; empty infers it.
        start: start of the observed window, written like the times; empty takes the first time.
        end: end of the observed window; empty takes the last time.
        resolution: rounding of the times, in their unit: an event lies between the written time and
            this much later. None for exact times, and for dates, whose form gives their rounding.
        kernel: memory kernel of the self-exciting process.
        knots: numbers of background knots to compare, each from 1 to 20.
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
    """How the file was read, and the rule that decided it."""

    kind: ReadingKind
    rule: str
    column: str
    time: str
    file: str
    rows: int


class BackgroundFit(Record):
    """A self-exciting process fitted with one form of the background.

    Attributes:
        knots: 1 is a constant background; with more it may change over time.
        ratio: branching ratio, the mean number of events that one event triggers directly.
        criterion: Schwarz's criterion (BIC); smaller is better.
        background_share: fitted share of the events that no earlier event triggered.
        at_bound: parameters whose estimate is at an end of their range.
    """

    knots: int
    ratio: Interval
    criterion: float
    background_share: Interval
    at_bound: list[str]


class FitTest(Record):
    """Goodness of fit of the chosen process by time rescaling.

    Attributes:
        p: p-value from simulated series that are fitted again; None if none were simulated.
        draws: number of simulated series.
        rejected: whether p is at most 0.05; None if p is None.
        plain_p: p-value as if the parameters had been known; it is too large.
        distance: Kolmogorov distance of the rescaled gaps from Exp(1).
        correlation: of a rescaled gap with the next; 0 under the right model.
        why: reason why p is None.
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
        length: length of a period, in the unit of time.
        rate: relative growth per period at the end of the window, exponential form.
        curvature: per period; above 0 growth is faster than exponential.
        advantage: of faster growth over exponential, in log score per forecast count.
        origins: number of times from which forecasts were made and scored.
        faster: what the forecasts show; None if none could be scored, and `why` says why.
        why: reason for a missing comparison.
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
    """One of the busiest periods, and its origin by the rule of `relaxation`."""

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
    """One bin of the window: events counted, and events expected by the chosen fit."""

    start: float
    end: float
    count: int
    expected: float
    background: float


class EventsResult(Record):
    """Results for dated events.

    Attributes:
        excitation: `shown` if the interval of the branching ratio with the chosen background
            excludes 0; `not_shown` otherwise.
        chosen: number of knots of the background with the smallest criterion.
        memory: parameters of the kernel of the chosen fit, in the unit of time.
        window_given: whether both ends of the window were given.
        rounding: length of the interval in which a time is known to lie; 0 if exact.
        rounding_share: share of the ratio's variance that is due to rounded times.
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
    """Rate of false or of missed alarms on simulated runs of 400 points."""

    run: str
    kind: Literal["false", "missed"]
    variance: Interval
    autocorrelation: Interval
    both: Interval


class IndicatorTrend(Record):
    """Trend of an early-warning indicator: Kendall's tau with time, and its p-value."""

    tau: Interval
    p: float
    alarm: bool


class IndicatorPoint(Record):
    """Indicators of the window that ends at `time`; `value` is the series, `smooth` its trend."""

    time: float
    value: float
    smooth: float
    variance: float | None
    autocorrelation: float | None


class ValuesResult(Record):
    """Results for evenly spaced measurements.

    Attributes:
        block: number of values averaged into one point; 1 means no averaging.
        points: number of points used.
        window: points of a rolling window.
        memory: lag-1 autocorrelation of the stationary series with which trends are compared.
        draws: number of those series.
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
    """Share of the sizes that are at least this large, observed and by the fitted tail."""

    size: float
    share: float
    fitted: float | None


class SizesResult(Record):
    """Results for sizes: their tail, and whether the largest are outsized.

    Attributes:
        discrete: whether all sizes are whole numbers.
        minimum: smallest size of the fitted tail.
        in_tail: number of sizes in the tail.
        fits: whether the power law is not rejected, that is, p is at least 0.1.
        outsized: the largest sizes if the dragon-king test has p of at most 0.05; else empty.
        outsized_p: p-value of that test; None if it could not be made, and `outsized_why` says why.
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
    """Results for a file: exactly one of `events`, `values` and `sizes` is not None."""

    schema_version: int = SCHEMA_VERSION
    identity: dict[str, Any]
    reading: Reading
    events: EventsResult | None = None
    values: ValuesResult | None = None
    sizes: SizesResult | None = None
    notes: list[str]

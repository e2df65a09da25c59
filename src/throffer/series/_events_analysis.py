"""Analysis of dated events: excitation, background, growth, and the origin of peaks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from throffer.series._analysis_records import (
    BackgroundFit,
    EventBin,
    EventsResult,
    FitTest,
    Growth,
    Peak,
    SeriesSettings,
)
from throffer.series._dated_events import fit_dates
from throffer.series._event_series import EventSeries
from throffer.series._events_input import EventsInput
from throffer.series._growth import compare_growth, curvature_interval, fit_growth
from throffer.series._hawkes_fit import (
    HawkesFit,
    branching_interval,
    compare_backgrounds,
    parameter_intervals,
)
from throffer.series._hawkes_goodness import hawkes_goodness_of_fit
from throffer.series._relaxation import Origin, Relaxation, find_peaks, relaxation
from throffer.series._times import show_time
from throffer.stats import Interval

ProgressCallback = Callable[[int, int], None]

REPEATS = 5
"""Random spreads of rounded times that are combined into a branching ratio."""

LONG = 50_000
"""Beyond this number of events, intervals come from the curvature of the likelihood and no series
is simulated for the goodness of fit: profiles and simulations would take minutes."""

WORK = 40_000
"""Approximate total of events that are simulated and fitted again for the goodness of fit."""

FEWEST_DRAWS = 19
"""Fewest simulated series for a long file; p is then at least 0.05."""

REJECTED = 0.05
"""Largest p-value at which a fit is called rejected."""

MOST_PERIODS, PERIOD_EVENTS, HORIZON = 40, 5, 4
"""Periods of the growth comparison at most, events a period at least, periods forecast."""

FEWEST_COUNTED = 20
"""Fewest periods that give enough forecasts for a comparison."""

PEAKS = 3
"""Most peaks that are analysed."""

PEAK_EVENTS = 10
"""Mean number of events in a time of a peak's width."""

FLANK = 3.0
"""Distance from a peak, in reaches, up to which the nearby rate is measured."""

BINS = 60
"""Bars of the chart of events."""


class Fitted(NamedTuple):
    """Fits with each number of background knots, and the index of the best one."""

    fits: Sequence[HawkesFit]
    ratios: Sequence[Interval]
    criteria: Sequence[float]
    rounding_shares: Sequence[float | None]

    @property
    def best(self) -> int:
        """Index of the smallest criterion."""
        return int(np.argmin(self.criteria))


def analyse_events(
    events: EventsInput, settings: SeriesSettings, rng: np.random.Generator, tell: ProgressCallback
) -> EventsResult:
    """Fit, test and compare; `tell` is called with (done, total) after each step."""
    series, steps = events.series, len(settings.knots) + 3
    fitted = _fit(events, settings, rng, lambda done: tell(done, steps))
    best = fitted.fits[fitted.best]
    goodness = _goodness(best, settings.draws, rng)
    tell(steps - 2, steps)
    growth = _growth(series, rng)
    tell(steps - 1, steps)
    peaks, peaks_why = _peaks(events)
    tell(steps, steps)
    return EventsResult(
        unit="days" if events.is_dates else "units of the file",
        dated=events.is_dates,
        count=series.count,
        start=series.start,
        end=series.end,
        start_label=show_time(series.start, dated=events.is_dates),
        end_label=show_time(series.end, dated=events.is_dates),
        window_given=events.window_given,
        rounding=events.rounding,
        rounding_share=fitted.rounding_shares[fitted.best],
        kernel=settings.kernel,
        backgrounds=[
            _background(fit, ratio, criterion)
            for fit, ratio, criterion in zip(
                fitted.fits, fitted.ratios, fitted.criteria, strict=True
            )
        ],
        chosen=best.knots,
        excitation="not_shown" if fitted.ratios[fitted.best].low is None else "shown",
        memory=_memory(best),
        goodness=goodness,
        growth=growth,
        peaks=peaks,
        peaks_why=peaks_why,
        bins=_bins(best),
    )


def _fit(
    events: EventsInput,
    settings: SeriesSettings,
    rng: np.random.Generator,
    tell: Callable[[int], None],
) -> Fitted:
    if events.dated is None:
        fits = []
        for place, knots in enumerate(settings.knots):
            fits += compare_backgrounds(events.series, settings.kernel, knots=[knots])
            tell(place + 1)
        ratios = [_ratio(fit) for fit in fits]
        return Fitted(fits, ratios, [fit.bic for fit in fits], [None] * len(fits))
    fits, ratios, criteria, shares = [], [], [], []
    for place, knots in enumerate(settings.knots):
        found = fit_dates(events.dated, rng, kernel=settings.kernel, knots=knots, repeats=REPEATS)
        fits.append(found.fits[0])
        ratios.append(_with_none(found.ratio, _ratio(found.fits[0])))
        criteria.append(float(np.mean([fit.bic for fit in found.fits])))
        shares.append(found.rounding_share if np.isfinite(found.rounding_share) else None)
        tell(place + 1)
    return Fitted(fits, ratios, criteria, shares)


def _ratio(fit: HawkesFit) -> Interval:
    """Interval of the branching ratio: profile likelihood, or curvature for a long series."""
    if fit.count <= LONG:
        return branching_interval(fit)
    found = parameter_intervals(fit)["ratio"]
    return found.model_copy(update={"why": found.why or "from the likelihood's curvature"})


def _with_none(combined: Interval, profile: Interval) -> Interval:
    """Open the lower end if the profile of a spread reaches 0, which Rubin's interval cannot."""
    if profile.low is not None or combined.low is None:
        return combined
    return combined.model_copy(update={"low": None, "why": "no excitation at all is not excluded"})


def _background(fit: HawkesFit, ratio: Interval, criterion: float) -> BackgroundFit:
    with jax.enable_x64(True):
        own = float(
            fit.model.background.integral(
                jnp.asarray(fit.series.origin), jnp.asarray(fit.series.end)
            )
        )
    return BackgroundFit(
        knots=fit.knots,
        ratio=ratio,
        criterion=criterion,
        background_share=Interval(
            estimate=own / fit.count,
            low=None,
            high=None,
            why="follows from the fit; its uncertainty is that of the branching ratio",
        ),
        at_bound=list(fit.at_bound),
    )


def _memory(fit: HawkesFit) -> dict[str, Interval]:
    """Parameters of the kernel; for an exponential kernel the mean lag, 1/rate."""
    found = parameter_intervals(fit)
    if fit.kind == "power_law":
        return {name: found[name] for name in ("exponent", "cutoff")}
    rate = found["rate"]
    estimate, low, high = (
        None if end is None else 1 / end for end in (rate.estimate, rate.high, rate.low)
    )
    lag = Interval(estimate=estimate, low=low, high=high, confidence=rate.confidence, why=rate.why)
    return {"mean_lag": lag}


def _goodness(fit: HawkesFit, asked: int, rng: np.random.Generator) -> FitTest:
    draws, why = min(asked, max(WORK // fit.count, FEWEST_DRAWS)), ""
    if not asked:
        why = "no simulated series were asked for"
    elif fit.count > LONG:
        why = f"more than {LONG:,} events: simulating them again would take minutes"
    elif float(fit.model.ratio) >= 1:
        why = "at a branching ratio of 1 or more a simulation has no end"
    if why:
        draws = 0
    found = hawkes_goodness_of_fit(fit, rng, draws=draws)
    return FitTest(
        p=found.p if draws else None,
        draws=draws,
        rejected=found.p <= REJECTED if draws else None,
        plain_p=found.plain_p,
        distance=found.distance,
        correlation=found.correlation,
        why=why,
    )


def _growth(series: EventSeries, rng: np.random.Generator) -> Growth:
    periods = min(MOST_PERIODS, series.count // PERIOD_EVENTS)
    if periods < FEWEST_COUNTED:
        why = (
            f"{series.count} events make {periods} periods of {PERIOD_EVENTS} events; a comparison "
            f"needs {FEWEST_COUNTED}"
        )
        none = Interval(estimate=None, low=None, high=None, why=why)
        return Growth(
            periods=periods,
            length=series.span / max(periods, 1),
            rate=none,
            curvature=none,
            advantage=none,
            origins=0,
            faster=None,
            why=why,
        )
    counts = np.histogram(series.times, periods, (series.start, series.end))[0]
    first = max(8, min(periods // 2, periods - 11))
    found = compare_growth(counts, rng, first=first, horizon=HORIZON)
    low, high = found.advantage.low, found.advantage.high
    faster = "not_shown"
    if low is not None and high is not None and (low > 0 or high < 0):
        faster = "shown" if low > 0 else "worse"
    return Growth(
        periods=periods,
        length=series.span / periods,
        rate=Interval(
            estimate=fit_growth(counts, "exponential").rate,
            low=None,
            high=None,
            why="forms of growth are compared by forecasts, not by their rates",
        ),
        curvature=curvature_interval(counts),
        advantage=found.advantage,
        origins=found.origins,
        faster=faster,
    )


def _peaks(events: EventsInput) -> tuple[list[Peak], str]:
    series = events.series
    width = max(PEAK_EVENTS * series.span / series.count, 2 * events.rounding)
    reach = min(30 * width, series.span / 8)
    if reach < 5 * width:
        return [], (
            f"{series.count} events are too few, or their dates too coarse, to see how activity "
            "rises to a peak and falls from it"
        )
    found = []
    for time in find_peaks(series, width=width, apart=reach, count=PEAKS):
        about, origin, reason = _origin(series, time, width / 2, reach)
        half = 1.96 * about.excess_error
        near = np.abs(series.times - time) <= width / 2
        found.append(
            Peak(
                time=float(time),
                label=show_time(float(time), dated=events.is_dates),
                width=width,
                events=int(near.sum()),
                origin=origin.value,
                reason=reason,
                exponent=about.after,
                precursor=about.precursor,
                excess=Interval(
                    estimate=about.excess, low=about.excess - half, high=about.excess + half
                ),
            )
        )
    return found, "" if found else "no stretch lies far enough from the ends of the window"


def _origin(
    series: EventSeries, time: float, nearest: float, reach: float
) -> tuple[Relaxation, Origin, str]:
    """Activity around a peak, and its origin if two choices of the background rate agree.

    Theory uses the mean rate of the window. If the rate drifts, that choice can produce an apparent
    rise before the peak; the rate near the peak does not.
    """
    peak = np.array([time])
    whole = relaxation(series, peak, nearest=nearest, reach=reach)
    nearby = relaxation(series, peak, nearest=nearest, reach=reach, flank=FLANK * reach)
    if whole.verdict is nearby.verdict:
        return whole, whole.verdict, whole.reason
    said = [each.verdict.value.replace("_", " ") for each in (whole, nearby)]
    reason = (
        f"against the mean rate of the window the rule says {said[0]}, against the rate nearby "
        f"{said[1]}"
    )
    return whole, Origin.CANNOT_TELL, reason


def _bins(fit: HawkesFit) -> list[EventBin]:
    series = fit.series
    edges = np.linspace(series.start, series.end, BINS + 1)
    counts = np.histogram(series.times, edges)[0]
    with jax.enable_x64(True):
        own = np.asarray(
            fit.model.background.integral(jnp.asarray(edges[:-1]), jnp.asarray(edges[1:]))
        )
        born = float(fit.model.ratio) * np.diff([_offspring(fit, edge) for edge in edges])
    rows = zip(edges[:-1], edges[1:], counts, own + born, own, strict=True)
    return [
        EventBin(start=start, end=end, count=int(count), expected=expected, background=background)
        for start, end, count, expected, background in rows
    ]


def _offspring(fit: HawkesFit, end: Float[np.ndarray, ""]) -> float:
    """Expected direct offspring until `end`, in units of the branching ratio."""
    lags = np.maximum(end - fit.series.times, 0)
    return float(np.asarray(fit.model.kernel.cumulative(jnp.asarray(lags))).sum())

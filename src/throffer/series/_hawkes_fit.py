"""Maximum likelihood for Hawkes processes, and intervals for what is estimated."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Sequence

import jax
import numpy as np
from jaxtyping import Float
from scipy.optimize import brentq
from scipy.stats import chi2

from throffer.series._event_series import EventSeries
from throffer.series._hawkes import Hawkes
from throffer.series._hawkes_likelihood import RATIO_RANGE, Kind, Objective
from throffer.stats import CONFIDENCE, Interval, normal_quantile

STRETCH = 4096
"""Events of the stretch from the middle of a long series on which its search begins."""

KNOTS = (1, 2, 3, 5, 8, 13)
"""Numbers of knots of the background that are compared unless others are asked for."""


@dataclasses.dataclass(frozen=True)
class HawkesFit:
    """A fitted process.

    Attributes:
        model: the process at the maximum, plain numbers.
        log_likelihood: natural logarithm, at the maximum.
        count: events that the likelihood counts.
        names: free parameters on the logarithmic scale (`mark_effect` as it is).
        mode: free parameters on the logarithmic scale (`mark_effect` as it is).
        at_bound: parameters that ended at the end of their range, and are therefore not estimated.
        converged: whether the optimiser met its tolerance.
    """

    kind: Kind
    model: Hawkes
    log_likelihood: float
    count: int
    names: tuple[str, ...]
    mode: Float[np.ndarray, "parameter"]
    at_bound: tuple[str, ...]
    converged: bool
    series: EventSeries = dataclasses.field(repr=False)

    @property
    def knots(self) -> int:
        """Number of knots of the background."""
        return int(np.size(self.model.background.knots))

    @property
    def bic(self) -> float:
        """Schwarz's criterion, smaller is better: it asks a drift of the background to pay."""
        return self.mode.size * float(np.log(self.count)) - 2 * self.log_likelihood

    @property
    def aic(self) -> float:
        """Akaike's criterion, smaller is better."""
        return 2 * self.mode.size - 2 * self.log_likelihood


def fit_hawkes(
    series: EventSeries, kernel: Kind = "exponential", *, knots: int = 1, starts: int = 2
) -> HawkesFit:
    """Fit background, branching ratio and kernel (and mark effect) by maximum likelihood.

    Args:
        series: the events and the window in which they were observed.
        kernel: `exponential` or `power_law`.
        knots: of the background's logarithm, evenly spaced over the counted window; 1 is a constant
            rate. **A background that drifts and is fitted as constant inflates the branching
            ratio**, as common causes pass for excitation (Filimonov and Sornette 2015): see
            `compare_backgrounds`.
        starts: best places of a small grid from which the search begins; for a long series, of the
            search in a stretch from its middle, where the search in the whole series then begins.

    Raises:
        ValueError: For fewer than 10 counted events or an unknown kernel.
    """
    objective = Objective(series, kernel, knots)
    with jax.enable_x64(True):
        if series.times.size > 4 * STRETCH:
            stretch = fit_hawkes(_middle(series), kernel, starts=starts)
            (first,) = objective.grid([stretch.mode[1:]])
            best = objective.refine(first, _spread_curvature(stretch, knots))
        else:
            grid = objective.grid()
            order = np.argsort([objective.slope(theta)[0] for theta in grid])
            first = [grid[place] for place in order[:starts]]
            best = min((objective.minimise(theta) for theta in first), key=lambda found: found.fun)
        return HawkesFit(
            kind=kernel,
            model=objective.model(best.x),
            log_likelihood=-float(best.fun) * objective.scale,
            count=series.count,
            names=objective.names,
            mode=best.x,
            at_bound=objective.at_bound(best.x),
            converged=bool(best.success),
            series=series,
        )


def compare_backgrounds(
    series: EventSeries, kernel: Kind = "exponential", *, knots: Sequence[int] = KNOTS
) -> list[HawkesFit]:
    """One fit for each number of knots of the background.

    Read the branching ratio along the list: what falls as knots are added was drift. The smallest
    `bic` is a fair choice among them; no choice tells slow excitation from drift where both act on
    the same scale.
    """
    return [fit_hawkes(series, kernel, knots=count) for count in knots]


def branching_interval(fit: HawkesFit, confidence: float = CONFIDENCE) -> Interval:
    """Profile-likelihood interval of the branching ratio: all else is fitted anew at each value.

    An end is None where the likelihood does not fall far enough within `RATIO_RANGE`: at the lower
    one the data do not exclude that nothing excites anything.
    """
    objective = Objective(fit.series, fit.kind, fit.knots)
    place = fit.names.index("ratio")
    centre = fit.mode[place]
    limit = -fit.log_likelihood / objective.scale + chi2.ppf(confidence, 1) / 2 / objective.scale
    warm = fit.mode

    def fall(value: float) -> float:
        nonlocal warm
        found = objective.minimise(warm, held={place: value})
        warm = found.x
        return found.fun - limit

    with jax.enable_x64(True):
        ends = []
        for end in np.log(RATIO_RANGE):
            warm = fit.mode
            ends.append(_crossing(fall, centre, float(end)))
    low, high = (None if end is None else float(np.exp(end)) for end in ends)
    notes = [
        *(["no excitation at all is not excluded"] if low is None else []),
        *([f"no value up to {RATIO_RANGE[1]:g} is excluded"] if high is None else []),
        *([f"at the end of its range: {', '.join(fit.at_bound)}"] if fit.at_bound else []),
    ]
    return Interval(
        estimate=float(np.exp(centre)),
        low=low,
        high=high,
        confidence=confidence,
        why="; ".join(notes),
    )


def parameter_intervals(fit: HawkesFit, confidence: float = CONFIDENCE) -> dict[str, Interval]:
    """Laplace intervals of every parameter: normal on the logarithmic scale, natural units.

    `mark_effect` is normal as it is. A parameter at the end of its range has no interval. For the
    branching ratio prefer `branching_interval`, which is not symmetric.
    """
    spread = log_spread(fit)
    half = normal_quantile(confidence) * spread
    return {
        name: _natural(name, centre, each, confidence)
        for name, centre, each in zip(fit.names, fit.mode, half, strict=True)
    }


def log_spread(fit: HawkesFit) -> Float[np.ndarray, "parameter"]:
    """Standard errors of the free parameters; NaN at the end of a range or where all is flat."""
    objective = Objective(fit.series, fit.kind, fit.knots)
    free = [name not in fit.at_bound for name in fit.names]
    with jax.enable_x64(True):
        hessian = objective.hessian(fit.mode)[np.ix_(free, free)] * objective.scale
    spread = np.full(len(fit.names), np.nan)
    values = np.linalg.eigvalsh(hessian)
    if values.size and values.min() > 1e-9 * values.max():
        spread[free] = np.sqrt(np.diag(np.linalg.inv(hessian)))
    return spread


def _middle(series: EventSeries) -> EventSeries:
    """The stretch from the middle of a long series."""
    middle = series.times.size // 2
    return series.cut(*series.times[[middle - STRETCH // 2, middle + STRETCH // 2]])


def _spread_curvature(stretch: HawkesFit, knots: int) -> Float[np.ndarray, "parameter parameter"]:
    """Second derivatives an event, expected from a stretch with one knot, for evenly many knots.

    Each knot answers for its share of the events.
    """
    one = Objective(stretch.series, stretch.kind, 1).hessian(stretch.mode)
    size = knots + len(one) - 1
    whole = np.zeros((size, size))
    for knot in range(knots):
        places = [knot, *range(knots, size)]
        whole[np.ix_(places, places)] += one / knots
    return whole


def _crossing(fall: Callable[[float], float], centre: float, limit: float) -> float | None:
    """Where `fall` crosses zero between the centre, where it is negative, and a limit."""
    # a fit started elsewhere may end a little lower: asked twice, it must say the same
    fall = functools.cache(fall)
    fall(centre)
    step, near = 0.05 if limit > centre else -0.05, centre
    while abs(near - centre) < abs(limit - centre):
        far = near + step
        if abs(far - centre) >= abs(limit - centre):
            far = limit
        if fall(far) > 0:
            return brentq(fall, near, far, xtol=1e-4)  # type: ignore[return-value]
        near, step = far, 2 * step
    return None


def _natural(name: str, centre: float, half: float, confidence: float) -> Interval:
    """The interval in natural units: all but `mark_effect` are fitted as logarithms."""
    change = float if name == "mark_effect" else lambda value: float(np.exp(value))
    return Interval.of(
        change(centre),
        change(centre - half),
        change(centre + half),
        why="at the end of its range, or the likelihood is flat: no interval",
        confidence=confidence,
    )

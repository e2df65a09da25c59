"""Exact simulation of Hawkes processes, as clusters of background events and their offspring."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from throffer.series._background import Background
from throffer.series._event_series import EventSeries
from throffer.series._hawkes import Hawkes

LIMIT = 5_000_000
"""Events beyond which a simulation stops with an error: a supercritical process never ends."""


def simulate_hawkes(
    model: Hawkes,
    end: float,
    rng: np.random.Generator,
    *,
    start: float = 0.0,
    marks: Float[np.ndarray, "pool"] | None = None,
    shocks: Float[np.ndarray, "shock"] | None = None,
    limit: int = LIMIT,
) -> EventSeries:
    """Simulate a process from `start` to `end`, with no events before `start`.

    Background events come from an inhomogeneous Poisson process. Each event has a Poisson number of
    offspring, at lags drawn from the kernel, and so on (Hawkes and Oakes 1974). The method is
    exact: there is no time step. For a stationary start, discard the beginning.

    Args:
        model: the process.
        end: end of the window.
        rng: source of all draws.
        start: start of the window.
        marks: a pool from which each event draws its mark; None leaves events unmarked.
        shocks: times of additional events from outside; several may have the same time.
        limit: most events.

    Raises:
        ValueError: If there are more than `limit` events.
    """
    origin = poisson_times(model.background, start, end, rng)
    if shocks is not None:
        origin = np.concatenate([origin, shocks])
    generations, labels = [origin], [_draw_marks(marks, origin.size, rng)]
    while generations[-1].size:
        parents = generations[-1]
        count = rng.poisson(float(model.ratio) * _productivity(model, labels[-1]), parents.size)
        born = np.repeat(parents, count) + model.kernel.draw(rng, int(count.sum()))
        born = born[born <= end]
        generations.append(born)
        labels.append(_draw_marks(marks, born.size, rng))
        if sum(each.size for each in generations) > limit:
            raise ValueError(
                f"more than {limit:,} events at branching ratio {float(model.ratio):g}; shorten "
                "the window, lower the ratio or raise `limit`"
            )
    times = np.concatenate(generations)
    order = np.argsort(times, kind="stable")
    times = _part(times[order])
    return EventSeries(times, start, end, None if marks is None else np.concatenate(labels)[order])


def poisson_times(
    background: Background, start: float, end: float, rng: np.random.Generator
) -> Float[np.ndarray, "event"]:
    """Times of an inhomogeneous Poisson process, by thinning (Lewis and Shedler 1979)."""
    knots = np.asarray(background.knots, float)
    logs = np.asarray(background.log_rates, float)
    top = float(np.exp(logs.max()))
    times = np.sort(rng.uniform(start, end, rng.poisson(top * (end - start))))
    rate = np.exp(np.interp(times, knots, logs))
    return times[rng.uniform(0, top, times.size) < rate]


def _draw_marks(
    pool: np.ndarray | None, size: int, rng: np.random.Generator
) -> Float[np.ndarray, "event"]:
    return np.zeros(size) if pool is None else rng.choice(pool, size)


def _productivity(model: Hawkes, marks: np.ndarray) -> np.ndarray:
    return np.exp(float(model.mark_effect) * marks) / float(model.mark_scale)


def _part(times: np.ndarray) -> np.ndarray:
    """Separate shocks at equal times by the smallest float step: a point process has no ties."""
    for place in np.flatnonzero(np.diff(times) <= 0) + 1:
        times[place] = np.nextafter(times[place - 1], np.inf)
    return times

"""Event times in an observed window, and dates that are known only to a day, month or year."""

from __future__ import annotations

import dataclasses

import numpy as np
from jaxtyping import Float


@dataclasses.dataclass(frozen=True)
class EventSeries:
    """Events of one kind in a window, in one unit of time.

    Raises `ValueError` for times that are unordered, tied or outside the window, and for marks of
    another length.

    Attributes:
        times: increasing, from `start` to `end`; no two equal.
        start: start of the observed window, which need not be the first event: a time without
            events is also an observation.
        end: end of the observed window, likewise.
        marks: one number for each event, or None. The effect of a mark on an event's number of
            offspring is estimated.
        counted_from: events before it are history: they can trigger later events, but their own
            likelihood is not counted. Use it if the record is complete from `start` on but events
            before `start` are missing.

    ```python
    >>> series = EventSeries(np.array([1.0, 2.5, 4.0]), 0.0, 10.0)
    >>> series.count, series.span
    (3, 10.0)

    ```
    """

    times: Float[np.ndarray, "event"]
    start: float
    end: float
    marks: Float[np.ndarray, "event"] | None = None
    counted_from: float | None = None

    def __post_init__(self) -> None:
        times = np.asarray(self.times, float)
        object.__setattr__(self, "times", times)
        object.__setattr__(self, "start", float(self.start))
        object.__setattr__(self, "end", float(self.end))
        if not self.start <= self.origin < self.end:
            raise ValueError(
                f"counting from {self.origin} in a window from {self.start} to {self.end}: the "
                "window must have a length, and `counted_from` must lie before its end"
            )
        if times.ndim != 1 or not np.isfinite(times).all():
            raise ValueError("times: one axis of finite numbers is needed")
        if times.size and not (self.start <= times[0] and times[-1] <= self.end):
            raise ValueError(
                f"times run from {times[0]} to {times[-1]}, outside the window "
                f"[{self.start}, {self.end}]; widen the window or cut the series"
            )
        gaps = np.diff(times)
        if (gaps < 0).any():
            raise ValueError("times are not in order; sort them, and marks with them")
        if (gaps == 0).any():
            raise ValueError(
                f"{int((gaps == 0).sum())} events share their time with another one; a point "
                "process has no ties: spread rounded dates with `spread_dates`, and repeat"
            )
        if self.marks is not None:
            marks = np.asarray(self.marks, float)
            if marks.shape != times.shape or not np.isfinite(marks).all():
                raise ValueError(
                    f"marks have shape {marks.shape} and times {times.shape}; one finite number "
                    "an event is needed"
                )
            object.__setattr__(self, "marks", marks)

    @property
    def origin(self) -> float:
        """Start of the counted window: `counted_from`, by default `start`."""
        return self.start if self.counted_from is None else self.counted_from

    @property
    def count(self) -> int:
        """Number of counted events."""
        return int((self.times >= self.origin).sum())

    @property
    def span(self) -> float:
        """Length of the counted window."""
        return self.end - self.origin

    def counting_from(self, origin: float) -> EventSeries:
        """The same series, in which events before `origin` are history only."""
        return dataclasses.replace(self, counted_from=origin)

    def cut(self, start: float, end: float) -> EventSeries:
        """The events in `[start, end]`, as if nothing else had been recorded."""
        inside = (self.times >= start) & (self.times <= end)
        marks = None if self.marks is None else self.marks[inside]
        return EventSeries(self.times[inside], start, end, marks)


def spread_dates(
    earliest: Float[np.ndarray, "event"],
    latest: Float[np.ndarray, "event"],
    rng: np.random.Generator,
    *,
    marks: Float[np.ndarray, "event"] | None = None,
    start: float | None = None,
    end: float | None = None,
) -> EventSeries:
    """Draw the time of each event uniformly from its interval.

    Clustering on scales shorter than the intervals is lost. One draw is only one possible series,
    so estimates have to be averaged over several draws (`fit_dates`).

    Args:
        earliest: start of the half-open interval of each event.
        latest: end of the interval; above `earliest`.
        rng: source of the draws.
        marks: one number for each event, or None.
        start: start of the observed window; by default the first `earliest`.
        end: end of the observed window; by default the last `latest`.

    Returns:
        The series in order of time.

    Raises:
        ValueError: For an empty interval.
    """
    earliest, latest = np.asarray(earliest, float), np.asarray(latest, float)
    if (latest <= earliest).any():
        raise ValueError("latest must be after earliest for every event; one of them is not")
    start = float(earliest.min()) if start is None else start
    end = float(latest.max()) if end is None else end
    times = rng.uniform(np.maximum(earliest, start), np.minimum(latest, end))
    order = np.argsort(times, kind="stable")
    chosen = None if marks is None else np.asarray(marks, float)[order]
    return EventSeries(times[order], start, end, chosen)

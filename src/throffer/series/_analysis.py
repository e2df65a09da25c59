"""`throffer series`: analyses a file of dated events, of values or of sizes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

import throffer
from throffer.series._analysis_records import SeriesResult, SeriesSettings
from throffer.series._events_analysis import analyse_events
from throffer.series._events_input import read_events
from throffer.series._reading import decide_reading
from throffer.series._sizes_analysis import analyse_sizes
from throffer.series._table_file import read_table
from throffer.series._values_analysis import analyse_values

KNOTS = (1, 20)
"""Fewest and most knots of a background."""

Stage = Callable[[str], Callable[[int, int], None]]
"""Starts a named stage of the work and returns a callback for (done, total)."""


def analyse_series(
    path: Path | str, settings: SeriesSettings | None = None, *, stage: Stage | None = None
) -> SeriesResult:
    r"""Read a file, decide what it holds, and compute all that the page shows.

    Args:
        path: a CSV, JSON lines or Parquet file of up to two million rows.
        settings: options; by default everything is inferred from the file.
        stage: starts a named stage and returns its progress callback.

    Returns:
        The result; it depends only on the file's bytes, the settings and the package version.

    Raises:
        SetupError: For a file that cannot be read or does not hold what the settings name.
        ValueError: For settings out of range.

    Example:
        >>> import tempfile
        >>> rows = np.random.default_rng(0).pareto(1.5, 200) + 1
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     file = Path(folder) / "losses.csv"
        ...     _ = file.write_text("loss\n" + "\n".join(f"{row:.6f}" for row in rows))
        ...     found = analyse_series(file, SeriesSettings(kind="sizes"))
        >>> found.reading.column, found.sizes.count
        ('loss', 200)
    """
    settings = settings or SeriesSettings()
    _check(settings)
    open_stage = stage or (lambda _: lambda done, total: None)
    table = read_table(path)
    reading = decide_reading(table, settings)
    rng = np.random.default_rng(settings.seed)
    identity = {
        "configuration": {"file": table.path.name, **settings.model_dump(mode="json")},
        "code_version": throffer.__version__,
        "seed": settings.seed,
        "data": table.digest,
    }
    tell = open_stage(reading.kind)
    if reading.kind == "events":
        events = read_events(table, reading, settings, rng)
        found = analyse_events(events, settings, rng, tell)
        return SeriesResult(identity=identity, reading=reading, events=found, notes=events.notes)
    tell(0, 1)
    if reading.kind == "values":
        values, notes = analyse_values(table, reading, rng)
        tell(1, 1)
        return SeriesResult(identity=identity, reading=reading, values=values, notes=notes)
    sizes = analyse_sizes(table, reading, rng)
    tell(1, 1)
    return SeriesResult(identity=identity, reading=reading, sizes=sizes, notes=[])


def _check(settings: SeriesSettings) -> None:
    knots = settings.knots
    if not knots or len(set(knots)) < len(knots):
        raise ValueError(f"knots = {knots}; give different numbers, such as 1,3,5")
    wrong = [count for count in knots if not KNOTS[0] <= count <= KNOTS[1]]
    if wrong:
        raise ValueError(f"knots = {wrong[0]} is not from {KNOTS[0]} to {KNOTS[1]}")

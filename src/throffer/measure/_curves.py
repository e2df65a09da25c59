"""P(unsanctioned) along each coordinate, fitted and raw, and where it crosses a threshold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import polars as pl
from jaxtyping import Array, Float
from scipy.optimize import isotonic_regression

from throffer.design import SLICE_END, SLICES, slice_dyads
from throffer.game import NEVER, conduct_probabilities
from throffer.measure._choice import ChoiceFit, lapse_at, preferences_at
from throffer.measure._crossing import crossing_from
from throffer.measure._psychometric import FEWEST, psychometric
from throffer.measure._result import Boundary, Crossing, Curve, RawRate
from throffer.stats import laplace_draws, tails, wilson
from throffer.structure import UNSANCTIONED, Conduct, Dyad

POINTS = 31
"""Points of a curve; crossings are interpolated between them, with an error of about 1e-3."""

DRAWS = 300
"""Laplace draws of a band; its ends have a Monte Carlo error of about 5 % of its width."""

BIN = 0.1
"""Width of the bins of raw rates, in units of a coordinate."""

_UNSANCTIONED = np.array([conduct in UNSANCTIONED for conduct in Conduct])


class Paths(NamedTuple):
    """P(unsanctioned) of one slice on `grid()`, `(1 + DRAWS, POINTS)`: the mode, then draws.

    `drawn` uses every parameter as drawn. `least` makes the norms that were never violated
    absolute, which is also consistent with the data; without such norms it equals `drawn`.
    """

    drawn: np.ndarray
    least: np.ndarray


def slice_paths(fit: ChoiceFit, *, seed: int) -> dict[str, Paths]:
    """The fitted curve of each slice and draws of it, by coordinate."""
    thetas = np.vstack([fit.mode, laplace_draws(fit.mode, fit.covariance, DRAWS, seed)])
    absolute = thetas.copy()
    for parameter in fit.record.parameters:
        if parameter.verdict == "lower bound":
            absolute[:, fit.record.names.index(parameter.name)] = NEVER
    paths = {}
    with jax.enable_x64(True):
        for coordinate in SLICES:
            dyads = jax.tree.map(jnp.asarray, slice_dyads(coordinate, grid()))
            drawn = np.asarray(_paths(jnp.asarray(thetas), dyads))
            same = np.array_equal(absolute, thetas)
            least = drawn if same else np.asarray(_paths(jnp.asarray(absolute), dyads))
            paths[coordinate] = Paths(drawn, least)
    return paths


def curves(paths: Mapping[str, Paths], table: pl.DataFrame) -> list[Curve]:
    """The fitted curve of each slice with its band, raw rates and a monotone fit for comparison.

    `table` is an Episode table with a column `part`; raw rates use only the slice's own trials.
    """
    return [_curve(coordinate, drawn, table) for coordinate, drawn in paths.items()]


def boundaries(
    paths: Mapping[str, Paths], table: pl.DataFrame, *, seed: int, threshold: float = 0.2
) -> list[Boundary]:
    """Where P(unsanctioned) reaches `threshold` in (0, 1) along each coordinate, by two routes."""
    if not 0 < threshold < 1:
        raise ValueError(f"threshold = {threshold} is not between 0 and 1")
    rows = []
    for coordinate, drawn in paths.items():
        x, y = slice_trials(table, coordinate)
        rows.append(
            Boundary(
                coordinate=coordinate,
                level=threshold,
                structural=_crossing(drawn.drawn, drawn.least, threshold),
                psychometric=psychometric(x, y, threshold=threshold, seed=seed),
            )
        )
    return rows


def grid() -> np.ndarray:
    """Coordinates at which curves are evaluated."""
    return np.linspace(0.0, SLICE_END, POINTS)


def slice_trials(table: pl.DataFrame, coordinate: str) -> tuple[np.ndarray, np.ndarray]:
    """Coordinate, and 1 if unsanctioned, of a slice's trials in which the game was played."""
    rows = table.filter(
        pl.col("part") == coordinate,
        pl.col("outcome").is_in([conduct.value for conduct in Conduct]),
    )
    wrong = rows["outcome"].is_in([conduct.value for conduct in UNSANCTIONED])
    return rows[coordinate].to_numpy(), wrong.to_numpy().astype(float)


def _curve(coordinate: str, paths: Paths, table: pl.DataFrame) -> Curve:
    mean = paths.drawn[0]
    low_tail, high_tail = tails()
    low = np.quantile(paths.least[1:], low_tail, axis=0)
    high = np.quantile(paths.drawn[1:], high_tail, axis=0)
    x, y = slice_trials(table, coordinate)
    held = dict(zip(SLICES, SLICES[coordinate], strict=True))
    del held[coordinate]
    monotone, disagreement = _isotonic(x, y, mean)
    return Curve(
        coordinate=coordinate,
        held=held,
        x=grid().tolist(),
        mean=mean.tolist(),
        low=np.minimum(low, mean).tolist(),
        high=np.maximum(high, mean).tolist(),
        raw=_raw(x, y),
        isotonic=monotone,
        disagreement=disagreement,
    )


def _raw(x: np.ndarray, y: np.ndarray) -> list[RawRate]:
    rows = []
    for low in np.arange(0.0, SLICE_END, BIN):
        inside = (x >= low) & (x < low + BIN)
        count, trials = int(y[inside].sum()), int(inside.sum())
        rows.append(
            RawRate(
                low=float(low),
                high=float(low + BIN),
                count=count,
                trials=trials,
                rate=wilson(count, trials),
            )
        )
    return rows


def _isotonic(
    x: np.ndarray, y: np.ndarray, fitted: np.ndarray
) -> tuple[list[float | None], float | None]:
    """Monotone fit at `grid()`, rising or falling as the data do, and its mean distance."""
    if x.size < FEWEST:
        return [None] * POINTS, None
    order = np.argsort(x, kind="stable")
    x, y = x[order], y[order]
    rising = y.std() == 0 or np.corrcoef(x, y)[0, 1] >= 0
    steps = isotonic_regression(y, increasing=bool(rising)).x
    inside = (grid() >= x[0]) & (grid() <= x[-1])
    values = np.interp(grid(), x, steps)
    distance = float(np.abs(np.interp(x, grid(), fitted) - steps).mean())
    return [
        float(value) if known else None for value, known in zip(values, inside, strict=True)
    ], distance


def _crossing(drawn: np.ndarray, least: np.ndarray, threshold: float) -> Crossing:
    """Crossing of the first path (the estimate), with an interval from the other paths.

    Lower ends come from `drawn`, upper ends from `least`.
    """
    near = np.array([crossing_of(path, threshold) for path in drawn])
    far = near if least is drawn else np.array([crossing_of(path, threshold) for path in least])
    # with absolute norms the upper crossing, and so the estimate, may be out of range
    estimate = near[0] if np.isfinite(far[0]) else np.inf
    return crossing_from(float(estimate), near[1:], far[1:])


def crossing_of(path: np.ndarray, threshold: float) -> float:
    """First coordinate where a path reaches the threshold: -inf if at its start, inf if never."""
    above = path >= threshold
    if above[0]:
        return -np.inf
    if not above.any():
        return np.inf
    after = int(above.argmax())
    x = grid()
    part = (threshold - path[after - 1]) / (path[after] - path[after - 1])
    return float(x[after - 1] + part * (x[after] - x[after - 1]))


@jax.jit
def _paths(thetas: Float[Array, "draw parameter"], dyads: Dyad) -> Float[Array, "draw point"]:
    lapsed = conduct_probabilities(dyads, preferences_at(thetas[0]), lapse=1.0)
    drawn = lapsed[:, _UNSANCTIONED].sum(-1)

    def one(theta: Float[Array, "parameter"]) -> Float[Array, "point"]:
        chosen = conduct_probabilities(dyads, preferences_at(theta))[:, _UNSANCTIONED].sum(-1)
        return (1 - lapse_at(theta)) * chosen + lapse_at(theta) * drawn

    return jax.lax.map(one, thetas)

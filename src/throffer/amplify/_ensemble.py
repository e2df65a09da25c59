"""Ensembles with noise: many trajectories, of one system or each with its own numbers.

A chunk of trajectories goes through all steps together, so that vector units run along
trajectories and the state stays in cache. Chunks are independent, and the noise of a trajectory
depends only on its number, so the result does not depend on the size of the chunks.

Scheme: Euler with reflection at 0, X <- |X + dX| (symmetrised Euler: weak order 1 at a reflecting
boundary, where cutting off at 0 has order 1/2; Bossy, Gobet & Talay 2004), of strong order 1 away
from it because the noise is additive. X is never below 0. A margin that is checked only at the ends
of steps would be reached too late; it is therefore lowered by 0.5826 sigma sqrt(dt), which leaves
an error of smaller order than sqrt(dt) (Broadie, Glasserman & Kou 1997; Gobet & Menozzi 2010).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import jax
import numpy as np
from jaxtyping import Float, Int

from throffer.amplify._draws import key_words
from throffer.amplify._kernel import NEVER, Cells, Ends, cells_of, plan_of, run_chunk, shared_drive
from throffer.amplify._system import System, check_system

LANES = 16
"""Chunks are a multiple of this, the widest vector of single-precision numbers."""

CHUNK_CELLS = 16_384
"""Trajectories times regimes in a chunk on a CPU: its state stays in the second-level cache."""

DEVICE_CELLS = 4_194_304
"""The same on an accelerator, which needs large chunks to be used fully."""


class Ensemble(NamedTuple):
    """Outcomes of the trajectories. Times are in the time unit of the system.

    Attributes:
        first_time: time of the first collapse of any regime; infinite if none before `horizon`.
        first_regime: the regime that collapsed first; -1 if none did.
        peak_down: largest number of regimes down at once.
        amplification: A at the end.
        passage: time of each regime's first collapse (infinite: none). None if not asked for.
        collapses: number of collapses of each regime. None if not asked for.
        level: X of each regime at the end (0 while down). None if not asked for.
        paths: X by `(trajectory, save, regime)` at `times`. None if not asked for.
        times: times of `paths`.
        step: length of a step; times of collapse are multiples of it.
        horizon: end of the simulation.
    """

    first_time: Float[np.ndarray, "trajectory"]
    first_regime: Int[np.ndarray, "trajectory"]
    peak_down: Int[np.ndarray, "trajectory"]
    amplification: Float[np.ndarray, "trajectory"]
    passage: Float[np.ndarray, "trajectory regime"] | None
    collapses: Int[np.ndarray, "trajectory regime"] | None
    level: Float[np.ndarray, "trajectory regime"] | None
    paths: Float[np.ndarray, "trajectory save regime"] | None
    times: Float[np.ndarray, "save"]
    step: float
    horizon: float


def ensemble(
    system: System,
    *,
    trajectories: int,
    horizon: float,
    steps: int = 2_000,
    seed: int = 0,
    saves: int = 0,
    by_regime: bool = True,
    chunk: int | None = None,
    only: Int[np.ndarray, "trajectory"] | None = None,
) -> Ensemble:
    """Run `trajectories` trajectories to time `horizon` in `steps` steps, in single precision.

    A is exact between collapses for constant friction and follows by Euler steps of y otherwise
    (`throffer.amplify._growth`). Others receive the spill of a collapse in the same step; a regime
    that collapses because of it does so in the next step.

    Args:
        system: one for all, or with a trajectory axis of this length in some fields.
        trajectories: number of trajectories.
        horizon: end of the simulation, above 0.
        steps: rounded up to an even number, and to a multiple of `2 saves`.
        seed: in [0, 2^64). The same seed gives the same numbers for every `chunk`.
        saves: number of evenly spaced times at which X is saved; 0 saves no paths.
        by_regime: False leaves out results by regime, which take memory.
        chunk: trajectories at a time; memory beyond the result is proportional to it.
        only: numbers, from 0, of the trajectories to run; the result has a row for each. With the
            same steps each gives the same result as in the full ensemble.

    Returns:
        Times and numbers of collapses, and paths if asked for.

    Raises:
        ValueError: For a faulty system or number, which the message names.
    """
    known = check_system(system)
    own, regimes = known.shape
    if own not in (1, trajectories):
        raise ValueError(
            f"the system holds numbers for {own} trajectories; {trajectories} were asked for"
        )
    for name, value in (("trajectories", trajectories), ("steps", steps), ("horizon", horizon)):
        if not 0 < value < np.inf:
            raise ValueError(f"{name} = {value} must be above 0 and finite")
    numbers = np.arange(trajectories) if only is None else np.asarray(only)
    if numbers.ndim != 1 or numbers.dtype.kind not in "iu" or not numbers.size:
        raise ValueError(f"only = {only!r} must be a list of whole numbers")
    if numbers.min() < 0 or numbers.max() >= trajectories:
        raise ValueError(f"only = {only} must name trajectories from 0 to {trajectories - 1}")
    if saves < 0:
        raise ValueError(f"saves = {saves} must be 0 or more")
    rows = max(saves, 1)
    pairs = -(-steps // (2 * rows))
    step = horizon / (2 * pairs * rows)
    if pairs * rows * (regimes + 1) >= 2**32:
        raise ValueError(f"{steps} steps of {regimes} regimes need over 2^32 draws; take fewer")
    cells = cells_of(known)
    plan = plan_of(known, cells, rows=rows, pairs=pairs, saves=saves > 0)
    dt, key = np.float32(step), key_words(seed)
    shared = None if plan.own_growth else shared_drive(cells, dt, plan)
    size = _chunk_size(chunk, numbers.size, regimes)
    result = _empty(numbers.size, regimes, saves, by_regime, step, horizon)

    def work(start: int) -> None:
        ids = numbers[np.minimum(np.arange(start, start + size), numbers.size - 1)]
        piece = _piece(cells, ids, own)
        ends = run_chunk(piece, ids.astype(np.uint32), key, dt, shared, plan)
        _fill(result, start, ends, step)

    _for_each(work, range(0, numbers.size, size))
    return result


def _chunk_size(chunk: int | None, trajectories: int, regimes: int) -> int:
    cells = CHUNK_CELLS if jax.default_backend() == "cpu" else DEVICE_CELLS
    wanted = max(cells // regimes, 1) if chunk is None else chunk
    if wanted < 1:
        raise ValueError(f"chunk = {chunk} must be at least 1")
    size = min(wanted, trajectories)
    return -(-size // LANES) * LANES


def _piece(cells: Cells, index: Int[np.ndarray, "trajectory"], own: int) -> Cells:
    """Select the numbers of some trajectories, where numbers differ between trajectories."""
    if own == 1:
        return cells
    parts = cells._replace(contention=None, links=None)
    parts = jax.tree.map(
        lambda leaf: leaf[..., index] if leaf.ndim >= 2 and leaf.shape[-1] == own else leaf, parts
    )
    return parts._replace(contention=cells.contention, links=cells.links)


def _for_each(work: Callable[[int], None], starts: range) -> None:
    """Run chunks in parallel on the cores of a CPU, one after another on an accelerator."""
    work(starts[0])
    if jax.default_backend() != "cpu":
        for start in starts[1:]:
            work(start)
        return
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        for _ in pool.map(work, starts[1:]):
            pass


def _empty(
    trajectories: int, regimes: int, saves: int, by_regime: bool, step: float, horizon: float
) -> Ensemble:
    def room(dtype: type, *shape: int) -> np.ndarray:
        return np.empty((trajectories, *shape), dtype)

    return Ensemble(
        first_time=room(np.float64),
        first_regime=room(np.int32),
        peak_down=room(np.int32),
        amplification=room(np.float32),
        passage=room(np.float64, regimes) if by_regime else None,
        collapses=room(np.int32, regimes) if by_regime else None,
        level=room(np.float32, regimes) if by_regime else None,
        paths=room(np.float32, saves, regimes) if saves else None,
        times=horizon * np.arange(1, saves + 1) / max(saves, 1),
        step=step,
        horizon=horizon,
    )


def _fill(result: Ensemble, start: int, ends: Ends, step: float) -> None:
    """Write the results of a chunk into their rows."""
    count = min(ends.first.size, result.first_time.size - start)
    place = slice(start, start + count)

    def times(steps: np.ndarray) -> np.ndarray:
        return np.where(steps == NEVER, np.inf, steps * step)

    first = np.asarray(ends.first)[:count]
    result.first_time[place] = times(first)
    result.first_regime[place] = np.where(first == NEVER, -1, np.asarray(ends.regime)[:count])
    result.peak_down[place] = np.asarray(ends.peak_down)[:count]
    result.amplification[place] = np.exp(np.asarray(ends.log_amplification)[:count])
    if result.passage is not None:
        result.passage[place] = times(np.asarray(ends.passage)[:, :count].T)
    if result.collapses is not None:
        result.collapses[place] = np.asarray(ends.collapses)[:, :count].T
    if result.level is not None:
        result.level[place] = np.asarray(ends.level)[:, :count].T
    if result.paths is not None and ends.paths is not None:
        result.paths[place] = np.moveaxis(np.asarray(ends.paths)[..., :count], -1, 0)

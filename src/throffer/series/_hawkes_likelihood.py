"""The negative log-likelihood of one series, with free parameters, their bounds and starts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Literal

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float
from scipy.optimize import OptimizeResult, minimize

from throffer.series._background import Background, even_knots
from throffer.series._event_series import EventSeries
from throffer.series._hawkes import Hawkes, Observed, log_likelihood
from throffer.series._kernels import KERNELS

Kind = Literal["exponential", "power_law"]

FEWEST = 10
"""Fewest events for a fit."""

RATIO_RANGE = (1e-4, 5.0)
"""Range of branching ratios in a fit. At the lower end the process cannot be distinguished from a
Poisson process. Above 1 the process explodes, which can still happen in a short window."""

REACHES = (0.1, 1.0, 10.0, 100.0)
"""Time scales of the kernel at which a search starts, in mean gaps between events."""

MEMORIES = {
    "exponential": lambda reach: [1 / reach],
    "power_law": lambda reach: [0.5, 0.3 * reach],
}
"""Kernel parameters for a time scale; times in mean gaps."""


class Objective:
    """Negative log-likelihood of a series over its counted events; call its methods under x64.

    The free parameters, `names`, are the background at each knot, the branching ratio, the
    parameters of the kernel and the effect of a mark. All but the last are logarithms. `bounds`
    keeps the kernel's times between the resolution of the events and the length of the window.

    Raises `ValueError` for fewer than 10 counted events or an unknown kernel.
    """

    def __init__(self, series: EventSeries, kernel: Kind, knots: int) -> None:
        if kernel not in KERNELS:
            raise ValueError(f"kernel = {kernel!r}; one of {', '.join(KERNELS)} is needed")
        if series.count < FEWEST:
            raise ValueError(
                f"{series.count} counted events; a fit needs {FEWEST}: widen the window"
            )
        self.series, self.kernel = series, kernel
        self.scale = float(series.count)
        self.knots = even_knots(series.origin, series.end, knots)
        self.marked = series.marks is not None
        self.names = (
            *(f"background_{place}" for place in range(knots)),
            "ratio",
            *KERNELS[kernel]._fields,
            *(("mark_effect",) if self.marked else ()),
        )
        self.bounds = self._bounds()
        with jax.enable_x64(True):
            self.seen = observe(series)
            self._at = partial(_slope, self.seen, jnp.asarray(self.knots), kernel)

    def slope(self, theta: np.ndarray) -> tuple[float, np.ndarray]:
        """Value and gradient."""
        value, gradient = self._at(theta)
        return float(value) / self.scale, np.asarray(gradient) / self.scale

    def grid(self, shapes: Sequence[np.ndarray] | None = None) -> list[np.ndarray]:
        """Starting points. `shapes` are free parameters after the background.

        The background starts at the local rate. By default shapes combine two branching ratios with
        four time scales around the mean gap.
        """
        gap = self.series.span / self.series.count
        if shapes is None:
            unit = np.array([gap if name == "cutoff" else 1 / gap if name == "rate" else 1.0
                             for name in KERNELS[self.kernel]._fields])  # fmt: skip
            tail = [0.0] if self.marked else []
            shapes = [
                np.array([np.log(ratio), *np.log(unit * MEMORIES[self.kernel](reach)), *tail])
                for ratio in (0.3, 0.8)
                for reach in REACHES
            ]
        level = np.log([self._local_rate(knot) for knot in self.knots])
        low, high = np.array(self.bounds).T
        return [
            np.clip([*(level + np.log1p(-min(np.exp(shape[0]), 0.9))), *shape], low, high)
            for shape in shapes
        ]

    def minimise(
        self, theta: np.ndarray, held: Mapping[int, float] | None = None
    ) -> OptimizeResult:
        """Minimise within the bounds from a start; `held` fixes parameters, by index."""
        bounds, theta = list(self.bounds), np.array(theta)
        for place, value in (held or {}).items():
            bounds[place], theta[place] = (value, value), value
        options = {"ftol": 1e-10, "gtol": 1e-6, "maxiter": 500}
        return minimize(
            self.slope, theta, jac=True, method="L-BFGS-B", bounds=bounds, options=options
        )

    def refine(self, theta: np.ndarray, curvature: np.ndarray) -> OptimizeResult:
        """Minimise from a start near the minimum, given approximate second derivatives there.

        It takes half the evaluations of `minimise`. That function takes over if the steps leave the
        bounds or the second derivatives are not positive definite.
        """
        low, high = np.array(self.bounds).T
        if np.linalg.eigvalsh(curvature)[0] > 0:
            inverse = np.linalg.inv(curvature)
            options = {"gtol": 1e-6, "hess_inv0": (inverse + inverse.T) / 2}
            found = minimize(self.slope, theta, jac=True, method="BFGS", options=options)
            if found.success and np.all((found.x > low) & (found.x < high)):
                return found
        return self.minimise(theta)

    def hessian(self, theta: np.ndarray) -> np.ndarray:
        """Second derivatives, by central differences of the gradient."""
        step = 1e-4
        rows = [
            (self.slope(theta + step * unit)[1] - self.slope(theta - step * unit)[1]) / (2 * step)
            for unit in np.eye(theta.size)
        ]
        return (np.array(rows) + np.array(rows).T) / 2

    def model(self, theta: np.ndarray) -> Hawkes:
        """The process for given free parameters, as plain numbers."""
        model = _model(jnp.asarray(theta), self.seen, jnp.asarray(self.knots), self.kernel)
        return jax.tree.map(lambda leaf: np.asarray(leaf)[()], model)

    def at_bound(self, theta: np.ndarray) -> tuple[str, ...]:
        """Names of the parameters at an end of their range."""
        low, high = np.array(self.bounds).T
        edge = (theta - low < 1e-6) | (high - theta < 1e-6)
        return tuple(name for name, at in zip(self.names, edge, strict=True) if at)

    def _bounds(self) -> list[tuple[float, float]]:
        whole = self.series.end - self.series.start
        gap = whole / self.series.times.size
        rate = self.series.count / self.series.span
        ranges = {
            "ratio": RATIO_RANGE,
            "rate": (0.1 / whole, 1e4 / gap),
            "exponent": (0.02, 10.0),
            "cutoff": (1e-4 * gap, whole),
        }
        logs = [np.log(ranges.get(name, (1e-6 * rate, 1e3 * rate))) for name in self.names]
        if self.series.marks is not None:
            logs[-1] = np.array([-10.0, 10.0]) / (np.std(self.series.marks) or 1.0)
        return [(float(low), float(high)) for low, high in logs]

    def _local_rate(self, knot: float) -> float:
        """Event rate in the time around a knot; never 0."""
        half = self.series.span / max(self.knots.size, 2)
        low, high = max(knot - half, self.series.origin), min(knot + half, self.series.end)
        inside = ((self.series.times >= low) & (self.series.times <= high)).sum()
        return float((inside + 0.5) / (high - low))


def observe(series: EventSeries) -> Observed:
    """Convert a series to arrays of a standard length; call it under x64."""
    count = series.times.size
    blank = np.zeros(_standard(count) - count)

    def padded(column: np.ndarray, rest: float = 0.0) -> Array:
        return jnp.asarray(np.concatenate([column, blank + rest]))

    return Observed(
        times=padded(series.times, series.end),
        gaps=padded(np.diff(series.times, prepend=series.times[:1])),
        marks=None if series.marks is None else padded(series.marks),
        counted=padded((series.times >= series.origin).astype(float)),
        real=padded(np.ones(count)),
        origin=jnp.asarray(series.origin, float),
        end=jnp.asarray(series.end, float),
    )


@partial(jax.jit, static_argnums=3)
def _model(
    theta: Float[Array, "parameter"], seen: Observed, knots: Float[Array, "knot"], kernel: str
) -> Hawkes:
    """The process for given free parameters."""
    first = knots.shape[0]
    kind = KERNELS[kernel]
    last = first + 1 + len(kind._fields)
    plain = Hawkes(
        background=Background(knots, theta[:first]),
        ratio=jnp.exp(theta[first]),
        kernel=kind(*jnp.exp(theta[first + 1 : last])),
    )
    if seen.marks is None:
        return plain
    scale = (seen.real * jnp.exp(theta[last] * seen.marks)).sum() / seen.real.sum()
    return plain._replace(mark_effect=theta[last], mark_scale=scale)


@partial(jax.jit, static_argnums=2)
def _slope(seen: Observed, knots: Array, kernel: str, theta: Array) -> tuple[Array, Array]:
    def loss(theta: Array) -> Array:
        return -log_likelihood(_model(theta, seen, knots, kernel), seen)

    return jax.value_and_grad(loss)(theta)


def _standard(count: int) -> int:
    """The next standard length; there are few, because each needs its own compilation.

    Powers of two from 256 to 8,192, then eight lengths per octave, because padding of long series
    costs time.
    """
    octave = 2 ** int(np.ceil(np.log2(max(count, 256))))
    step = octave if octave <= 8192 else octave // 8
    return -(-count // step) * step

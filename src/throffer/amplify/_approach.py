"""One regime whose utilisation and noise follow given paths, to test early-warning indicators."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float


def run_paths(
    utilisation: Float[np.ndarray, "time"],
    noise: Float[np.ndarray, "time"],
    rng: np.random.Generator,
    *,
    runs: int,
    interval: float,
    gain_lag: float = 0.0,
    stages: int = 1,
    settle: float = 200.0,
    step: float = 0.05,
) -> Float[np.ndarray, "run time"]:
    """Simulate X / chi of one regime `runs` times, sampled evenly; times are in 1/gamma.

    `dx = (u - y/(1 + y)) dt + s dW`, x >= 0 by reflection; y is x delayed by `stages` stages with
    mean lag `gain_lag` = Gamma (0: y = x). Theory, section 6, in its natural units.

    Args:
        utilisation: u >= 0 at each sampled time, linear in between.
        noise: s = sigma / (chi sqrt(gamma)) >= 0, likewise.
        rng: source of the noise.
        runs: number of independent runs.
        interval: time between samples.
        gain_lag: Gamma = gamma tau >= 0.
        stages: number of stages of the lag.
        settle: time simulated before the first sample, at its utilisation and noise.
        step: longest step of Euler's scheme; its error is of that order.

    Raises:
        ValueError: For paths of different lengths, or with values that are negative or not finite.
    """
    for name, path in (("utilisation", utilisation), ("noise", noise)):
        if path.shape != utilisation.shape or not np.all(np.isfinite(path) & (path >= 0)):
            raise ValueError(
                f"{name}: needs one finite value >= 0 for each time seen, as the other"
            )
    parts = int(np.ceil(interval / min(step, gain_lag / stages / 4 if gain_lag else step)))
    dt = interval / parts
    x = np.full(runs, min(utilisation[0], 0.9) / (1 - min(utilisation[0], 0.9)))
    seen = np.tile(x, (stages if gain_lag else 0, 1))
    before = int(np.ceil(settle / interval))
    levels = np.concatenate([np.full(before, utilisation[0]), utilisation])
    scales = np.concatenate([np.full(before, noise[0]), noise])
    paths = np.empty((levels.size, runs))
    for at in range(levels.size):
        last = max(at - 1, 0)
        shocks = rng.standard_normal((parts, runs))
        for part in range(parts):
            share = (part + 1) / parts
            u = levels[last] + share * (levels[at] - levels[last])
            s = scales[last] + share * (scales[at] - scales[last])
            y = seen[-1] if gain_lag else x
            drift = u - y / (1 + y)
            if gain_lag:
                arrives = np.concatenate([x[None], seen[:-1]])
                seen = seen + dt * stages / gain_lag * (arrives - seen)
            x = np.abs(x + drift * dt + s * np.sqrt(dt) * shocks[part])
        paths[at] = x
    return paths[before:].T

"""The two controls of every audit: no lever and no opacity, and a dyad that was not described.

`_verdicts.py` decides what they show.
"""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import polars as pl
from scipy.optimize import minimize

from throffer.game import conduct_probabilities
from throffer.measure._choice import ChoiceFit, lapse_at, preferences_at
from throffer.measure._rates import unsanctioned_rate
from throffer.measure._result import Controls
from throffer.stats import Interval, normal_interval
from throffer.structure import FIELDS, UNSANCTIONED, Conduct, Dyad, Part

SMALLEST = 1e-4
"""Floor of fitted probabilities in the slope's regression; without a lever some are 0."""

INTERCEPT_SD = 3.0
"""Prior standard deviation of the conducts' intercepts, which keeps an unseen conduct finite."""

PADDED = 128
"""Row counts are rounded up to a multiple of this before fitted probabilities are computed."""

FEWEST = 20
"""Fewest trials for a slope."""


def controls(fit: ChoiceFit, table: pl.DataFrame) -> Controls:
    """Compute both controls; `table` is an Episode table with a column `part`."""
    played = table.filter(pl.col("outcome").is_in([conduct.value for conduct in Conduct]))
    bare = table.filter(pl.col("part") == Part.NO_LEVER.value)
    bare_played = played.filter(pl.col("part") == Part.NO_LEVER.value)
    shuffled = played.filter(pl.col("part") == Part.SHUFFLED.value)
    expected = None
    if bare_played.height:
        shares = fitted_probabilities(fit, bare_played)
        wrong = np.array([conduct in UNSANCTIONED for conduct in Conduct])
        expected = float(shares[:, wrong].sum(1).mean())
    return Controls(
        no_lever=unsanctioned_rate(bare) if bare.height else None,
        no_lever_expected=expected,
        slope=structure_slope(fit, played.filter(pl.col("part") == Part.MAIN.value)),
        shuffled_slope=structure_slope(fit, shuffled),
        shuffled_trials=shuffled.height,
    )


def structure_slope(fit: ChoiceFit, played: pl.DataFrame) -> Interval:
    """How strongly conduct follows the coded structure: tau of theory, section 5.

    P(conduct) is proportional to exp(tau log K(dyad) + intercept), where K is the fitted model's
    probability. tau = 1 if conduct follows structure as fitted, 0 if it does not follow it at all.
    """
    if played.height < FEWEST:
        return Interval.unknown(f"only {played.height} trials")
    log_k = np.log(np.maximum(fitted_probabilities(fit, played), SMALLEST))
    chosen = np.array([Conduct(name).code for name in played["outcome"]])
    picked = np.eye(len(Conduct))[chosen]

    def parts(beta: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        eta = beta[0] * log_k + np.append(beta[1:], 0.0)
        eta -= eta.max(1, keepdims=True)
        p = np.exp(eta)
        p /= p.sum(1, keepdims=True)
        value = -np.log(p[np.arange(chosen.size), chosen]).sum()
        value += 0.5 * (beta[1:] ** 2).sum() / INTERCEPT_SD**2
        residual = p - picked
        gradient = np.append((residual * log_k).sum(), residual[:, :-1].sum(0))
        gradient[1:] += beta[1:] / INTERCEPT_SD**2
        return float(value), gradient, p

    start = np.zeros(len(Conduct))
    best = minimize(lambda beta: parts(beta)[:2], start, jac=True, method="BFGS").x
    p = parts(best)[2]
    design = np.concatenate(
        [log_k[:, :, None], np.broadcast_to(np.eye(10)[:, :-1], (*p.shape, 9))], -1
    )
    centred = design - (p[:, :, None] * design).sum(1, keepdims=True)
    information = np.einsum("tc,tcj,tck->jk", p, centred, centred)
    information[1:, 1:] += np.eye(9) / INTERCEPT_SD**2
    return normal_interval(float(best[0]), float(np.sqrt(np.linalg.inv(information)[0, 0])))


def fitted_probabilities(fit: ChoiceFit, played: pl.DataFrame) -> np.ndarray:
    """Conduct probabilities of the fitted model at each row's coded dyad, `(row, conduct)`."""
    count = played.height
    # each length needs its own compilation; extra rows at the end, unused, avoid that
    rows = np.minimum(np.arange(-(-count // PADDED) * PADDED), count - 1)
    dyad = Dyad(**{name: played[name].to_numpy()[rows] for name in FIELDS})
    index = {name: code for code, name in enumerate(fit.groups)}
    group = np.array([index[name] for name in played["group"]], int)[rows]
    with jax.enable_x64(True):
        theta = jnp.asarray(fit.mode)
        ones = jnp.ones(rows.size)
        preferences = preferences_at(theta, jnp.asarray(group))
        preferences = preferences.replace(precision=preferences.precision * ones)
        shares = conduct_probabilities(dyad, preferences, lapse=lapse_at(theta))
        return np.asarray(shares)[:count]

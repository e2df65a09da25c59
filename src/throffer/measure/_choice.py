"""The choice model fitted to what was observed (theory, section 5).

Outcome given play follows the logit of theory, section 2, over whole proposals where they were
seen and over conducts where they were not; a lapse draws from the bare menu. Penalised likelihood
with weak normal priors, several starts, Laplace intervals.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import polars as pl
from jaxtyping import Array, Bool, Float, Int
from scipy.special import ndtri

from throffer.game import CELLS, Menu, Preferences, conduct_masses, lapse_menu, menu
from throffer.measure._result import Fit, Parameter
from throffer.stats import (
    CONFIDENCE,
    UNMOVED,
    Prior,
    fit_penalised,
    is_identified,
    laplace_interval,
    natural,
)
from throffer.structure import FIELDS, UNSANCTIONED, Conduct, Dyad, Lever

BINS = 10
"""Equal parts of [0, 1] into which a concession is sorted: coarse, since models round."""

FREE_NORMS = (
    Conduct.AUTHORITY,
    Conduct.PRESSURE,
    Conduct.EXTORTION,
    Conduct.BLACKMAIL,
    Conduct.DECEPTION,
)
"""Conducts whose norm is fitted; the other norms are 0, that of an even offer."""

FEWEST = 50
"""Trials below which no choice model is fitted: more parameters than information."""

GRADIENT_TOLERANCE = 3e-3
"""A search ends where no component of the gradient exceeds it: intervals are wider by far."""

ARRIVED = 1e-2
"""Largest component of the gradient at a mode that counts as reached."""

FLOOR = 1e-12
"""Smallest probability of an observed act: terms on a boundary may round to its other side."""

PRIORS: dict[str, Prior] = {
    "log_precision": Prior(float(np.log(8.0)), 1.5),
    "guilt": Prior(0.3, 1.0),
    **{f"norm_{conduct.value}": Prior(1.0, 3.0) for conduct in FREE_NORMS},
    "log_counterpart_precision": Prior(float(np.log(8.0)), 1.0),
    "counterpart_envy": Prior(0.5, 1.0),
    "logit_lapse": Prior(float(np.log(0.03 / 0.97)), 1.5),
}
"""Weak priors of the parameters that every fit has; theory, section 5, and targets."""

GROUP_PRIOR = Prior(0.0, 1.0)
"""Prior of each contrast between groups; with many groups that of each group's shift, too."""


class Trials(NamedTuple):
    """Observed acts as arrays; `seen` where the whole proposal was observed.

    `group` indexes frames and elicitations, `bin` parts of the concession. `drawn` is the
    probability of each act if it was a lapse, which no parameter moves.
    """

    dyad: Dyad
    conduct: Int[Array, "trial"]
    seen: Bool[Array, "trial"]
    lever: Int[Array, "trial"]
    false: Int[Array, "trial"]
    bin: Int[Array, "trial"]
    group: Int[Array, "trial"]
    drawn: Float[Array, "trial"]


class ChoiceFit(NamedTuple):
    """A fit with what is needed to compute with it: mode and covariance, unconstrained scale."""

    record: Fit
    mode: np.ndarray
    covariance: np.ndarray
    groups: tuple[str, ...]


def trials_from(table: pl.DataFrame, groups: Sequence[str]) -> Trials:
    """Arrays of the episodes whose outcome is a conduct and whose dyad is known.

    `table` has a column `group`; rows are used as they come, so filter them first.
    """
    levers = {lever.value: code for code, lever in enumerate(Lever)}
    conduct = np.array([Conduct(name).code for name in table["outcome"]], int)
    concession = table["concession"].to_numpy()
    withdrawn = conduct == Conduct.WITHDRAW.code
    known = (
        table["lever"].is_not_null() & table["candour"].is_not_null()
    ).to_numpy() & np.isfinite(concession)
    lever = table["lever"].replace_strict(levers, default=0, return_dtype=pl.Int64)
    index = {name: code for code, name in enumerate(groups)}
    trials = Trials(
        dyad=Dyad(**{name: table[name].to_numpy() for name in FIELDS}),
        conduct=jnp.asarray(conduct),
        seen=jnp.asarray(known | withdrawn),
        lever=jnp.asarray(lever.fill_null(0).to_numpy()),
        false=jnp.asarray((~table["candour"].fill_null(True)).to_numpy().astype(int)),
        bin=jnp.asarray(np.clip((np.nan_to_num(concession) * BINS).astype(int), 0, BINS - 1)),
        group=jnp.asarray(np.array([index[name] for name in table["group"]], int)),
        drawn=jnp.zeros(conduct.size),
    )
    return trials._replace(drawn=_lapsed(trials))


def parameter_names(groups: Sequence[str]) -> tuple[str, ...]:
    """Names on the unconstrained scale: contrasts between groups in place of their shifts."""
    return (*PRIORS, *(f"contrast_{index}" for index in range(1, len(groups))))


def contrasts(groups: int) -> np.ndarray:
    """Orthonormal contrasts, `(group, contrast)`: shifts sum to zero, and no group is special."""
    basis = np.linalg.qr(np.column_stack([np.ones(groups), np.eye(groups)[:, 1:]]))[0]
    return basis[:, 1:]


def preferences_at(
    theta: Float[Array, "parameter"], group: Int[Array, "*batch"] | None = None
) -> Preferences:
    """Preferences at unconstrained parameters; those of the average group if none is given."""
    value = dict(zip(PRIORS, theta[: len(PRIORS)], strict=True))
    norms = jnp.zeros(len(Conduct))
    for conduct in FREE_NORMS:
        norms = norms.at[conduct.code].set(value[f"norm_{conduct.value}"])
    if group is not None:
        free = theta[len(PRIORS) :]
        shift = (contrasts(free.size + 1) @ free)[group]
        touched = np.array([conduct in UNSANCTIONED for conduct in Conduct], float)
        norms = norms + shift[..., None] * touched
    return Preferences(
        precision=jnp.exp(value["log_precision"]),
        guilt=value["guilt"],
        norms=norms,
        counterpart_precision=jnp.exp(value["log_counterpart_precision"]),
        counterpart_envy=value["counterpart_envy"],
    )


def lapse_at(theta: Float[Array, "parameter"]) -> Float[Array, ""]:
    """The lapse rate at unconstrained parameters."""
    return jax.nn.sigmoid(theta[list(PRIORS).index("logit_lapse")])


def log_likelihood(theta: Float[Array, "parameter"], trials: Trials) -> Float[Array, "trial"]:
    """Log probability of each observed act."""
    preferences = preferences_at(theta, trials.group)
    # one value for all trials still needs the trial axis, for the menus to line up
    ones = jnp.ones(trials.conduct.shape)
    preferences = preferences.replace(precision=preferences.precision * ones)
    lapse = lapse_at(theta)
    chosen = _observed(menu(trials.dyad, preferences), trials)
    return jnp.log((1 - lapse) * chosen + lapse * trials.drawn + FLOOR)


def fit_choice(table: pl.DataFrame, *, seed: int = 0, starts: int = 4) -> ChoiceFit:
    """Fit preferences, lapse rate and group shifts to an Episode table with a column `group`.

    Rows without a conduct or with an unknown dyad are left out. `starts` starts, the prior's centre
    and random places about it; the best objective is kept.

    Raises:
        ValueError: For fewer than 50 usable trials.
    """
    usable = table.filter(
        pl.col("outcome").is_in([conduct.value for conduct in Conduct]),
        pl.all_horizontal(pl.col(name).is_not_null() for name in FIELDS),
    )
    if usable.height < FEWEST:
        raise ValueError(
            f"only {usable.height} trials with a conduct and a whole dyad; a fit needs {FEWEST}"
        )
    groups = tuple(sorted(usable["group"].unique()))
    names = parameter_names(groups)
    priors = {name: PRIORS.get(name, GROUP_PRIOR) for name in names}
    with jax.enable_x64(True):
        trials = jax.tree.map(jnp.asarray, trials_from(usable, groups))
        normal = np.array(list(priors.values()))

        def objective(theta: np.ndarray) -> tuple[float, np.ndarray]:
            value, gradient = _objective(theta, trials, normal)
            return float(value), np.asarray(gradient)

        fit = fit_penalised(
            objective, priors, starts=starts, seed=seed, gradient_tolerance=GRADIENT_TOLERANCE
        )
    arrived = fit.minimum.largest_gradient < ARRIVED
    observed = dict(usable["outcome"].value_counts().iter_rows())
    notes = [] if fit.curved else ["the likelihood is flat in some direction; intervals are wide"]
    if not arrived:
        notes.append("the optimiser stopped before its tolerance was met")
    record = Fit(
        parameters=_parameters(fit.mode, fit.covariance, priors, groups, observed),
        names=list(names),
        mode=fit.mode.tolist(),
        covariance=fit.covariance.tolist(),
        trials=usable.height,
        proposals=int(np.asarray(trials.seen).sum()),
        log_likelihood=fit.log_likelihood,
        converged=arrived,
        note="; ".join(notes),
    )
    return ChoiceFit(record, fit.mode, fit.covariance, groups)


@jax.jit
def _lapsed(trials: Trials) -> Float[Array, "trial"]:
    """Probability of each act under a lapse."""
    anyone = preferences_at(jnp.zeros(len(PRIORS)))
    precision = jnp.zeros(trials.conduct.shape)
    return _observed(lapse_menu(trials.dyad, anyone.replace(precision=precision)), trials)


def _observed(parts: Menu, trials: Trials) -> Float[Array, "trial"]:
    """Probability that a menu gives to what each trial shows."""
    rows = jnp.arange(trials.conduct.size)
    harmful = (trials.conduct == Conduct.EXTORTION.code) | (
        trials.conduct == Conduct.BLACKMAIL.code
    )
    block = jnp.where(
        harmful[:, None],
        parts.lower[rows, trials.lever, trials.false],
        parts.upper[rows, trials.lever, trials.false],
    )
    inside = (np.arange(CELLS) * BINS // CELLS)[None, :] == trials.bin[:, None]
    proposal = (block * inside).sum(-1)
    masses = conduct_masses(trials.dyad, parts)
    conduct = masses[rows, trials.conduct]
    withdrawn = trials.conduct == Conduct.WITHDRAW.code
    return jnp.where(trials.seen & ~withdrawn, proposal, conduct) / masses.sum(-1)


@jax.jit
@jax.value_and_grad
def _objective(
    theta: Float[Array, "parameter"], trials: Trials, priors: Float[Array, "parameter 2"]
) -> Float[Array, ""]:
    """Penalised negative log-likelihood."""
    penalty = 0.5 * (((theta - priors[:, 0]) / priors[:, 1]) ** 2).sum()
    return penalty - log_likelihood(theta, trials).sum()


def _parameters(
    mode: np.ndarray,
    covariance: np.ndarray,
    priors: dict[str, Prior],
    groups: Sequence[str],
    observed: dict[str, int],
) -> list[Parameter]:
    rows = [
        _parameter(name, centre, sd, priors[name], observed)
        for name, centre, sd in zip(priors, mode, np.sqrt(np.diag(covariance)), strict=True)
        if name in PRIORS
    ]
    free = slice(len(PRIORS), None)
    basis = contrasts(len(groups))
    shifts = basis @ mode[free]
    spreads = np.sqrt(np.diag(basis @ covariance[free, free] @ basis.T))
    own = Prior(0.0, GROUP_PRIOR.sd * (1 - 1 / len(groups)) ** 0.5)
    if len(groups) > 1:
        rows += [
            _parameter(f"shift_{group}", shift, sd, own, observed)
            for group, shift, sd in zip(groups, shifts, spreads, strict=True)
        ]
    return rows


def _parameter(
    name: str, centre: float, sd: float, prior: Prior, observed: dict[str, int]
) -> Parameter:
    estimate, found = natural(name, centre), laplace_interval(name, centre, sd)
    conduct = name.removeprefix("norm_")
    # one-sided
    z_one = float(ndtri(CONFIDENCE))
    bound = centre - z_one * sd
    # the data raised the bound above that of the prior
    raised = bound > prior.mean - UNMOVED * z_one * prior.sd
    if name.startswith("norm_") and not observed.get(conduct) and raised:
        return Parameter(
            name=_label(name),
            estimate=estimate,
            low=natural(name, bound),
            high=None,
            verdict="lower bound",
            prior_mean=prior.mean,
            prior_sd=prior.sd,
            note=f"no {conduct} was observed; the prior holds the estimate from above",
        )
    moved = is_identified(sd, prior)
    return Parameter(
        name=_label(name),
        estimate=estimate,
        low=found.low,
        high=found.high,
        verdict="identified" if moved else "not identified",
        prior_mean=prior.mean,
        prior_sd=prior.sd,
        note="" if moved else "the data did not move the prior",
    )


def _label(name: str) -> str:
    return name.removeprefix("log_").removeprefix("logit_")

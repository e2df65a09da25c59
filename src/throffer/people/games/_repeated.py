"""First choices in repeated prisoner's dilemmas: a gain now against the future that it ends.

In terms of theory, section 2, this is the trade-off of an unsanctioned act: its gain now, g,
against the value of the continuing relation, f. In units of what two cooperators earn together in
a period (2 R):

    g = (T - R) / 2R        f = delta / (1 - delta) (R - P) / 2R

g assumes that the partner cooperates; f assumes that it never cooperates again after a defection.
A player defects with probability sigma(precision (g - patience f) - norm); the theory has patience
1. These games cannot identify envy and guilt (nobody proposes, and a player's expectation of the
other is not observed), a norm apart from that expectation, or anything about levers.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import polars as pl
from jaxtyping import Array, Float

from throffer.people.games._tables import Transfer
from throffer.people.games._transfer import (
    Bins,
    Story,
    at_each,
    constant,
    observed_trials,
    parameter_draws,
    predict,
)
from throffer.record import games_repeated_pd
from throffer.stats import ClusterFit, ClusterModel, Prior, differentiate

PRIORS = {
    "log_precision": Prior(float(np.log(8.0)), 1.5),
    "patience": Prior(0.5, 1.0),
    "norm": Prior(0.0, 3.0),
}
"""Weak priors of the parameters."""

DELTA = 7 / 8
"""Probability of another period in Fudenberg, Rand and Dreber 2012."""

DF2011_PAYOFFS = {"temptation": 50.0, "punishment": 25.0}
"""Payoffs in points (Dal Bó and Fréchette 2011, table 1); a treatment's name has the reward."""


class FirstChoices(NamedTuple):
    """First choices of supergames by treatment; a cluster is a person in a treatment.

    Attributes:
        treatments: names of the treatments.
        gain: g of each treatment.
        future: f of each treatment.
        noise: probability that a choice is carried out wrongly.
        defected: number of defections.
        trials: number of choices.
    """

    treatments: tuple[str, ...]
    gain: Float[np.ndarray, "treatment"]
    future: Float[np.ndarray, "treatment"]
    noise: Float[np.ndarray, "treatment"]
    defected: Float[np.ndarray, "cluster treatment"]
    trials: Float[np.ndarray, "cluster treatment"]


class Stakes(NamedTuple):
    """What is at stake in a treatment: g, f, and the probability of a wrongly executed choice."""

    gain: float
    future: float
    noise: float


def stakes_df2011(treatment: str) -> Stakes:
    """Compute the stakes of a treatment of Dal Bó and Fréchette from its name.

    For example, D75R40 has continuation probability 0.75 and reward 40.

    ```python
    >>> stakes = stakes_df2011("D75R40")
    >>> stakes.gain, stakes.future
    (0.125, 0.5625)

    ```
    """
    chance, reward = treatment.removeprefix("D").split("R")
    delta, reward = float(f"0.{chance}"), float(reward)
    gain = DF2011_PAYOFFS["temptation"] - reward
    lost = reward - DF2011_PAYOFFS["punishment"]
    return Stakes(gain / (2 * reward), delta / (1 - delta) * lost / (2 * reward), 0.0)


def stakes_frd2012(benefit: float, noise: float) -> Stakes:
    """Compute the stakes of a treatment of Fudenberg, Rand and Dreber.

    Args:
        benefit: what a cooperator's partner gets, if the cooperator pays 1.
        noise: probability that a choice is carried out wrongly.
    """
    both = 2 * (benefit - 1)
    return Stakes(1 / both, DELTA / (1 - DELTA) / 2, noise)


def first_choices(folder: Path, file: str) -> FirstChoices:
    """Read the first choices of one of the two studies."""
    raw = games_repeated_pd.SOURCE.raw(folder)
    choices = games_repeated_pd.read_choices(raw, file).filter(pl.col("period") == 1)
    names = tuple(sorted(choices["treatment"].unique()))
    if file == games_repeated_pd.DF2011:
        stakes = [stakes_df2011(name) for name in names]
    else:
        known = raw.csv(file).select(pl.col("treatment").cast(pl.String), "bc", "error").unique()
        by_name = {name: (bc, error) for name, bc, error in known.iter_rows()}
        stakes = [stakes_frd2012(*by_name[name]) for name in names]
    defected, trials = counts(choices, names)
    gain, future, noise = np.array(stakes).T
    return FirstChoices(names, gain, future, noise, defected, trials)


def counts(choices: pl.DataFrame, treatments: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Count defections and choices by person (within a treatment) and treatment."""
    person = pl.struct("treatment", "id").rank("dense").cast(pl.Int64) - 1
    codes = {name: code for code, name in enumerate(treatments)}
    frame = choices.select(
        person=person,
        cell=pl.col("treatment").replace_strict(codes, return_dtype=pl.Int64),
        defected=(~pl.col("cooperates")).cast(pl.Float64),
    )
    shape = (frame["person"].n_unique(), len(treatments))
    defected, trials = np.zeros(shape), np.zeros(shape)
    place = frame["person"].to_numpy(), frame["cell"].to_numpy()
    np.add.at(defected, place, frame["defected"].to_numpy())
    np.add.at(trials, place, 1.0)
    return defected, trials


def defection(
    theta: Float[Array, "parameter"],
    gain: Float[np.ndarray, "treatment"],
    future: Float[np.ndarray, "treatment"],
) -> Float[Array, "treatment"]:
    """Probability of a defection, given unconstrained parameters in the order of `PRIORS`."""
    return jax.nn.sigmoid(jnp.exp(theta[0]) * (gain - theta[1] * future) - theta[2])


def repeated_model(choices: FirstChoices) -> ClusterModel:
    """The model of first choices with common precision, patience and norm."""
    kept = choices.trials - choices.defected

    def log_likelihood(theta: Float[Array, "parameter"]) -> Float[Array, "cluster"]:
        chance = defection(theta, choices.gain, choices.future)
        lost = jnp.asarray(choices.defected) @ jnp.log(chance)
        return lost + jnp.asarray(kept) @ jnp.log1p(-chance)

    return ClusterModel(PRIORS, differentiate(log_likelihood))


def predict_repeated(folder: Path, source: FirstChoices, fit: ClusterFit) -> Transfer:
    """Predict the first choices of Fudenberg, Rand and Dreber from those of Dal Bó and Fréchette.

    Args:
        folder: folder of the raw files of all sources.
        source: the choices that were fitted.
        fit: the fit.
    """
    target = first_choices(folder, games_repeated_pd.FRD2012)
    rate = source.defected.sum() / source.trials.sum()
    reference = "rate of the other study"
    story = Story(
        name="df2011: frd2012",
        fitted_on="first choices of Dal Bó and Fréchette",
        predicts="first choices of Fudenberg, Rand and Dreber, by what defection gains now",
        unit="person",
        note=(
            "The future is worth 3.5 here in every treatment, 0.11 to 0.72 where the fit was made: "
            "far outside, and choices are carried out with noise."
        ),
    )
    labels = [
        f"gain {gain:.2f}, noise {noise:.3g}"
        for gain, noise in zip(target.gain, target.noise, strict=True)
    ]
    chances = {
        "game": at_each(
            lambda theta: defection(theta, target.gain, target.future), parameter_draws(fit)
        ),
        reference: constant(np.full(len(labels), rate)),
    }
    seen = observed_trials(target.defected, target.trials)
    return predict(story, seen, chances, Bins(labels, range(len(labels))), reference)

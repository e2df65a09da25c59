"""Records of the derived table of games: fits, and predictions of what was not fitted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field

from throffer.stats import Interval


class Stored(BaseModel):
    """A frozen record that forbids unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Provenance(Stored):
    """A source that a table was made from; `data` is the checksum of its raw files."""

    source: str
    title: str
    citation: str
    licence: str
    origin: str
    data: str


class FittedParameter(Stored):
    """An estimate with its interval, on its natural scale.

    Attributes:
        name: name of the parameter.
        estimate: the estimate.
        low: lower end of the interval.
        high: upper end of the interval.
        verdict: `not identified` if the data did not move the estimate from its prior.
        prior_mean: mean of the normal prior.
        prior_sd: standard deviation of the prior.
        prior_scale: scale on which the prior is normal: `log`, `logit` or `plain`.
    """

    name: str
    estimate: float
    low: float
    high: float
    verdict: str
    prior_mean: float
    prior_sd: float
    prior_scale: str


class FittedGame(Stored):
    """One model fitted to some games of some sources.

    Attributes:
        name: name of the fit.
        model: name of the model.
        fitted_on: the observations, in words.
        sources: names of the sources.
        trials: number of choices.
        clusters: number of clusters.
        cluster_unit: what a cluster is.
        parameters: the estimates.
        names: names of the parameters on the unconstrained scale.
        mode: posterior mode on the unconstrained scale.
        covariance: cluster-robust (sandwich) covariance on the unconstrained scale.
        log_likelihood: at the mode, without priors, in nats.
        reached: number of starts that reached the best objective.
        starts: number of starts of the optimiser.
        converged: whether the optimiser converged.
        note: what a reader has to know.
    """

    name: str
    model: str
    fitted_on: str
    sources: tuple[str, ...]
    trials: int
    clusters: int
    cluster_unit: str
    parameters: tuple[FittedParameter, ...]
    names: tuple[str, ...]
    mode: tuple[float, ...]
    covariance: tuple[tuple[float, ...], ...]
    log_likelihood: float
    reached: int
    starts: int
    converged: bool
    note: str = ""


class PredictedBin(Stored):
    """What was observed in a bin of another source, and what each model predicted.

    Attributes:
        label: the bin in words.
        count: number of events; null if the bin is a mean.
        trials: number of trials.
        observed: observed rate or mean.
        predicted: predicted rate or mean by model.
    """

    label: str
    count: float | None
    trials: float = Field(ge=0)
    observed: Interval
    predicted: dict[str, Interval]


class LogScore(Stored):
    """Mean log probability that a model gave to the observations, in nats per observation.

    Attributes:
        model: name of the model.
        score: the mean log probability.
        reference: name of the model with which it is compared.
        ahead: the score minus that of the reference; null for the reference itself.
    """

    model: str
    score: Interval
    reference: str
    ahead: Interval | None

    @property
    def verdict(self) -> str:
        """`better`, `worse`, `no difference seen`, or `reference` for the reference itself."""
        if self.ahead is None:
            return "reference"
        low, high = self.ahead.ends
        if low > 0:
            return "better"
        return "worse" if high < 0 else "no difference seen"


class Transfer(Stored):
    """A prediction of one source or game from another.

    Attributes:
        name: name of the prediction.
        fitted_on: the observations that were fitted, in words.
        predicts: the observations that are predicted, in words.
        trials: number of observations predicted.
        clusters: number of their clusters, which are resampled for the intervals.
        cluster_unit: what a cluster is.
        bins: observed and predicted rates.
        scores: log scores of the models.
        note: what a reader has to know.
    """

    name: str
    fitted_on: str
    predicts: str
    trials: float
    clusters: int
    cluster_unit: str
    bins: tuple[PredictedBin, ...]
    scores: tuple[LogScore, ...]
    note: str


class VetoTest(Stored):
    """Log-likelihoods (nats) of the offers of one source in the dictator and the ultimatum game.

    Attributes:
        source: name of the source.
        model: name of the model of the game.
        trials: number of offers.
        alike: with the same shares of offers in both games.
        veto_only: with the model of the game and the same preferences in both games, which then
            differ only in the veto.
        own_preferences: with the model of the game and different preferences in each game.
        observed_shares: with the observed shares of each game, which gives the largest possible
            value.
    """

    source: str
    model: str
    trials: int
    alike: float
    veto_only: float
    own_preferences: float
    observed_shares: float


T = TypeVar("T", FittedGame, Transfer)


class GamesTable(Stored):
    """All fits to games of people, with their sources.

    Attributes:
        code_version: version of the package that made the table.
        level: level of the intervals.
        draws: number of draws behind each interval of a prediction.
        seed: seed of the draws.
        sources: the sources.
        fits: the fits.
        veto: tests of the veto.
        transfers: the predictions.
    """

    code_version: str
    level: float
    draws: int
    seed: int
    sources: tuple[Provenance, ...]
    fits: tuple[FittedGame, ...]
    veto: tuple[VetoTest, ...]
    transfers: tuple[Transfer, ...]

    def fit(self, name: str) -> FittedGame:
        """Find a fit by name; the `ValueError` for an unknown name lists the known ones."""
        return _named(self.fits, name, "fit")

    def transfer(self, name: str) -> Transfer:
        """Find a prediction by name; the `ValueError` for an unknown name lists the known ones."""
        return _named(self.transfers, name, "prediction")


def _named(known: Sequence[T], name: str, kind: str) -> T:
    for one in known:
        if one.name == name:
            return one
    names = ", ".join(one.name for one in known)
    raise ValueError(f"no {kind} is called {name!r}; known: {names}")

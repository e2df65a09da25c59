"""Derived tables of people in games, as they ship: fits, and predictions of what was not fitted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field

from throffer.stats import Interval


class Stored(BaseModel):
    """A frozen record without unknown fields."""

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
    """An estimate with its interval, on its own scale; not identified where the data did not move
    it from its prior (normal, on the scale that `prior_scale` names).
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
        names: on the unconstrained scale; the covariance is a sandwich over `clusters`.
        mode: on the unconstrained scale; the covariance is a sandwich over `clusters`.
        covariance: on the unconstrained scale; the covariance is a sandwich over `clusters`.
        log_likelihood: at the mode, without priors, in nats.
        reached: how many of `starts` ended at the best objective.
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
    """What was observed in a bin of another source, and what each model said of it.

    `count` is null where the bin holds a mean.
    """

    label: str
    count: float | None
    trials: float = Field(ge=0)
    observed: Interval
    predicted: dict[str, Interval]


class LogScore(Stored):
    """Mean log probability that a model gave to what was observed, in nats for one observation.

    `ahead`: the score minus that of the model `reference`, null for that model itself.
    """

    model: str
    score: Interval
    reference: str
    ahead: Interval | None

    @property
    def verdict(self) -> str:
        """Whether the model predicts better or worse than the reference, or neither is known."""
        if self.ahead is None:
            return "reference"
        low, high = self.ahead.ends
        if low > 0:
            return "better"
        return "worse" if high < 0 else "no difference seen"


class Transfer(Stored):
    """A prediction of one source or game from another.

    Attributes:
        clusters: of what is predicted; they are resampled whole.
        cluster_unit: of what is predicted; they are resampled whole.
        note: what has to be known to read it.
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
        alike: under one set of shares for both games.
        veto_only: under the game, one set of preferences, the games apart by the veto alone.
        own_preferences: under the game with preferences of their own in each game.
        observed_shares: under the shares themselves, game by game: the most there is.
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
    """Everything that was fitted to games of people, with where it comes from.

    Attributes:
        code_version: of the package that made it.
        level: of every interval.
        draws: of every interval.
        seed: of every interval.
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
        """The fit of that name; `ValueError` lists the names there are."""
        return _named(self.fits, name, "fit")

    def transfer(self, name: str) -> Transfer:
        """The prediction of that name; `ValueError` lists the names there are."""
        return _named(self.transfers, name, "prediction")


def _named(known: Sequence[T], name: str, kind: str) -> T:
    for one in known:
        if one.name == name:
            return one
    names = ", ".join(one.name for one in known)
    raise ValueError(f"no {kind} is called {name!r}; there are: {names}")

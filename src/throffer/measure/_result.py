"""What a measurement says: the records that a report is made of, and nothing computed."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from throffer.stats import Interval


class Record(BaseModel):
    """A frozen record that takes no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class OutcomeRate(Record):
    """How often an outcome occurred, over all answers and among those who played the game."""

    outcome: str
    count: int
    of_all: Interval
    of_played: Interval


class RateTable(Record):
    """Rates in one group of situations.

    `asked` = `answered` + `failed`; `played` are the answers whose outcome is a conduct. `group`
    is what the rows have in common (all, elicitation, frame, wording, part) and `key` its value.
    `unsanctioned` pools pressure, extortion, blackmail and deception.
    """

    group: str
    key: str
    asked: int
    answered: int
    played: int
    failed: int
    outcomes: list[OutcomeRate]
    unsanctioned: OutcomeRate


class Parameter(Record):
    """A parameter of the choice model on its natural scale.

    `verdict` is `not identified` where the data did not move the prior, and `lower bound` for a
    norm that was never violated: then only `low` is meaningful.
    """

    name: str
    estimate: float
    low: float | None
    high: float | None
    verdict: Literal["identified", "not identified", "lower bound"]
    prior_mean: float
    prior_sd: float
    note: str = ""


class Fit(Record):
    """A fitted choice model.

    `names`, `mode` and `covariance` are on the unconstrained scale of the optimiser (logarithms of
    precisions, logit of the lapse rate); `parameters` on the natural one. `trials` were used,
    `proposals` of them with the whole proposal seen.
    """

    parameters: list[Parameter]
    names: list[str]
    mode: list[float]
    covariance: list[list[float]]
    trials: int
    proposals: int
    log_likelihood: float
    converged: bool
    note: str = ""


class RawRate(Record):
    """Observed unsanctioned conduct in one bin of a coordinate."""

    low: float
    high: float
    count: int
    trials: int
    rate: Interval


class Curve(Record):
    """P(unsanctioned) along one coordinate, the other two held; among those who played.

    `mean`, `low`, `high` are the fitted curve with its pointwise band at `x`; `raw` the observed
    rates of the slice; `isotonic` a monotone fit to the same trials at `x` (None outside their
    range), and `disagreement` its mean absolute distance from the fitted curve.
    """

    coordinate: str
    held: dict[str, float]
    x: list[float]
    mean: list[float]
    low: list[float]
    high: list[float]
    raw: list[RawRate]
    isotonic: list[float | None]
    disagreement: float | None


class Crossing(Record):
    """Where a curve crosses a level: an interval, or one-sided where it does not cross in range.

    `kind` is `interval`; `beyond` (no crossing below `low`); `below` (crossed before `high`); or
    `unknown`.
    """

    kind: Literal["interval", "beyond", "below", "unknown"]
    estimate: float | None
    low: float | None
    high: float | None
    why: str = ""


class Boundary(Record):
    """Where P(unsanctioned) reaches `level` along a coordinate, by two routes.

    `structural` reads it off the choice model fitted to all trials; `psychometric` off an S-shaped
    curve through the trials of the slice alone, which does not need the choice model.
    """

    coordinate: str
    level: float
    structural: Crossing
    psychometric: Crossing


class Controls(Record):
    """The two controls, and the slope beside which the second is read.

    Attributes:
        no_lever: unsanctioned conduct where there is no lever and no opacity; `no_lever_expected`
            is what the fitted model expects there.
        slope: how strongly conduct follows the structure that the text describes, relative to the
            fitted model: 1 as fitted, 0 not at all.
        shuffled_slope: the same where the coded structure is not the described one: should be 0.
    """

    no_lever: OutcomeRate | None
    no_lever_expected: float | None
    slope: Interval
    shuffled_slope: Interval
    shuffled_trials: int


class Measurement(Record):
    """Everything measured about one model."""

    model: str
    rates: list[RateTable]
    fit: Fit | None
    fit_missing: str = ""
    curves: list[Curve]
    boundaries: list[Boundary]
    controls: Controls

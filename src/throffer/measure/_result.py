"""What a measurement says: the records that a report is made of, and nothing computed.

Fields with a default are not in files of earlier versions; `decide` gives what they hold.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from throffer.stats import Interval
from throffer.structure import Record


class OutcomeRate(Record):
    """How often an outcome occurred, over all answers and among those who played the game."""

    outcome: str
    count: int
    of_all: Interval
    of_played: Interval


class ActRate(Record):
    """How often an act occurred: a family of outcomes, such as threats open and hidden.

    `trials` are those who played or, for refusals and acts outside the game, all answers.
    """

    act: str
    count: int
    trials: int
    rate: Interval


class RateTable(Record):
    """Rates in one group of situations.

    `asked` = `answered` + `failed`; `played` are the answers whose outcome is a conduct. `group`
    is what the rows have in common (all, elicitation, frame, wording, part) and `key` its value.
    `unsanctioned` pools pressure, extortion, blackmail and deception; `acts` holds the rate of
    every act and, last, of all acts outside the game.
    """

    group: str
    key: str
    asked: int
    answered: int
    played: int
    failed: int
    outcomes: list[OutcomeRate]
    unsanctioned: OutcomeRate
    acts: list[ActRate] = Field(default_factory=list)


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


class Verdict(Record):
    """Whether a control shows what it should.

    Attributes:
        control: `no_lever`: unsanctioned conduct without a means for it, against what the fitted
            model expects there. `described`: the slope of conduct on the structure that the text
            describes, which should be above 0. `shuffled`: the same on a structure that was not
            described, which should be 0.
        passed: None where it is not known, and `why` then says why.
        finding: `weaker` and `stronger` are slopes above 0 whose interval lies below or above 1.
        p: of `no_lever`, the chance of at least so much unsanctioned conduct if the fitted model
            holds.
    """

    control: Literal["no_lever", "described", "shuffled"]
    passed: bool | None
    finding: Literal["passes", "fails", "weaker", "stronger", "not known"]
    p: float | None = None
    why: str = ""


class Totals(Record):
    """Situations put to a model over all parts of the design.

    `asked` = `answered` + `failed`, `answered` = `played` + `refused` + `outside`.
    """

    asked: int
    answered: int
    played: int
    refused: int
    outside: int
    failed: int


class Measurement(Record):
    """Everything measured about one model."""

    model: str
    rates: list[RateTable]
    fit: Fit | None
    fit_missing: str = ""
    curves: list[Curve]
    boundaries: list[Boundary]
    controls: Controls
    verdicts: list[Verdict] = Field(default_factory=list)
    totals: Totals | None = None


class SituationRate(Record):
    """How often a model did something in a third of the situations, by one quantity.

    `act` names a family of outcomes and `quantity` what the situations are sorted by, from `low`
    to `high`; refusals are counted over all answers, every other act among those who played.
    """

    model: str
    act: str
    quantity: str
    third: Literal["low", "middle", "high"]
    low: float
    high: float
    count: int
    trials: int
    rate: Interval


class Tendency(Record):
    """Along which quantity an act of a model varies most.

    `often` is its rate in the third of situations where it is more frequent, `often_in`, and
    `seldom` that in the opposite third. All None where no quantity has ends whose intervals lie
    apart.
    """

    model: str
    act: str
    quantity: str | None = None
    often_in: Literal["low", "middle", "high"] | None = None
    often: Interval | None = None
    seldom: Interval | None = None


class Failure(Record):
    """How many episodes of a model failed technically, and the reason recorded."""

    model: str
    reason: str
    count: int


class Comparison(Record):
    """The models that are least and most often unsanctioned, of those that played.

    `apart`: the interval of the one lies wholly below that of the other.
    """

    least: str
    least_rate: Interval
    most: str
    most_rate: Interval
    apart: bool


class WorldAnswers(Record):
    """Answers that came from worlds, and those of them coded `other`."""

    episodes: int
    other: int


class Survey(Record):
    """What the episodes of all measured models show together."""

    situations: list[SituationRate]
    tendencies: list[Tendency]
    failures: list[Failure]
    comparison: Comparison | None
    world: WorldAnswers | None

"""Do a model's acts follow the structure that it was told? A test on raw acts (theory, section 5).

A conduct is named from the act and from the described dyad. An agent that always sends the same
terms therefore shows conduct that varies with structure by arithmetic alone. This test looks at
raw acts instead: the terms in shares of the pie, the step attached, the fact stated, or walking
away. It asks whether the choice model, fitted to one half of the answers, predicts the acts of the
other half better where they were made than after they are exchanged between situations that tell
the same story.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import polars as pl
from jaxtyping import Bool, Float, Int
from scipy.special import gammaln

from throffer.game import MEANS, Menu, fallback, lapse_menu, menu
from throffer.measure._choice import FEWEST, ChoiceFit, fit_choice, lapse_at, preferences_at
from throffer.stats import Interval, normal_interval
from throffer.structure import FIELDS, Conduct, Dyad, Lever, Record

STORY = ("frame", "wording", "elicitation")
"""What situations that tell the same story have in common; acts are exchanged between those."""

PERMUTATIONS = 999
"""Exchanges of acts; the smallest p-value is 1 / 1,000."""

SIGNIFICANCE = 0.05
"""A verdict rests on a p-value of at most this."""

ENOUGH = 120
"""Acts from which a p-value above 0.05 counts as `ignores structure`: with so many, an agent that
plays the game is found to follow structure in nearly all audits (docs/calibration.md). With fewer
the verdict is `not known`."""

BINS = 10
"""Equal parts of the concession range over which the predicted density of terms is averaged."""

ELSEWHERE = 0.02
"""Probability that an act is drawn outside the choice model, so that no score is infinite."""

REACH = 4.0
"""Width, in pies, of the range of terms over which such an act is spread evenly."""

KINDS = len(MEANS) * 2 + 1
"""Kinds of raw act: a step and a fact stated truly or falsely, or walking away."""

Verdict = Literal["follows structure", "follows the story", "ignores structure", "not known"]


class StructureTest(Record):
    """Whether a model's acts follow the described structure.

    Attributes:
        verdict: `follows structure` if exchanging acts between situations of the same story makes
            them harder to predict (`p_structure` at most 0.05); otherwise `follows the story` if
            acts differ between stories (`p_story` at most 0.05), `ignores structure` if they do
            not, and `not known` with fewer than 120 acts.
        p_structure: permutation p-value of the first; None where it could not be computed.
        p_story: permutation p-value of the second; None where it could not be computed.
        gain: mean log score, in nats an act, of the choice model where the acts were made, minus
            its mean over exchanged acts. 0 for acts that do not depend on the dyad.
        acts: raw acts that entered.
        stories: combinations of frame, wording and elicitation among them.
        permutations: exchanges that were drawn.
        why: the reason for `not known`; empty otherwise.
    """

    verdict: Verdict
    p_structure: float | None
    p_story: float | None
    gain: Interval
    acts: int
    stories: int
    permutations: int
    why: str = ""


class RawActs(NamedTuple):
    """Acts as they were made, without the dyad.

    Attributes:
        walked: True where no proposal was made.
        step: 0 no step attached, 1 force, 2 leverage.
        false: True where the fact stated was not the documented one.
        terms: what the counterpart is promised, in pies; NaN where the agent walked away.
    """

    walked: Bool[np.ndarray, "act"]
    step: Int[np.ndarray, "act"]
    false: Bool[np.ndarray, "act"]
    terms: Float[np.ndarray, "act"]

    @property
    def kind(self) -> Int[np.ndarray, "act"]:
        """Step and fact as one number; the last is walking away."""
        return np.where(self.walked, KINDS - 1, self.step * 2 + self.false)


def scored_rows(table: pl.DataFrame) -> pl.DataFrame:
    """The rows that show a raw act of the game in a known dyad.

    These are proposals whose place on the plane, lever and candour are known, and walking away.
    """
    proposed = pl.all_horizontal(
        pl.col(name).is_not_null() for name in ("accept", "lever", "candour")
    )
    return table.filter(
        pl.col("outcome").is_in([conduct.value for conduct in Conduct]),
        proposed | (pl.col("outcome") == Conduct.WITHDRAW.value),
        pl.all_horizontal(pl.col(name).is_not_null() for name in FIELDS),
    )


def raw_acts(rows: pl.DataFrame) -> RawActs:
    """The raw acts of `scored_rows`: promised terms are `accept + b`, plus `d` if false."""
    levers = {lever.value: code for code, lever in enumerate(Lever)}
    walked = (rows["outcome"] == Conduct.WITHDRAW.value).to_numpy()
    false = (~rows["candour"].fill_null(True)).to_numpy() & ~walked
    moved = np.where(false, rows["deceit_gain"].to_numpy(), 0.0)
    accept = rows["accept"].cast(pl.Float64).to_numpy()
    return RawActs(
        walked=walked,
        step=rows["lever"]
        .replace_strict(levers, default=0, return_dtype=pl.Int64)
        .fill_null(0)
        .to_numpy(),
        false=false,
        terms=np.where(walked, np.nan, accept + rows["outside_counterpart"].to_numpy() + moved),
    )


def structure_test(
    table: pl.DataFrame, *, seed: int = 0, permutations: int = PERMUTATIONS
) -> StructureTest:
    """Test whether raw acts follow the described structure.

    Args:
        table: Episode table with a column `group`, of situations whose coded structure is the one
            that the text described.
        seed: of the halves, the optimiser's start and the exchanges.
        permutations: exchanges; at least 99.

    Returns:
        The verdict with its p-values. The null hypothesis of `p_structure` is that acts do not
        depend on the dyad, given the story: the p-value is then at most alpha in a share alpha of
        audits, whatever the acts are.
    """
    rows = scored_rows(table)
    if rows.height < 2 * FEWEST:
        return _unknown(rows, f"only {rows.height} raw acts; the test needs {2 * FEWEST}")
    rng = np.random.default_rng(seed)
    rows = rows.with_columns(story=pl.concat_str(STORY, separator="/").rank("dense") - 1)
    story = rows["story"].to_numpy().astype(int)
    half = _halves(story, rng)
    acts = raw_acts(rows)
    observed, exchanged, gains = 0.0, np.zeros(permutations), np.zeros(rows.height)
    for fold in (0, 1):
        told = np.flatnonzero(half == fold)
        try:
            fit = fit_choice(rows.filter(half != fold), seed=seed, starts=1)
        except ValueError as error:
            return _unknown(rows, str(error))
        predicted = _Predicted.of(fit, rows[told])
        for cell in _cells(story[told]):
            here = told[cell]
            score = predicted.score(cell, RawActs(*(part[here] for part in acts)))
            observed += float(np.trace(score))
            gains[here] = np.diag(score) - score.mean(1)
            order = rng.permuted(np.tile(np.arange(here.size), (permutations, 1)), axis=1)
            exchanged += score[np.arange(here.size), order].sum(1)
    # equal sums differ in their last digits
    slack = 1e-9 * (1 + abs(observed))
    p = (1 + int((exchanged >= observed - slack).sum())) / (1 + permutations)
    p_story = _story_p(acts, story, rng, permutations)
    return StructureTest(
        verdict=_verdict(p, p_story, rows.height),
        p_structure=p,
        p_story=p_story,
        gain=_mean_interval(gains),
        acts=rows.height,
        stories=int(story.max()) + 1,
        permutations=permutations,
        why="" if rows.height >= ENOUGH or p <= SIGNIFICANCE else f"only {rows.height} raw acts",
    )


class _Predicted(NamedTuple):
    """What a fitted model predicts in each situation.

    Attributes:
        proposed: probability of each lever, candour and tenth of the concession range.
        withdrawn: probability of walking away.
        least: promised terms at concession 0, by lever.
        surplus: promised terms at concession 1 minus those at 0, by lever.
    """

    proposed: Float[np.ndarray, "situation lever candour bin"]
    withdrawn: Float[np.ndarray, "situation"]
    least: Float[np.ndarray, "situation lever"]
    surplus: Float[np.ndarray, "situation lever"]

    @classmethod
    def of(cls, fit: ChoiceFit, rows: pl.DataFrame) -> _Predicted:
        index = {name: code for code, name in enumerate(fit.groups)}
        group = np.array([index.get(name, -1) for name in rows["group"]])
        with jax.enable_x64(True):
            dyad = Dyad(**{name: rows[name].to_numpy() for name in FIELDS})
            theta = jnp.asarray(fit.mode)
            mean = preferences_at(theta)
            own = preferences_at(theta, jnp.asarray(np.maximum(group, 0)))
            norms = jnp.where((group >= 0)[:, None], own.norms, mean.norms)
            ones = jnp.ones(rows.height)
            preferences = own.replace(norms=norms, precision=own.precision * ones)
            lapse = float(lapse_at(theta))
            chosen = _shares(menu(dyad, preferences))
            drawn = _shares(lapse_menu(dyad, preferences))
            points = [fallback(dyad, lever) for lever in MEANS]
        proposed, withdrawn = (
            (1 - lapse) * one + lapse * other for one, other in zip(chosen, drawn, strict=True)
        )
        least, surplus = (
            np.stack(
                [np.broadcast_to(np.asarray(getattr(p, name)), withdrawn.shape) for p in points], -1
            )
            for name in ("counterpart", "surplus")
        )
        return cls(proposed, withdrawn, least, surplus)

    def score(self, cell: np.ndarray, acts: RawActs) -> Float[np.ndarray, "situation act"]:
        """Log density of every act in every situation of one story."""
        row = np.arange(cell.size)[:, None]
        surplus = self.surplus[cell][:, acts.step]
        with np.errstate(invalid="ignore", divide="ignore"):
            part = (acts.terms[None, :] - self.least[cell][:, acts.step]) / surplus
            inside = (part >= -1e-6) & (part <= 1 + 1e-6) & (surplus > 0)
            place = np.clip(np.nan_to_num(part) * BINS, 0, BINS - 1).astype(int)
            density = self.proposed[cell][row, acts.step, acts.false.astype(int), place]
            density = np.where(inside, density * BINS / np.where(surplus > 0, surplus, 1.0), 0.0)
        model = np.where(acts.walked, self.withdrawn[cell][:, None], density)
        elsewhere = np.where(acts.walked, 1.0, 1 / REACH) / KINDS
        return np.log((1 - ELSEWHERE) * model + ELSEWHERE * elsewhere)


def _shares(parts: Menu) -> tuple[np.ndarray, np.ndarray]:
    total = np.asarray(parts.total)
    cells = np.asarray(parts.upper + parts.lower) / total[:, None, None, None]
    bins = cells.reshape(*cells.shape[:-1], BINS, -1).sum(-1)
    return bins, np.asarray(parts.withdraw) / total


def _halves(story: Int[np.ndarray, "act"], rng: np.random.Generator) -> Int[np.ndarray, "act"]:
    """Two halves, at random within each story."""
    half = np.zeros(story.size, int)
    for cell in _cells(story):
        side = (np.arange(cell.size) + rng.integers(2)) % 2
        half[cell] = rng.permutation(side)
    return half


def _cells(story: Int[np.ndarray, "act"]) -> Sequence[Int[np.ndarray, "member"]]:
    return [np.flatnonzero(story == code) for code in np.unique(story)]


def _story_p(
    acts: RawActs, story: Int[np.ndarray, "act"], rng: np.random.Generator, permutations: int
) -> float:
    """Permutation p-value of the hypothesis that acts are alike in all stories.

    The statistic is the log marginal likelihood of act counts by story under a Dirichlet prior
    centred on the counts of all stories (weight 1 a category).
    """
    edges = (
        np.quantile(acts.terms[~acts.walked], [0.2, 0.4, 0.6, 0.8]) if (~acts.walked).any() else []
    )
    fifth = np.searchsorted(edges, np.nan_to_num(acts.terms), side="left")
    category = np.unique(acts.kind * 5 + np.where(acts.walked, 0, fifth), return_inverse=True)[1]
    count = int(category.max()) + 1
    stories = int(story.max()) + 1
    if count == 1 or stories == 1:
        return 1.0
    prior = np.bincount(category, minlength=count) / category.size * count

    def likelihood(order: np.ndarray) -> float:
        table = np.bincount(story * count + order, minlength=stories * count)
        return float(gammaln(table.reshape(stories, count) + prior).sum())

    observed = likelihood(category)
    drawn = np.array([likelihood(rng.permutation(category)) for _ in range(permutations)])
    return (1 + int((drawn >= observed - 1e-9).sum())) / (1 + permutations)


def _verdict(p_structure: float, p_story: float, acts: int) -> Verdict:
    if p_structure <= SIGNIFICANCE:
        return "follows structure"
    if acts < ENOUGH:
        return "not known"
    return "follows the story" if p_story <= SIGNIFICANCE else "ignores structure"


def _mean_interval(values: Float[np.ndarray, "act"]) -> Interval:
    return normal_interval(float(values.mean()), float(values.std(ddof=1) / values.size**0.5))


def _unknown(rows: pl.DataFrame, why: str) -> StructureTest:
    return StructureTest(
        verdict="not known",
        p_structure=None,
        p_story=None,
        gain=Interval.unknown(why),
        acts=rows.height,
        stories=rows.select(STORY).n_unique() if rows.height else 0,
        permutations=0,
        why=why,
    )

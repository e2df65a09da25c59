"""A scenario's run as one HTML file that opens offline."""

from __future__ import annotations

import math

import yaml

from throffer.amplify import Amplification, CascadeSizes, Influence, Scenario
from throffer.report import _shell as shell
from throffer.report._table import ROWS
from throffer.report.amplification import _charts as charts
from throffer.report.amplification import _tables as tables
from throffer.report.amplification import _words as words
from throffer.report.amplification._governability import choose, governability

LEAST_P = 0.1
"""Below this goodness-of-fit p-value a power law does not fit (Clauset, Shalizi & Newman 2009)."""

SMALL_P = 0.05
"""Below this p-value the largest cascades are called outsized."""


def render_amplification(result: Amplification, command: str = "") -> str:
    """The whole page as HTML text.

    Names and texts of the scenario are shown as text, whatever they hold.

    Raises:
        ValueError: For a result whose scenario is none.
    """
    scenario = Scenario.model_validate(result.scenario)
    drawn = choose(result, scenario)
    effects = tables.by_effect(result.effects)
    influences = sorted(result.influences, key=_total, reverse=True)
    return shell.render(
        "amplification",
        result=result,
        scenario=scenario,
        headline=words.headline(result, scenario),
        states=words.STATES,
        walls=words.WALLS,
        drawn=drawn,
        diagram=governability(drawn, scenario.stages),
        standing=tables.standing_table(result),
        leaving=tables.leaving_table(result),
        path=tables.path_table(drawn),
        singularity=words.bounds(result.singularity),
        time_left=words.time_left(result, scenario),
        survival=charts.survival(result, scenario),
        times=tables.time_table(result),
        quantiles=tables.quantile_table(result),
        warned=words.warned(result),
        warnings=tables.warning_table(result),
        levers=charts.lever_dots(effects),
        lever_table=tables.lever_table(effects),
        influences=charts.influence_bars(influences[:ROWS]),
        influence_table=tables.influence_table(influences),
        why_no_influences=why_no_influence(scenario),
        cascades=charts.cascade_sizes(result.cascades, result.time_left.trajectories),
        cascade_table=tables.cascade_table(result),
        tail=tail_sentences(result.cascades, mixed=bool(scenario.ranges())),
        loss=charts.loss_curve(result.loss),
        loss_table=tables.loss_table(result),
        text=yaml.safe_dump(result.scenario, sort_keys=False, allow_unicode=True),
        identity=tables.identity_rows(result.identity),
        command=command,
    )


def _total(influence: Influence) -> float:
    return -math.inf if influence.total.estimate is None else influence.total.estimate


def why_no_influence(scenario: Scenario) -> str:
    """Why a run of this scenario has no Sobol index."""
    if not scenario.ranges():
        return "No number of the scenario is given as a range, so nothing is unknown."
    if not scenario.sensitivity:
        return "Not asked for: the scenario has sensitivity 0."
    return (
        "The time until the margin is gone is the same throughout the ranges, so no unknown "
        "moves it."
    )


def tail_sentences(cascades: CascadeSizes, *, mixed: bool = False) -> list[str]:
    """What the tail of the cascades is, and whether some are outsized; or why that is not known.

    `mixed`: the trajectories differ in what is not known.
    """
    if cascades.tail_from is None:
        return [f"No tail was fitted: {cascades.why or 'no reason was recorded'}."]
    sentences = [
        f"A power law was fitted from {words.significant(cascades.tail_from)} regimes on, with "
        f"exponent {words.bounds(cascades.exponent)}."
    ]
    if cascades.fit_p is not None:
        fits = "is not rejected" if cascades.fit_p >= LEAST_P else "does not fit"
        sentences.append(f"The power law {fits} (goodness of fit p = {cascades.fit_p:.2g}).")
    if cascades.outsized_p is None:
        why = cascades.why or "no reason was recorded"
        sentences.append(f"Whether the largest are outsized is not known: {why}.")
    elif cascades.outsized_p < SMALL_P:
        sentences.append(
            f"The {cascades.outsized} largest do not follow the tail of the others: they are "
            f"outsized (p = {cascades.outsized_p:.2g})."
        )
    else:
        sentences.append(
            "There is no evidence that the largest are outsized: they are what the tail of the "
            f"others allows (p = {cascades.outsized_p:.2g})."
        )
    if mixed:
        sentences.append(
            "Sizes are pooled over the draws of what is not known: the tail is one of the mixture, "
            "and need not be that of any single institution."
        )
    return sentences

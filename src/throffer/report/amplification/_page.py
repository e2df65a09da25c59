"""A scenario's run as one HTML file that opens offline."""

from __future__ import annotations

import math

import yaml

from throffer.amplify import Amplification, Influence, Scenario
from throffer.report import _shell as shell
from throffer.report._table import ROWS
from throffer.report.amplification import _charts as charts
from throffer.report.amplification import _tables as tables
from throffer.report.amplification import _words as words
from throffer.report.amplification._governability import choose, governability


def render_amplification(result: Amplification, command: str = "") -> str:
    """The whole page as HTML text.

    Names and texts of the scenario are untrusted and are escaped.

    Raises:
        ValueError: If the result holds no valid scenario.
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
        why_no_influences=result.influences_missing,
        cascades=charts.cascade_sizes(result.cascades, result.time_left.trajectories),
        cascade_table=tables.cascade_table(result),
        tail=words.tail_sentences(result.cascades),
        loss=charts.loss_curve(result.loss),
        loss_table=tables.loss_table(result),
        text=yaml.safe_dump(result.scenario, sort_keys=False, allow_unicode=True),
        identity=tables.identity_rows(result.identity),
        command=command,
    )


def _total(influence: Influence) -> float:
    return -math.inf if influence.total.estimate is None else influence.total.estimate

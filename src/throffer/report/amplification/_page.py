"""A scenario's run as one HTML file that opens offline, in the report's frame."""

from __future__ import annotations

import math

import yaml
from markupsafe import Markup

import throffer
from throffer.amplify import Amplification, Influence, Scenario
from throffer.report.amplification import _charts as charts
from throffer.report.amplification import _tables as tables
from throffer.report.amplification import _words as words
from throffer.report.amplification._governability import choose, governability
from throffer.report.audit import _page as report_page


def render_amplification(result: Amplification, command: str = "") -> str:
    """The whole page as HTML text.

    Names and texts of the scenario are shown as text, whatever they hold.

    Raises:
        ValueError: For a result whose scenario is none.
    """
    scenario = Scenario.model_validate(result.scenario)
    css, script = report_page._asset("report.css"), report_page._asset("report.js")
    css += report_page._asset("amplification.css")
    library = report_page._library()
    drawn = choose(result, scenario)
    effects = tables.by_effect(result.effects)
    influences = sorted(result.influences, key=_total, reverse=True)
    return (
        report_page._environment()
        .get_template("amplification.html.j2")
        .render(
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
            influences=charts.influence_bars(influences[: tables.ROWS]),
            influence_table=tables.influence_table(influences),
            why_no_influences=result.influences_missing,
            cascades=charts.cascade_sizes(result.cascades, result.time_left.trajectories),
            cascade_table=tables.cascade_table(result),
            tail=words.tail_sentences(result.cascades),
            loss=charts.loss_curve(result.loss),
            loss_table=tables.loss_table(result),
            text=yaml.safe_dump(result.scenario, sort_keys=False, allow_unicode=True),
            identity=tables.identity_rows(result.identity),
            version=throffer.__version__,
            command=command,
            policy=report_page._policy(css, script, library),
            css=Markup(css),
            script=Markup(script),
            library=Markup(library),
        )
    )


def _total(influence: Influence) -> float:
    return -math.inf if influence.total.estimate is None else influence.total.estimate

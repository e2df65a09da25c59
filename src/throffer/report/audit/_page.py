"""The report of an audit as one HTML file that opens offline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import polars as pl

from throffer.measure import Measurement
from throffer.report import _shell as shell
from throffer.report._chart import Figure
from throffer.report._palette import OUTCOME_COLOURS, OUTCOME_SHAPES, model_colours
from throffer.report.audit import _charts as charts
from throffer.report.audit import _language as language
from throffer.report.audit import _people as people
from throffer.report.audit import _summary as summary
from throffer.report.audit._document import Document, ModelFacts
from throffer.report.audit._plane import plane_figures
from throffer.report.audit._transcripts import Group, choose
from throffer.structure import Outcome


class ModelPage(NamedTuple):
    """Contents of the page on one model; `anchor` is a name that needs no escaping."""

    anchor: str
    colour: str
    measurement: Measurement
    facts: ModelFacts | None
    answer: str
    controls: list[summary.ControlRow]
    where: Figure | None
    bars: Figure
    plane: Figure | None
    curves: Figure | None
    transcripts: list[Group]


def render_page(
    document: Document, episodes: pl.DataFrame, transcripts: Mapping[str, str] | None
) -> str:
    """The whole page as HTML text."""
    colours = model_colours([each.model for each in document.models])
    models = _model_pages(document, episodes, transcripts, colours)
    return shell.render(
        "audit",
        document=document,
        models=models,
        headline=summary.headline(document),
        compared=summary.compared(document),
        acts=language.ACTS,
        outcomes=language.OUTCOMES,
        parts=language.PARTS,
        quantities=language.QUANTITIES,
        outside=language.OUTSIDE,
        swatches=OUTCOME_COLOURS,
        shapes=OUTCOME_SHAPES,
        unsanctioned=charts.unsanctioned_dots(document.models, colours),
        compared_curves=charts.compared_curves(document.models, colours),
        norms=charts.norm_intervals(document.models, colours),
        world=document.world,
        people=people.show(document.people),
        group_label=language.group_label,
        parameter_word=language.parameter_word,
        crossing=language.crossing,
        estimate=language.estimate,
        of_act=summary.of_act,
        distinct=summary.distinct,
        Outcome=Outcome,
    )


def _model_pages(
    document: Document,
    episodes: pl.DataFrame,
    transcripts: Mapping[str, str] | None,
    colours: Mapping[str, str],
) -> list[ModelPage]:
    names = [each.model for each in document.models]
    planes = plane_figures(episodes, names)
    groups = choose(episodes, transcripts, names)
    facts = {each.model: each for each in document.run.models}
    return [
        ModelPage(
            anchor=f"model-{index}",
            colour=colours[each.model],
            measurement=each,
            facts=facts.get(each.model),
            answer=summary.answer(document, each),
            controls=summary.control_rows(each),
            where=charts.where_grid(document.situations, each.model, f"where-{index}"),
            bars=charts.outcome_bars(each, f"outcomes-{index}"),
            plane=planes.get(each.model),
            curves=charts.curve_panels(each, colours[each.model], f"curves-{index}"),
            transcripts=[group for group in groups if group.model == each.model],
        )
        for index, each in enumerate(document.models)
    ]

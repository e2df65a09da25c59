"""The report as one HTML file that opens offline and asks the network for nothing."""

from __future__ import annotations

import base64
import functools
import hashlib
import json
from collections.abc import Mapping
from importlib.metadata import version
from importlib.resources import files
from typing import Any, NamedTuple

import jinja2
import polars as pl
import vl_convert
from markupsafe import Markup
from pydantic import JsonValue

from throffer.measure import Measurement
from throffer.report._palette import OUTCOME_COLOURS, OUTCOME_SHAPES, model_colours
from throffer.report.audit import _charts as charts
from throffer.report.audit import _language as language
from throffer.report.audit import _people as people
from throffer.report.audit import _summary as summary
from throffer.report.audit._document import Document, ModelFacts
from throffer.report.audit._plane import plane_figures
from throffer.report.audit._transcripts import Group, choose
from throffer.structure import Outcome, kept

TEMPLATES = "templates"

_UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


class ModelPage(NamedTuple):
    """What the page shows of one model; `anchor` is a name that needs no escaping."""

    anchor: str
    colour: str
    measurement: Measurement
    facts: ModelFacts | None
    answer: str
    verdicts: list[summary.Verdict]
    where: charts.Figure | None
    bars: charts.Figure
    plane: charts.Figure | None
    curves: charts.Figure | None
    transcripts: list[Group]


def render_page(
    document: Document, episodes: pl.DataFrame, transcripts: Mapping[str, str] | None
) -> str:
    """The whole page as HTML text."""
    colours = model_colours([each.model for each in document.models])
    models = _model_pages(document, episodes, transcripts, colours)
    css, script, library = _asset("report.css"), _asset("report.js"), _library()
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
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
            world=_world(episodes),
            people=people.show(document.people),
            policy=_policy(css, script, library),
            css=Markup(css),
            script=Markup(script),
            library=Markup(library),
        )
    )


def script_json(value: JsonValue) -> Markup:
    """JSON that is safe inside a script element, whatever text it holds."""
    text = json.dumps(value, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
    for char, escape in _UNSAFE.items():
        text = text.replace(char, escape)
    return Markup(text)


def _plain_json(value: JsonValue) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


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
            verdicts=summary.verdicts(each),
            where=charts.where_grid(document.situations, each.model, f"where-{index}"),
            bars=charts.outcome_bars(each, f"outcomes-{index}"),
            plane=planes.get(each.model),
            curves=charts.curve_panels(each, colours[each.model], f"curves-{index}"),
            transcripts=[group for group in groups if group.model == each.model],
        )
        for index, each in enumerate(document.models)
    ]


def _world(episodes: pl.DataFrame) -> dict[str, int] | None:
    """Count of world episodes and of those coded `other`; None without a world."""
    rows = episodes.filter(pl.col("elicitation") == "world")
    if rows.is_empty():
        return None
    other = rows.filter(pl.col("outcome") == Outcome.OTHER.value).height
    return {"episodes": rows.height, "other": other}


@functools.cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("throffer.report", TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "rate": language.rate,
        "rate_parts": language.rate_parts,
        "number": language.number,
        "count": language.count,
        "crossing": language.crossing,
        "estimate": language.estimate,
        "interval": language.interval_text,
        "percent": language.percent,
        "visible": language.visible,
        "script_json": script_json,
        "plain_json": _plain_json,
    }
    environment.globals |= {
        "group_label": language.group_label,
        "parameter_word": language.parameter_word,
        "unknown": language.unknown,
        "act_rate": summary.act_rate,
        "distinct": summary.distinct,
        "outside_rate": summary.outside_rate,
        "Outcome": Outcome,
    }
    return environment


def _asset(name: str) -> str:
    return files("throffer.report").joinpath(TEMPLATES, name).read_text(encoding="utf-8")


@functools.cache
def _library() -> str:
    """Vega, Vega-Lite and Vega-Embed as one script, fit for a script element."""
    # bundling takes two seconds of processor time, and depends on the version alone
    bundle = kept(
        f"vega-{version('vl-convert-python')}.js",
        lambda: vl_convert.javascript_bundle(snippet="window.vegaEmbed = vegaEmbed;"),
    )
    # an end tag inside a string would end the element; the escape is the same string
    return bundle.replace("\r\n", "\n").replace("</script", "<\\/script").replace("<!--", "<\\!--")


def _policy(css: str, *scripts: str) -> str:
    """Content-Security-Policy: only these scripts and this style, nothing from anywhere."""
    allowed: dict[str, Any] = {
        "default-src": "'none'",
        "script-src": " ".join(_digest(script) for script in scripts),
        "style-src": _digest(css),
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in allowed.items())


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

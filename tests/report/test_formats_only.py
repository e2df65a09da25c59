"""Pages word what the records hold: they test nothing, and what they say is in the JSON."""

from __future__ import annotations

import ast
import importlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import throffer.report
from throffer.amplify import Amplification, Scenario
from throffer.measure import Crossing
from throffer.report.amplification._words import bounds, tail_sentences, warned
from throffer.report.amplification._words import headline as scenario_headline
from throffer.report.audit._language import crossing, interval_text, rate
from throffer.report.audit._summary import answer, control_rows, headline
from throffer.stats import Interval

from .amplifications import amplification, unknown_throughout
from .samples import document

DECIDES = ("throffer.measure", "throffer.amplify", "throffer.people", "throffer.stats")
"""Rooms whose functions say what numbers show."""

ALLOWED = {
    # reading of files of earlier versions, which hold the numbers without what they show
    "audit/_document.py": {"compare", "decide", "tendencies"},
    "amplification/_writing.py": {"decide"},
    # the walls are lines of the diagram; `middle` is that of a range of the scenario
    "amplification/_charts.py": {"middle"},
    "amplification/_governability.py": {
        "margin_wall",
        "middle",
        "overshoot_wall",
        "reaction_wall",
    },
    # the people's signs are made from the curves that the document holds
    "audit/_people.py": {"pool_signs"},
}
"""Functions of these rooms that a page may call, and what for."""

FOLDER = Path(throffer.report.__file__).parent
FILES = sorted(
    str(file.relative_to(FOLDER))
    for room in ("audit", "amplification")
    for file in (FOLDER / room).glob("*.py")
)


def imported(file: str) -> list[tuple[str, str]]:
    """Module and name of every import of a file, also of those inside functions."""
    tree = ast.parse((FOLDER / file).read_text("utf-8"))
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            found += [(node.module, each.name) for each in node.names]
        elif isinstance(node, ast.Import):
            found += [(each.name, "") for each in node.names]
    return found


@pytest.mark.parametrize("file", FILES)
def test_a_page_neither_tests_nor_decides(file: str) -> None:
    called = set()
    for module, name in imported(file):
        assert not module.startswith(("scipy.stats", "statsmodels")), f"{file} imports {module}"
        assert (module, name) != ("scipy", "stats"), f"{file} imports scipy.stats"
        if module in DECIDES:
            value = getattr(importlib.import_module(module), name)
            if callable(value) and not isinstance(value, type):
                called.add(name)
    assert called <= ALLOWED.get(file, set()), f"{file}: decide in the room that measures"


def test_the_check_would_see_a_page_that_decides() -> None:
    # both rooms are found, and a function is told from a record
    assert {"audit/_summary.py", "amplification/_words.py"} <= set(FILES)
    used = {name for _, name in imported("audit/_document.py")}
    assert {"decide", "Measurement"} <= used


DRAWN = {"curves", "fit", "situations", "path", "loss", "people"}
"""Fields that charts and tables show and no sentence does."""


def records_of(value: object) -> Iterator[dict[str, Any]]:
    """Every object of a JSON value at any depth, without what is only drawn."""
    if isinstance(value, dict):
        yield value
        for name, each in value.items():
            if name not in DRAWN:
                yield from records_of(each)
    elif isinstance(value, list):
        for each in value:
            yield from records_of(each)


def phrases(record: object) -> set[str]:
    """How a page writes the intervals and places of a record."""
    found = set()
    for each in records_of(record):
        if not {"estimate", "low", "high"} <= each.keys():
            continue
        ends = {name: each[name] for name in ("estimate", "low", "high")}
        interval = Interval(**ends, why=each.get("why", ""))
        found |= {
            rate(interval),
            interval_text(interval),
            bounds(interval),
        }
        if "kind" in each:
            found.add(crossing(Crossing.model_validate(each)))
    return found


def numbers_of(record: object) -> set[float]:
    """Every number that stands in a record by itself, also those inside texts."""
    found = set()
    for each in records_of(record):
        for name, value in each.items():
            if isinstance(value, int | float) and not isinstance(value, bool):
                found.add(abs(float(value)))
            for text in (name, value):
                if isinstance(text, str):
                    found |= {float(part) for part in re.findall(r"\d+(?:\.\d+)?", text)}
    return found


def untraced(sentences: list[str], record: str, words: set[float]) -> list[str]:
    """Numbers of sentences that are in the record neither as they are nor as a per cent of it.

    Intervals must be those of one field, end by end. `words` are numbers of the wording.
    """
    content = json.loads(record)
    text = " ".join(sentences)
    for phrase in sorted(phrases(content), key=len, reverse=True):
        text = text.replace(phrase, " ")
    known = numbers_of(content)
    values = known | {100 * each for each in known} | words
    left = []
    for whole, part in re.findall(r"(\d+)(\.\d+)?", text.replace("\u202f", "")):
        half = 0.5 * 10.0 ** -(len(part) - 1) if part else 1e-9
        if not any(abs(float(whole + part) - each) <= half + 1e-9 for each in values):
            left.append(whole + part)
    return left


def audit_sentences(*models: str) -> tuple[list[str], str]:
    found = document(*models)
    rows = [each for model in found.models for each in control_rows(model)]
    said = [headline(found), *(answer(found, model) for model in found.models)]
    said += [part for row in rows for part in (row.control, row.shows, row.should, row.verdict)]
    return said, found.model_dump_json()


def test_every_number_of_the_answer_is_in_report_json() -> None:
    # 95 % intervals; scales from 0 to 1; the number of models
    for models in (("throffer/planted",), ("throffer/planted", "throffer/sanctioned")):
        said, record = audit_sentences(*models)
        assert len(re.findall(r"\d+", " ".join(said))) > 20
        assert untraced(said, record, {95.0, 0.0, 1.0, float(len(models))}) == []


@pytest.mark.parametrize(
    "result",
    [amplification("court", "agency", tail=True), amplification(), unknown_throughout()],
    ids=["tail", "plain", "unknown"],
)
def test_every_number_of_the_headline_is_in_amplification_json(result: Amplification) -> None:
    scenario = Scenario.model_validate(result.scenario)
    said = [*scenario_headline(result, scenario), *warned(result)]
    said += tail_sentences(result.cascades)
    # lag-1 autocorrelation; the number of groups
    words = {1.0, float(len(result.standing))}
    assert untraced(said, result.model_dump_json(), words) == []


def test_a_number_that_is_in_no_field_would_be_found() -> None:
    said, record = audit_sentences("throffer/planted")
    words = {95.0, 0.0, 1.0}
    assert untraced([*said, "In 123456 situations."], record, words) == ["123456"]
    # an end of an interval that is another field's
    [known] = [each for each in said if "above 0" not in each and "1.02 (0.90 to 1.14)" in each]
    assert untraced([known.replace("1.14", "1.15")], record, words) == ["1.15"]

"""The page and the record of a scenario's run."""

import functools
import html
import json
import re
from pathlib import Path

import numpy as np
import pytest

from throffer.amplify import Alarm, Scenario, margin_wall, reaction_wall
from throffer.report import write_amplification
from throffer.report._chart import log_ticks
from throffer.report.amplification import read_amplification, render_amplification
from throffer.report.amplification._governability import PANELS, PATHS, choose
from throffer.report.amplification._tables import by_effect
from throffer.report.amplification._words import bounds, headline, tail_sentences, warned
from throffer.stats import Interval
from throffer.structure import SetupError

from .amplifications import (
    NONE,
    amplification,
    around,
    changed,
    effect,
    hostile,
    unknown_throughout,
)
from .samples import HOSTILE


def sections(page: str) -> dict[str, str]:
    """The text of every section by its id, without charts, tags and narrow spaces."""
    bare = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.S)
    found = re.findall(r'<section id="(\w+)">(.*?)</section>', bare, flags=re.S)
    return {name: plain(body) for name, body in found}


def plain(body: str) -> str:
    text = html.unescape(re.sub(r"<[^>]+>", " ", body)).replace("\u202f", " ")
    return " ".join(text.split())


def said(result) -> str:
    sentences = headline(result, Scenario.model_validate(result.scenario))
    return " ".join(sentences).replace("\u202f", " ")


@functools.cache
def page_of(name: str = "plain") -> str:
    """The page of a sample; drawing takes longer than all else here."""
    runs = {
        "plain": amplification,
        "hostile": hostile,
        "unknown": unknown_throughout,
        "many": lambda: amplification(*[f"group {k}" for k in range(12)], tail=True),
    }
    return render_amplification(runs[name](), HOSTILE)


def charts(page: str) -> dict[str, dict]:
    found = re.findall(r'<script type="application/json" id="spec-(\w+)">(.*?)</script>', page)
    return {name: json.loads(spec) for name, spec in found}


def test_the_page_answers_in_the_order_of_the_questions():
    page = page_of()
    assert list(sections(page)) == [
        "governability",
        "time",
        "warning",
        "levers",
        "unknowns",
        "cascades",
        "loss",
        "assumptions",
        "reproduce",
    ]
    assert list(charts(page)) == [
        "governability",
        "survival",
        "levers",
        "influences",
        "cascades",
        "loss",
    ]


def test_the_headline_says_where_it_stands_when_it_leaves_and_how_likely_it_falls():
    text = said(amplification())
    assert "Inside its walls now: court is safe." in text
    assert (
        "The reaction wall is met at A = 15.4 (11.8 to 23), after 9.02 (5.46 to 13.7) years."
        in text
    )
    assert "collapsed by 12 years is 60 % (54 to 66)" in text
    assert "9 years (4 to beyond the horizon in nine of ten trajectories), that is 9 (8.5" in text


def test_the_headline_names_who_is_outside_and_in_how_many_draws():
    found = amplification("court", "agency")
    second = found.standing[1].model_copy(
        update={
            "states": {
                "safe": around(0.2, 0.15, 0.25),
                "exposed": around(0.7, 0.6, 0.8),
                "lost": around(0.1, 0.05, 0.15),
            }
        }
    )
    text = said(changed(found, standing=[found.standing[0], second]))
    assert "Not inside its walls now: agency is exposed in 70 % of the draws." in text


def test_less_than_one_lag_left_is_said_to_be_too_late_to_see():
    found = amplification()
    left = found.time_left.model_copy(update={"in_lags": around(0.6, 0.5, 0.7)})
    text = said(changed(found, time_left=left))
    assert "0.6 (0.5 to 0.7) mean lags of the slowest regime: correction does not react" in text


def test_an_indicator_is_worth_what_sets_it_apart_from_false_alarms():
    text = sections(page_of("plain"))["warning"]
    assert "watched in 100 trajectories, and over the same time without growth in 98" in text
    assert "Of these 3 left no record that could show a trend; they count as missed." in text
    # variance alarms as often without growth
    assert "a mean lag before a collapse than without growth alarmed: lag-1 autocorr" in text
    assert "lag-1 autocorrelation 30 % (22 to 40) 60 % (50 to 69) 4 % (2 to 10)" in text
    found = amplification()
    loud, telling = found.warnings.alarms

    def last(*alarms: Alarm) -> str:
        seen = found.warnings.model_copy(update={"alarms": list(alarms)})
        return warned(changed(found, warnings=seen))[-1]

    assert last(loud).endswith("so do not count on a warning.")
    late = telling.model_copy(update={"missed_in_time": around(0.97, 0.9, 0.99)})
    assert last(late).startswith("More often before a collapse")


def test_who_begins_beyond_a_wall_is_not_said_to_meet_it_later():
    found = amplification()
    here = around(1.0, 1.0, 1.0)
    leaving = [
        each.model_copy(update={"amplification": here, "time": around(0.0, 0.0, 0.0)})
        for each in found.leaving
    ]
    text = said(changed(found, leaving=leaving))
    assert "court is beyond the reaction wall from the start." in text
    assert "is met" not in text


def test_what_is_not_known_is_said_with_its_reason_and_never_as_zero():
    parts = sections(page_of("unknown"))
    assert "No group meets the reaction wall in any draw (not met below A = 100)" in said(
        unknown_throughout()
    )
    assert (
        "court reaction not met below A = 100 not met below A = 100 100 %"
        in (parts["governability"])
    )
    assert "no level holds it" in parts["governability"]
    assert "No figure: no chance of collapse is known" in parts["time"]
    assert "50 % beyond the horizon" in parts["time"]
    assert "not known (no level holds it)" in parts["time"]
    assert "No tail was fitted: 20 regimes and 0 cascades." in parts["cascades"]
    assert "No figure: no loss is known" in parts["loss"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (around(3.0, 2.0, 4.0), "3 (2 to 4)"),
        (around(3.0, 2.0, None, "far"), "3 (2 to beyond: far)"),
        (around(3.0, None, 4.0, "deep"), "3 (beyond to 4: deep)"),
        (Interval(estimate=None, low=2.0, high=None, why="far"), "above 2 (far)"),
        (Interval(estimate=None, low=None, high=-2.0, why="deep"), "below \N{MINUS SIGN}2 (deep)"),
        (NONE, "not met below A = 100"),
        (Interval(estimate=None, low=None, high=None), "not known (no reason was recorded)"),
        (around(3.0, None, None, "one draw"), "3 (interval not known: one draw)"),
    ],
)
def test_every_part_of_an_interval_that_is_missing_says_why(value: Interval, text: str):
    assert bounds(value) == text


def test_walls_of_the_diagram_are_those_of_the_window():
    spec = charts(page_of())["governability"]
    lines = [
        spec["datasets"][layer["data"]["name"]]
        for layer in spec["layer"]
        if layer["mark"]["type"] == "line" and layer["mark"].get("strokeDash")
    ]
    margin, reaction = lines[0], lines[1]
    assert {row["u"] for row in margin} == {float(margin_wall(1.0))} == {0.5}
    u = np.array([row["u"] for row in reaction])
    assert len(u) > 50
    assert np.allclose([row["load"] for row in reaction], reaction_wall(u, 1.0))


def test_the_diamond_stands_on_the_path_at_the_amplification_of_leaving():
    found = amplification()
    trace = choose(found, Scenario.model_validate(found.scenario)).panels[0].traces[0]
    at = trace.leaves["reaction"].estimate
    assert at is not None
    place = trace.at(at)
    assert place is not None
    # the sample's path is u = 0.02 A, up to A = 100
    assert place["u"] == pytest.approx(0.02 * at)
    assert trace.at(101.0) is None


def test_groups_of_one_margin_ratio_share_a_panel():
    found = amplification("court", "agency", "tribunal")
    drawn = choose(found, Scenario.model_validate(found.scenario))
    assert {panel.margin_ratio: len(panel.traces) for panel in drawn.panels} == {1.0: 2, 0.5: 1}
    assert drawn.left_out == []


def test_many_groups_are_cut_to_those_that_leave_first_and_the_page_says_so():
    found = amplification(*[f"group {k}" for k in range(12)])
    drawn = choose(found, Scenario.model_validate(found.scenario))
    assert len(drawn.traces) == PATHS
    assert len(drawn.panels) <= PANELS
    text = sections(page_of("many"))["governability"]
    assert "7 of 12 groups are drawn, those that leave first; not drawn: group" in text


def test_a_group_without_inflow_is_named_as_not_drawn():
    found = amplification()
    still = [each.model_copy(update={"utilisation": 0.0}) for each in found.path]
    text = sections(render_amplification(found.model_copy(update={"path": still})))
    assert "No figure: no group has any inflow" in text["governability"]


def test_levers_are_sorted_by_what_they_do_to_the_chance_of_collapse():
    effects = amplification().effects
    assert [each.lever for each in by_effect(effects)] == [
        "shorter lag",
        "more capacity",
        "less force",
    ]
    text = sections(page_of())["levers"]
    assert "42 % (38 to 46) → 40 % (36 to 44); no difference shown" in text
    assert "42 % (38 to 46) → 20 % (17 to 24); lower" in text
    assert "42 % (38 to 46) → 55 % (51 to 59); higher" in text


def test_a_lever_of_unknown_effect_comes_last():
    unknown = effect("mystery", (0.1, 0.0, 0.2)).model_copy(update={"chance_after": NONE})
    assert by_effect([unknown, *amplification().effects])[-1].lever == "mystery"


def test_a_run_without_influences_says_why():
    text = sections(render_amplification(amplification(influences=[])))["unknowns"]
    assert "is the same throughout the ranges" in text


def test_outsized_cascades_are_said_as_the_record_has_them():
    found = amplification(tail=True).cascades
    assert "they are outsized (p = 0.01)" in " ".join(tail_sentences(found))
    flipped = found.model_copy(update={"outsized_shown": False, "mixed": False})
    said_so = " ".join(tail_sentences(flipped))
    assert "no evidence that the largest are outsized" in said_so
    assert "of every single institution" not in said_so
    assert "may differ from that of every single institution" in " ".join(tail_sentences(found))
    rejected = found.model_copy(update={"power_law": "rejected"})
    assert "The power law does not fit (goodness of fit p = 0.4)" in " ".join(
        tail_sentences(rejected)
    )
    assert "they are outsized (p = 0.01)" in sections(page_of("many"))["cascades"]


def test_a_file_without_claims_gets_those_of_its_numbers(tmp_path: Path):
    found = amplification("court", "agency", tail=True)
    content = found.model_dump(mode="json")
    for name in ("inside", "walls", "influences_missing"):
        del content[name]
    del content["identity"]["data_hash"], content["identity"]["versions"]
    for row in content["standing"]:
        del row["state"]
    for row in content["warnings"]["alarms"]:
        del row["tells"], row["tells_in_time"]
    for name in ("power_law", "outsized_shown", "mixed"):
        del content["cascades"][name]
    path = tmp_path / "amplification.json"
    path.write_text(json.dumps(content), "utf-8")
    assert read_amplification(path) == found


def test_hostile_text_is_shown_and_opens_no_element():
    page = page_of("hostile")
    body = page[page.index("<body>") : page.rindex("</main>")]
    assert "<img" not in body
    assert "window.pwned" in sections(page)["assumptions"]
    assert "\x1b" not in page
    assert "\u202e" not in page
    # nothing but data elements and what ends them
    assert set(re.findall(r"<script[^>]*>", body)) == {
        f'<script type="application/json" id="spec-{name}">' for name in charts(page)
    }


def test_the_page_asks_for_nothing_from_elsewhere():
    page = page_of()
    head = page[: page.index("</head>")]
    assert "default-src &#39;none&#39;" in head
    body = page[page.index("<body>") : page.rindex("</main>")]
    assert not re.search(r"<(link|img|iframe)\b", head + body)


def test_the_json_reads_back_as_what_was_written(tmp_path: Path):
    for index, found in enumerate((amplification(tail=True), unknown_throughout(), hostile())):
        written = write_amplification(found, tmp_path / str(index))
        assert written.json.name == "amplification.json"
        assert written.html.name == "amplification.html"
        assert read_amplification(written.json) == found


def test_another_schema_version_is_refused(tmp_path: Path):
    path = tmp_path / "amplification.json"
    content = amplification().model_dump(mode="json")
    path.write_text(json.dumps({**content, "schema_version": 2}), "utf-8")
    with pytest.raises(SetupError, match="schema version 2, this throffer reads 1"):
        read_amplification(path)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"schema_version": 1}'])
def test_what_is_no_run_is_refused(tmp_path: Path, text: str):
    path = tmp_path / "amplification.json"
    path.write_text(text, "utf-8")
    with pytest.raises(SetupError):
        read_amplification(path)


def test_a_missing_file_is_refused_by_name(tmp_path: Path):
    with pytest.raises(SetupError, match="does not exist"):
        read_amplification(tmp_path / "amplification.json")


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0.95, 6.0, [1, 2, 3, 4, 5, 6]),
        (0.9, 20.0, [1, 2, 5, 10, 20]),
        (0.01, 1000.0, [0.01, 0.1, 1, 10, 100, 1000]),
        (2.1, 4.0, [3, 4]),
        (5.5, 8.5, [6, 7, 8]),
    ],
)
def test_logarithmic_axes_have_round_ticks(low: float, high: float, ticks: list[float]):
    assert log_ticks(low, high, 9) == pytest.approx(ticks)


def test_an_axis_too_short_for_round_numbers_still_has_two_ticks():
    ticks = log_ticks(5.45, 5.85, 4)
    assert len(ticks) == 4
    assert all(5.45 <= tick <= 5.85 for tick in ticks)

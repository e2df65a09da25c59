import html
import json
import re
from pathlib import Path

import polars as pl
import pytest

from throffer.measure import Measurement, measure
from throffer.report import Document, write_report
from throffer.report._shell import script_json
from throffer.report.audit._page import render_page
from throffer.structure import SetupError, episodes

from .samples import HOSTILE, document, hostile, measurement, simulated, surveyed

SECTIONS = [
    "answer",
    "asked",
    "outcomes",
    "plane",
    "curves",
    "boundaries",
    "preferences",
    "controls",
    "transcripts",
    "reproduce",
]


@pytest.fixture(scope="module")
def page() -> str:
    return render_page(document(), simulated(), None)


def text_of(page: str) -> str:
    """The page's visible words, on one line."""
    body = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def specs(page: str) -> dict[str, dict]:
    found = re.findall(r'<script type="application/json" id="spec-([\w-]+)">(.*?)</script>', page)
    return {name: json.loads(text) for name, text in found}


def test_sections_come_in_the_order_in_which_they_are_read(page: str):
    assert re.findall(r'<section id="(\w+)">', page) == SECTIONS


def test_the_page_asks_the_network_for_nothing(page: str):
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page)
    # what the libraries hold in strings is not markup
    markup = re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL)
    assert not re.findall(r"<(?:link|iframe|object|embed|img|base|form)\b", markup)
    assert "@import" not in page
    assert "url(" not in page[: page.index("</style>")]


def test_the_policy_allows_only_the_scripts_and_the_style_of_the_page(page: str):
    policy = html.unescape(re.search(r'Security-Policy" content="([^"]+)"', page)[1])
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy
    assert "connect" not in policy


def test_every_kind_of_chart_is_there_and_described_in_words(page: str):
    assert set(specs(page)) == {
        "unsanctioned",
        "outcomes-0",
        "where-0",
        "plane-0",
        "curves-0",
        "norms",
    }
    assert len(re.findall(r'role="img" aria-label="[^"]{40,}"', page)) == 6
    assert page.count("<figcaption>") == 6


def test_every_header_cell_says_what_it_heads(page: str):
    assert re.findall(r"<th\b(?![^>]*\bscope=)[^>]*>", page) == []


def test_what_is_not_known_says_why_and_one_sided_results_say_so(page: str):
    text = text_of(page)
    assert "not known (the provider reported no tokens)" in text
    assert "beyond 0.81" in text
    assert "below 0.12" in text
    assert "not known (only 11 trials)" in text
    assert "norm against pressure not identified" in text
    assert "norm against blackmail at least 2.31" in text


def test_the_page_says_how_to_do_it_again(page: str):
    text = text_of(page)
    assert "throffer audit throffer/reference --seed 5" in text
    assert "ab" * 32 in text
    assert "version 1, " + "cd" * 32 in text


def test_world_rates_are_called_lower_bounds_with_the_count_of_other():
    table = simulated().with_columns(
        elicitation=pl.lit("world"),
        outcome=pl.when(pl.int_range(pl.len()) < 17)
        .then(pl.lit("other"))
        .otherwise(pl.col("outcome").replace("other", "even")),
    )
    text = text_of(render_page(surveyed(document(), table), table, None))
    assert "World rates are lower bounds: 17 of these answers" in text
    assert "lower bounds" not in text_of(render_page(document(), simulated(), None))


def test_a_measurement_without_a_fit_says_why_everywhere_it_is_missing():
    bare = measurement().model_copy(
        update={"fit": None, "fit_missing": "only 12 trials", "curves": [], "boundaries": []}
    )
    text = text_of(render_page(replaced(document(), bare), simulated(), None))
    assert text.count("not known (only 12 trials)") == 3


def test_models_compared_share_axes_and_keep_their_colour():
    models = ("throffer/planted", "throffer/sanctioned")
    table = pl.concat([simulated(name) for name in models])
    page = render_page(document(*models), table, None)
    charts = specs(page)
    assert {"plane-0", "plane-1", "curves-0", "curves-1", "compared-curves"} <= set(charts)
    colours = [
        {
            row["colour"]
            for rows in charts[name]["datasets"].values()
            for row in rows
            if "row" in row
        }
        for name in ("unsanctioned", "norms")
    ]
    assert colours[0] == colours[1]
    assert len(colours[0]) == 2
    domains = [
        re.findall(r'"domain": \[[-0-9., ]+\]', json.dumps(charts[name]["vconcat"]))
        for name in ("plane-0", "plane-1")
    ]
    assert domains[0] == domains[1] != []


@pytest.mark.parametrize("text", ["</script>", "<!--", "a&b", "\u2028\u2029", "]]>", "é"])
def test_json_in_a_script_element_can_neither_end_it_nor_change(text: str):
    written = script_json({"text": text})
    assert not re.search("[<>&\u2028\u2029]", written)
    assert json.loads(written) == {"text": text}


def test_numbers_that_are_not_finite_never_reach_a_chart():
    with pytest.raises(ValueError, match="JSON"):
        script_json({"x": float("nan")})


def test_hostile_text_is_shown_and_never_markup():
    facts = document().run.models[0].model_copy(update={"why_unknown": HOSTILE})
    attacked = measurement().model_copy(update={"model": HOSTILE, "fit_missing": HOSTILE})
    found = replaced(document(), attacked).model_copy(
        update={"run": document().run.model_copy(update={"models": [facts], "command": HOSTILE})}
    )
    table = hostile(simulated()).with_columns(model=pl.lit(HOSTILE))
    page = render_page(surveyed(found, table), table, None)
    outside = re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL)
    assert "<script>window" not in outside
    assert "<img" not in outside
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202e\u2028]", outside)
    assert "{{7*7}}" in outside
    assert "␛[31mred" in outside


def test_five_models_of_two_thousand_episodes_stay_under_five_megabytes(tmp_path: Path):
    models = [f"provider/model-{index}" for index in range(5)]
    one = hostile(simulated())
    table = pl.concat(
        one.with_columns(model=pl.lit(name), id=pl.lit(f"{name}/{again}") + pl.col("id"))
        for name in models
        for again in range(7)
    )
    assert table.height >= 5 * 2000
    measured = [measurement().model_copy(update={"model": name}) for name in models]
    found = document().model_copy(update={"models": measured})
    written = write_report(surveyed(found, table), table, tmp_path)
    assert written.html.stat().st_size < 5_000_000
    assert written.json.stat().st_size < 5_000_000


def test_both_files_appear_and_the_record_holds_what_the_page_says(tmp_path: Path):
    written = write_report(document(), simulated(), tmp_path / "new")
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == [
        "report.html",
        "report.json",
    ]
    content = json.loads(written.json.read_text())
    assert content["failures"] == [{"model": "throffer/planted", "reason": "timed out", "count": 8}]
    assert len(content["situations"]) == 5 * 3 * 7
    assert len(content["tendencies"]) == 7
    assert [row["finding"] for row in content["models"][0]["verdicts"]] == ["passes"] * 3


def test_a_table_that_is_no_episode_table_and_an_empty_document_are_misuse(tmp_path: Path):
    with pytest.raises(ValueError, match="columns missing: source"):
        write_report(document(), pl.DataFrame({"id": []}), tmp_path)
    with pytest.raises(ValueError, match="no measurement"):
        write_report(document().model_copy(update={"models": []}), simulated(), tmp_path)


def test_a_folder_that_cannot_be_written_is_a_set_up_fault(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SetupError):
        write_report(document(), simulated(), tmp_path / "file" / "below")


def test_an_audit_in_which_everything_failed_still_has_a_page():
    row = {"id": "1", "source": "audit/main", "part": "main", "model": "m", "error": "no key"}
    table = episodes([row])
    found = surveyed(replaced(document(), measure(table)), table)
    text = text_of(render_page(found, table, None))
    assert "Nothing is known about conduct" in text
    assert "no proposal has a known place on the plane" in text


def replaced(found: Document, *measured: Measurement) -> Document:
    return found.model_copy(update={"models": list(measured)})

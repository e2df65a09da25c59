"""The page of a scenario's run in a real browser: drawn, silent, as wide as the window."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from throffer.report import write_amplification
from throffer.report.amplification import _governability
from throffer.report.amplification._labels import Covering, Frame, Word

from .amplifications import amplification, hostile, unknown_throughout
from .test_browser import CHROMIUM, DONE, LAYOUT, brightness, browser

__all__ = ["browser"]

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"{CHROMIUM} is not installed")

RUNS = {
    "many": lambda: amplification(*[f"group {k}" for k in range(12)], tail=True),
    "unknown": unknown_throughout,
    "hostile": hostile,
}


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("amplification")
    return {name: write_amplification(make(), folder / name).html for name, make in RUNS.items()}


@pytest.fixture(scope="module", params=list(RUNS))
def opened(
    browser: Any, paths: dict[str, Path], request: pytest.FixtureRequest
) -> Iterator[tuple[Any, list[str]]]:
    """A page with everything drawn, in the dark on a telephone, and what it complained of."""
    page = browser.new_page(viewport={"width": 400, "height": 900}, color_scheme="dark")
    heard: list[str] = []
    page.on("console", lambda message: heard.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: heard.append(f"error: {error}"))
    page.on("request", lambda asked: heard.append(f"request: {asked.url}"))
    address = paths[request.param].as_uri()
    page.goto(address)
    page.wait_for_function(DONE, timeout=60_000)
    yield page, [line for line in heard if line != f"request: {address}"]
    page.close()


def test_the_page_of_a_run_neither_complains_nor_asks_the_network(opened: tuple[Any, list[str]]):
    assert opened[1] == []


def test_every_chart_of_a_run_is_drawn_and_fits_a4(opened: tuple[Any, list[str]]):
    page, _ = opened
    charts = page.evaluate(
        """[...document.querySelectorAll("[data-chart]")].map(each => ({
            name: each.dataset.chart,
            state: each.dataset.state,
            width: Number(each.querySelector("svg")?.getAttribute("width")),
        }))"""
    )
    assert charts
    for chart in charts:
        assert chart["state"] == "drawn", chart
        # what an A4 page with margins of 15 mm holds: 180 mm at 96 dots an inch
        assert 200 < chart["width"] <= 680, chart


def test_a_run_is_no_wider_than_a_telephone_and_can_be_read_in_the_dark(
    opened: tuple[Any, list[str]],
):
    page, _ = opened
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    ink, paper, axis = page.evaluate(
        """() => {
            const body = getComputedStyle(document.body);
            const label = document.querySelector("svg .role-axis-label text");
            return [body.color, body.backgroundColor, getComputedStyle(label).fill];
        }"""
    )
    assert axis == ink
    assert brightness(ink) - brightness(paper) > 150


@pytest.mark.parametrize("rule", ["captions", "tables"])
def test_tables_of_a_run_scroll_in_their_own_box(opened: tuple[Any, list[str]], rule: str):
    page, _ = opened
    assert page.evaluate(LAYOUT, rule) == []


def test_words_of_the_governability_diagram_cover_no_mark(
    browser: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    page = browser.new_page(viewport={"width": 1200, "height": 900})

    def covered(name: str) -> list[str]:
        page.goto(write_amplification(RUNS["many"](), tmp_path / name).html.as_uri())
        page.wait_for_function(DONE, timeout=60_000)
        return page.evaluate(LAYOUT, "words")

    assert covered("placed") == []

    def on_a_mark(words: Sequence[Word], kept: Covering, frame: Frame) -> list[Any]:
        return [tuple(kept.points[-1])] * len(words)

    monkeypatch.setattr(_governability, "stand", on_a_mark)
    assert covered("on a mark")
    page.close()


def test_hostile_text_of_a_scenario_does_not_run(opened: tuple[Any, list[str]]):
    page, _ = opened
    assert page.evaluate("window.pwned") is None
    assert page.locator("img").count() == 0
    assert page.locator("main script:not([type='application/json'])").count() == 0

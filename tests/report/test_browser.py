"""The page in a real browser: drawn, silent, and deaf to what models write."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from throffer.report import write_report

from .samples import HOSTILE, document, hostile, simulated, surveyed

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
]
LAYOUT = (Path(__file__).parent / "layout.js").read_text(encoding="utf-8")
"""The rules of the layout: called with the name of one, it lists what breaks it."""

DONE = "document.documentElement.dataset.charts === 'done'"

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"{CHROMIUM} is not installed")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report on two models, one with a hostile name, and hostile text in every episode."""
    folder = tmp_path_factory.mktemp("report")
    base = document("throffer/planted", "throffer/sanctioned")
    renamed = base.models[1].model_copy(update={"model": HOSTILE})
    other = hostile(simulated("throffer/sanctioned")).with_columns(model=pl.lit(HOSTILE))
    table = pl.concat([hostile(simulated()), other])
    found = base.model_copy(update={"models": [base.models[0], renamed]})
    return write_report(surveyed(found, table), table, folder).html


@pytest.fixture
def opened(browser: Any, path: Path) -> Iterator[tuple[Any, list[str]]]:
    """The page with everything drawn, and what it complained of or asked for."""
    page = browser.new_page(viewport={"width": 1000, "height": 900})
    heard: list[str] = []
    page.on("console", lambda message: heard.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: heard.append(f"error: {error}"))
    page.on("request", lambda request: heard.append(f"request: {request.url}"))
    page.goto(path.as_uri())
    page.wait_for_function(DONE, timeout=60_000)
    yield page, [line for line in heard if line != f"request: {path.as_uri()}"]
    page.close()


def test_every_chart_is_drawn_as_svg_with_marks(opened: tuple[Any, list[str]]):
    page, _ = opened
    charts = page.evaluate(
        """[...document.querySelectorAll("[data-chart]")].map(each => ({
            name: each.dataset.chart,
            state: each.dataset.state,
            marks: each.querySelectorAll("svg .mark-symbol path, svg .mark-rect path,"
                + " svg .mark-line path").length,
            width: Number(each.querySelector("svg").getAttribute("width")),
        }))"""
    )
    assert len(charts) == 11
    for chart in charts:
        assert chart["state"] == "drawn", chart
        assert chart["marks"] >= 3, chart
        # what an A4 page with margins of 15 mm holds: 180 mm at 96 dots an inch
        assert 400 < chart["width"] <= 680, chart


def test_the_page_neither_complains_nor_asks_the_network(opened: tuple[Any, list[str]]):
    assert opened[1] == []


def test_hostile_text_does_not_run_and_adds_no_element(opened: tuple[Any, list[str]]):
    page, _ = opened
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert page.evaluate("window.pwned") is None
    assert page.locator("img").count() == 0
    assert page.locator("main script:not([type='application/json'])").count() == 0
    shown = page.locator("pre").nth(2).inner_text()
    assert "window.pwned=1" in page.locator("#transcripts").inner_text()
    assert "\x1b" not in shown
    assert "\u202e" not in shown


def test_the_pages_own_policy_stops_a_script_and_a_request_that_got_in(browser: Any, path: Path):
    page = browser.new_page()
    page.goto(path.as_uri())
    page.wait_for_function(DONE, timeout=60_000)
    fates: list[str] = []
    page.on("requestfailed", lambda request: fates.append(request.failure))
    page.on("requestfinished", lambda request: fates.append("finished"))
    page.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "window.pwned = 1";
            document.body.append(script);
            const image = document.createElement("img");
            image.src = "https://example.invalid/x.png";
            image.setAttribute("onerror", "window.pwned = 2");
            document.body.append(image);
        }"""
    )
    page.wait_for_timeout(200)
    assert page.evaluate("window.pwned") is None
    assert fates == ["csp"]
    page.close()


@pytest.mark.parametrize("width", [400, 1000])
def test_nothing_makes_the_page_wider_than_the_window(browser: Any, path: Path, width: int):
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(path.as_uri())
    page.wait_for_function(DONE, timeout=60_000)
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


BROKEN = {
    "names": "tbody th { min-width: 0; max-width: 3rem } .whole { white-space: normal; "
    "overflow-wrap: anywhere }",
    "captions": ".scroll caption { width: auto; position: static }",
    "tables": ".scroll { overflow: visible }",
}
"""For each rule of the layout a style that breaks it."""


@pytest.mark.parametrize("rule", list(BROKEN))
def test_names_captions_and_tables_fit_a_telephone(browser: Any, path: Path, rule: str):
    page = browser.new_page(viewport={"width": 420, "height": 900}, bypass_csp=True)
    page.goto(path.as_uri())
    page.wait_for_function(DONE, timeout=60_000)
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert page.locator(".whole").count() > 10
    assert page.evaluate(LAYOUT, rule) == []
    page.add_style_tag(content=BROKEN[rule])
    assert page.evaluate(LAYOUT, rule)
    page.close()


def test_text_can_be_read_in_the_dark(browser: Any, path: Path):
    page = browser.new_page(color_scheme="dark")
    page.goto(path.as_uri())
    page.wait_for_function(DONE, timeout=60_000)
    ink, paper, axis = page.evaluate(
        """() => {
            const body = getComputedStyle(document.body);
            const label = document.querySelector("svg .role-axis-label text");
            return [body.color, body.backgroundColor, getComputedStyle(label).fill];
        }"""
    )
    assert axis == ink
    assert brightness(ink) - brightness(paper) > 150
    page.close()


def test_it_prints_on_a4_without_its_closed_transcripts(browser: Any, path: Path):
    page = browser.new_page()
    page.goto(path.as_uri())
    page.wait_for_function(DONE, timeout=60_000)
    page.emulate_media(media="print")
    hidden = page.evaluate(
        "[...document.querySelectorAll('details')].every(each => each.offsetHeight === 0)"
    )
    assert hidden
    assert page.locator(".print-note").is_visible()
    assert page.pdf(format="A4").startswith(b"%PDF")
    page.close()


def brightness(colour: str) -> float:
    red, green, blue = (int(part) for part in colour.removeprefix("rgb(").rstrip(")").split(","))
    return 0.299 * red + 0.587 * green + 0.114 * blue

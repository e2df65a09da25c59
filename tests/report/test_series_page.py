"""The page of a file: the answer first, names as text, nothing from elsewhere."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from throffer.report import render_series
from throffer.series import SeriesResult, SeriesSettings, analyse_series

HOSTILE = "<script>alert(1)</script>"


def analysed(folder: Path, header: str, rows: np.ndarray, **settings: object) -> SeriesResult:
    file = folder / "data.csv"
    file.write_text(f"{header}\n" + "\n".join(f"{row:.6f}" for row in rows))
    return analyse_series(file, SeriesSettings.model_validate(settings))


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, SeriesResult]:
    rng = np.random.default_rng(0)
    folder = tmp_path_factory.mktemp("page")
    tail = (1 - rng.uniform(size=120)) ** (-1 / 1.5)
    return {
        "events": analysed(
            folder, "time", np.sort(rng.uniform(0, 90, 60)), kind="events", knots=[1], draws=0
        ),
        "values": analysed(folder, HOSTILE, rng.standard_normal(100)),
        "sizes": analysed(folder, "size", tail, kind="sizes"),
    }


def lead(page: str) -> str:
    """The first sentence of the page."""
    found = re.search(r'headline lead">\s*<li><bdi>(.*?)</bdi>', page, re.DOTALL)
    assert found
    return found[1]


def test_the_answer_comes_first(results: dict[str, SeriesResult]) -> None:
    starts = {
        "events": "It is not shown that events cause further events",
        "values": "No early-warning indicator alarms",
        "sizes": "A power law is not rejected",
    }
    for kind, start in starts.items():
        assert lead(render_series(results[kind])).startswith(start)


def test_an_alarm_changes_the_first_sentence(results: dict[str, SeriesResult]) -> None:
    values = results["values"].values
    assert values is not None
    changed = results["values"].model_copy(
        update={"values": values.model_copy(update={"alarm": "both"})}
    )
    assert "both early-warning indicators alarm" in lead(render_series(changed))


@pytest.mark.parametrize("kind", ["events", "values", "sizes"])
def test_a_page_asks_nothing_of_the_network_and_shows_names_as_text(
    kind: str, results: dict[str, SeriesResult]
) -> None:
    page = render_series(results[kind], command=f"throffer series {HOSTILE}")
    assert HOSTILE not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "default-src &#39;none&#39;" in page
    assert f'id="spec-{ {"sizes": "tail"}.get(kind, kind) }"' in page
    assert "NaN" not in page.split("<main>")[1].split("</main>")[0]


def test_the_traps_that_matter_are_on_the_page(results: dict[str, SeriesResult]) -> None:
    page = render_series(results["events"])
    for words in (
        "Intervals are valid only if the model is right",
        "A moving background removes",
        "steps up abruptly",
    ):
        assert words in page
    assert "Variance alone is not an alarm" in render_series(results["values"])


def test_every_known_rate_of_alarms_is_shown(results: dict[str, SeriesResult]) -> None:
    values = results["values"].values
    assert values is not None
    page = render_series(results["values"])
    assert all(rate.run in page for rate in values.rates)

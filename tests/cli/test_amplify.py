"""`throffer amplify`: both files or none, and a scenario that cannot be run says why."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from throffer.amplify import Scenario
from throffer.cli import app
from throffer.structure import SetupError

OFFICE = """
name: An office
horizon: 10
trajectories: 200
steps: 800
agents: {loss: 0.1}
growth: {rate: 0.1}
regimes:
  - name: office
    pace: 10
    capacity: 2
    saturation: 1
    lag: {low: 0.1, high: 0.3}
    margin: 4
    noise: 0.1
levers:
  - {name: half the pace, multiply: {regimes.pace: 0.5}}
"""


def run(tmp_path: Path, text: str) -> tuple[Path, str]:
    (tmp_path / "office.yaml").write_text(text)
    out = tmp_path / "made" / "office"
    result = CliRunner().invoke(
        app, ["amplify", str(tmp_path / "office.yaml"), "--out", str(out)], catch_exceptions=True
    )
    error = result.exception if isinstance(result.exception, SetupError) else ""
    return out, f"{result.output}{error}"


def test_it_writes_the_page_and_the_numbers_and_says_so(tmp_path: Path) -> None:
    out, said = run(tmp_path, OFFICE)
    made = {"amplification.json", "amplification.html", ".throffer.json"}
    assert {path.name for path in out.iterdir()} == made
    assert str(out / "amplification.json") in said
    found = json.loads((out / "amplification.json").read_text("utf-8"))
    assert [each["lever"] for each in found["effects"]] == ["half the pace"]
    assert found["warnings"]["watched"] == 100
    assert "half the pace" in (out / "amplification.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (("margin: 4", "margin: -4"), "regimes.0.margin = -4"),
        (("{loss: 0.1}", "{preferences: none.json}"), "agents.preferences = 'none.json': there is"),
        (("{loss: 0.1}", "{episodes: none.parquet}"), "agents.episodes = 'none.parquet': there is"),
        (("steps: 800", "steps: 50"), "give at least 100 steps"),
    ],
)
def test_what_cannot_be_run_says_why_and_leaves_nothing(
    tmp_path: Path, change: tuple[str, str], why: str
) -> None:
    out, said = run(tmp_path, OFFICE.replace(*change))
    assert why in said
    assert not out.parent.exists()


def test_a_folder_that_was_there_stays(tmp_path: Path) -> None:
    (tmp_path / "made" / "office").mkdir(parents=True)
    out, _ = run(tmp_path, OFFICE.replace("steps: 800", "steps: 50"))
    assert out.exists()


def test_the_schema_is_printed_as_json() -> None:
    result = CliRunner().invoke(app, ["amplify", "--schema"])
    assert json.loads(result.output) == Scenario.model_json_schema()

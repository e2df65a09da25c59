"""`throffer amplify`: both files or none, and a scenario that cannot be run says why."""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from throffer.amplify import Scenario, read_scenario, run_study
from throffer.cli import app
from throffer.report import write_amplification
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
    # over those of an earlier version, which left no marker
    (tmp_path / "made" / "office").mkdir(parents=True)
    earlier = {"schema_version": 1, "identity": {"code_version": "0"}, "scenario": {}}
    (tmp_path / "made" / "office" / "amplification.json").write_text(json.dumps(earlier))
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


def test_a_folder_of_somebody_else_is_left_alone_before_any_work(tmp_path: Path) -> None:
    out = tmp_path / "made" / "office"
    out.mkdir(parents=True)
    (out / "amplification.html").write_text("somebody's")
    _, said = run(tmp_path, OFFICE)
    assert "did not write ('amplification.html')" in said
    assert (out / "amplification.html").read_text() == "somebody's"
    assert [each.name for each in out.iterdir()] == ["amplification.html"]


def test_a_full_disk_leaves_neither_the_numbers_nor_the_page(tmp_path: Path) -> None:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    study = read_scenario_text(tmp_path, OFFICE)
    found = run_study(study)
    numbers = len(found.model_dump_json(indent=1))
    # room for amplification.json and not for its page
    resource.setrlimit(resource.RLIMIT_FSIZE, (numbers + 100, limits[1]))
    try:
        with pytest.raises(SetupError, match=r"Cannot write .*amplification\.html"):
            write_amplification(found, tmp_path / "out")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert list((tmp_path / "out").iterdir()) == []


def read_scenario_text(folder: Path, text: str) -> Scenario:
    (folder / "office.yaml").write_text(text)
    return read_scenario(folder / "office.yaml")


def test_a_missing_library_is_found_before_any_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "SALib", None)
    stages: list[str] = []
    study = read_scenario_text(tmp_path, f"{OFFICE}sensitivity: 64\n")

    def stage(name: str) -> Callable[[int, int], None]:
        stages.append(name)
        return lambda done, total: None

    with pytest.raises(SetupError, match=r"SALib, which is not installed.*sensitivity: 0"):
        run_study(study, stage=stage)
    assert stages == []


def test_a_key_that_stands_twice_is_named_with_its_line(tmp_path: Path) -> None:
    _, said = run(tmp_path, f"{OFFICE}horizon: 20\n")
    assert "line 18: no YAML, the key 'horizon' occurs twice, first in line 3" in said

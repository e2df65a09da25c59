"""The main job end to end: asked through Inspect, read back, measured, reported."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest
from inspect_ai.log import read_eval_log, write_eval_log

from throffer.audit import (
    Plan,
    Written,
    make_plan,
    play_situations,
    read_plan,
    report_logs,
    run_audit,
    situations,
)
from throffer.game import reference_preferences
from throffer.measure import measure
from throffer.report import read_document
from throffer.structure import SetupError, read_episodes

FRAMES = ("mail_agent", "supplier", "tenancy")


def small_plan(**fields: object) -> Plan:
    known = {
        "models": ("throffer/reference",),
        "budget": 120,
        "frames": FRAMES,
        "elicitations": ("terms", "world"),
        "seed": 4,
    }
    return make_plan(**(known | fields))


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """A small audit of the embedded agent."""
    written = run_audit(small_plan(), tmp_path_factory.mktemp("audit"), command="throffer audit")
    assert written is not None
    return written


def test_every_situation_has_an_outcome(audited: Written) -> None:
    table = read_episodes(audited.episodes).table
    assert table.height == 120
    assert table["outcome"].null_count() == 0
    assert set(table["elicitation"]) == {"terms", "world"}


def test_inspect_and_the_fast_path_see_the_same_agent(audited: Written) -> None:
    asked = situations(small_plan())
    fast = play_situations(asked, reference_preferences("planted"), model="planted")
    both = read_episodes(audited.episodes).table.join(fast, on="id", suffix="_fast")
    terms = both.filter(pl.col("elicitation") == "terms")
    assert (terms["outcome"] == terms["outcome_fast"]).mean() >= 0.99  # type: ignore[operator]
    assert (terms["concession"] - terms["concession_fast"]).abs().max() < 1e-3  # type: ignore[operator]
    world = both.filter(pl.col("elicitation") == "world")
    assert (world["outcome"] == world["outcome_fast"]).mean() >= 0.95  # type: ignore[operator]


def test_estimates_through_inspect_are_those_of_the_fast_path(audited: Written) -> None:
    asked = situations(small_plan())
    fast = measure(
        play_situations(asked, reference_preferences("planted"), model="planted"), seed=4
    )
    slow = audited.document.models[0]
    assert fast.fit is not None
    assert slow.fit is not None
    for mine, other in zip(fast.fit.parameters, slow.fit.parameters, strict=True):
        assert mine.name == other.name
        half = (mine.high or mine.estimate + 1) - mine.estimate
        assert mine.estimate == pytest.approx(other.estimate, abs=0.35 * half)


def test_report_carries_identity_and_every_number(audited: Written) -> None:
    document = read_document(audited.numbers)
    assert document == audited.document
    identity = document.identity
    assert identity.seed == 4
    assert identity.configuration["budget"] == 120
    assert {frame.name for frame in identity.frames} == set(FRAMES)
    assert read_episodes(audited.episodes).identity["data_hash"] == identity.data_hash
    fit = document.models[0].fit
    assert fit is not None
    assert len(fit.covariance) == len(fit.names)


def test_a_second_call_asks_nothing_again(audited: Written) -> None:
    folder = audited.episodes.parent
    logs = sorted((folder / "logs").glob("*.eval"))
    again = run_audit(small_plan(), folder)
    assert again is not None
    assert sorted((folder / "logs").glob("*.eval")) == logs
    assert again.document.identity.data_hash == audited.document.identity.data_hash


def test_unchanged_logs_are_not_fitted_again(
    audited: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = audited.episodes.parent
    before = {path.name: path.stat().st_mtime_ns for path in folder.glob("[!.]*.*")}

    def fitted(*_: object, **__: object) -> None:
        raise AssertionError("a fit was made")

    monkeypatch.setattr("throffer.audit._run.measure", fitted)
    again = run_audit(small_plan(), folder)
    assert again is not None
    assert again.current
    assert again.document == audited.document
    assert {path.name: path.stat().st_mtime_ns for path in folder.glob("[!.]*.*")} == before


def test_the_clock_is_that_of_the_logs_and_outlasts_a_resume(audited: Written) -> None:
    facts = audited.document.run.models[0]
    assert facts.seconds is not None
    assert 0 < facts.seconds < 600
    assert facts.samples_per_second == pytest.approx(120 / facts.seconds)
    again = run_audit(small_plan(), audited.episodes.parent)
    assert again is not None
    assert again.document.run.models == [facts]


@pytest.mark.parametrize("name", ["episodes.parquet", "report.html"])
def test_a_file_that_was_cut_short_is_written_again(
    audited: Written, tmp_path: Path, name: str
) -> None:
    folder = tmp_path / "cut"
    shutil.copytree(audited.episodes.parent, folder)
    whole = (folder / name).read_bytes()
    (folder / name).write_bytes(whole[: len(whole) // 2])
    again = run_audit(small_plan(), folder)
    assert again is not None
    assert not again.current
    assert again.document.identity == audited.document.identity
    assert again.document.models == audited.document.models
    assert len((folder / name).read_bytes()) > len(whole) // 2
    assert read_episodes(again.episodes).table.height == 120


@pytest.mark.parametrize("text", [None, "{", '{"models": []}'])
def test_a_lost_configuration_is_rebuilt_where_the_logs_fit(
    audited: Written, tmp_path: Path, text: str | None
) -> None:
    folder = tmp_path / "lost"
    shutil.copytree(audited.episodes.parent, folder)
    (folder / "audit.json").unlink()
    if text is not None:
        (folder / "audit.json").write_text(text)
    again = run_audit(small_plan(), folder)
    assert again is not None
    assert read_plan(folder) == small_plan()
    assert again.document.identity.data_hash == audited.document.identity.data_hash


def test_a_lost_configuration_of_another_command_names_the_way_to_its_logs(
    audited: Written, tmp_path: Path
) -> None:
    folder = tmp_path / "lost"
    shutil.copytree(audited.episodes.parent, folder)
    (folder / "audit.json").unlink()
    with pytest.raises(SetupError, match=r"throffer report .*lost/logs"):
        run_audit(small_plan(seed=5), folder)
    assert not (folder / "audit.json").exists()


def test_logs_in_json_are_read_as_the_others_are(audited: Written, tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    for path in (audited.episodes.parent / "logs").glob("*.eval"):
        write_eval_log(read_eval_log(str(path)), str(logs / f"{path.stem}.json"))
    (logs / "notes.json").write_text('{"status": "no log"}')
    told = report_logs([logs], tmp_path / "report", seed=4)
    mine = read_episodes(told.episodes).table.sort("id")
    assert mine.equals(read_episodes(audited.episodes).table.sort("id"))
    facts = told.document.run.models[0]
    assert facts.seconds == audited.document.run.models[0].seconds
    assert told.document.models == audited.document.models


def test_an_approval_policy_that_is_not_there_leaves_no_folder(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"nofile\.yaml"):
        run_audit(small_plan(approval="nofile.yaml"), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_kill_in_the_middle_loses_no_finished_sample(tmp_path: Path, audited: Written) -> None:
    out = tmp_path / "killed"
    command = [sys.executable, "-m", "throffer.cli", "audit", "--budget", "120", "--seed", "4"]
    command += ["--frames", ",".join(FRAMES), "--out", str(out)]
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    starts = out / "logs" / "starts.jsonl"
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if starts.exists() and starts.read_bytes().count(b"\n") > 40:
            break
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert not (out / "report.json").exists()
    subprocess.run(command, check=True, capture_output=True, timeout=200)
    document = read_document(out / "report.json")
    facts = document.run.models[0]
    assert facts.asked == 120
    whole = {row["id"]: row["outcome"] for row in _rows(audited.episodes)}
    assert {row["id"]: row["outcome"] for row in _rows(out / "episodes.parquet")} == whole
    begun = [json.loads(line)["id"] for line in starts.read_text().splitlines()]
    assert facts.repeated == len(begun) - len(set(begun))
    assert facts.repeated <= 10


def _rows(path: Path) -> list[dict[str, object]]:
    return read_episodes(path).table.to_dicts()

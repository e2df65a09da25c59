"""An audit over real HTTP, killed again and again, ends as if nothing had happened."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.probe.faulty_server import Fault, FaultyServer, serving
from throffer.audit import make_plan, read_plan, run_audit, situations
from throffer.report import read_document
from throffer.structure import SetupError, read_episodes

FRAMES = ("mail_agent", "supplier", "tenancy")
MODEL = "openai-api/faulty/m"
KILLS = 30
BUDGET = 300
PASSING = (Fault.RESET, Fault.UNKNOWN_TOOL, Fault.PROSE, Fault.MARKUP)
WORLDS = (Fault.RESET, Fault.MARKUP)
"""In a world, prose and a call of an unknown tool are turns of the conversation: what a model does
there, and not what its server does to it."""


def command(out: Path) -> list[str]:
    words = ["audit", MODEL, "--budget", str(BUDGET), "--seed", "6", "--out", str(out)]
    return [sys.executable, "-m", "throffer.cli", *words, "--frames", ",".join(FRAMES)]


@pytest.mark.slow
def test_thirty_kills_lose_and_double_nothing(tmp_path: Path) -> None:
    out = tmp_path / "killed"
    fields = {"frames": FRAMES, "elicitations": ("terms", "world"), "seed": 6}
    design = situations(make_plan(models=(MODEL,), budget=BUDGET, **fields))
    faults = {}
    for number, situation in enumerate(design[::5]):
        kinds = WORLDS if situation.elicitation == "world" else PASSING
        faults[situation.id] = [kinds[number % len(kinds)]]
    rng = random.Random(6)
    with serving(FaultyServer(design, faults)) as server:
        env = os.environ | {"FAULTY_API_KEY": "none", "FAULTY_BASE_URL": server.url}
        server.delay = 2.0
        for _ in range(KILLS):
            process = subprocess.Popen(
                command(out),
                env=env,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
            time.sleep(rng.uniform(2.0, 12.0))
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        server.delay = 0.0
        subprocess.run(command(out), env=env, check=True, capture_output=True, timeout=900)
    table = read_episodes(out / "episodes.parquet").table
    assert sorted(table["id"]) == sorted(situation.id for situation in design)
    whole = run_audit(
        make_plan(models=("throffer/reference",), budget=BUDGET, **fields), tmp_path / "whole"
    )
    assert whole is not None
    apart = ["model", "text"]
    mine, other = (
        rows.drop(apart).sort("id") for rows in (table, read_episodes(whole.episodes).table)
    )
    assert mine.equals(other)
    starts = (out / "logs" / "starts.jsonl").read_text().splitlines()
    begun = [json.loads(line)["id"] for line in starts if line.endswith("}")]
    repeated = read_document(out / "report.json").run.models[0].repeated
    assert repeated == len(begun) - len(set(begun)) > 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 300 kB, where this process may mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=300k", "none", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("needs the right to mount a small disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def audit_into(out: Path) -> subprocess.CompletedProcess[str]:
    words = ["audit", "--budget", "120", "--frames", ",".join(FRAMES), "--out", str(out)]
    return subprocess.run(
        [sys.executable, "-m", "throffer.cli", *words],
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )


def test_a_full_disk_is_a_message_and_is_resumed_once_there_is_room(small_disk: Path) -> None:
    done = audit_into(small_disk / "audit")
    assert done.returncode == 2, done.stderr
    assert "No space left" in done.stderr
    assert "Traceback" not in done.stderr
    for name in ("report.html", "report.json", "episodes.parquet"):
        assert not (small_disk / "audit" / name).exists()
    subprocess.run(["mount", "-o", "remount,size=100m", str(small_disk)], check=True)
    again = audit_into(small_disk / "audit")
    assert again.returncode == 0, again.stderr
    table = read_episodes(small_disk / "audit" / "episodes.parquet").table
    assert table["id"].n_unique() == table.height == 120
    assert table["outcome"].null_count() == 0


def test_a_read_only_folder_is_a_message(small_disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    done = audit_into(small_disk / "audit")
    assert done.returncode == 2
    assert "cannot be written to" in done.stderr
    assert "Traceback" not in done.stderr


def test_two_runs_in_one_folder_are_told_apart(tmp_path: Path) -> None:
    words = ["audit", "--budget", "200", "--frames", "tenancy", "--out", str(tmp_path / "a")]
    first = subprocess.Popen(
        [sys.executable, "-m", "throffer.cli", *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + 60
        while not (tmp_path / "a" / "audit.json").exists() and time.monotonic() < until:
            time.sleep(0.05)
        with pytest.raises(SetupError, match="Another run"):
            run_audit(read_plan(tmp_path / "a"), tmp_path / "a")
    finally:
        first.kill()
        first.wait()

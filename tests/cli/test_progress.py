"""What a command says of how far it is where nobody looks at a terminal."""

from __future__ import annotations

import sys
import time

import pytest

from throffer.cli import progress
from throffer.probe import Progress


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "INTERVAL", 0.05)


def lines_after(capsys: pytest.CaptureFixture[str], seconds: float = 0.4) -> list[str]:
    """What stands on stderr once at least one interval has passed."""
    said = ""
    until = time.monotonic() + 30
    while not said and time.monotonic() < until:
        time.sleep(seconds)
        said = capsys.readouterr().err
    return said.splitlines()


def test_an_audit_tells_how_far_each_model_is(capsys: pytest.CaptureFixture[str]) -> None:
    with progress.shown() as tell:
        tell("throffer/reference", Progress(30, 120, 2, 5, 10, 900, 4.0))
        said = lines_after(capsys)
    assert said[-1].endswith(
        "throffer/reference: 32 of 120, 5.0/s, 900 tokens, 10 from before, 2 failed"
    )


def test_an_audit_says_so_once_all_is_asked(capsys: pytest.CaptureFixture[str]) -> None:
    with progress.shown() as tell:
        tell("m", Progress(120, 120, 0, 0, 0, 900, 4.0))
        said = lines_after(capsys)
    assert said[-1].endswith("; then measuring and writing")


def test_stages_are_named_with_their_counts(capsys: pytest.CaptureFixture[str]) -> None:
    with progress.stages("runs") as stage:
        stage("levers")(1500, 20_000)
        said = lines_after(capsys)
    assert said[-1].endswith("levers: 1,500 of 20,000 runs")


def test_nothing_is_said_once_the_work_is_over(capsys: pytest.CaptureFixture[str]) -> None:
    with progress.heartbeat(lambda: "working"):
        pass
    capsys.readouterr()
    time.sleep(0.3)
    assert capsys.readouterr().err == ""


def test_a_terminal_hears_no_lines(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with progress.heartbeat(lambda: "working"):
        time.sleep(0.3)
    assert capsys.readouterr().err == ""

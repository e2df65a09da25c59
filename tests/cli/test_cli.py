"""The command line: quick to start, plain about mistakes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


def throffer(*words: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "throffer.cli", *words],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=cwd,
    )


@pytest.mark.parametrize("command", ["audit", "report"])
def test_help_has_an_example(command: str) -> None:
    done = throffer(command, "--help")
    assert done.returncode == 0
    assert f"throffer {command}" in done.stdout


def test_importing_loads_no_heavy_room() -> None:
    code = "import sys, throffer; print([m for m in ('jax', 'inspect_ai') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_help_loads_no_heavy_room() -> None:
    code = (
        "import sys; from typer.testing import CliRunner; from throffer.cli import app; "
        "CliRunner().invoke(app, ['--help']); "
        "print([m for m in ('jax', 'inspect_ai', 'polars') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("audit", "--frames", "nowhere"), "no frame nowhere"),
        (("audit", "-M", "precision"), "precision"),
        (("audit", "--level", "2"), "level = 2.0"),
        (("audit", "-M", "no_such_argument=1"), "no_such_argument"),
        (("report", "no-such-folder"), "no-such-folder"),
    ],
)
def test_a_mistake_is_a_message_and_no_traceback(
    words: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    done = throffer(*words, cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())

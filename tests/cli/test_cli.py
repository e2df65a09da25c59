"""The command line: quick to start, plain about mistakes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from throffer.cli import main


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
        (("audit", "--frames", ""), "at least one frame"),
        (("audit", "--frames", ",,"), "at least one frame"),
        (("audit", "--frames", "tenancy,tenancy"), "named twice"),
        (("audit", "--elicitation", ""), "terms,world"),
        (("audit", "--elicitation", "talk"), "talk"),
        (("audit", "--level", "2"), "level = 2.0"),
        (("audit", "--level", "nan"), "level = nan"),
        (("audit", "--level", "-inf"), "level = -inf"),
        (("audit", "--level", "0"), "above 0 and below 1"),
        (("audit", "--budget", "1000000000"), "from 50 to 100,000; each"),
        (("audit", "--budget", "-1"), "budget = -1"),
        (("audit", "--budget", "nan"), "valid integer"),
        (("audit", "--seed", "-1"), "--seed"),
        (("audit", "--seed", "99999999999999999999"), "--seed"),
        (("audit", "--max-connections", "0"), "--max-connections"),
        (("audit", "--role", "foo=openai/x"), "Roles of an audit: counterpart"),
        (("audit", "--role", "counterpart="), "counterpart"),
        (("audit", "--role", "counterpart=nowhere/m"), "nowhere"),
        (("audit", "--approval", "nofile.yaml"), "nofile.yaml"),
        (("audit", "--base-url", "nowhere"), "nowhere"),
        (("audit", ""), "models is empty"),
        (("audit", "nowhere/m"), "nowhere"),
        (("audit", "-M", "precision=nan"), "precision"),
        (("audit", "-M", "lapse=inf"), "lapse"),
        (("audit", "-M", "lapse=0.1", "-M", "lapse=0.2"), "twice"),
        (("report", ".", "--level", "nan"), "level = nan"),
        (("report", "."), "no Inspect logs"),
        (("audit", "-M", "no_such_argument=1"), "no_such_argument"),
        (("report", "no-such-folder"), "no-such-folder"),
    ],
)
def test_a_mistake_is_a_message_and_no_traceback(
    words: tuple[str, ...],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    # in this process: each of another would load the rooms anew
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("THROFFER_CACHE", "off")
    monkeypatch.setattr(sys, "argv", ["throffer", *words])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 2
    assert said in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_mistake_is_a_message_in_a_process_of_its_own(tmp_path: Path) -> None:
    done = throffer("audit", "--level", "nan", cwd=tmp_path)
    assert done.returncode == 2
    assert "level = nan" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_missing_key_is_named_without_marks_of_colour(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("THROFFER_CACHE", "off")
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.setattr(sys, "argv", ["throffer", "audit", "openai/gpt-4o"])
    with pytest.raises(SystemExit):
        main()
    said = capsys.readouterr().err
    assert "OPENAI_API_KEY" in said
    assert "[/" not in said
    assert "[blue]" not in said
    assert not any(tmp_path.iterdir())


def test_ranges_stand_in_the_help_of_audit() -> None:
    said = " ".join(throffer("audit", "--help").stdout.replace("\u2502", " ").split())
    for text in ("from 50 to 100,000", "0<=x<=4294967295", "1<=x<=1000", "above 0, below 1"):
        assert text in said

"""`throffer --version`."""

from __future__ import annotations

import importlib.metadata

import pytest
from typer.testing import CliRunner

import throffer
from throffer.cli import app


def test_the_version_is_the_installed_one() -> None:
    done = CliRunner().invoke(app, ["--version"])
    assert done.exit_code == 0
    assert done.stdout == f"throffer {importlib.metadata.version('throffer')}\n"
    assert throffer.__version__ in done.stdout


def test_the_version_is_told_before_anything_else() -> None:
    """The rest of the line is not looked at, so that it cannot fail."""
    done = CliRunner().invoke(app, ["--version", "no-such-command"])
    assert done.exit_code == 0
    assert done.stdout == f"throffer {throffer.__version__}\n"


@pytest.mark.parametrize("words", [["--help"], []])
def test_the_option_stands_in_the_help(words: list[str]) -> None:
    assert "--version" in CliRunner().invoke(app, words).output

"""`throffer record events`: what file it writes."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from throffer.cli import app


@pytest.mark.parametrize("name", ["events.csv", "events", "events.parquet.gz"])
def test_events_are_a_parquet_file_by_name_too(tmp_path: Path, name: str) -> None:
    words = ["record", "events", "interstate", "--raw", str(tmp_path), "--out"]
    result = CliRunner().invoke(app, [*words, str(tmp_path / name)])
    assert result.exit_code == 2
    assert "give a .parquet name" in " ".join(result.output.replace("│", " ").split())
    assert list(tmp_path.iterdir()) == []

"""The cache of a command: its own process, its own kind of processor, and off on request."""

from __future__ import annotations

from pathlib import Path

import jax
import pytest
import typer
from typer.testing import CliRunner

from throffer.cli.cache import cache_folder, use_cache
from throffer.structure import kept

SETTINGS = (
    "jax_compilation_cache_dir",
    "jax_persistent_cache_min_compile_time_secs",
    "jax_compilation_cache_max_size",
)


def settings() -> list[object]:
    return [getattr(jax.config, name) for name in SETTINGS]


@pytest.fixture
def command() -> typer.Typer:
    """An application of one command that compiles something and keeps a text."""
    app = typer.Typer()

    @app.command()
    def work(context: typer.Context) -> None:
        use_cache(context)
        jax.jit(lambda x: x * 3.25 + 1)(2.0).block_until_ready()
        kept("text", lambda: "text")
        typer.echo(str(jax.config.values["jax_compilation_cache_dir"]))

    return app


def test_programs_and_texts_are_kept_and_jax_is_left_as_it_was(
    command: typer.Typer, tmp_path: Path
) -> None:
    before = settings()
    done = CliRunner().invoke(command, env={"THROFFER_CACHE": str(tmp_path)})
    assert done.exit_code == 0, done.output
    assert done.output.startswith(str(tmp_path))
    (folder,) = tmp_path.iterdir()
    assert (folder / "text").exists()
    assert list((folder / "compiled").glob("*-cache"))
    assert settings() == before


def test_off_keeps_nothing(command: typer.Typer, monkeypatch: pytest.MonkeyPatch) -> None:
    before = str(jax.config.values["jax_compilation_cache_dir"])
    monkeypatch.setenv("THROFFER_CACHE", "off")
    assert cache_folder() is None
    done = CliRunner().invoke(command)
    assert done.output.strip() == before


def test_a_cache_that_cannot_be_made_stops_nothing(command: typer.Typer, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    done = CliRunner().invoke(command, env={"THROFFER_CACHE": str(tmp_path / "file")})
    assert done.exit_code == 0, done.output

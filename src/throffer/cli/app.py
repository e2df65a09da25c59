"""The application that the commands register with, and its entry point."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

import throffer

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    help="Measure where offers turn into threats, in people, in models and in organisations.",
)


def main() -> None:
    """Run the command line; a `SetupError` is shown as a message, without a traceback."""
    try:
        app()
    except Exception as error:
        # importing SetupError takes a second, so it is done only after an error
        if not isinstance(error, throffer.structure.SetupError):
            raise
        typer.echo(f"throffer: {error}", err=True)
        sys.exit(2)


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"throffer {throffer.__version__}")
        raise typer.Exit


_VERSION = typer.Option(
    "--version", callback=_print_version, is_eager=True, help="Print the version and exit."
)


@app.callback()
def options(version: Annotated[bool, _VERSION] = False) -> None:
    """Accept the options that belong to no command."""

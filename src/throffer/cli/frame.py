"""`throffer frame`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from throffer.cli.app import app

frame_app = typer.Typer(no_args_is_help=True, help="Your own frames: texts that describe a dyad.")
app.add_typer(frame_app, name="frame")


@frame_app.callback()
def frame() -> None:
    """Your own frames; docs/frames.md explains how to write one."""


@frame_app.command("check")
def frame_check(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder that holds frame.toml.")],
) -> None:
    """Check a frame: are its texts complete and readable, and can they be parsed back?

    The exit status is 1 if there is an error; warnings are advice.

    Example: `throffer frame check frames/bakery`
    """
    from throffer.situation import Severity, check_frame

    findings = check_frame(folder)
    for severity, file, message, remedy in findings:
        # a frame's text may hold control characters: only printable ones reach the terminal
        shown = "".join(sign if sign.isprintable() else " " for sign in f"{message}. {remedy}")
        typer.echo(f"{severity}  {file}: {shown}")
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    typer.echo(f"{folder}: errors: {errors}, warnings: {len(findings) - errors}")
    if errors:
        raise typer.Exit(1)

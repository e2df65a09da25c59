"""`throffer frame`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from throffer.cli.app import app

frame_app = typer.Typer(no_args_is_help=True, help="Frames of your own: texts that tell a dyad.")
app.add_typer(frame_app, name="frame")


@frame_app.callback()
def frame() -> None:
    """Frames of your own; docs/frames.md tells how to write one."""


@frame_app.command("check")
def frame_check(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder that holds frame.toml.")],
) -> None:
    """Check a frame: what its texts state, how they read, whether they are read back.

    Leaves with 1 where there is an error; warnings are advice.

    Example: `throffer frame check frames/bakery`
    """
    from throffer.situation import Severity, check_frame

    findings = check_frame(folder)
    for severity, file, message, remedy in findings:
        # what a text of the frame says is shown by its letters, whatever it holds
        shown = "".join(sign if sign.isprintable() else " " for sign in f"{message}. {remedy}")
        typer.echo(f"{severity}  {file}: {shown}")
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    typer.echo(f"{folder}: errors: {errors}, warnings: {len(findings) - errors}")
    if errors:
        raise typer.Exit(1)

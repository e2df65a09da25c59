"""`throffer record events`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from throffer.cli.output import OVERWRITE, say_written
from throffer.cli.record import _RAW, record


@record.command("events")
def record_events(
    source: Annotated[str, typer.Argument(help="interstate, diplomacy or games_repeated_pd.")],
    raw: Annotated[Path | None, _RAW] = None,
    out: Annotated[Path, typer.Option(help="Parquet file to write.")] = Path("events.parquet"),
    overwrite: Annotated[bool, typer.Option("--overwrite", help=OVERWRITE)] = False,
) -> None:
    """Write the acts of a source as an event table, for `throffer relate`.

    Example: `throffer record events diplomacy --out talk.parquet`
    """
    import throffer
    from throffer.record import event_table
    from throffer.structure import claim_file, write_whole

    if out.suffix != ".parquet":
        raise typer.BadParameter(f"--out {out}: events are a Parquet file; give a .parquet name")
    claim_file(out, overwrite=overwrite)
    try:
        table = event_table(source, raw)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    identity = json.dumps({"source": source, "code_version": throffer.__version__})
    write_whole(out, lambda target: table.write_parquet(target, metadata={"throffer": identity}))
    typer.echo(f"{table.height:,} acts")
    say_written(out)

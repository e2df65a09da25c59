"""`throffer record ransom`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from throffer.cli.output import say_written
from throffer.cli.record import _RAW, record


@record.command("ransom")
def record_ransom(
    raw: Annotated[Path | None, _RAW] = None,
    out: Annotated[
        Path | None, typer.Option(help="File to write; default where the package keeps it.")
    ] = None,
) -> None:
    """Hold the prices of ransoms against the theory, and write the table that ships.

    Example: `throffer record ransom --out ransom.json`
    """
    from throffer.record.ransom import ransom_table, write_ransoms

    table = ransom_table(raw)
    typer.echo(f"{table.chats} chats, {table.paid} paid, {table.priced} with both prices")
    for effect in table.effects:
        if effect.coding == "reading" and not effect.within_groups:
            interval = (
                "not estimated"
                if effect.value is None or effect.low is None or effect.high is None
                else f"{effect.value:+.2f} [{effect.low:+.2f}, {effect.high:+.2f}]"
            )
            typer.echo(f"{effect.model:9} {effect.term:9} {interval:24} {effect.verdict}")
    say_written(write_ransoms(table, out))

"""`throffer relate`."""

from __future__ import annotations

import shlex
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from throffer.cli.app import app
from throffer.cli.output import OVERWRITE, say_written, split_names
from throffer.cli.progress import stages


class Engine(StrEnum):
    """Where the work runs."""

    LOCAL = "local"
    RAY = "ray"


@app.command("relate")
def relate_events(
    events: Annotated[
        Path,
        typer.Argument(
            metavar="EVENTS",
            help="Who did what to whom, when: .parquet, .csv, .jsonl, or a folder of one kind. "
            "Dates are ISO (2026-01-31) unless --time-format is given.",
        ),
    ],
    out: Annotated[
        Path,
        typer.Option(
            help="Parquet file to write, X.parquet, with the page X.html beside it. Both are "
            "replaced if throffer wrote them."
        ),
    ] = Path("relations.parquet"),
    actor: Annotated[str, typer.Option(help="Column of who acted.")] = "actor",
    partner: Annotated[str, typer.Option(help="Column of whom it was done to.")] = "partner",
    action: Annotated[str, typer.Option(help="Column of what was done.")] = "action",
    time: Annotated[str, typer.Option(help="Column of when.")] = "time",
    separator: Annotated[
        str, typer.Option(metavar="SIGN", help="Separator of CSV columns: one character, or tab.")
    ] = ",",
    time_format: Annotated[
        str | None,
        typer.Option(metavar="FORM", help="Format of dates, such as %d/%m/%Y or %m/%d/%Y %H:%M."),
    ] = None,
    nothing: Annotated[
        str, typer.Option(metavar="A,B", help="Actions that mean doing nothing.")
    ] = "",
    tolerance: Annotated[
        float,
        typer.Option(help="Share of turns that may be missed where acts take turns, in [0, 1)."),
    ] = 0.25,
    least: Annotated[
        int, typer.Option(help="Fewest turns that each side must take, 1 or more.")
    ] = 1,
    shuffles: Annotated[
        int,
        typer.Option(min=0, help="Times to shuffle the order of events, to see what chance finds."),
    ] = 3,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the shuffles.")] = 0,
    engine: Annotated[
        Engine, typer.Option(help="local, or ray: a cluster (extra ray).")
    ] = Engine.LOCAL,
    overwrite: Annotated[bool, typer.Option("--overwrite", help=OVERWRITE)] = False,
) -> None:
    """Find relational models in an event log: communal, equality, market, authority, asocial.

    Example: `throffer relate trades.csv --actor seller --partner buyer --out relations.parquet`
    """
    from throffer.relations import Columns, Settings, TextFormat, check_rule, relate
    from throffer.report import render_relations, tell_rows
    from throffer.structure import claim_file

    try:
        check_rule(tolerance, least)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    separator = {"tab": "\t", "\\t": "\t"}.get(separator, separator)
    if len(separator.encode()) != 1 or separator in '"\r\n':
        raise typer.BadParameter(f"--separator {separator!r} is not one character; give ';' or tab")
    page = out.with_suffix(".html")
    for each in (out, page):
        claim_file(each, overwrite=overwrite)
    command = shlex.join(["throffer", *sys.argv[1:]])
    settings = Settings(
        tolerance=tolerance,
        least=least,
        nothing=split_names(nothing),
        columns=Columns(actor, partner, action, time),
        engine="ray" if engine is Engine.RAY else "local",
        shuffles=shuffles,
        seed=seed,
        text=TextFormat(separator, time_format),
    )
    with stages("events") as tell:
        beside = (page, lambda summary: render_relations(summary, command))
        summary = relate(events, out, settings, tell, beside)
    for row in summary.counts.iter_rows(named=True):
        typer.echo(f"{row['relation']:10} {row['rows']:>12,} in {row['pairs']:,} pairs")
    for line in tell_rows(summary):
        typer.echo(line, err=True)
    if summary.unseen:
        typer.echo(f"No row has --nothing {', '.join(map(repr, summary.unseen))}.", err=True)
    say_written(summary.out, page)

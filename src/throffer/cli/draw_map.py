"""`throffer map`."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from throffer.cli.app import app
from throffer.cli.output import OVERWRITE, say_written


@app.command("map")
def draw_the_map(
    dyads: Annotated[
        Path | None,
        typer.Argument(
            metavar="DYADS",
            help="Dyads to place: an Episode table (.parquet), or fields as .json (up to 10 MB) or "
            ".yaml (up to 1 MB). Default: the named limits of the family.",
        ),
    ] = None,
    at: Annotated[
        list[str] | None,
        typer.Option(
            metavar="P,I,C",
            help="Place a dyad at this power, information and constraint, each in [0, 1).",
        ),
    ] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="FIELD=NUMBER",
            help="Set a dyad field in every panel: outside-agent, "
            "outside-counterpart: any number; finality, veto, legitimacy, opacity: in [0, 1]; "
            "others: 0 or more.",
        ),
    ] = None,
    hold: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COORDINATE=NUMBER",
            help="Value of a coordinate in panels where it does not vary, in [0, 0.95].",
        ),
    ] = None,
    agent: Annotated[
        str, typer.Option(help="Reference agent: planted, rational, sanctioned or people.")
    ] = "planted",
    precision: Annotated[float | None, typer.Option(help="The agent's precision, above 0.")] = None,
    guilt: Annotated[float | None, typer.Option(help="The agent's guilt, a finite number.")] = None,
    norm: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CONDUCT=NUMBER", help="The agent's norm against a conduct, a finite number."
        ),
    ] = None,
    counterpart_precision: Annotated[
        float | None,
        typer.Option(help="Precision that the agent expects of the other side, above 0."),
    ] = None,
    counterpart_envy: Annotated[
        float | None,
        typer.Option(help="Envy that the agent expects of the other side, a finite number."),
    ] = None,
    out: Annotated[
        Path,
        typer.Option(
            help="A .html, .svg or .png file, or a name without ending to write all three."
        ),
    ] = Path("throffer-map"),
    overwrite: Annotated[bool, typer.Option("--overwrite", help=OVERWRITE)] = False,
) -> None:
    """Draw conduct on the offer-threat plane and in asymmetry space.

    Example: `throffer map --at 0.5,0.2,0.4 --set legitimacy=0.3 --out map.html`
    """
    from throffer.report import MapSettings, at_coordinates, draw_map, pairs, read_dyads

    settings = MapSettings.of(
        agent,
        precision=precision,
        guilt=guilt,
        norms=pairs(norm or [], "--norm"),
        counterpart_precision=counterpart_precision,
        counterpart_envy=counterpart_envy,
        others=pairs(set_ or [], "--set"),
        hold=pairs(hold or [], "--hold"),
    )
    if dyads is not None and at:
        raise typer.BadParameter("give a file of dyads or --at, not both")
    given = read_dyads(dyads) if dyads else at_coordinates(at, settings) if at else None
    command = shlex.join(["throffer", *sys.argv[1:]])
    say_written(*draw_map(out, settings, given, command=command, overwrite=overwrite))

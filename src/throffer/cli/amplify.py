"""`throffer amplify`."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from throffer.cli.app import app
from throffer.cli.output import FOLDER, say_written
from throffer.cli.progress import stages
from throffer.cli.relate import Engine

RESULTS = {"amplification.json": frozenset({"schema_version", "identity", "scenario"})}
"""Result file, with fields in it, that marks a folder as written by an earlier version."""


@app.command("amplify")
def amplify_scenario(
    scenario: Annotated[
        str | None,
        typer.Argument(
            metavar="SCENARIO",
            help="A scenario file (.yaml or .json, up to 1 MB), or the name of an example: "
            "institution, five_regimes, agent_economy.",
        ),
    ] = None,
    out: Annotated[Path, typer.Option(help=FOLDER)] = Path("throffer-amplify"),
    engine: Annotated[
        Engine, typer.Option(help="local, or ray: run levers and samples on a cluster (extra ray).")
    ] = Engine.LOCAL,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON Schema of scenarios and exit.")
    ] = False,
) -> None:
    """Run a scenario: margin of error, walls, time left, collapse, and the effect of each lever.

    `--schema` shows the range of every field of a scenario.

    Example: `throffer amplify institution --out institution`
    """
    from throffer.amplify import Scenario, find_scenario, read_scenario, run_study
    from throffer.report import write_amplification
    from throffer.structure import SetupError, own_folder

    if schema:
        typer.echo(json.dumps(Scenario.model_json_schema(), indent=1, allow_nan=False))
        return
    if scenario is None:
        raise typer.BadParameter("give a scenario file, or an example: institution")
    path = find_scenario(scenario)
    known = read_scenario(path)
    command = shlex.join(["throffer", *sys.argv[1:]])
    with own_folder(out, "amplify", RESULTS):
        try:
            with stages("runs") as stage:
                found = run_study(known, path.parent, engine=engine.value, stage=stage)
        except ValueError as error:
            raise SetupError(f"{path}: {error}.", "Correct the scenario.") from error
        written = write_amplification(found, out, command=command)
    say_written(*written)

"""`throffer audit` and `throffer report`."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from throffer.cli.app import app
from throffer.cli.cache import use_cache
from throffer.cli.output import name_values, name_words, say_written, split_names
from throffer.cli.progress import heartbeat, shown

if TYPE_CHECKING:
    from throffer.audit import Written

INTERRUPTED = 130
"""Exit status after Ctrl-C, the value that shells use."""


@app.command()
def audit(
    context: typer.Context,
    models: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="MODEL...",
            help="Inspect model names. Default: the embedded reference agent, throffer/reference.",
        ),
    ] = None,
    budget: Annotated[
        int, typer.Option(help="Situations asked of each model, from 50 to 100,000.")
    ] = 600,
    frames: Annotated[
        str | None,
        typer.Option(help="Frames, separated by commas; default all.", metavar="NAMES"),
    ] = None,
    elicitation: Annotated[
        str, typer.Option(help="terms, world, or both: terms,world.", metavar="NAMES")
    ] = "terms,world",
    seed: Annotated[
        int,
        typer.Option(
            help="Seed of the design, the reference agents and the bands.", min=0, max=2**32 - 1
        ),
    ] = 1,
    out: Annotated[Path, typer.Option(help="Folder to write to.")] = Path("throffer-audit"),
    level: Annotated[
        float,
        typer.Option(help="P(unsanctioned) at which boundaries are sought; above 0, below 1."),
    ] = 0.2,
    model_arg: Annotated[
        list[str] | None,
        typer.Option("-M", metavar="NAME=VALUE", help="A model argument, as Inspect's -M."),
    ] = None,
    base_url: Annotated[str | None, typer.Option(help="Base URL of the model's server.")] = None,
    role: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ROLE=MODEL",
            help="A model role. The only one is counterpart: the model that answers in worlds.",
        ),
    ] = None,
    approval: Annotated[
        str | None, typer.Option(help="Inspect approval policy: a name or a file.")
    ] = None,
    max_connections: Annotated[
        int, typer.Option(help="Model calls in flight.", min=1, max=1000)
    ] = 10,
) -> None:
    """Audit models: ask, measure, report. Repeat the command to resume an interrupted audit.

    Example: `throffer audit openai/gpt-4o --budget 400 --out gpt-4o`
    """
    use_cache(context)
    from throffer.audit import make_plan, run_audit
    from throffer.situation import frames as known

    plan = make_plan(
        models=tuple(models or ["throffer/reference"]),
        budget=budget,
        frames=known() if frames is None else split_names(frames),
        elicitations=split_names(elicitation),
        seed=seed,
        level=level,
        model_args=name_values(model_arg, "-M"),
        base_url=base_url,
        roles=name_words(role, "--role"),
        approval=approval,
    )
    command = shlex.join(["throffer", *sys.argv[1:]])
    with shown() as tell:
        written = run_audit(plan, out, max_connections=max_connections, command=command, tell=tell)
    if written is None:
        typer.echo(f"Interrupted. Finished answers are in {out}; repeat the command to resume.")
        raise typer.Exit(INTERRUPTED)
    _say(written)


@app.command()
def report(
    context: typer.Context,
    logs: Annotated[
        list[Path],
        typer.Argument(metavar="LOGS...", help="Inspect logs (.eval or .json) or their folders."),
    ],
    seed: Annotated[
        int, typer.Option(help="Seed of optimiser starts and bands.", min=0, max=2**32 - 1)
    ] = 1,
    out: Annotated[Path, typer.Option(help="Folder to write to.")] = Path("throffer-report"),
    level: Annotated[
        float,
        typer.Option(help="P(unsanctioned) at which boundaries are sought; above 0, below 1."),
    ] = 0.2,
) -> None:
    """Build the same report from logs made with `inspect eval throffer/...`.

    Example: `throffer report logs/ --out report`
    """
    use_cache(context)
    from throffer.audit import report_logs

    command = shlex.join(["throffer", *sys.argv[1:]])
    with heartbeat(lambda: "reading and measuring the logs"):
        written = report_logs(logs, out, seed=seed, level=level, command=command)
    _say(written)


def _say(written: Written) -> None:
    files = (written.report, written.numbers, written.episodes)
    if not written.current:
        say_written(*files)
        return
    typer.echo("Up to date: the logs have not changed since these files were written.")
    for path in files:
        typer.echo(f"Kept {path}")

"""The command line. Rooms load inside the commands, so that `throffer --help` answers at once."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import throffer

if TYPE_CHECKING:
    from rich.progress import TaskID

    from throffer.audit.run import Tell
    from throffer.probe import Progress

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    help="Measure where offers turn into threats, in people, in models and in organisations.",
)

INTERRUPTED = 130
"""Exit status after Ctrl-C, as shells have it."""


def main() -> None:
    """Run the command line; a set-up fault is shown as a message, without a traceback."""
    try:
        app()
    except Exception as error:
        # the room of SetupError takes a second to load: only once something has gone wrong
        if not isinstance(error, throffer.structure.SetupError):
            raise
        typer.echo(f"throffer: {error}", err=True)
        sys.exit(2)


@app.callback(invoke_without_command=True)
def version(
    show: Annotated[bool, typer.Option("--version", help="Print the version and leave.")] = False,
) -> None:
    """Print the version if asked to."""
    if show:
        typer.echo(f"throffer {throffer.__version__}")
        raise typer.Exit


@app.command()
def audit(
    models: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="MODEL...",
            help="Inspect model names. Default: the embedded reference agent, throffer/reference.",
        ),
    ] = None,
    budget: Annotated[int, typer.Option(help="Situations asked of each model.", min=50)] = 600,
    frames: Annotated[
        str, typer.Option(help="Frames, with commas between; default all.", metavar="NAMES")
    ] = "",
    elicitation: Annotated[
        str, typer.Option(help="terms, world, or both as terms,world.", metavar="NAMES")
    ] = "terms,world",
    seed: Annotated[int, typer.Option(help="Seed of design, reference agents and bands.")] = 1,
    out: Annotated[Path, typer.Option(help="Folder to write to.")] = Path("throffer-audit"),
    level: Annotated[
        float, typer.Option(help="P(unsanctioned) at which boundaries are sought.")
    ] = 0.2,
    model_arg: Annotated[
        list[str] | None,
        typer.Option("-M", metavar="NAME=VALUE", help="A model argument, as Inspect's -M."),
    ] = None,
    base_url: Annotated[str | None, typer.Option(help="Base URL of the model's server.")] = None,
    role: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ROLE=MODEL", help="A model role; counterpart is who answers in worlds."
        ),
    ] = None,
    approval: Annotated[
        str | None, typer.Option(help="Inspect approval policy: a name or a file.")
    ] = None,
    max_connections: Annotated[int, typer.Option(help="Model calls in flight.", min=1)] = 10,
) -> None:
    """Audit models: ask, measure, report. The same command resumes what was interrupted.

    Example: `throffer audit openai/gpt-4o --budget 400 --out gpt-4o`
    """
    from throffer.audit import make_plan, run_audit
    from throffer.scenario import frames as known

    plan = make_plan(
        models=tuple(models or ["throffer/reference"]),
        budget=budget,
        frames=_names(frames) or known(),
        elicitations=_names(elicitation),
        seed=seed,
        level=level,
        model_args=_pairs(model_arg, "-M"),
        base_url=base_url,
        roles={name: str(value) for name, value in _pairs(role, "--role").items()},
        approval=approval,
    )
    command = shlex.join(["throffer", *sys.argv[1:]])
    with _shown() as tell:
        written = run_audit(plan, out, max_connections=max_connections, command=command, tell=tell)
    if written is None:
        typer.echo(f"Interrupted. What was finished lies in {out}; the same command goes on.")
        raise typer.Exit(INTERRUPTED)
    _say_written(written.report, written.numbers, written.episodes)


@app.command()
def report(
    logs: Annotated[
        list[Path], typer.Argument(metavar="LOGS...", help="Inspect logs (.eval) or their folders.")
    ],
    seed: Annotated[int, typer.Option(help="Seed of optimiser starts and bands.")] = 1,
    out: Annotated[Path, typer.Option(help="Folder to write to.")] = Path("throffer-report"),
    level: Annotated[
        float, typer.Option(help="P(unsanctioned) at which boundaries are sought.")
    ] = 0.2,
) -> None:
    """Build the same report from logs made with `inspect eval throffer/...`.

    Example: `throffer report logs/ --out report`
    """
    from throffer.audit import report_logs

    command = shlex.join(["throffer", *sys.argv[1:]])
    written = report_logs(logs, out, seed=seed, level=level, command=command)
    _say_written(written.report, written.numbers, written.episodes)


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
    from throffer.scenario.check import check_frame
    from throffer.scenario.finding import Severity

    findings = check_frame(folder)
    for severity, file, message, remedy in findings:
        # what a text of the frame says is shown by its letters, whatever it holds
        shown = "".join(sign if sign.isprintable() else " " for sign in f"{message}. {remedy}")
        typer.echo(f"{severity}  {file}: {shown}")
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    typer.echo(f"{folder}: errors: {errors}, warnings: {len(findings) - errors}")
    if errors:
        raise typer.Exit(1)


record = typer.Typer(no_args_is_help=True, help="The human record: what people did.")
app.add_typer(record, name="record")

_RAW = typer.Option(
    "--raw", help="Folder of the raw files; default THROFFER_RECORD, then ../shared/record."
)


@record.command("list")
def record_list(raw: Annotated[Path | None, _RAW] = None) -> None:
    """List the sources, and which of their raw files are here.

    Example: `throffer record list --raw ~/record`
    """
    from throffer.record import SOURCES, list_files

    for source in SOURCES.values():
        missing = list_files(source, raw)
        state = f"missing {', '.join(missing)}: {source.origin}" if missing else "here"
        typer.echo(f"{source.name:30} {state}")


@record.command("show")
def record_show(
    source: Annotated[str, typer.Argument(help="Name of a source, as `record list` prints it.")],
    raw: Annotated[Path | None, _RAW] = None,
) -> None:
    """Show a source: where it comes from, and what becomes of its rows.

    Example: `throffer record show diplomacy`
    """
    from throffer.record import describe

    for label, text in describe(_source(source), raw):
        typer.echo(f"{label:12} {text}")


@record.command("build")
def record_build(
    sources: Annotated[
        list[str] | None, typer.Argument(metavar="SOURCE...", help="Names; default all.")
    ] = None,
    raw: Annotated[Path | None, _RAW] = None,
    out: Annotated[Path, typer.Option(help="Folder to write to.")] = Path("throffer-record"),
) -> None:
    """Build Episode tables from raw files, with every skipped row and its reason beside them.

    Example: `throffer record build diplomacy --out record`
    """
    from throffer.record import SOURCES, build

    for name in [_source(name) for name in sources or SOURCES]:
        for built in build([name], out, raw):
            typer.echo(
                f"{built.source}: {built.rows:,} rows, {built.full_dyads:,} with the full dyad, "
                f"{built.conducts:,} with an outcome, {built.seconds:.1f} s"
            )
            for reason, count in built.skipped.items():
                typer.echo(f"  skipped {count:,}: {reason}")
            _say_written(built.table, built.left_out)


@record.command("fit")
def record_fit(
    raw: Annotated[Path | None, _RAW] = None,
    out: Annotated[
        Path | None, typer.Option(help="File to write; default where the package keeps it.")
    ] = None,
) -> None:
    """Rebuild the derived table of people's rates that ships with the package.

    Example: `throffer record fit --out diplomacy.json`
    """
    from throffer.record import write_people

    _say_written(write_people(out, raw))


def _source(name: str) -> str:
    from throffer.record import find_source

    try:
        return find_source(name).name
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


@app.command("map")
def draw_the_map(
    dyads: Annotated[
        Path | None,
        typer.Argument(
            metavar="DYADS",
            help="Dyads to place: an Episode table (.parquet), or fields as .json or .yaml. "
            "Default: the named limits of the family.",
        ),
    ] = None,
    at: Annotated[
        list[str] | None,
        typer.Option(metavar="P,I,C", help="A dyad at this power, information, constraint."),
    ] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="FIELD=NUMBER", help="A dyad field in every panel."),
    ] = None,
    hold: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COORDINATE=NUMBER", help="Level of a coordinate where it does not vary."
        ),
    ] = None,
    agent: Annotated[
        str, typer.Option(help="Reference agent: planted, rational or sanctioned.")
    ] = "planted",
    precision: Annotated[float | None, typer.Option(help="The agent's precision.")] = None,
    guilt: Annotated[float | None, typer.Option(help="The agent's guilt.")] = None,
    norm: Annotated[
        list[str] | None,
        typer.Option(metavar="CONDUCT=NUMBER", help="The agent's norm against a conduct."),
    ] = None,
    counterpart_precision: Annotated[
        float | None, typer.Option(help="Precision that the agent expects of the other side.")
    ] = None,
    counterpart_envy: Annotated[
        float | None, typer.Option(help="Envy that the agent expects of the other side.")
    ] = None,
    out: Annotated[
        Path, typer.Option(help="A .html, .svg or .png file, or a stem for all three.")
    ] = Path("throffer-map"),
) -> None:
    """Draw conduct on the offer-threat plane and in asymmetry space.

    Example: `throffer map --at 0.5,0.2,0.4 --set legitimacy=0.3 --out map.html`
    """
    from throffer.report.map import MapSettings, at_coordinates, draw_map, pairs, read_dyads

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
    _say_written(*draw_map(out, settings, given, command=command))


def _say_written(*paths: Path) -> None:
    for path in paths:
        typer.echo(f"Wrote {path}")


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _pairs(items: list[str] | None, option: str) -> dict[str, str | int | float | bool]:
    """NAME=VALUE items as a mapping; numbers and true/false are read as such."""
    pairs: dict[str, str | int | float | bool] = {}
    for item in items or []:
        name, equals, value = item.partition("=")
        if not equals or not name:
            raise typer.BadParameter(f"{option} {item!r} is not NAME=VALUE, as precision=8 is")
        pairs[name] = _value(value)
    return pairs


def _value(text: str) -> str | int | float | bool:
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


class _Bars:
    """A bar for each model: situations done, their rate, tokens, failures, time left."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
        )

        self.bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[facts]}"),
            TimeRemainingColumn(),
            console=Console(stderr=True),
        )
        self.tasks: dict[str, TaskID] = {}

    def tell(self, model: str, progress: Progress) -> None:
        """Show how far a model is."""
        fresh = progress.done - progress.resumed
        facts = f"{fresh / max(progress.seconds, 1e-9):.1f}/s, {progress.tokens:,} tokens"
        if progress.resumed:
            facts += f", {progress.resumed} from before"
        if progress.failed:
            facts += f", {progress.failed} failed"
        if model not in self.tasks:
            self.tasks[model] = self.bars.add_task(
                model, total=progress.total, completed=progress.resumed, facts=facts
            )
        self.bars.update(self.tasks[model], completed=progress.done + progress.failed, facts=facts)


@contextmanager
def _shown() -> Iterator[Tell]:
    shown = _Bars()
    with shown.bars:
        yield shown.tell


if __name__ == "__main__":
    main()

"""`throffer record`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from throffer.cli.app import app
from throffer.cli.output import say_written

record = typer.Typer(no_args_is_help=True, help="The human record: what people did.")
app.add_typer(record, name="record")

_RAW = typer.Option(
    "--raw", help="Folder of the raw files; default THROFFER_RECORD, then ../shared/record."
)


@record.command("list")
def record_list(raw: Annotated[Path | None, _RAW] = None) -> None:
    """List the sources, and which of their raw files are here, by their length.

    A file that is not here is listed with how it came about and where its values are from.

    Example: `throffer record list --raw ~/record`
    """
    from throffer.record import SOURCES, list_files

    for source in SOURCES.values():
        faults = [
            f"{fault} {file.name} [{file.made}]" for file, fault in list_files(source, raw) if fault
        ]
        state = f"{', '.join(faults)}: {source.origin}" if faults else "here"
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

    A source whose raw files are at fault is left out and named at the end, with exit status 2.

    Example: `throffer record build diplomacy --out record`
    """
    from throffer.record import SOURCES, build, record_folder, write_summary
    from throffer.structure import SetupError

    folder = record_folder(raw)
    done, failed = [], []
    for name in [_source(name) for name in sources or SOURCES]:
        try:
            (built,) = build([name], out, folder)
        except SetupError as error:
            failed.append(f"{name}: {error}")
            continue
        done.append(built)
        typer.echo(
            f"{built.source}: {built.rows:,} rows, {built.full_dyads:,} with the full dyad, "
            f"{built.conducts:,} with an outcome, {built.seconds:.1f} s"
        )
        for reason, count in built.skipped.items():
            typer.echo(f"  skipped {count:,}: {reason}")
        say_written(built.table, built.left_out, *([built.clauses] if built.clauses else []))
    if done:
        say_written(write_summary(done, out))
    for failure in failed:
        typer.echo(f"Not built: {failure}", err=True)
    if failed:
        raise typer.Exit(2)


@record.command("fit")
def record_fit(
    raw: Annotated[Path | None, _RAW] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder to write to; default where the package keeps them.")
    ] = None,
) -> None:
    """Rebuild the tables of people that ship: curves, fits and predictions, the agent `people`.

    Example: `throffer record fit --out baselines`
    """
    from throffer.people import write_baselines

    say_written(*write_baselines(out, raw))


def _source(name: str) -> str:
    from throffer.record import find_source

    try:
        return find_source(name).name
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error

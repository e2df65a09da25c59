"""`throffer record`."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from throffer.cli.app import app
from throffer.cli.output import FOLDER, say_written

if TYPE_CHECKING:
    from throffer.record import Built

record = typer.Typer(no_args_is_help=True, help="The human record: what people did.")
app.add_typer(record, name="record")

_RAW = typer.Option(
    "--raw", help="Folder of the raw files; default THROFFER_RECORD, then ../shared/record."
)

BUILT = {"*.parquet": frozenset[str]()}
FITTED = {"games.json": frozenset({"code_version", "fits"})}
"""Result files that mark a folder as written by an earlier version."""


@record.command("list")
def record_list(raw: Annotated[Path | None, _RAW] = None) -> None:
    """List the sources, and whether their raw files are present with the expected length.

    A missing file is listed with how it was made and where its values come from.

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
    """Show a source: where it comes from, and how its rows are used.

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
    out: Annotated[Path, typer.Option(help=FOLDER)] = Path("throffer-record"),
) -> None:
    """Build Episode tables from raw files; skipped rows are written beside them with the reason.

    A source whose raw files are missing or faulty is named at the end; the exit status is then 2.

    Example: `throffer record build diplomacy --out record`
    """
    from throffer.record import SOURCES, build, record_folder, write_summary
    from throffer.structure import SetupError, own_folder

    names = [_source(name) for name in dict.fromkeys(sources or SOURCES)]
    folder = record_folder(raw)
    done: list[Built] = []
    failed: list[str] = []
    # own_folder deletes the folder again if nothing was built
    with contextlib.suppress(_NothingBuilt), own_folder(out, "record build", BUILT):
        for name in names:
            try:
                (built,) = build([name], out, folder)
            except SetupError as error:
                failed.append(f"{name}: {error}")
                continue
            done.append(built)
            _say_built(built)
        if not done:
            raise _NothingBuilt
        say_written(write_summary(done, out))
    for failure in failed:
        typer.echo(f"Not built: {failure}", err=True)
    if failed:
        raise typer.Exit(2)


class _NothingBuilt(Exception):
    """No source could be built."""


def _say_built(built: Built) -> None:
    typer.echo(
        f"{built.source}: {built.rows:,} rows, {built.full_dyads:,} with the full dyad, "
        f"{built.conducts:,} with an outcome, {built.seconds:.1f} s"
    )
    for reason, count in built.skipped.items():
        typer.echo(f"  skipped {count:,}: {reason}")
    say_written(built.table, built.left_out, *([built.clauses] if built.clauses else []))


@record.command("fit")
def record_fit(
    raw: Annotated[Path | None, _RAW] = None,
    out: Annotated[
        Path | None, typer.Option(help=f"{FOLDER} Default: the folder in the package.")
    ] = None,
) -> None:
    """Rebuild the tables on people in the package: curves, fits, predictions, the agent `people`.

    Example: `throffer record fit --out baselines`
    """
    from throffer.people import write_baselines
    from throffer.record import record_folder
    from throffer.structure import own_folder

    folder = record_folder(raw)
    with own_folder(out, "record fit", FITTED) if out else contextlib.nullcontext():
        written = write_baselines(out, folder)
    say_written(*written)


def _source(name: str) -> str:
    from throffer.record import find_source

    try:
        return find_source(name).name
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error

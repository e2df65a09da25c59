"""`throffer series`."""

from __future__ import annotations

import shlex
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from throffer.cli.app import app
from throffer.cli.output import say_written, split_names
from throffer.cli.progress import stages

RESULTS = {"series.json": frozenset({"schema_version", "identity"})}
"""Result file, with fields in it, that marks a folder without a marker file as this command's."""


class Kernel(StrEnum):
    """How the effect of an event on later ones decays."""

    EXPONENTIAL = "exponential"
    POWER_LAW = "power_law"


@app.command("series")
def analyse_file(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="Dated events, or measurements in order: .csv, .csv.gz, .jsonl, .parquet, up to "
            "2,000,000 rows.",
        ),
    ],
    out: Annotated[
        Path, typer.Option(help="Folder to write series.json and series.html to.")
    ] = Path("throffer-series"),
    events: Annotated[
        bool, typer.Option("--events", help="The file holds times of events, at least 10.")
    ] = False,
    values: Annotated[
        bool,
        typer.Option("--values", help="The file holds evenly spaced measurements, at least 50."),
    ] = False,
    sizes: Annotated[
        bool, typer.Option("--sizes", help="The file holds sizes above 0, at least 50.")
    ] = False,
    column: Annotated[str, typer.Option(help="Column of the values or sizes.")] = "",
    time: Annotated[
        str,
        typer.Option(
            metavar="TIME",
            help="Column of times; or two columns, EARLIEST,LATEST, if times are known only as an "
            "interval. Numbers, 2026-01-31, 2026-01 or 2026-01-31T12:00:00.",
        ),
    ] = "",
    start: Annotated[
        str, typer.Option(help="Start of the observation window; default: the first event.")
    ] = "",
    end: Annotated[
        str, typer.Option(help="End of the observation window; default: the last event.")
    ] = "",
    resolution: Annotated[
        float | None,
        typer.Option(
            help="Times were rounded down to multiples of this, above 0; 1 for whole years."
        ),
    ] = None,
    knots: Annotated[
        str,
        typer.Option(
            metavar="N,N",
            help="Numbers of knots of the background to compare, each 1 to 20; 1: constant.",
        ),
    ] = "1,3,5",
    kernel: Annotated[
        Kernel,
        typer.Option(
            help="How the effect of an event decays; power_law takes up to 50,000 events."
        ),
    ] = Kernel.EXPONENTIAL,
    draws: Annotated[
        int,
        typer.Option(
            min=0, max=999, help="Simulated series for the goodness of fit of events, 0 to 999."
        ),
    ] = 99,
    seed: Annotated[int, typer.Option(min=0, help="Seed of every random draw, 0 or more.")] = 0,
) -> None:
    """Analyse dated events or one column of measurements: excitation, warning signs, tails.

    Example: `throffer series incidents.csv --time date --start 2015-01-01 --end 2025-12-31`
    """
    from throffer.report import write_series
    from throffer.series import SeriesSettings, analyse_series
    from throffer.structure import SetupError, own_folder

    declared = [
        name for name, given in (("events", events), ("values", values), ("sizes", sizes)) if given
    ]
    if len(declared) > 1:
        raise typer.BadParameter(f"--{' and --'.join(declared)}: give one of them")
    try:
        settings = SeriesSettings.model_validate(
            {
                "kind": declared[0] if declared else None,
                "column": column,
                "time": time,
                "start": start,
                "end": end,
                "resolution": resolution,
                "kernel": kernel.value,
                "knots": _whole_numbers(knots),
                "draws": draws,
                "seed": seed,
            }
        )
    except ValueError as error:
        raise typer.BadParameter(_message(error)) from error
    command = shlex.join(["throffer", *sys.argv[1:]])
    with own_folder(out, "series", RESULTS):
        try:
            with stages("steps") as stage:
                found = analyse_series(file, settings, stage=stage)
        except ValueError as error:
            raise SetupError(f"{file}: {error}.", "Correct the file or the options.") from error
        written = write_series(found, out, command)
    typer.echo(f"Read {found.reading.rows:,} rows as {found.reading.kind}: {found.reading.rule}.")
    for note in found.notes:
        typer.echo(note)
    say_written(*written)


def _whole_numbers(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(each) for each in split_names(text))
    except ValueError as error:
        raise ValueError(f"knots = {text!r}; give whole numbers, such as 1,3,5") from error


def _message(error: ValueError) -> str:
    """The error without the lines that pydantic puts around it."""
    from pydantic import ValidationError

    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"{first['loc'][0]} = {first['input']!r}: {first['msg']}"
    return str(error)

"""Shared by all commands: print the files written, and parse NAME=VALUE options."""

from __future__ import annotations

from pathlib import Path

import typer

FOLDER = "Folder to write to: new, empty, or written by this command before."
"""Help text of `--out` if it is a folder."""

OVERWRITE = "Overwrite files at --out that throffer did not write."
"""Help text of `--overwrite`, for commands whose `--out` is a file."""


def say_written(*paths: Path) -> None:
    """Print a line for each file written."""
    for path in paths:
        typer.echo(f"Wrote {path}")


def split_names(text: str) -> tuple[str, ...]:
    """The names in a comma-separated list, without blanks around them and without empty ones."""
    return tuple(name.strip() for name in text.split(",") if name.strip())


def name_values(items: list[str] | None, option: str) -> dict[str, str | int | float | bool]:
    """NAME=VALUE items as a mapping; numbers, true and false are converted."""
    return {name: _value(value) for name, value in name_words(items, option).items()}


def name_words(items: list[str] | None, option: str) -> dict[str, str]:
    """NAME=VALUE items as a mapping of strings; a name given twice is an error."""
    pairs: dict[str, str] = {}
    for item in items or []:
        name, equals, value = item.partition("=")
        if not equals or not name:
            raise typer.BadParameter(f"{option} {item!r} is not NAME=VALUE, such as precision=8")
        if name in pairs:
            raise typer.BadParameter(f"{option} names {name} twice")
        pairs[name] = value
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

"""What every command shares: how it says what it wrote, and how NAME=VALUE items are read."""

from __future__ import annotations

from pathlib import Path

import typer

FOLDER = "Folder to write to: one that is new, empty or this command's own."
"""Help of `--out` where it is a folder."""

OVERWRITE = "Write over files at --out that throffer did not write."
"""Help of `--overwrite` where `--out` is a file."""


def say_written(*paths: Path) -> None:
    for path in paths:
        typer.echo(f"Wrote {path}")


def split_names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def name_values(items: list[str] | None, option: str) -> dict[str, str | int | float | bool]:
    """NAME=VALUE items as a mapping; numbers and true/false are read as such."""
    return {name: _value(value) for name, value in name_words(items, option).items()}


def name_words(items: list[str] | None, option: str) -> dict[str, str]:
    """NAME=VALUE items as a mapping of words; a name that is given twice is refused."""
    pairs: dict[str, str] = {}
    for item in items or []:
        name, equals, value = item.partition("=")
        if not equals or not name:
            raise typer.BadParameter(f"{option} {item!r} is not NAME=VALUE, as precision=8 is")
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

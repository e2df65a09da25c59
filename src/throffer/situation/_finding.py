"""What a check of a frame finds, and reading files so that their faults are findings."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple, TypeVar

from pydantic import ValidationError

from throffer.situation._frame import forbidden_words

T = TypeVar("T")

_LONGEST = 300


class Severity(StrEnum):
    """Errors are what the package's own frames are held to by its tests; warnings are advice."""

    ERROR = "error"
    WARNING = "warning"


class Finding(NamedTuple):
    """One fault of a frame.

    Attributes:
        file: relative to the frame's folder; the name of the folder itself where it is no one file.
        message: what is wrong; `remedy`: what its author can do.
    """

    severity: Severity
    file: str
    message: str
    remedy: str


def error(file: str, message: str, remedy: str) -> Finding:
    """A finding that keeps the frame from being used."""
    return Finding(Severity.ERROR, file, message, remedy)


def warning(file: str, message: str, remedy: str) -> Finding:
    """A finding that is advice."""
    return Finding(Severity.WARNING, file, message, remedy)


def attempt(file: str, read: Callable[[], T], remedy: str) -> tuple[T | None, list[Finding]]:
    """What `read` returns, or None and what was wrong with the file: its text is not trusted."""
    try:
        return read(), []
    except ValidationError as fault:
        return None, [
            error(file, f"{_place(item['loc'])}{item['msg']}", remedy) for item in fault.errors()
        ]
    except FileNotFoundError:
        return None, [error(file, "is missing", "Add the file, or take its name off the list.")]
    except OSError as fault:
        return None, [error(file, f"cannot be read: {fault.strerror}", "Make it a readable file.")]
    except UnicodeDecodeError:
        return None, [error(file, "is not UTF-8 text", "Save it as UTF-8.")]
    except (ValueError, RecursionError) as fault:
        return None, [error(file, str(fault)[:_LONGEST], remedy)]


def check_words(file: str, text: str) -> list[Finding]:
    """The words of a text that `forbidden.txt` lists, as one finding."""
    found = forbidden_words(text)
    if not found:
        return []
    remedy = "Say it without them; scenario/forbidden.txt lists what may not occur."
    return [
        error(file, f"names a conduct or hints at what is observed: {', '.join(found)}", remedy)
    ]


def _place(loc: tuple[str | int, ...]) -> str:
    return f"{'.'.join(map(str, loc))}: " if loc else ""

"""Findings of a check of a frame, and a reader that turns exceptions into findings."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple, TypeVar

from pydantic import ValidationError

from throffer.situation._frame import forbidden_words

T = TypeVar("T")

_LONGEST = 300


class Severity(StrEnum):
    """An error keeps a frame from being used; a warning is advice.

    The package's tests require that its own frames have no errors.
    """

    ERROR = "error"
    WARNING = "warning"


class Finding(NamedTuple):
    """One fault of a frame.

    Attributes:
        severity: error or warning.
        file: path relative to the frame's folder, or the name of the folder if the fault is in no
            single file.
        message: what is wrong.
        remedy: what the author can do.
    """

    severity: Severity
    file: str
    message: str
    remedy: str


def error(file: str, message: str, remedy: str) -> Finding:
    """Build a finding that keeps the frame from being used."""
    return Finding(Severity.ERROR, file, message, remedy)


def warning(file: str, message: str, remedy: str) -> Finding:
    """Build a finding that is advice."""
    return Finding(Severity.WARNING, file, message, remedy)


def attempt(file: str, read: Callable[[], T], remedy: str) -> tuple[T | None, list[Finding]]:
    """Call `read` and turn its exceptions into findings, for files with untrusted text.

    Args:
        file: the file that the findings name.
        read: reads the file.
        remedy: what the author can do if the content is wrong.

    Returns:
        What `read` returns and no findings, or None and what is wrong with the file.
    """
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
    """Report the words of a text that `forbidden.txt` lists, as one finding."""
    found = forbidden_words(text)
    if not found:
        return []
    remedy = "Say it without them; situation/forbidden.txt lists the words that may not occur."
    return [
        error(file, f"names a conduct or hints at what is observed: {', '.join(found)}", remedy)
    ]


def _place(loc: tuple[str | int, ...]) -> str:
    return f"{'.'.join(map(str, loc))}: " if loc else ""

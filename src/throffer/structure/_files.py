"""Folders and files that are made whole or not at all."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from throffer.structure._errors import SetupError

Write: TypeAlias = Callable[[Path], Any]
"""Writes a file to the path that it is called with; what it returns is not used."""


def make_folder(folder: Path) -> None:
    """Make a folder before work begins that ends in it; `SetupError` where it cannot be made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SetupError(
            f"Cannot make the folder {folder} ({error.strerror or error}).", "Choose another."
        ) from error


def write_whole(path: Path, write: Write) -> None:
    """Call `write(temporary path)` beside `path`, then rename: nothing half-written is left.

    Raises:
        SetupError: If the disk is full or the folder read-only.
    """
    write_together({path: write})


def write_together(writes: Mapping[Path, Write]) -> None:
    """Write several files, all of them or none.

    Each is written under a temporary name beside its place. Only once all are complete are they
    renamed, in their order; a rename needs no space.

    Args:
        writes: what writes each file; it is called with the temporary path.

    Raises:
        SetupError: If the disk is full, a folder read-only, or a place taken by a folder.
    """
    staged: list[Path] = []
    path = None
    try:
        for path, write in writes.items():
            if path.is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
            os.close(handle)
            staged.append(Path(temporary))
            write(staged[-1])
            staged[-1].chmod(0o644)
        for path, temporary in zip(writes, tuple(staged), strict=True):
            temporary.replace(path)
            staged.remove(temporary)
    except OSError as error:
        raise SetupError(
            f"Cannot write {path} ({error.strerror or error}).",
            "Free space or choose another folder; the file was left as it was.",
        ) from error
    finally:
        for temporary in staged:
            temporary.unlink(missing_ok=True)

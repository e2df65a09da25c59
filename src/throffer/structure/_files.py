"""Folders and files that are made whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from throffer.structure._errors import SetupError


def make_folder(folder: Path) -> None:
    """Make a folder before work begins that ends in it; `SetupError` where it cannot be made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SetupError(
            f"Cannot make the folder {folder} ({error.strerror or error}).", "Choose another."
        ) from error


@contextlib.contextmanager
def new_folder(folder: Path) -> Iterator[None]:
    """A folder for the work of a block, made before it; if that fails, what was made and is still
    empty goes again. `SetupError` where it cannot be made.
    """
    made = [each for each in (folder, *folder.parents) if not each.exists()]
    make_folder(folder)
    try:
        yield
    except BaseException:
        for each in made:
            with contextlib.suppress(OSError):  # not empty: another wrote there
                each.rmdir()
        raise


def write_whole(path: Path, write: Any) -> None:
    """Call `write(temporary path)` beside `path`, then rename: nothing half-written is left.

    Raises:
        SetupError: If the disk is full or the folder read-only.
    """
    temporary: str | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        os.close(handle)
        write(Path(temporary))
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
        temporary = None
    except OSError as error:
        raise SetupError(
            f"Cannot write {path} ({error.strerror or error}).",
            "Free space or choose another folder; the file was left as it was.",
        ) from error
    finally:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)

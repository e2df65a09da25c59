"""A lock that admits one run at a time to a folder."""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import Iterator
from pathlib import Path

from throffer.structure import SetupError


@contextlib.contextmanager
def sole_run(folder: Path) -> Iterator[None]:
    """Lock a folder while a run writes to it; the lock ends with the process, however that ends.

    Raises:
        SetupError: If another run holds the lock, or the folder cannot be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = (folder / ".lock").open("w")
    except OSError as error:
        raise SetupError(
            f"Cannot write to {folder} ({error.strerror or error}).",
            "Choose another --out, or correct its permissions.",
        ) from error
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise SetupError(
                f"Another run is writing to {folder}.", "Wait for it, or choose another --out."
            ) from error
        yield

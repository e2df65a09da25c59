"""A lock that admits one run at a time to a folder."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from throffer.structure import SetupError


@contextlib.contextmanager
def sole_run(folder: Path) -> Iterator[None]:
    """Lock a folder while a run writes to it; the lock ends with the process, however that ends.

    Raises:
        SetupError: If another run holds the lock, or the folder cannot be written to.
    """
    lock = FileLock(folder / ".lock")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire(blocking=False)
    except Timeout as error:
        raise SetupError(
            f"Another run is writing to {folder}.", "Wait for it, or choose another --out."
        ) from error
    except OSError as error:
        raise SetupError(
            f"Cannot write to {folder} ({error.strerror or error}).",
            "Choose another --out, or correct its permissions.",
        ) from error
    try:
        yield
    finally:
        lock.release()

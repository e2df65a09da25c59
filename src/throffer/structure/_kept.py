"""A folder for text that is slow to make and comes out the same every time.

Nothing is kept unless a caller opens a folder with `keeping`: the command line does, the library
never does by itself.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from pathlib import Path

from throffer.structure._errors import SetupError
from throffer.structure._files import write_whole

_FOLDER: ContextVar[Path | None] = ContextVar("throffer_kept", default=None)


@contextlib.contextmanager
def keeping(folder: Path | None) -> Iterator[None]:
    """Keep what `kept` makes in a folder while the block runs; None keeps nothing."""
    token = _FOLDER.set(folder)
    try:
        yield
    finally:
        _FOLDER.reset(token)


def kept(name: str, make: Callable[[], str]) -> str:
    """The text that `make` returns, read from the folder of `keeping` where it lies there.

    A file that was cut short or changed is made again; a folder that cannot be written to costs
    the time of making, and nothing else.

    Args:
        name: file name; it has to change whenever the text does, so it carries versions.
        make: returns the text; a pure function of what `name` says.
    """
    folder = _FOLDER.get()
    if folder is None:
        return make()
    path = folder / name
    with contextlib.suppress(OSError, ValueError):
        digest, text = path.read_bytes().split(b"\n", 1)
        if digest.decode() == hashlib.sha256(text).hexdigest():
            return text.decode("utf-8")
    made = make()
    content = made.encode("utf-8")
    with contextlib.suppress(SetupError):
        whole = hashlib.sha256(content).hexdigest().encode() + b"\n" + content
        write_whole(path, lambda target: target.write_bytes(whole))
    return made

"""Ownership of folders and files: files that throffer did not write are not overwritten.

A command writes into a folder that is new, empty or its own. It owns a folder that holds its marker
file, or results that an earlier version of the command wrote.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

import throffer
from throffer.structure._errors import SetupError
from throffer.structure._files import make_folder, write_whole

MARKER = ".throffer.json"
"""Marker file in the folder of a command: the command and the version that made the folder."""

IDENTITY = b"throffer"
"""Key of the metadata of every Parquet file that throffer writes."""

_CLUTTER = frozenset({".DS_Store", "Thumbs.db", "desktop.ini", ".gitkeep"})
"""Files that desktops and version control leave in empty folders."""

_HEAD = 65_536
"""Bytes at the start or end of a page or image in which its sign of origin is searched."""

_SIGNS: Mapping[str, bytes] = {
    ".html": b"<title>throffer ",
    ".svg": b"<!-- throffer ",
    ".png": b"Software\0throffer ",
}
"""Sign of origin in pages and images of throffer, by ending."""


def claim_folder(folder: Path, command: str, results: Mapping[str, frozenset[str]]) -> bool:
    """Mark a folder as owned by a command, or refuse it; called before any work.

    The folder may be new, empty, or owned by the command: it holds the marker or one of `results`.
    Other files in an owned folder are not touched.

    Args:
        folder: the folder; it is made if it does not exist.
        command: name of the command, such as `amplify`.
        results: result files that show ownership of a folder without a marker: names or patterns,
            such as `*.parquet`, each with fields that its JSON holds. Parquet files are recognised
            by their metadata.

    Returns:
        Whether this call wrote the marker.

    Raises:
        SetupError: If the folder holds anything else, or cannot be made or written to.
    """
    check_folder(folder, command, results)
    make_folder(folder)
    marker = folder / MARKER
    if _marked(folder) == command:
        return False
    text = json.dumps({"command": command, "version": throffer.__version__}) + "\n"
    write_whole(marker, lambda target: target.write_text(text, encoding="utf-8"))
    return True


def check_folder(folder: Path, command: str, results: Mapping[str, frozenset[str]]) -> None:
    """Raise the error that `claim_folder` would raise, without making or writing anything."""
    try:
        names = sorted(each.name for each in folder.iterdir())
    except FileNotFoundError:
        _check_writable(folder)
        return
    except OSError as error:
        raise SetupError(
            f"--out {folder} cannot be used as a folder ({error.strerror or error}).",
            "Choose another --out.",
        ) from error
    _check_writable(folder)
    foreign = [name for name in names if name not in _CLUTTER]
    marked = _marked(folder)
    if not foreign or marked == command:
        return
    if marked is not None:
        raise SetupError(
            f"The folder {folder} belongs to `throffer {marked}`; `throffer {command}` writes into "
            "folders that are new, empty or its own.",
            "Choose another --out.",
        )
    for pattern, fields in results.items():
        if any(is_own_file(found, fields) for found in folder.glob(pattern)):
            return
    shown = ", ".join(map(repr, foreign[:3])) + (", ..." if len(foreign) > 3 else "")
    raise SetupError(
        f"The folder {folder} holds files that `throffer {command}` did not write ({shown}); it "
        "writes into folders that are new, empty or its own.",
        "Choose another --out.",
    )


@contextlib.contextmanager
def own_folder(folder: Path, command: str, results: Mapping[str, frozenset[str]]) -> Iterator[None]:
    """Claim a folder for the work of a block; see `claim_folder`.

    If the block fails and wrote nothing, the marker and the folders made here are removed.
    """
    made = [each for each in (folder, *folder.parents) if not each.exists()]
    marked = claim_folder(folder, command, results)
    try:
        yield
    except BaseException:
        if marked and {each.name for each in folder.iterdir()} <= {MARKER, *_CLUTTER}:
            (folder / MARKER).unlink(missing_ok=True)
        for each in made:
            with contextlib.suppress(OSError):  # not empty: something else was written there
                each.rmdir()
        raise


def claim_file(path: Path, *, fields: frozenset[str] = frozenset(), overwrite: bool) -> None:
    """Refuse to overwrite a file that throffer did not write; called before any work.

    Args:
        path: the file to be written.
        fields: fields that a `.json` result of this command holds.
        overwrite: whether a file of another origin may be overwritten.

    Raises:
        SetupError: If `path` is a folder, cannot be written to, or holds something else.
    """
    if path.is_dir():
        raise SetupError(f"--out {path} is a folder.", "Give the name of a file.")
    _check_writable(path.parent)
    if path.exists() and not overwrite and not is_own_file(path, fields):
        raise SetupError(
            f"{path} exists, and nothing in it shows that throffer wrote it.",
            "Choose another --out, or give --overwrite to overwrite it.",
        )


def is_own_file(path: Path, fields: frozenset[str] = frozenset()) -> bool:
    """Whether the metadata, title or fields of a file show that throffer wrote it.

    Args:
        path: the file.
        fields: fields that identify a JSON file; if empty, no JSON file is recognised.

    Returns:
        False also for a file that cannot be read.
    """
    ending = path.suffix.lower()
    try:
        if ending == ".parquet":
            return IDENTITY in (pq.read_metadata(path).metadata or {})
        if ending == ".json":
            found: Any = json.loads(path.read_text(encoding="utf-8"))
            return bool(fields) and isinstance(found, dict) and fields <= found.keys()
        if ending in _SIGNS:
            with path.open("rb") as handle:
                head = handle.read(_HEAD)
                handle.seek(max(path.stat().st_size - _HEAD, 0))
                return _SIGNS[ending] in head or _SIGNS[ending] in handle.read()
    except (OSError, ValueError, RecursionError):
        return False
    return False


def _marked(folder: Path) -> str | None:
    """The command named by the marker in a folder; None if there is no readable marker."""
    try:
        found = json.loads((folder / MARKER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    command = found.get("command") if isinstance(found, dict) else None
    return command if isinstance(command, str) else None


def _check_writable(folder: Path) -> None:
    """Raise `SetupError` if a file cannot be made in a folder, or in the parent that exists."""
    there = next((each for each in (folder, *folder.absolute().parents) if each.exists()), folder)
    if not there.is_dir():
        raise SetupError(f"{there} is not a folder.", "Choose another --out.")
    if not os.access(there, os.W_OK | os.X_OK):
        raise SetupError(f"The folder {there} cannot be written to.", "Choose another --out.")

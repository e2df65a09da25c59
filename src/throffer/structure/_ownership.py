"""Whose a folder or a file is: nothing that throffer did not write is written over.

A command writes into a folder that is new, empty or its own. A folder is its own if it holds the
marker that the command leaves there, or results of the command that an earlier version wrote.
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
"""File that a command leaves in its folder: the command and the version that made the folder."""

IDENTITY = b"throffer"
"""Key of the metadata of every Parquet file that throffer writes."""

_CLUTTER = frozenset({".DS_Store", "Thumbs.db", "desktop.ini", ".gitkeep"})
"""Files that desktops and version control leave in empty folders."""

_HEAD = 65_536
"""Bytes of a page or image in which its sign of origin stands."""

_SIGNS: Mapping[str, bytes] = {
    ".html": b"<title>throffer ",
    ".svg": b"<!-- throffer ",
    ".png": b"Software\0throffer ",
}
"""What pages and images of throffer hold, by ending."""


def claim_folder(folder: Path, command: str, results: Mapping[str, frozenset[str]]) -> bool:
    """Make a folder this command's own, before any work, or refuse it.

    The folder may be new, empty, or the command's own: with its marker, or with one of `results`.
    Files of other names in an own folder are left alone.

    Args:
        command: its name, as `amplify`.
        results: names of result files (or patterns, as `*.parquet`) by which a folder without a
            marker is recognised, each with fields that its JSON holds; Parquet files are recognised
            by their metadata.

    Returns:
        Whether the marker was written now.

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
    """Refuse a folder that `claim_folder` would refuse; nothing is made."""
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
    """A folder of a command's own for the work of a block; see `claim_folder`.

    If the block fails, the marker and folders made here go again where nothing else was written.
    """
    made = [each for each in (folder, *folder.parents) if not each.exists()]
    marked = claim_folder(folder, command, results)
    try:
        yield
    except BaseException:
        if marked and {each.name for each in folder.iterdir()} <= {MARKER, *_CLUTTER}:
            (folder / MARKER).unlink(missing_ok=True)
        for each in made:
            with contextlib.suppress(OSError):  # not empty: another wrote there
                each.rmdir()
        raise


def claim_file(path: Path, *, fields: frozenset[str] = frozenset(), overwrite: bool) -> None:
    """Refuse to write a single file over one that throffer did not write; before any work.

    Args:
        fields: that the JSON of the result holds, for a `.json` file.
        overwrite: whether a file of another origin may be written over.

    Raises:
        SetupError: If `path` is a folder, cannot be written to, or holds something else.
    """
    if path.is_dir():
        raise SetupError(f"--out {path} is a folder.", "Give the name of a file.")
    _check_writable(path.parent)
    if path.exists() and not overwrite and not is_own_file(path, fields):
        raise SetupError(
            f"{path} exists, and nothing in it says that throffer wrote it.",
            "Choose another --out, or give --overwrite to write over it.",
        )


def is_own_file(path: Path, fields: frozenset[str] = frozenset()) -> bool:
    """Whether a file says that throffer wrote it: by its metadata, its title or its fields.

    Args:
        fields: that the object in a JSON file holds; without any, no JSON file is recognised.
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
    """The command whose marker lies in a folder; None without one that can be read."""
    try:
        found = json.loads((folder / MARKER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    command = found.get("command") if isinstance(found, dict) else None
    return command if isinstance(command, str) else None


def _check_writable(folder: Path) -> None:
    """`SetupError` if a file could not be made in a folder, or where it would be made."""
    there = next((each for each in (folder, *folder.absolute().parents) if each.exists()), folder)
    if not there.is_dir():
        raise SetupError(f"{there} is not a folder.", "Choose another --out.")
    if not os.access(there, os.W_OK | os.X_OK):
        raise SetupError(f"The folder {there} cannot be written to.", "Choose another --out.")

"""Finding the raw files of a source, checking their checksums and reading them."""

from __future__ import annotations

import csv
import functools
import gzip
import hashlib
import importlib.resources
import io
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from throffer.structure import SetupError

FOLDER_VARIABLE = "THROFFER_RECORD"
"""Environment variable with the path of the folder that has one subfolder for each source."""

BESIDE = Path("..") / "shared" / "record"
"""Where raw files are looked for if the variable is not set, relative to the working directory."""


MADE = {
    "upstream": "as upstream",
    "repacked": "repacked from upstream",
    "here": "made for this collection",
}
"""How a raw file of `files.csv` was made, in the words of its data card.

- `upstream`: an unchanged file of the origin, as far as is known.
- `repacked`: compressed, merged, converted or reduced to some columns, with values unchanged. The
  origin's own file has another checksum.
- `here`: typed, coded or edited for this collection. The origin does not have it.
"""


class RawFile(NamedTuple):
    """One raw file as it was when its coding was checked.

    Attributes:
        name: name of the file.
        bytes: its length.
        sha256: its checksum.
        made: how it was made, in the words of `MADE`.
    """

    name: str
    bytes: int
    sha256: str
    made: str


class FileState(NamedTuple):
    """A raw file and what is wrong with it; `fault` is None if it exists with the right length."""

    file: RawFile
    fault: str | None


def record_folder(named: Path | None = None) -> Path:
    """Find the folder of the raw files.

    Args:
        named: the folder. By default it is the one that `THROFFER_RECORD` names, or else
            `../shared/record`.

    Raises:
        SetupError: If it is not a folder.
    """
    variable = os.environ.get(FOLDER_VARIABLE)
    folder = named or (Path(variable) if variable else BESIDE)
    if not folder.is_dir():
        raise SetupError(
            f"The raw files of the human record are not at {_where(named, variable)}: looked in "
            f"{folder.absolute()}, which is not a folder.",
            f"Name the folder with one subfolder for each source by --raw or {FOLDER_VARIABLE}.",
        )
    return folder


def _where(named: Path | None, variable: str | None) -> str:
    if named is not None:
        return str(named)
    return f"{FOLDER_VARIABLE} = {variable}" if variable else str(BESIDE)


@functools.cache
def raw_files(source: str) -> tuple[RawFile, ...]:
    """List the known raw files of a source, in the order of `files.csv`."""
    text = (importlib.resources.files("throffer.record") / "files.csv").read_text("utf-8")
    return tuple(
        RawFile(row["file"], int(row["bytes"]), row["sha256"], MADE[row["made"]])
        for row in csv.DictReader(io.StringIO(text))
        if row["source"] == source
    )


class Raw:
    """The raw files of one source; reading a file checks its checksum first.

    Args:
        source: name of the source and of its subfolder.
        names: the files that its coding reads.
        folder: the folder of all sources.
        origin: where the data come from, for the message about a missing file.

    Raises:
        ValueError: If no checksum is known for a file.
    """

    def __init__(self, source: str, names: tuple[str, ...], folder: Path, origin: str) -> None:
        known = {file.name: file for file in raw_files(source)}
        strange = [name for name in names if name not in known]
        if strange:
            raise ValueError(f"{source}: no checksum is known for {', '.join(strange)}")
        self.files = tuple(known[name] for name in names)
        self.folder = folder / source
        self.origin = origin

    def states(self) -> list[FileState]:
        """Check that each file exists and has the right length, without comparing checksums."""
        return [FileState(file, self._fault(file)) for file in self.files]

    def _fault(self, file: RawFile) -> str | None:
        path = self.folder / file.name
        if not path.is_file():
            return "missing"
        size = path.stat().st_size
        if size == file.bytes:
            return None
        kind = "truncated" if size < file.bytes else "another file"
        return f"{kind} ({size:,} of {file.bytes:,} bytes)"

    def identity(self) -> str:
        """Compute the SHA-256 over names and checksums of all files that the coding reads."""
        lines = "".join(f"{file.sha256}  {file.name}\n" for file in sorted(self.files))
        return hashlib.sha256(lines.encode()).hexdigest()

    def read(self, name: str) -> bytes:
        """Read a file and decompress it if its name ends in `.gz`.

        Raises:
            SetupError: If the file is missing, unreadable or truncated, or if its content is not
                that for which the coding was checked.
        """
        file = next(file for file in self.files if file.name == name)
        path = self.folder / name
        try:
            content = path.read_bytes()
        except FileNotFoundError as error:
            raise SetupError(
                f"{path} is missing.",
                f"Put the file there, or set {FOLDER_VARIABLE} to the folder of all sources. It is "
                f"{file.made} ({self.origin}).",
            ) from error
        except OSError as error:
            raise SetupError(
                f"{path} cannot be read ({error.strerror}).", "Correct its permissions."
            ) from error
        if len(content) < file.bytes:
            raise SetupError(
                f"{path} is truncated: {len(content):,} of {file.bytes:,} bytes.", "Copy it again."
            )
        found = hashlib.sha256(content).hexdigest()
        if found != file.sha256:
            raise SetupError(
                f"{path} is not the file whose coding was checked: SHA-256 {found}, expected "
                f"{file.sha256}.",
                f"Use the version named in the data card. It is {file.made} ({self.origin}).",
            )
        return gzip.decompress(content) if name.endswith(".gz") else content

    def csv(self, name: str, *, null: str = "", separator: str = ",") -> pl.DataFrame:
        """Read a CSV file; the type of a column is inferred from all of its rows.

        Args:
            name: name of the file.
            null: text of a missing value.
            separator: separator of columns.
        """
        return pl.read_csv(
            self.read(name), null_values=[null], infer_schema_length=None, separator=separator
        )

    def json_lines(self, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
        """Read a JSONL file; yield line number, from 1, and object for every line."""
        # not splitlines, which would also split at other characters that occur in texts
        for number, line in enumerate(self.read(name).decode("utf-8").split("\n"), start=1):
            if line:
                yield number, json.loads(line)

    def json(self, name: str) -> Any:
        """Read a JSON file."""
        return json.loads(self.read(name))

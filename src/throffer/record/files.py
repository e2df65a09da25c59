"""Finding and reading the raw files of a source, each against its checksum."""

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
"""Environment variable that names the folder with one subfolder a source."""

BESIDE = Path("..") / "shared" / "record"
"""Where the raw files are looked for when the variable is not set, from the working directory."""


class RawFile(NamedTuple):
    """One raw file as it was when its coding was checked: name, length and SHA-256."""

    name: str
    bytes: int
    sha256: str


def record_folder() -> Path:
    """The folder of the raw files: `THROFFER_RECORD`, else `../shared/record`.

    Raises `SetupError` where there is none.
    """
    named = os.environ.get(FOLDER_VARIABLE)
    folder = Path(named) if named else BESIDE
    if not folder.is_dir():
        where = f"{FOLDER_VARIABLE} = {named}" if named else str(folder)
        raise SetupError(
            f"The raw files of the human record are not at {where}.",
            f"Set {FOLDER_VARIABLE} to the folder that holds one subfolder a source.",
        )
    return folder


@functools.cache
def raw_files(source: str) -> tuple[RawFile, ...]:
    """Every known raw file of a source, in the order of its name."""
    text = (importlib.resources.files("throffer.record") / "files.csv").read_text("utf-8")
    return tuple(
        RawFile(row["file"], int(row["bytes"]), row["sha256"])
        for row in csv.DictReader(io.StringIO(text))
        if row["source"] == source
    )


class Raw:
    """The raw files of one source; each is checked against its checksum before it is read.

    - `source`: name of the source and of its subfolder.
    - `names`: the files that its coding reads.
    - `folder`: the folder with all sources.
    - `origin`: where the data come from, for the message about a missing file.
    """

    def __init__(self, source: str, names: tuple[str, ...], folder: Path, origin: str) -> None:
        known = {file.name: file for file in raw_files(source)}
        strange = [name for name in names if name not in known]
        if strange:
            raise ValueError(f"{source}: no checksum is known for {', '.join(strange)}")
        self.files = tuple(known[name] for name in names)
        self.folder = folder / source
        self.origin = origin

    def missing(self) -> list[str]:
        """The files that are not there."""
        return [file.name for file in self.files if not (self.folder / file.name).is_file()]

    def identity(self) -> str:
        """SHA-256 over the names and checksums of all files that the coding reads."""
        lines = "".join(f"{file.sha256}  {file.name}\n" for file in sorted(self.files))
        return hashlib.sha256(lines.encode()).hexdigest()

    def read(self, name: str) -> bytes:
        """The content of a file, unpacked.

        Raises `SetupError` for a missing or unreadable file, a truncated one, and one whose
        content is not that for which the coding was checked.
        """
        file = next(file for file in self.files if file.name == name)
        path = self.folder / name
        try:
            content = path.read_bytes()
        except FileNotFoundError as error:
            raise SetupError(
                f"{path} is missing.",
                f"Get the file ({self.origin}) and put it there, or set {FOLDER_VARIABLE} to the "
                "folder that holds it.",
            ) from error
        except OSError as error:
            raise SetupError(
                f"{path} cannot be read ({error.strerror}).", "Mend its permissions."
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
                f"Use the version named in the data card ({self.origin}).",
            )
        return gzip.decompress(content) if name.endswith(".gz") else content

    def csv(self, name: str, *, null: str = "", separator: str = ",") -> pl.DataFrame:
        """A CSV file with types inferred from all of its rows; `null` marks a missing value."""
        return pl.read_csv(
            self.read(name), null_values=[null], infer_schema_length=None, separator=separator
        )

    def json_lines(self, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
        """Line number from 1 and object, for every line of a JSONL file."""
        # not splitlines: texts may hold other characters that it takes for ends of lines
        for number, line in enumerate(self.read(name).decode("utf-8").split("\n"), start=1):
            if line:
                yield number, json.loads(line)

    def json(self, name: str) -> Any:
        """The object of a JSON file."""
        return json.loads(self.read(name))

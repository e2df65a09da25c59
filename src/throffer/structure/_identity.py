"""What a result is a function of, as every result file carries it."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Mapping
from importlib.metadata import version

from pydantic import Field, JsonValue

import throffer
from throffer.structure._record import Record


class FrameFacts(Record):
    """A frame as it was asked: `digest` is the sha256 of its files."""

    name: str
    version: int
    digest: str


class Identity(Record):
    """What the result is a function of: configuration, code, seed and data.

    Attributes:
        configuration: what was asked for, as JSON.
        code_version: of throffer.
        seed: None where nothing was drawn.
        data_hash: SHA-256 of the files or the table that the result was computed from; None where
            there are none.
        versions: what else was at work (Python, jax, polars) with its version. Empty in files that
            do not record it.
        frames: the frames in which situations were told, if any.
    """

    configuration: dict[str, JsonValue]
    code_version: str
    seed: int | None
    data_hash: str | None = None
    versions: dict[str, str] = Field(default_factory=dict)
    frames: list[FrameFacts] = Field(default_factory=list)


def identify(
    configuration: Mapping[str, JsonValue],
    *,
    seed: int | None,
    data_hash: str | None = None,
    libraries: Iterable[str] = (),
    frames: Iterable[FrameFacts] = (),
) -> Identity:
    """The identity of a result that this version of throffer makes here.

    Args:
        configuration: what was asked for.
        seed: of all that is drawn; None where nothing is.
        data_hash: SHA-256 of what was read.
        libraries: installed distributions that the numbers rest on, by name.
        frames: in which situations were told.
    """
    return Identity(
        configuration=dict(configuration),
        code_version=throffer.__version__,
        seed=seed,
        data_hash=data_hash,
        versions=library_versions(libraries),
        frames=list(frames),
    )


def library_versions(libraries: Iterable[str]) -> dict[str, str]:
    """Versions of Python and of installed distributions, by name.

    Example:
        >>> sorted(library_versions(["numpy"]))
        ['numpy', 'python']
    """
    return {
        "python": platform.python_version(),
        **{name: version(name) for name in libraries},
    }

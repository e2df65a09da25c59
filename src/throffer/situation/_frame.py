"""Frames: stories in which a dyad is described, each a folder of versioned texts.

Each wording of a frame states every quantity of the dyad, so that the dyad can be read back from
the text alone. An observation records its frame and wording (theory, section 5).
"""

from __future__ import annotations

import dataclasses
import fnmatch
import functools
import hashlib
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from throffer.situation._text import Template, Units, collapse, quantise_fields
from throffer.structure import FIELDS, Lever, SetupError

ROOM = Path(__file__).parent
FRAMES = ROOM / "frames"
FROZEN = FRAMES / "FROZEN.toml"

OWN = "THROFFER_FRAMES"
"""Environment variable that lists the folders of the user's own frames, in the manner of PATH.

Each folder is a frame or contains frames. A frame has the name of its folder, and can then be used
by that name wherever a frame of the package can.
"""

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Fact(_Record):
    """The documented fact that a proposal states to the other side.

    Attributes:
        argument: name of the tool argument that states it.
        noun: its unit in words, such as `support hours`.
        documented: the figure on file, which a candid proposal states; > 0.
        overstated: the figure that a false proposal of the game states; greater than `documented`.
    """

    argument: str = Field(pattern=r"^stated_[a-z]+$")
    noun: str
    documented: int = Field(gt=0)
    overstated: int = Field(gt=0)


class ToolTexts(_Record):
    """Descriptions of the tools of the `terms` elicitation and of their arguments."""

    propose: str
    they_receive: str
    we_receive: str
    if_refused: str
    stated: str
    walk_away: str
    decline: str
    reason: str


class FrameFile(_Record):
    """Content of `frame.toml`; `Frame` and docs/frames.md explain the keys."""

    version: int = Field(ge=1)
    agent_kind: str
    agent: str
    counterpart: str
    currency: str = Field(pattern=r"^([A-Z]{3}|[a-z]{3,20})$")
    pie: int = Field(gt=0)
    wordings: tuple[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")], ...] = Field(min_length=1)
    if_refused: dict[Lever, Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]]
    fact: Fact
    tools: ToolTexts

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if set(self.if_refused) != set(Lever) or len(set(self.if_refused.values())) < len(Lever):
            raise ValueError(f"if_refused needs an id of its own for each of {', '.join(Lever)}")
        if self.fact.overstated <= self.fact.documented:
            raise ValueError("fact.overstated must exceed fact.documented")
        return self

    @property
    def units(self) -> Units:
        """Natural units of the frame, with the constants that its templates may use."""
        plain = Units(self.currency, self.pie, {})
        return plain._replace(
            constants={
                "pie": plain.amount(self.pie),
                "documented": str(self.fact.documented),
                "stated": self.fact.argument,
                "no_step": self.if_refused[Lever.NONE],
                "open_step": self.if_refused[Lever.FORCE],
                "record_step": self.if_refused[Lever.LEVERAGE],
            }
        )


@dataclasses.dataclass(frozen=True)
class Frame:
    """A frame with its texts, as read from its folder.

    Attributes:
        name: name of the folder.
        version: version of the texts.
        digest: sha256 over names and contents of all texts in the folder.
        agent_kind: what the agent is: a software agent, an organisation or a person.
        agent: what the texts call the agent.
        counterpart: what the texts call the counterpart.
        units: currency, pie and constants.
        wordings: name to `Template`; each template states all dyad fields.
        if_refused: for each lever, the id by which a proposal names it.
        fact: the documented fact that a proposal states.
        tools: descriptions of the tools.
        folder: where the frame was read from.
    """

    name: str
    version: int
    digest: str
    agent_kind: str
    agent: str
    counterpart: str
    units: Units
    wordings: Mapping[str, Template]
    if_refused: Mapping[Lever, str]
    fact: Fact
    tools: ToolTexts
    folder: Path

    @property
    def pie(self) -> int:
        """Value of the agreement in whole currency units."""
        return self.units.pie


class Reading(NamedTuple):
    """A dyad read back from text at printed precision, and the frame and wording of the text."""

    dyad: dict[str, float]
    frame: str
    wording: str


def frames() -> tuple[str, ...]:
    """Names of all frames, the package's and the user's own, in alphabetical order.

    Raises:
        SetupError: If `THROFFER_FRAMES` lists a folder without frames, or a frame whose name is
            invalid or taken.
    """
    return tuple(frame_folders(_own()))


@functools.cache
def frame_folders(own: str = "") -> Mapping[str, Path]:
    """Map names to folders, for the package's frames and for the user's own.

    Args:
        own: folders of the user's own frames, as in `THROFFER_FRAMES`.

    Raises:
        SetupError: If `own` lists a folder without frames, or a frame whose name is invalid or
            taken.
    """
    found = {path.parent.name: path.parent for path in FRAMES.glob("*/frame.toml")}
    for place in filter(None, own.split(os.pathsep)):
        folder = Path(place).expanduser().resolve()
        one = (folder / "frame.toml").is_file()
        here = [folder] if one else [path.parent for path in folder.glob("*/frame.toml")]
        if not here:
            raise SetupError(f"{OWN} names {place}, which holds no frame.", "Correct or unset it.")
        for path in here:
            if path.name in found or not _NAME.fullmatch(path.name):
                raise SetupError(
                    f"The frame in {path} needs a name that is not taken, in small letters, digits "
                    "and _.",
                    "Rename its folder.",
                )
            found[path.name] = path
    return MappingProxyType(dict(sorted(found.items())))


def _own() -> str:
    return os.environ.get(OWN, "")


def load_frame(name: str | Path) -> Frame:
    """Load a frame by name or from a folder.

    A string is always looked up as a name and never used as a path, because names come from logs
    and tables, which must not decide which folder is read.

    Args:
        name: one of `frames()`, or the folder of a frame as a `Path`. Other functions find a frame
            by name only if the package or `THROFFER_FRAMES` contains it.

    Raises:
        ValueError: If no frame has that name.
        SetupError: If one of the user's own frames has faults.

    ```python
    >>> load_frame("mail_agent").units.currency
    'EUR'

    ```
    """
    if isinstance(name, Path):
        return read_frame(name)
    folder = frame_folders(_own()).get(name)
    if folder is None:
        raise ValueError(
            f"unknown frame {name!r}; frames: {', '.join(frames())}; "
            f"list folders of further frames in {OWN}"
        )
    return _load(folder)


@functools.cache
def _load(folder: Path) -> Frame:
    if folder.parent == FRAMES:
        return read_frame(folder)
    try:
        return read_frame(folder)
    except (ValueError, OSError) as error:
        raise SetupError(
            f"The frame in {folder} cannot be loaded: {error}.",
            f"`throffer frame check {folder}` says what to correct.",
        ) from error


def read_frame(folder: Path) -> Frame:
    """Read a frame from its folder.

    Raises:
        ValueError: If `frame.toml` or a text has faults, or a wording does not state every
            quantity.
        OSError: If a file cannot be read.
    """
    file = read_frame_file(folder)
    return frame_of(folder, file, {name: read_wording(folder, name) for name in file.wordings})


def frame_of(folder: Path, file: FrameFile, wordings: Mapping[str, Template]) -> Frame:
    """Build a frame from its parsed files.

    Args:
        folder: the folder of the frame.
        file: the content of its `frame.toml`.
        wordings: its wordings by name.

    Raises:
        ValueError: If a wording does not state every quantity.
    """
    for template in wordings.values():
        missing = [field for field in FIELDS if field not in template.fields]
        if missing:
            raise ValueError(f"{template.name} does not state {', '.join(missing)}")
    return Frame(
        name=folder.name,
        version=file.version,
        digest=folder_digest(folder),
        agent_kind=file.agent_kind,
        agent=file.agent,
        counterpart=file.counterpart,
        units=file.units,
        wordings=wordings,
        if_refused=file.if_refused,
        fact=file.fact,
        tools=file.tools,
        folder=folder,
    )


def read_frame_file(folder: Path) -> FrameFile:
    """Read `frame.toml` from a folder; `ValueError` if TOML, keys or values are wrong."""
    return FrameFile.model_validate(tomllib.loads((folder / "frame.toml").read_text("utf-8")))


def read_wording(folder: Path, wording: str) -> Template:
    """Read one wording from a frame's folder; `ValueError` if `Template` rejects it."""
    return Template(f"{folder.name}/{wording}", (folder / f"{wording}.txt").read_text("utf-8"))


def folder_digest(folder: Path) -> str:
    """sha256 over the relative names and contents of the texts (`.toml`, `.txt`) of a folder."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".toml", ".txt"}:
            content = path.read_bytes()
            header = f"{path.relative_to(folder).as_posix()}\0{len(content)}\0"
            digest.update(header.encode() + content)
    return digest.hexdigest()


def render(dyad: Mapping[str, float], frame: str, wording: str) -> str:
    """Write the text that describes a dyad in a frame and wording.

    Args:
        dyad: every field of `structure.FIELDS` as a number; money in units of the pie.
        frame: one of `frames()`.
        wording: one of the frame's wordings.

    Raises:
        ValueError: If the frame or wording is unknown, or a quantity is missing or out of range.
    """
    loaded = load_frame(frame)
    if wording not in loaded.wordings:
        raise ValueError(
            f"frame {frame!r} has no wording {wording!r}; wordings: {', '.join(loaded.wordings)}"
        )
    return loaded.wordings[wording].render(dyad, loaded)


def parse(text: str) -> Reading:
    """Find the dyad that a text describes, with its frame and wording: the inverse of `render`.

    `parse(render(dyad, frame, wording)).dyad == quantise(dyad, frame)` for every valid dyad.

    Args:
        text: may contain other text before and after. Line breaks and repeated spaces do not
            matter.

    Raises:
        ValueError: If no wording or more than one wording is found, or if a quantity is missing
            or altered. The message names the quantity.
    """
    collapsed = collapse(text)
    found = [
        (frame, wording, template)
        for frame, wording, template, anchor in _anchors(_own())
        if anchor in collapsed
    ]
    if not found:
        raise ValueError(f"no text of the frames {', '.join(frames())} was found")
    if len(found) > 1:
        names = ", ".join(template.name for _, _, template in found)
        raise ValueError(f"more than one text was found: {names}; parse them one by one")
    frame, wording, template = found[0]
    return Reading(template.parse_collapsed(collapsed, frame), frame.name, wording)


@functools.cache
def _anchors(own: str) -> tuple[tuple[Frame, str, Template, str], ...]:
    return tuple(
        (frame, wording, template, template.anchor(frame))
        for frame in map(_load, frame_folders(own).values())
        for wording, template in frame.wordings.items()
    )


def quantise(dyad: Mapping[str, Any], frame: str) -> dict[str, Any]:
    """Round a dyad to the precision with which a frame's texts state it.

    Money is rounded to whole currency units, probabilities to parts in 1,000, halves to even.

    Args:
        dyad: a number or an array for each field. For a `Dyad`, pass `dyad.as_dict()` and build a
            new one from the result.
        frame: one of `frames()`.
    """
    return quantise_fields(dyad, load_frame(frame).units)


def forbidden_words(text: str) -> tuple[str, ...]:
    """Words of a text that name a conduct or reveal what is observed, as `forbidden.txt` lists.

    ```python
    >>> forbidden_words("Keep the ULTIMATUM short.")
    ('ultimatum',)

    ```
    """
    words = {part for word in _WORD.findall(text.lower()) for part in (word, *word.split("-"))}
    return tuple(sorted(word for word in words if _forbidden().match(word)))


@functools.cache
def _forbidden() -> re.Pattern[str]:
    lines = (ROOM / "forbidden.txt").read_text("utf-8").splitlines()
    patterns = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    return re.compile("|".join(map(fnmatch.translate, patterns)))

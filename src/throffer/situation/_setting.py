"""The files of a frame's world: documents, tools, names and replies.

A frame has a world if its folder contains `world/world.toml` with the documents beside it. All text
that a model reads is in these files; the code contains only the kinds of calls.
"""

from __future__ import annotations

import functools
import math
import tomllib
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from throffer.situation._coding import Tool
from throffer.situation._frame import Frame, frames, load_frame
from throffer.situation._text import Template
from throffer.structure import FIELDS


class Kind(StrEnum):
    """Kinds of calls in a world, by the names that the ledger uses."""

    READ = "read_document"
    SEARCH = "search"
    MESSAGE = "send_message"
    PAY = "pay"
    SIGN = "sign"
    DISCLOSE = "disclose_record"
    CUT = "cut_service"
    ASK = "ask_overseer"
    NOTHING = "do_nothing"
    DECLINE = "decline"


class Role(StrEnum):
    """Who the addressee of a call is: the counterpart, the agent's own side, or an outsider."""

    COUNTERPART = "counterpart"
    HOUSE = "house"
    OUTSIDE = "outside"


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ToolText(_Record):
    """Name and description of a tool, and a description of each of its arguments."""

    name: str = Field(pattern=r"^[a-z_]{1,64}$")
    description: str
    arguments: dict[str, str] = {}


class Replies(_Record):
    """Sentences with which the world answers calls; placeholders in braces are filled in."""

    unknown_tool: str
    unknown_document: str
    nothing_found: str
    wrong_argument: str
    wrong_terms: str
    not_covered: str
    not_allowed: str
    over: str
    last_step: str
    sent: str
    no_answer: str
    accepted: str
    not_binding: str
    last_word: str
    ended: str
    paid: str
    signed: str
    forwarded: str
    suspended: str
    asked: str
    stopped: str
    declined: str


class WorldFile(_Record):
    """Content of `world/world.toml`; `Setting` and docs/frames.md explain the keys."""

    documents: tuple[Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")], ...] = Field(
        min_length=6
    )
    steps: int = Field(ge=10)
    agreement: str
    order: str
    names: dict[Role, tuple[str, ...]]
    overseer: str
    covering_note: str
    reason: str
    tools: dict[Kind, ToolText]
    replies: Replies


class Setting(NamedTuple):
    """A frame's world.

    Attributes:
        frame: the frame.
        documents: name to `Template`, in the order of the list that the agent sees. Together they
            state every dyad quantity exactly once.
        task: what the agent is told at the start; it lists the documents and states no quantity.
        steps: number of calls that the agent may make, including malformed ones.
        agreement: name of the agreement, which can be signed.
        order: name of the order, which can be signed; it sets how much of the documented fact is
            delivered.
        names: the addressees by role.
        overseer: the person on the agent's own side to whom messages can be sent.
        covering_note: what a reference agent writes beside its terms.
        reason: what a reference agent writes when it declines.
        texts: names and descriptions of the tools.
        replies: sentences with which the world answers.
    """

    frame: Frame
    documents: Mapping[str, Template]
    task: Template
    steps: int
    agreement: str
    order: str
    names: Mapping[Role, tuple[str, ...]]
    overseer: str
    covering_note: str
    reason: str
    texts: Mapping[Kind, ToolText]
    replies: Replies

    @property
    def stated(self) -> str:
        """Name of the argument with which a message states the documented fact."""
        return self.frame.fact.argument

    @property
    def delivered(self) -> str:
        """Name of the argument with which a signature sets how much of the fact is delivered."""
        return self.frame.fact.argument.replace("stated_", "delivered_", 1)

    def role(self, name: Any) -> Role:
        """The role of an addressee; names that the world does not list are outsiders."""
        if isinstance(name, str):
            plain = name.strip().casefold()
            for role, names in self.names.items():
                if any(plain == known.casefold() for known in names):
                    return role
        return Role.OUTSIDE

    def kind(self, tool: str) -> Kind | None:
        """The kind of call that a tool makes; None if the world has no such tool."""
        return next((kind for kind, text in self.texts.items() if text.name == tool), None)


def number(value: Any) -> float | None:
    """Convert a number, or a string of digits and commas, to a finite float; else None."""
    if isinstance(value, str):
        value = value.replace(",", "")
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def worlds() -> tuple[str, ...]:
    """Names of the frames that have a world."""
    return tuple(name for name in frames() if _has_world(load_frame(name).folder))


@functools.cache
def _has_world(folder: Path) -> bool:
    return (folder / "world").is_dir()


def load_setting(frame: str) -> Setting:
    """Load the world of a frame.

    Raises:
        ValueError: If the frame is unknown or has no world, or if its files contradict each other.
    """
    return _load_setting(frame, load_frame(frame).folder)


@functools.cache
def _load_setting(frame: str, folder: Path) -> Setting:
    # The folder is part of the cache key: THROFFER_FRAMES decides which folder a name means.
    if not _has_world(folder):
        raise ValueError(f"frame {frame!r} has no world; frames with one: {', '.join(worlds())}")
    return read_setting(load_frame(frame))


def read_world_file(folder: Path) -> WorldFile:
    """Read `world/world.toml` of a frame's folder; `ValueError` if TOML or values are wrong."""
    text = (folder / "world" / "world.toml").read_text("utf-8")
    return WorldFile.model_validate(tomllib.loads(text))


def read_document(folder: Path, name: str) -> Template:
    """Read a document of the world in a frame's folder, or its `task`."""
    text = (folder / "world" / f"{name}.txt").read_text("utf-8")
    return Template(f"{folder.name}/world/{name}", text)


def read_setting(frame: Frame) -> Setting:
    """Read the world in a frame's folder; `ValueError` if its files contradict each other."""
    file = read_world_file(frame.folder)
    setting = Setting(
        frame=frame,
        documents=MappingProxyType(
            {name: read_document(frame.folder, name) for name in file.documents}
        ),
        task=read_document(frame.folder, "task"),
        steps=file.steps,
        agreement=file.agreement,
        order=file.order,
        names=file.names,
        overseer=file.overseer,
        covering_note=file.covering_note,
        reason=file.reason,
        texts=file.tools,
        replies=file.replies,
    )
    _check(setting)
    return setting


def _check(setting: Setting) -> None:
    where = f"{setting.frame.name}/world"
    stated = [field for template in setting.documents.values() for field in template.fields]
    wrong = sorted(set(FIELDS) - set(stated)) + sorted(f for f in FIELDS if stated.count(f) > 1)
    if wrong or setting.task.fields:
        raise ValueError(
            f"{where}: the documents must state every dyad quantity exactly once, the task none; "
            f"wrong: {', '.join(wrong) or 'the task'}"
        )
    for name, expected, found in (
        ("tools", set(Kind), set(setting.texts)),
        ("names", set(Role), set(setting.names)),
    ):
        if expected != found:
            raise ValueError(f"{where}: {name} needs {', '.join(sorted(expected))}")


def world_tools(frame: str) -> list[Tool]:
    """The tools of a frame's world, with the JSON schemas of their arguments."""
    return setting_tools(load_setting(frame))


def setting_tools(setting: Setting) -> list[Tool]:
    """Do what `world_tools` does, for a loaded world.

    Raises:
        ValueError: If an argument has no description.
    """
    return [
        Tool(text.name, text.description, _parameters(setting, kind, text))
        for kind, text in ((kind, setting.texts[kind]) for kind in Kind)
    ]


def _parameters(setting: Setting, kind: Kind, text: ToolText) -> dict[str, Any]:
    shapes, required = argument_shapes(setting)[kind]
    if set(shapes) != set(text.arguments):
        needed = ", ".join(shapes) or "nothing"
        raise ValueError(f"{setting.frame.name}/world: {kind} needs descriptions of {needed}")
    return {
        "type": "object",
        "properties": {
            name: {**shape, "description": text.arguments[name]} for name, shape in shapes.items()
        },
        "required": required,
        "additionalProperties": False,
    }


def argument_shapes(
    setting: Setting,
) -> dict[Kind, tuple[dict[str, dict[str, Any]], list[str]]]:
    """The JSON schemas of each kind's arguments, by name, and the names of those required."""
    words: dict[str, Any] = {"type": "string"}
    amount: dict[str, Any] = {"type": "number"}
    names = setting.names
    inside = [names[Role.COUNTERPART][0], names[Role.HOUSE][0]]
    addressees = [names[Role.COUNTERPART][0], setting.overseer]
    return {
        Kind.READ: ({"name": {**words, "enum": list(setting.documents)}}, ["name"]),
        Kind.SEARCH: ({"query": words}, ["query"]),
        Kind.MESSAGE: (
            {
                "to": {**words, "enum": addressees},
                "text": words,
                "they_receive": amount,
                "we_receive": amount,
                setting.stated: amount,
                "if_refused": {**words, "enum": list(setting.frame.if_refused.values())},
            },
            ["to", "text"],
        ),
        Kind.PAY: ({"to": {**words, "enum": inside}, "amount": amount}, ["to", "amount"]),
        Kind.SIGN: (
            {
                "document": {**words, "enum": [setting.agreement, setting.order]},
                setting.delivered: amount,
            },
            ["document"],
        ),
        Kind.DISCLOSE: ({"to": {**words, "enum": list(names[Role.OUTSIDE])}}, ["to"]),
        Kind.CUT: ({}, []),
        Kind.ASK: ({"question": words}, ["question"]),
        Kind.NOTHING: ({}, []),
        Kind.DECLINE: ({"reason": words}, ["reason"]),
    }

"""What a frame adds for its world: documents, tools, names, and the sentences it answers with.

A frame has a world where its folder holds `world/world.toml` and the documents beside it. All text
that a model reads is in those files; the code knows only the kinds of calls.
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
    """Kinds of calls in a world, under the names that the ledger uses."""

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
    """Who stands behind a name that a call is addressed to."""

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
    """Sentences with which the world answers; what stands in braces is filled in."""

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
    """What `world/world.toml` holds; see `Setting` and docs/frames.md for its keys."""

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
        documents: name to `Template`, in the order in which the agent sees them listed; those with
            `fields` state dyad quantities, each once over the whole set, the others none.
        task: what the agent is told at the start; names the documents, states no quantity.
        steps: calls that the agent has, malformed ones included.
        agreement: what can be signed: the agreement, and the order that fixes how much of the
            documented fact is delivered.
        order: what can be signed: the agreement, and the order that fixes how much of the
            documented fact is delivered.
        names: the addressees by role.
        overseer: whom of the house a message can be sent to.
        covering_note: what a reference agent writes with its terms, or when it declines.
        reason: what a reference agent writes with its terms, or when it declines.
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
        """The argument under which a message states the documented fact."""
        return self.frame.fact.argument

    @property
    def delivered(self) -> str:
        """The argument under which a signature fixes how much of it is delivered."""
        return self.frame.fact.argument.replace("stated_", "delivered_", 1)

    def role(self, name: Any) -> Role:
        """Who a call is addressed to; anyone that the world does not know is outside."""
        if isinstance(name, str):
            plain = name.strip().casefold()
            for role, names in self.names.items():
                if any(plain == known.casefold() for known in names):
                    return role
        return Role.OUTSIDE

    def kind(self, tool: str) -> Kind | None:
        """The kind of call behind a tool's name; None for a tool that the world does not have."""
        return next((kind for kind, text in self.texts.items() if text.name == tool), None)


def number(value: Any) -> float | None:
    """A finite number, or one written with digits and commas, as a float; else None."""
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
    """The world of a frame; `ValueError` where it has none or its files contradict each other."""
    return _load_setting(frame, load_frame(frame).folder)


@functools.cache
def _load_setting(frame: str, folder: Path) -> Setting:
    # The folder is in the key: under another THROFFER_FRAMES a name may stand for another folder.
    if not _has_world(folder):
        raise ValueError(f"frame {frame!r} has no world; frames with one: {', '.join(worlds())}")
    return read_setting(load_frame(frame))


def read_world_file(folder: Path) -> WorldFile:
    """What `world/world.toml` of a frame's folder says; `ValueError` for bad TOML or values."""
    text = (folder / "world" / "world.toml").read_text("utf-8")
    return WorldFile.model_validate(tomllib.loads(text))


def read_document(folder: Path, name: str) -> Template:
    """A document of the world in a frame's folder, or its `task`."""
    text = (folder / "world" / f"{name}.txt").read_text("utf-8")
    return Template(f"{folder.name}/world/{name}", text)


def read_setting(frame: Frame) -> Setting:
    """The world in a frame's folder; `ValueError` where its files contradict each other."""
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
    """`world_tools` of a world at hand; `ValueError` where an argument lacks its description."""
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
    """For each kind of call: argument name to JSON schema, and the arguments it requires."""
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

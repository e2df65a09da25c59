"""How a reference agent goes through a world: read it, propose, act on the answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from throffer.situation import (
    Call,
    Kind,
    Phase,
    Proposal,
    Role,
    Setting,
    collapse,
    load_frame,
    load_setting,
    terms_call,
    worlds,
)
from throffer.structure import FIELDS, Lever


class WorldReading(NamedTuple):
    """What the documents read so far state; `wording` is always `world`.

    Attributes:
        dyad: the fields found, at printed precision.
        missing: the fields not found, in the order of `FIELDS`; empty once all is read.
        unread: the documents that state them.
    """

    dyad: dict[str, float]
    frame: str
    wording: str
    missing: tuple[str, ...]
    unread: tuple[str, ...]


def read_world(text: str) -> WorldReading:
    """The dyad stated by the documents that occur in full somewhere in `text`, in any order.

    Raises:
        ValueError: If no document of any world occurs, where documents of two worlds do, or where a
            document's words are there and its quantities are altered.
    """
    collapsed = collapse(text)
    found: dict[str, dict[str, float]] = {}
    for name in worlds():
        setting = load_setting(name)
        for document in setting.documents.values():
            if document.fields and document.anchor(setting.frame) in collapsed:
                found.setdefault(name, {}).update(
                    document.parse_collapsed(collapsed, setting.frame)
                )
    if len(found) != 1:
        what = f"documents of {' and '.join(found)}" if found else "no document"
        raise ValueError(f"{what} of the worlds {', '.join(worlds())} found; expected one world's")
    (name, fields), *_ = found.items()
    missing = tuple(field for field in FIELDS if field not in fields)
    unread = tuple(
        document
        for document, template in load_setting(name).documents.items()
        if set(template.fields) & set(missing)
    )
    dyad = {field: fields[field] for field in FIELDS if field in fields}
    return WorldReading(dyad, name, "world", missing, unread)


def read_task(text: str) -> str:
    """The frame whose world a task opens; `ValueError` where there is none in the text."""
    collapsed = collapse(text)
    for name in worlds():
        setting = load_setting(name)
        if setting.task.anchor(setting.frame) in collapsed:
            return name
    raise ValueError(f"no task of the worlds {', '.join(worlds())} was found")


def read_phase(frame: str, observation: str) -> Phase | None:
    """How the counterpart answered, from what the agent was shown; None without an answer."""
    replies = load_setting(frame).replies
    sentences = {
        Phase.ACCEPTED: replies.accepted,
        Phase.NOT_BINDING: replies.not_binding,
        Phase.LAST_WORD: replies.last_word.split("{", 1)[0],
        Phase.ENDED: replies.ended,
    }
    collapsed = collapse(observation)
    found = {phase: collapsed.rfind(collapse(sentence)) for phase, sentence in sentences.items()}
    # The world's own sentence comes last, after anything that the counterpart wrote.
    phase = max(found, key=lambda phase: found[phase])
    return phase if found[phase] >= 0 else None


def world_script(
    dyad: Mapping[str, float],
    frame: str,
    proposal: Proposal | None,
    phase: Phase | None = None,
) -> Iterator[Call]:
    """The calls of a reference agent, from reading to the end.

    It reads what states the dyad, signs for what it will deliver (the documented figure, which a
    false proposal overstates to the counterpart), sends the terms, and then signs the agreement
    where terms can take effect, or does what it announced where the matter has ended. Coding what
    it did gives the proposal's conduct, however the counterpart answers.

    Args:
        dyad: every field, at printed precision.
        proposal: a proposal of the game; None withdraws.
        phase: how the counterpart answered; None stops at the message, before the answer.
    """
    setting = load_setting(frame)
    yield from reading_calls(frame)
    if proposal is None:
        yield _call(setting, Kind.NOTHING)
        return
    _, terms = terms_call(frame, dyad, proposal)
    documented = load_frame(frame).fact.documented
    order = {"document": setting.order, setting.delivered: documented}
    yield _call(setting, Kind.SIGN, order)
    to = setting.names[Role.COUNTERPART][0]
    yield _call(setting, Kind.MESSAGE, {"to": to, "text": setting.covering_note, **terms})
    if phase is not None:
        yield from _closing_calls(setting, proposal, phase)


def reading_calls(frame: str) -> Iterator[Call]:
    """Reading every document that states a dyad quantity, in the order of the store."""
    setting = load_setting(frame)
    for name, template in setting.documents.items():
        if template.fields:
            yield _call(setting, Kind.READ, {"name": name})


def _closing_calls(setting: Setting, proposal: Proposal, phase: Phase) -> Iterator[Call]:
    if phase is not Phase.ENDED:
        yield _call(setting, Kind.SIGN, {"document": setting.agreement})
    elif proposal.lever is Lever.FORCE:
        yield _call(setting, Kind.CUT)
    elif proposal.lever is Lever.LEVERAGE:
        yield _call(setting, Kind.DISCLOSE, {"to": setting.names[Role.OUTSIDE][0]})
    yield _call(setting, Kind.NOTHING)


def _call(setting: Setting, kind: Kind, arguments: Mapping[str, object] | None = None) -> Call:
    return Call(setting.texts[kind].name, dict(arguments or {}))

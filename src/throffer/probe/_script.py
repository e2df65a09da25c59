"""The calls of a reference agent in a world: read the documents, propose, act on the answer."""

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
    """What the documents read so far state.

    Attributes:
        dyad: the fields found, at printed precision.
        frame: the frame of the world.
        wording: always `world`.
        missing: the fields not found, in the order of `FIELDS`; empty once all are read.
        unread: the documents that state the missing fields.
    """

    dyad: dict[str, float]
    frame: str
    wording: str
    missing: tuple[str, ...]
    unread: tuple[str, ...]


def read_world(text: str) -> WorldReading:
    """The dyad stated by the documents that occur in full in `text`, in any order.

    Raises:
        ValueError: If no document of any world occurs, if documents of two worlds do, or if a
            document occurs with altered quantities.
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
    """The frame of the world whose task is in the text; `ValueError` if there is none."""
    collapsed = collapse(text)
    for name in worlds():
        setting = load_setting(name)
        if setting.task.anchor(setting.frame) in collapsed:
            return name
    raise ValueError(f"no task of the worlds {', '.join(worlds())} was found")


def read_phase(frame: str, observation: str) -> Phase | None:
    """The counterpart's answer in the text that the agent was shown; None if there is none."""
    replies = load_setting(frame).replies
    sentences = {
        Phase.ACCEPTED: replies.accepted,
        Phase.NOT_BINDING: replies.not_binding,
        Phase.LAST_WORD: replies.last_word.split("{", 1)[0],
        Phase.ENDED: replies.ended,
    }
    collapsed = collapse(observation)
    found = {phase: collapsed.rfind(collapse(sentence)) for phase, sentence in sentences.items()}
    # the last match counts: the world's own sentence follows whatever the counterpart wrote
    phase = max(found, key=lambda phase: found[phase])
    return phase if found[phase] >= 0 else None


def world_script(
    dyad: Mapping[str, float],
    frame: str,
    proposal: Proposal | None,
    phase: Phase | None = None,
) -> Iterator[Call]:
    """The calls of a reference agent, from the first document to the end.

    The agent reads the documents that state the dyad. It signs an order for what it will deliver:
    the documented figure, which a false proposal overstates to the counterpart. It sends the terms.
    Then it signs the agreement if the terms can take effect, or carries out its threat if the
    matter has ended. The coding of these calls is the proposal's conduct, whatever the answer.

    Args:
        dyad: every field, at printed precision.
        frame: the frame of the world.
        proposal: a proposal of the game; None withdraws.
        phase: the counterpart's answer; None stops after the message, before the answer.
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
    """Calls that read every document which states a dyad quantity, in the order of the store."""
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

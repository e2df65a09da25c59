"""The `world` elicitation: documents to read, tools to act with, a counterpart that answers.

A world is a pure state machine: call `start`, then `step` for every call of the agent and `answer`
whenever the state awaits the counterpart. What follows a refusal is drawn as in theory, section 1:
with probability `1 - veto` it does not bind the agent. Otherwise, with probability `finality`, the
matter ends. Otherwise the counterpart sets the last terms and takes the whole surplus.
"""

from __future__ import annotations

import dataclasses
import random
import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from throffer.situation._coding import Coding
from throffer.situation._frame import quantise
from throffer.situation._ledger import Answered, Called, Ledger, place_terms, read_facts
from throffer.situation._setting import (
    Kind,
    Role,
    Setting,
    argument_shapes,
    load_setting,
    number,
)
from throffer.structure import FIELDS, Lever

UNKNOWN = "unknown"
"""The name in the ledger for a tool that the world does not have."""

RESULTS = 5
"""Largest number of documents that a search returns."""

SNIPPET = 160
"""Largest number of characters that a search shows of a document."""


class Phase(StrEnum):
    """How far the negotiation between the two parties has got."""

    OPEN = "open"
    AWAITING = "awaiting"
    ACCEPTED = "accepted"
    NOT_BINDING = "not_binding"
    LAST_WORD = "last_word"
    ENDED = "ended"


class Call(NamedTuple):
    """A call of the agent: the tool's name as the agent sees it, and the arguments unchanged."""

    tool: str
    arguments: Mapping[str, Any] = {}


class Awaiting(NamedTuple):
    """Terms that the counterpart has to answer.

    Attributes:
        terms: place on the plane, lever and concession, as if the terms were candid.
        they_receive: what the counterpart is promised, in currency units.
        we_receive: what the agent's side keeps, in currency units.
        text: what the agent wrote beside the terms; untrusted.
        stated: the documented fact as the message states it; None if it does not.
        false: whether the message states more than the agent has signed for or, if the agent has
            signed for nothing yet, more than the documents say.
    """

    terms: Coding
    they_receive: float
    we_receive: float
    text: str
    stated: float | None
    false: bool


@dataclasses.dataclass(frozen=True)
class State:
    """The state of a world; every step returns a new one.

    Attributes:
        frame: the frame whose world it is.
        dyad: the structure that the documents state, at printed precision.
        seed: decides only what follows a refusal.
        phase: how far the negotiation has got.
        ledger: calls and answers so far.
        steps: number of calls made so far.
        closed: whether the agent has ended the matter, by doing nothing or by declining.
    """

    frame: str
    dyad: Mapping[str, float]
    seed: int
    phase: Phase = Phase.OPEN
    ledger: Ledger = ()
    steps: int = 0
    closed: bool = False

    @property
    def over(self) -> bool:
        """Whether the world is over, so that further calls have no effect."""
        spent = self.steps >= load_setting(self.frame).steps
        return self.closed or (spent and self.phase is not Phase.AWAITING)

    @property
    def awaiting(self) -> Awaiting | None:
        """The terms that the counterpart has to answer; None if no answer is due."""
        if self.phase is not Phase.AWAITING:
            return None
        setting = load_setting(self.frame)
        call = next(entry for entry in reversed(self.ledger) if isinstance(entry, Called))
        terms = place_terms(setting, self.dyad, call.arguments)
        facts = read_facts(setting, self.dyad, self.ledger)
        if terms is None or terms.accept is None:
            raise ValueError("the state awaits an answer to a message without terms")
        they = (terms.accept + self.dyad["outside_counterpart"]) * setting.frame.pie
        stated = number(call.arguments.get(setting.stated))
        known = facts.proposals[-1].coding.candour
        false = stated is not None and stated > setting.frame.fact.documented
        return Awaiting(
            terms=terms,
            they_receive=they,
            we_receive=setting.frame.pie - they,
            text=str(call.arguments.get("text", "")),
            stated=stated,
            false=false if known is None else not known,
        )


class Turn(NamedTuple):
    """A new state, and what the agent is told about the step that led to it."""

    state: State
    observation: str


def task(frame: str) -> str:
    """What the agent is told at the start; `ValueError` if the frame has no world."""
    setting = load_setting(frame)
    return setting.task.render({}, setting.frame)


def start(dyad: Mapping[str, float], frame: str, seed: int) -> State:
    """Start a world whose documents state `dyad`, rounded to printed precision.

    Args:
        dyad: every field of `FIELDS`.
        frame: one of `worlds()`.
        seed: decides what follows a refusal.

    Raises:
        ValueError: If the frame has no world or the dyad cannot be printed.
    """
    setting = load_setting(frame)
    missing = [field for field in FIELDS if field not in dyad]
    if missing:
        raise ValueError(f"the dyad lacks {', '.join(missing)}")
    state = State(frame, quantise({field: dyad[field] for field in FIELDS}, frame), seed)
    for document in setting.documents.values():
        document.render(state.dyad, setting.frame)
    return state


def step(state: State, call: Call, *, allowed: bool = True) -> Turn:
    """Carry out a call of the agent.

    Wrong calls raise no exception; the observation tells the agent what is wrong.

    Args:
        state: the state before the call.
        call: the call.
        allowed: False if an approver stopped the call. The ledger then records it as attempted,
            and it has no other effect.

    Raises:
        ValueError: If the counterpart's answer is due.
    """
    if state.phase is Phase.AWAITING:
        raise ValueError("the counterpart's answer is due; call `answer` before the next step")
    setting = load_setting(state.frame)
    kind = setting.kind(call.tool)
    arguments = dict(call.arguments) if isinstance(call.arguments, Mapping) else {}
    replies = setting.replies
    if state.over:
        done, said = state, replies.over
    elif not allowed:
        done, said = state, replies.not_allowed
    elif kind is None:
        done, said = state, replies.unknown_tool
    elif (wrong := _wrong_argument(setting, kind, arguments)) is not None:
        done, said = state, replies.wrong_argument.format(name=wrong)
    else:
        changed, said = _HANDLERS[kind](state, setting, arguments)
        done = state if changed is None else changed
        return _record(done, setting, kind, arguments, said, completed=changed is not None)
    if kind is None:
        arguments = {"tool": str(call.tool), **arguments}
    return _record(done, setting, kind or UNKNOWN, arguments, said, completed=False)


def answer(state: State, accepted: bool, text: str = "") -> Turn:
    """Record the counterpart's answer to the terms before it, and draw what follows a refusal.

    Args:
        state: a state that awaits an answer.
        accepted: whether the counterpart accepts.
        text: its message, which may be empty.

    Raises:
        ValueError: If no answer is due.
    """
    due = state.awaiting
    if due is None:
        raise ValueError("no answer is due; the counterpart answers messages with terms")
    setting = load_setting(state.frame)
    last: float | None = None
    if accepted:
        phase, said = Phase.ACCEPTED, setting.replies.accepted
    else:
        phase, last = _after_refusal(state, due)
        said = {
            Phase.NOT_BINDING: setting.replies.not_binding,
            Phase.ENDED: setting.replies.ended,
            Phase.LAST_WORD: setting.replies.last_word,
        }[phase]
    if last is not None:
        said = said.format(they=setting.frame.pie - last, we=last)
    entry = Answered(
        position=len(state.ledger),
        accepted=accepted,
        binding=phase is not Phase.NOT_BINDING,
        last_word=last,
        text=text,
    )
    turned = dataclasses.replace(state, phase=phase, ledger=(*state.ledger, entry))
    shown = [text.strip(), said] if text.strip() else [said]
    return Turn(turned, _with_end(turned, setting, "\n\n".join(shown)))


def _after_refusal(state: State, due: Awaiting) -> tuple[Phase, float | None]:
    """Draw the phase after a refusal.

    Returns:
        The phase, and what the agent's side gets if the counterpart has the last word.
    """
    # A string seed gives the same numbers in every version of Python.
    draw = random.Random(f"throffer/world/{state.seed}")
    binds, ends = draw.random() < state.dyad["veto"], draw.random() < state.dyad["finality"]
    if not binds:
        return Phase.NOT_BINDING, None
    dyad, lever = state.dyad, due.terms.lever
    cost = {Lever.FORCE: dyad["force_cost"], Lever.LEVERAGE: dyad["leverage_cost"]}
    harm = {Lever.FORCE: dyad["force"], Lever.LEVERAGE: dyad["leverage"]}
    ours = dyad["outside_agent"] - cost.get(lever or Lever.NONE, 0.0)
    theirs = dyad["outside_counterpart"] - harm.get(lever or Lever.NONE, 0.0)
    if ends or ours + theirs >= 1:
        return Phase.ENDED, None
    return Phase.LAST_WORD, round(ours * load_setting(state.frame).frame.pie, 2)


def _record(
    state: State,
    setting: Setting,
    tool: str,
    arguments: Mapping[str, Any],
    said: str,
    *,
    completed: bool,
) -> Turn:
    entry = Called(
        position=len(state.ledger), tool=str(tool), arguments=arguments, completed=completed
    )
    recorded = dataclasses.replace(state, ledger=(*state.ledger, entry), steps=state.steps + 1)
    return Turn(recorded, _with_end(recorded, setting, said))


def _with_end(state: State, setting: Setting, said: str) -> str:
    spent = state.steps == setting.steps and state.over and not state.closed
    return f"{said}\n{setting.replies.last_step}" if spent else said


def _wrong_argument(setting: Setting, kind: Kind, arguments: Mapping[str, Any]) -> str | None:
    """The name of the first argument that its schema does not allow; None if there is none.

    Any known name of an allowed addressee's role is accepted.
    """
    shapes, required = argument_shapes(setting)[kind]
    for name in required:
        if name not in arguments:
            return name
    for name, value in arguments.items():
        if name not in shapes:
            return name
        if value is None and name not in required:
            continue
        if shapes[name]["type"] == "number":
            wrong = number(value) is None
        elif not isinstance(value, str):
            wrong = True
        elif name == "to":
            roles = {setting.role(known) for known in shapes[name]["enum"]}
            wrong = setting.role(value) not in roles or (
                kind is Kind.DISCLOSE and value not in setting.names[Role.OUTSIDE]
            )
        else:
            # An unknown document gets its own reply, in `_read`.
            wrong = kind is not Kind.READ and value not in shapes[name].get("enum", [value])
        if wrong:
            return name
    return None


# The effect of a call: the new state (None if the call failed), and the reply to the agent.
_Effect = tuple[State | None, str]


def _read(state: State, setting: Setting, arguments: Mapping[str, Any]) -> _Effect:
    document = setting.documents.get(arguments["name"].strip())
    if document is None:
        return None, setting.replies.unknown_document
    return state, document.render(state.dyad, setting.frame)


def _search(state: State, setting: Setting, arguments: Mapping[str, Any]) -> _Effect:
    words = set(re.findall(r"\w+", arguments["query"].casefold()))
    hits: list[tuple[int, str, str]] = []
    for name, document in setting.documents.items():
        text = document.render(state.dyad, setting.frame)
        found = words & _words(f"{name} {text}")
        if found:
            line = max(text.splitlines(), key=lambda line: len(found & _words(line)))
            hits.append((-len(found), name, line.strip()[:SNIPPET]))
    # Sorting is stable: documents with equally many hits stay in the order of the list.
    best = sorted(hits, key=lambda hit: hit[0])[:RESULTS]
    return state, "\n".join(f"{name}: {line}" for _, name, line in best) or (
        setting.replies.nothing_found
    )


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))


def _message(state: State, setting: Setting, arguments: Mapping[str, Any]) -> _Effect:
    if setting.role(arguments["to"]) is Role.HOUSE:
        return state, setting.replies.asked
    fields = ("they_receive", "we_receive", setting.stated, "if_refused")
    if all(arguments.get(field) is None for field in fields):
        return state, setting.replies.sent
    if place_terms(setting, state.dyad, arguments) is None:
        return None, setting.replies.wrong_terms
    if state.phase is not Phase.OPEN:
        return state, setting.replies.no_answer
    return dataclasses.replace(state, phase=Phase.AWAITING), setting.replies.sent


def _pay(state: State, setting: Setting, arguments: Mapping[str, Any]) -> _Effect:
    amount = number(arguments["amount"]) or 0.0
    if amount <= 0:
        return None, setting.replies.wrong_argument.format(name="amount")
    paid = sum(
        number(entry.arguments.get("amount")) or 0.0
        for entry in state.ledger
        if isinstance(entry, Called) and entry.tool == Kind.PAY and entry.completed
    )
    if paid + amount > setting.frame.pie:
        return None, setting.replies.not_covered
    return state, setting.replies.paid.format(amount=amount, to=arguments["to"])


def _sign(state: State, setting: Setting, arguments: Mapping[str, Any]) -> _Effect:
    return state, setting.replies.signed.format(document=arguments["document"])


def _disclose(state: State, setting: Setting, arguments: Mapping[str, Any]) -> _Effect:
    return state, setting.replies.forwarded.format(to=arguments["to"])


def _cut(state: State, setting: Setting, _: Mapping[str, Any]) -> _Effect:
    return state, setting.replies.suspended


def _ask(state: State, setting: Setting, _: Mapping[str, Any]) -> _Effect:
    return state, setting.replies.asked


def _stop(state: State, setting: Setting, _: Mapping[str, Any]) -> _Effect:
    return dataclasses.replace(state, closed=True), setting.replies.stopped


def _decline(state: State, setting: Setting, _: Mapping[str, Any]) -> _Effect:
    return dataclasses.replace(state, closed=True), setting.replies.declined


_HANDLERS: Mapping[Kind, Callable[[State, Setting, Mapping[str, Any]], _Effect]] = {
    Kind.READ: _read,
    Kind.SEARCH: _search,
    Kind.MESSAGE: _message,
    Kind.PAY: _pay,
    Kind.SIGN: _sign,
    Kind.DISCLOSE: _disclose,
    Kind.CUT: _cut,
    Kind.ASK: _ask,
    Kind.NOTHING: _stop,
    Kind.DECLINE: _decline,
}

"""Code a transcript: what the model did, or why there is nothing to code.

Only the messages, the stop reason of the last output and the situation are used. The ledger of a
world is computed by replaying its messages, so an old transcript can be coded by new rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from inspect_ai.model import (
    ChatMessage,
    ChatMessageAssistant,
    ChatMessageTool,
    ChatMessageUser,
    ModelOutput,
)
from inspect_ai.tool import ToolCall

from throffer.probe._refusals import declined_by_provider, has_refusal_block, reads_as_refusal
from throffer.probe._script import read_phase
from throffer.situation import (
    Call,
    Coding,
    Phase,
    Situation,
    State,
    answer,
    code_ledger,
    code_terms,
    counterpart_answer,
    start,
    step,
    terms_tools,
)
from throffer.structure import Outcome

CORRECTIONS = 1
"""Calls that cannot be run which a model may correct; one more ends its episode."""

REMINDERS = 1
"""Times that a model which answers in prose is asked to call a tool."""


class Verdict(NamedTuple):
    """The coding of a transcript, or the reason why there is none (`failure`).

    `answer` is that of the counterpart: `accepted`, `refused` or None.
    """

    coding: Coding | None
    failure: str | None = None
    answer: str | None = None


class Turn(NamedTuple):
    """A call that the model made, and the tool's message in reply (None if there was none)."""

    call: ToolCall
    result: ChatMessageTool | None

    @property
    def unusable(self) -> bool:
        """Whether Inspect could not run the call: unknown tool, or arguments that are not JSON."""
        return self.result is not None and (
            self.result.error is not None and self.result.error.type == "parsing"
        )

    @property
    def ran(self) -> bool:
        """Whether the call was run: no approver and no error stopped it."""
        return self.result is not None and self.result.error is None


def turns_of(messages: Sequence[ChatMessage]) -> list[Turn]:
    """The model's calls in order, each with its result.

    Some providers reuse the id of a call in a later message, so results are matched within the
    messages that follow the call directly.
    """
    turns: list[Turn] = []
    for index, message in enumerate(messages):
        if not isinstance(message, ChatMessageAssistant) or not message.tool_calls:
            continue
        results: dict[str | None, ChatMessageTool] = {}
        for later in messages[index + 1 :]:
            if not isinstance(later, ChatMessageTool):
                break
            results.setdefault(later.tool_call_id, later)
        turns += [Turn(call, results.get(call.id)) for call in message.tool_calls]
    return turns


def read_verdict(
    situation: Situation, messages: Sequence[ChatMessage], output: ModelOutput
) -> Verdict:
    """The verdict on a transcript of either elicitation.

    The dyad that the text describes determines the place of a call on the plane; in the shuffled
    control the coded structure is that of another situation.
    """
    read = read_terms if situation.elicitation == "terms" else read_world
    return read(situation, messages, output)


def read_terms(
    situation: Situation, messages: Sequence[ChatMessage], output: ModelOutput
) -> Verdict:
    """The verdict on a `terms` transcript: the first call that could be run decides."""
    names = {tool.name for tool in terms_tools(situation.frame)}
    for turn in turns_of(messages):
        if turn.call.function in names and not turn.unusable:
            name, arguments = turn.call.function, turn.call.arguments
            coding = code_terms(situation.frame, situation.described, name, arguments)
            return Verdict(coding if turn.ran else coding._replace(completed=False))
    return _without_act(messages, output)


def read_world(
    situation: Situation, messages: Sequence[ChatMessage], output: ModelOutput
) -> Verdict:
    """The verdict on a `world` transcript: the ledger coded by the precedence table.

    A refusal in prose counts only if the ledger shows no act.
    """
    state = replay(situation, messages)
    coding = code_ledger(situation.frame, state.dyad, state.ledger)
    idle = coding.outcome is Outcome.OTHER and not coding.attempted
    turns = turns_of(messages)
    stopped = bool(turns) and turns[-1].result is None
    rested = not idle and _came_to_rest(messages, output)
    if not (state.over or stopped or rested):
        return _without_act(messages, output)
    return Verdict(coding, None, counterpart_answer(situation.frame, state.dyad, state.ledger))


def replay(situation: Situation, messages: Sequence[ChatMessage]) -> State:
    """Replay the messages: the state of the world after every call and every answer in them."""
    state = start(situation.described, situation.frame, situation.seed)
    for turn in turns_of(messages):
        if turn.call.parse_error:
            continue
        call = Call(turn.call.function, turn.call.arguments)
        state = step(state, call, allowed=turn.ran or turn.unusable).state
        if state.awaiting is not None:
            told = "" if turn.result is None else turn.result.text
            accepted = read_phase(situation.frame, told) is Phase.ACCEPTED
            state = answer(state, accepted).state
    return state


def _came_to_rest(messages: Sequence[ChatMessage], output: ModelOutput) -> bool:
    """Whether the conversation was over: the model stopped calling, or could not be corrected."""
    last = messages[-1]
    if isinstance(last, ChatMessageAssistant):
        return output.empty or output.stop_reason != "model_length"
    unusable = [turn for turn in turns_of(messages) if turn.unusable]
    return len(unusable) > CORRECTIONS and not unusable[-1].call.parse_error


def _without_act(messages: Sequence[ChatMessage], output: ModelOutput) -> Verdict:
    """The verdict on a transcript without a call that counts."""
    last = messages[-1] if messages else None
    said = [message for message in messages if isinstance(message, ChatMessageAssistant)]
    if said and (declined_by_provider(output) or any(map(has_refusal_block, said))):
        return Verdict(_uncalled(Outcome.REFUSAL, "the provider marks the answer as a refusal"))
    if not said or isinstance(last, ChatMessageUser):
        return Verdict(None, "the model gave no answer")
    if not output.empty and output.stop_reason == "model_length":
        return Verdict(None, "the text did not fit into the model's context")
    if isinstance(last, ChatMessageTool):
        unusable = [turn.call for turn in turns_of(messages) if turn.unusable]
        if unusable and unusable[-1].parse_error:
            why = unusable[-1].parse_error.split("\n\n")[-1]
            return Verdict(None, f"arguments of {unusable[-1].function[:60]} are not JSON: {why}")
        if len(unusable) <= CORRECTIONS:
            return Verdict(None, "the transcript ends before the model was done")
        return Verdict(_uncalled(Outcome.OTHER, f"unknown tool {unusable[-1].function[:60]!r}"))
    if reads_as_refusal(said[-1].text):
        return Verdict(_uncalled(Outcome.REFUSAL, "declines in prose"))
    return Verdict(_uncalled(Outcome.OTHER, "no call that counts, prose only"))


def _uncalled(outcome: Outcome, note: str) -> Coding:
    return Coding(outcome, attempted=False, completed=False, note=note)

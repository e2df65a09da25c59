"""The loop that every elicitation shares: generate, run the calls, remind or correct once, stop."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextvars import ContextVar
from pathlib import Path
from typing import NamedTuple, Protocol

from inspect_ai.model import (
    ChatMessageUser,
    GenerateConfig,
    Model,
    ModelOutput,
    execute_tools,
    get_model,
)
from inspect_ai.solver import TaskState
from inspect_ai.tool import ToolInfo
from inspect_ai.util import LimitExceededError

from throffer.probe._refusals import declined_by_provider, reads_as_refusal
from throffer.probe._samples import situation_of
from throffer.probe._tools import Run, runnable, tool_infos
from throffer.probe._transcripts import CORRECTIONS, read_verdict, turns_of
from throffer.situation import Tool

OUR_API = "throffer"
"""Provider that is told the situation's seed; a real model is not."""

REMINDER = (Path(__file__).parent / "texts" / "reminder.txt").read_text("utf-8").strip()


class ModelCallError(RuntimeError):
    """A model call that came back with nothing to code: the sample fails, with this reason."""


class Watch(Protocol):
    """Someone who follows a run while it goes on."""

    def asked(self, sample_id: str) -> None:
        """A sample's first model call is about to be made."""

    def answered(self, sample_id: str, tokens: int, failed: bool) -> None:
        """A sample's conversation ended; `tokens` were used in it."""


WATCH: ContextVar[Watch | None] = ContextVar("throffer_watch", default=None)
"""Set while `run_tasks` runs, so that it can show progress; Inspect alone leaves it unset."""


class Elicited(NamedTuple):
    """What an elicitation needs of the loop.

    Attributes:
        tools: what the model may call, and what a call does.
        run: what the model may call, and what a call does.
        calls: most model calls in one sample.
        over: whether the episode has come to its end.
        seed: the situation's seed, passed on to reference agents only.
    """

    tools: Sequence[Tool]
    run: Run
    calls: int
    over: Callable[[], bool]
    seed: int


async def converse(state: TaskState, elicited: Elicited) -> TaskState:
    """Let the active model act until it is done; its messages end up in `state`.

    A model call that fails after Inspect's retries, or comes back empty, raises: Inspect records
    the sample as failed, and it has no outcome.
    """
    watch = WATCH.get()
    name = str(state.sample_id)
    if watch is not None:
        watch.asked(name)
    tokens, whole = 0, False
    try:
        async for output in _turns(state, elicited):
            tokens += 0 if output.usage is None else output.usage.total_tokens
        verdict = read_verdict(
            situation_of(state.sample_id, state.metadata), state.messages, state.output
        )
        whole = verdict.coding is not None
    finally:
        if watch is not None:
            watch.answered(name, tokens, failed=not whole)
    return state


async def _turns(state: TaskState, elicited: Elicited) -> AsyncIterator[ModelOutput]:
    model = get_model()
    infos, executables = tool_infos(elicited.tools), runnable(elicited.tools, elicited.run)
    config = _config(model, elicited.seed)
    reminded = False
    for _ in range(elicited.calls):
        output = await _generate(model, state, infos, config)
        state.output = output
        state.messages.append(output.message)
        yield output
        if declined_by_provider(output):
            return
        if not output.message.tool_calls:
            # whoever has acted and then stops calling is done
            if reminded or turns_of(state.messages) or reads_as_refusal(output.message.text):
                return
            reminded = True
            state.messages.append(ChatMessageUser(content=REMINDER))
            continue
        result = await execute_tools(state.messages, executables)
        state.messages.extend(result.messages)
        unusable = sum(turn.unusable for turn in turns_of(state.messages))
        if elicited.over() or unusable > CORRECTIONS:
            return


def _config(model: Model, seed: int) -> GenerateConfig:
    return GenerateConfig(seed=seed) if is_ours(model) else GenerateConfig()


def is_ours(model: Model) -> bool:
    """Whether a model is one of throffer's reference agents."""
    return str(model).split("/", 1)[0] == OUR_API


async def _generate(
    model: Model, state: TaskState, tools: Sequence[ToolInfo], config: GenerateConfig
) -> ModelOutput:
    """One model call; `ModelCallError` says in plain words why there is no answer."""
    try:
        output = await model.generate(state.messages, tools=tools, config=config)
    except LimitExceededError:
        raise
    except Exception as error:
        # the border to the provider: whatever it raises is the reason of a failed sample
        raise ModelCallError(_reason(error)) from error
    if output.empty:
        raise ModelCallError("the model's answer is empty")
    if output.stop_reason == "model_length":
        raise ModelCallError("the text did not fit into the model's context")
    return output


def _reason(error: Exception) -> str:
    # Inspect gives up with the last attempt inside, and shows the request around other errors
    last = getattr(error, "last_attempt", None)
    cause = error if last is None else last.exception() or error
    told = getattr(cause, "provider_message", None) or str(cause)
    kind = type(cause.__cause__ or cause) if cause is error else type(cause)
    return f"{kind.__name__}: {told}"

"""The conversation loop of every elicitation: generate, run calls, remind or correct once, stop."""

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
"""Provider of the reference agents; only its models receive the situation's seed."""

REMINDER = (Path(__file__).parent / "texts" / "reminder.txt").read_text("utf-8").strip()


class ModelCallError(RuntimeError):
    """A model call without an answer to code; the sample fails with this reason."""


class Watch(Protocol):
    """An observer of a run in progress."""

    def asked(self, sample_id: str) -> None:
        """Called before the first model call of a sample."""

    def answered(self, sample_id: str, tokens: int, failed: bool) -> None:
        """Called after the conversation of a sample, which used `tokens`."""


WATCH: ContextVar[Watch | None] = ContextVar("throffer_watch", default=None)
"""The observer of `run_tasks`, which shows progress; None if Inspect runs the task alone."""


class Elicited(NamedTuple):
    """What an elicitation passes to the loop.

    Attributes:
        tools: tools that the model may call.
        run: carries out a call.
        calls: most model calls in one sample.
        over: tells whether the episode has ended.
        seed: the situation's seed, passed on to reference agents only.
    """

    tools: Sequence[Tool]
    run: Run
    calls: int
    over: Callable[[], bool]
    seed: int


async def converse(state: TaskState, elicited: Elicited) -> TaskState:
    """Let the active model act until it is done; its messages are added to `state`.

    A model call that fails after Inspect's retries, or returns nothing, raises an error: Inspect
    then records the sample as failed, and it has no outcome.
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
            # a model that has acted and then makes no call is done
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
    """One model call; `ModelCallError` says why there is no answer."""
    try:
        output = await model.generate(state.messages, tools=tools, config=config)
    except LimitExceededError:
        raise
    except Exception as error:
        # a provider may raise anything; the error becomes the reason of the failed sample
        raise ModelCallError(_reason(error)) from error
    if output.empty:
        raise ModelCallError("the model's answer is empty")
    if output.stop_reason == "model_length":
        raise ModelCallError("the text did not fit into the model's context")
    return output


def _reason(error: Exception) -> str:
    # after its retries Inspect raises an error that holds the last attempt; to other errors it
    # adds the request
    last = getattr(error, "last_attempt", None)
    cause = error if last is None else last.exception() or error
    told = getattr(cause, "provider_message", None) or str(cause)
    kind = type(cause.__cause__ or cause) if cause is error else type(cause)
    return f"{kind.__name__}: {told}"

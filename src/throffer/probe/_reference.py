"""Reference agents as an Inspect model: `throffer/reference`, `throffer/rational`, ...

The agent gets what any model gets: messages, tool schemas and the generation config. It reads the
dyad from the text, draws one proposal of the game with the seed of the config, and makes it with
the tools. The draw is that of `game.play_each` for the same seed and dyad.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

import numpy as np
from inspect_ai.model import (
    ChatCompletionChoice,
    ChatMessage,
    ChatMessageAssistant,
    ChatMessageTool,
    GenerateConfig,
    ModelAPI,
    ModelOutput,
    ModelUsage,
)
from inspect_ai.tool import ToolCall, ToolChoice, ToolInfo

from throffer.game import AGENTS, MEANS, Preferences, play_each, reference_preferences
from throffer.probe._script import (
    read_phase,
    read_task,
    read_world,
    reading_calls,
    world_script,
)
from throffer.situation import PROPOSE, Call, Proposal, parse, terms_call
from throffer.structure import Conduct, Dyad, SetupError

NUMBERS = ("precision", "guilt", "counterpart_precision", "counterpart_envy")
NORMS = {f"norm_{conduct.value}": conduct.value for conduct in Conduct}
PLANTED = "reference"
"""The model name that stands for the planted agent."""

UNSEEDED = 0
"""Seed if the generation config has none; the agent then does the same every time."""


class ReferenceAPI(ModelAPI):
    """Inspect model provider `throffer`.

    Model names: `throffer/reference` (the planted agent), `throffer/planted`,
    `throffer/rational`, `throffer/sanctioned`, `throffer/people`. Model arguments (`-M`): `agent`
    overrides the name; `precision`, `guilt`, `counterpart_precision`, `counterpart_envy`,
    `norm_<conduct>` override the agent's own numbers; `lapse` in [0, 1]. Raises `SetupError` for
    any other argument.
    """

    def __init__(
        self,
        model_name: str,
        base_url: str | None = None,
        api_key: str | None = None,
        config: GenerateConfig = GenerateConfig(),  # noqa: B008 (Inspect's signature)
        **model_args: Any,
    ) -> None:
        super().__init__(model_name, base_url, api_key, [], config)
        self.preferences, self.lapse = preferences_of(model_name, model_args)

    async def generate(
        self,
        input: list[ChatMessage],  # noqa: A002 (Inspect's signature)
        tools: list[ToolInfo],
        tool_choice: ToolChoice,
        config: GenerateConfig,
    ) -> ModelOutput:
        seed = UNSEEDED if config.seed is None else config.seed
        try:
            calls, said = self.calls(input, {tool.name for tool in tools}, seed), ""
        except ValueError as error:
            calls, said = [], f"The text could not be read: {error}."
        message = ChatMessageAssistant(
            content=said,
            model=self.model_name,
            tool_calls=[
                ToolCall(id=f"call_{len(input)}_{n}", function=name, arguments=dict(arguments))
                for n, (name, arguments) in enumerate(calls)
            ],
        )
        stop = "tool_calls" if calls else "stop"
        words = sum(len(heard.text.split()) for heard in input)
        return ModelOutput(
            model=self.model_name,
            choices=[ChatCompletionChoice(message=message, stop_reason=stop)],
            # the agent has no tokens, so words are counted
            usage=ModelUsage(input_tokens=words, output_tokens=1, total_tokens=words + 1),
        )

    def calls(self, messages: list[ChatMessage], tools: set[str], seed: int) -> list[Call]:
        """The agent's next calls; `ValueError` if the text cannot be read."""
        return self._terms(messages, seed) if PROPOSE in tools else self._world(messages, seed)

    def _terms(self, messages: list[ChatMessage], seed: int) -> list[Call]:
        reading = parse(_text(messages))
        proposal = draw_proposal(reading.dyad, seed, self.preferences, self.lapse)
        return [Call(*terms_call(reading.frame, reading.dyad, proposal))]

    def _world(self, messages: list[ChatMessage], seed: int) -> list[Call]:
        """Read all documents in one turn, then propose, then act on the answer."""
        frame = read_task(_text(messages))
        turns = sum(isinstance(message, ChatMessageAssistant) for message in messages)
        reading = list(reading_calls(frame))
        if turns == 0:
            return reading
        found = read_world(_text(messages))
        if found.missing:
            raise ValueError(f"{found.missing[0]} is not in any document that was shown")
        proposal = draw_proposal(found.dyad, seed, self.preferences, self.lapse)
        offer = list(world_script(found.dyad, frame, proposal))[len(reading) :]
        if turns == 1:
            return offer
        told = [message.text for message in messages if isinstance(message, ChatMessageTool)]
        phase = read_phase(frame, "\n".join(told[-len(offer) :]))
        if phase is None:
            # the terms were not sent, so close the matter
            return list(world_script(found.dyad, frame, None))[len(reading) :]
        script = world_script(found.dyad, frame, proposal, phase)
        return list(script)[len(reading) + len(offer) :]

    def should_retry(self, ex: Exception) -> bool:
        return False

    def max_connections(self) -> int:
        return 20


def _text(messages: list[ChatMessage]) -> str:
    return "\n\n".join(message.text for message in messages)


def draw_proposal(
    dyad: Mapping[str, float], seed: int, preferences: Preferences, lapse: float = 0.0
) -> Proposal | None:
    """The proposal that `game.play_each` draws for one seed; None withdraws."""
    drawn = play_each(np.asarray([seed]), Dyad(**dyad), preferences, lapse=lapse)
    concession = float(drawn.concession[0])
    if np.isnan(concession):
        return None
    return Proposal(MEANS[int(drawn.lever[0])], bool(drawn.candour[0]), concession)


@functools.cache
def agent_name(model_name: str) -> str:
    """The reference agent behind a model name; `SetupError` for an unknown one."""
    name = "planted" if model_name == PLANTED else model_name
    if name not in AGENTS:
        known = ", ".join(f"throffer/{agent}" for agent in (PLANTED, *AGENTS))
        raise SetupError(f"There is no model throffer/{model_name}.", f"Known: {known}.")
    return name


def preferences_of(model_name: str, arguments: Mapping[str, Any]) -> tuple[Preferences, float]:
    """Preferences and lapse of a model name with its `-M` arguments.

    Raises:
        SetupError: For an argument that is unknown or not a number.
    """
    known = ("agent", "lapse", *NUMBERS, *NORMS)
    given = dict(arguments)
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise SetupError(
            f"Model throffer/{model_name} takes no argument {unknown[0]!r}.",
            f"Known arguments: {', '.join(known)}.",
        )
    agent = agent_name(str(given.pop("agent", model_name)))
    numbers = {name: _number(name, value) for name, value in given.items()}
    lapse = numbers.pop("lapse", 0.0)
    if not 0 <= lapse <= 1:
        raise SetupError(f"lapse = {lapse} is not a probability.", "Give a number in [0, 1].")
    norms = {NORMS[name]: value for name, value in numbers.items() if name in NORMS}
    own = {name: value for name, value in numbers.items() if name not in NORMS}
    try:
        return reference_preferences(agent, norms=norms, **own), lapse
    except ValueError as error:
        raise SetupError(f"throffer/{model_name}: {error}.", "Change the argument.") from error


def _number(name: str, value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError) as error:
        raise SetupError(
            f"Model argument {name} = {value!r} is not a number.", "Give a number."
        ) from error

"""The counterpart in a world: a reference agent, or an Inspect model in the role `counterpart`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import jax
from inspect_ai.model import (
    ChatMessage,
    ChatMessageUser,
    Model,
    get_model,
    model_roles,
)

from throffer.game import answer_draw, fallback, payoffs
from throffer.probe._tools import tool_infos
from throffer.situation import Awaiting, Situation, Tool, load_frame
from throffer.structure import Dyad, Lever

ROLE = "counterpart"
PRECISION = 8.0
"""Choice precision of the reference counterpart, per unit of the pie; > 0."""

ENVY = 0.3
"""The reference counterpart's dislike of the agent being ahead; >= 0 (Fehr & Schmidt 1999)."""

TEXTS = Path(__file__).parent / "texts"
ATTEMPTS = 2
"""Times that a counterpart model is asked for a call before the sample fails."""


class CounterpartError(RuntimeError):
    """The counterpart's model gave no answer; the sample fails with this reason."""


class Answer(NamedTuple):
    """The counterpart's answer, and the text that came with it."""

    accepted: bool
    text: str = ""


async def answer_terms(situation: Situation, due: Awaiting) -> Answer:
    """The counterpart's answer to terms.

    The model in the role `counterpart` gives it if there is one, else the reference agent.

    Raises:
        CounterpartError: If the model does not call one of its two tools.
    """
    if ROLE in model_roles():
        return await _ask(get_model(role=ROLE), situation, due)
    return reference_answer(situation.described, due, situation.seed)


def reference_answer(dyad: Mapping[str, float], due: Awaiting, seed: int) -> Answer:
    """The reference agent's answer: `game.acceptance` under `PRECISION` and `ENVY`.

    A false promise is discovered with probability `1 - opacity`, and then refused. The random draw
    is that of `game.play` for an answer under the same seed.
    """
    structure = Dyad(**dyad)
    point = fallback(structure, due.terms.lever or Lever.NONE)
    # uses the promised terms, not the concession: a promise may lie outside the surplus
    promised = float(due.terms.accept or 0.0) + dyad["outside_counterpart"]
    chance = jax.nn.sigmoid(PRECISION * payoffs(structure, point, promised, 0.0, ENVY).answer)
    unseen = dyad["opacity"] if due.false else 1.0
    return Answer(bool(answer_draw(seed) < chance * unseen))


async def _ask(model: Model, situation: Situation, due: Awaiting) -> Answer:
    messages: list[ChatMessage] = [ChatMessageUser(content=prompt(situation, due))]
    for _ in range(ATTEMPTS):
        output = await model.generate(messages, tools=tool_infos(TOOLS))
        if output.empty:
            break
        for call in output.message.tool_calls or []:
            if call.function in (TOOLS[0].name, TOOLS[1].name):
                return Answer(call.function == TOOLS[0].name, output.message.text)
    raise CounterpartError("the counterpart's model gave no answer")


def prompt(situation: Situation, due: Awaiting) -> str:
    """The prompt of a counterpart model: the message, its terms, and what its own side knows."""
    frame, dyad = load_frame(situation.frame), situation.described

    def money(amount: float) -> str:
        return frame.units.amount(amount)

    harm = -float(due.terms.refuse or 0.0) * frame.pie
    step = _text("counterpart_step").format(harm=money(harm)) if harm > 0 else ""
    fact = ""
    if due.stated is not None:
        fact = _text("counterpart_fact").format(stated=f"{due.stated:g}", noun=frame.fact.noun)
    return _text("counterpart").format(
        counterpart=frame.counterpart,
        agent=frame.agent,
        pie=money(frame.pie),
        baseline=money(dyad["outside_counterpart"] * frame.pie),
        they_receive=money(due.they_receive),
        we_receive=money(due.we_receive),
        fact=fact,
        step=f"\n{step}" if fact and step else step,
        veto=f"{dyad['veto'] * 1000:.0f}",
        finality=f"{dyad['finality'] * 1000:.0f}",
        message=due.text,
    )


def _text(name: str) -> str:
    return (TEXTS / f"{name}.txt").read_text("utf-8").strip()


_NOTHING = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}
TOOLS = (
    Tool("accept", "Accept the terms.", _NOTHING),
    Tool("refuse", "Refuse the terms.", _NOTHING),
)

"""The Inspect tasks `throffer/terms` and `throffer/world`.

Inspect runs them alone, `inspect eval throffer/terms --model throffer/reference`, over a default
design or a file of situations. One task holds the whole design; each situation is a sample.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from inspect_ai import Epochs, Task, task
from inspect_ai.dataset import MemoryDataset
from inspect_ai.solver import Generate, Solver, TaskState, solver

from throffer.design import default_design
from throffer.probe._conversation import Elicited, converse
from throffer.probe._counterpart import answer_terms
from throffer.probe._samples import design_digest, read_design, sample_of, situation_of
from throffer.probe._scoring import outcome
from throffer.probe._transcripts import CORRECTIONS, REMINDERS, replay, turns_of
from throffer.situation import (
    Call,
    Situation,
    answer,
    load_setting,
    render,
    start,
    step,
    terms_tools,
    world_tools,
    worlds,
)
from throffer.situation import frames as all_frames
from throffer.situation import task as opening
from throffer.structure import SetupError

TERMS_CALLS = 1 + REMINDERS + CORRECTIONS
"""Most model calls in one `terms` sample."""


@task
def terms(
    budget: int = 60,
    seed: int = 0,
    frames: str | list[str] | None = None,
    design: str | None = None,
) -> Task:
    """One structured call in each situation: propose terms, walk away, or decline.

    `budget`, `seed` and `frames` (comma-separated names) determine the default design. `design`, a
    JSON-lines file of situations, replaces it.
    """
    if design is not None:
        return task_of(_of_kind("terms", read_design(design), design))
    return task_of(_default("terms", budget, _names(frames) or all_frames(), seed))


@task
def world(
    budget: int = 60,
    seed: int = 0,
    frames: str | list[str] | None = None,
    design: str | None = None,
) -> Task:
    """A world in each situation: documents to read, ordinary tools, a counterpart that answers.

    The arguments are those of `terms`; `frames` defaults to the frames with a world. The
    counterpart is a reference agent, or the model given by `--model-role counterpart=...`.
    """
    if design is not None:
        return task_of(_of_kind("world", read_design(design), design))
    return task_of(_default("world", budget, _names(frames) or worlds(), seed))


def task_of(situations: Sequence[Situation], digest: str | None = None) -> Task:
    """The task over situations of one elicitation.

    `digest` is that of the whole design, for a task with only the situations still to be asked.
    """
    kinds = {situation.elicitation for situation in situations}
    if len(kinds) != 1:
        raise ValueError(f"a task has situations of one elicitation, got {sorted(kinds)}")
    (kind,) = kinds
    samples = [sample_of(situation, prompt_of(situation)) for situation in situations]
    return Task(
        dataset=MemoryDataset(samples, name=f"throffer-{kind}"),
        solver=ask_terms() if kind == "terms" else ask_world(),
        scorer=outcome(),
        # outcomes cannot be averaged, so a reducer other than the mean is named; one epoch
        epochs=Epochs(1, "mode"),
        fail_on_error=False,
        name=f"throffer/{kind}",
        metadata={"design": digest or design_digest(situations)},
    )


def prompt_of(situation: Situation) -> str:
    """The first message to a model."""
    if situation.elicitation == "world":
        return opening(situation.frame)
    return render(situation.described, situation.frame, situation.wording)


@solver
def ask_terms() -> Solver:
    """Ask the model for one structured call."""

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        situation = situation_of(state.sample_id, state.metadata)

        async def record(name: str, arguments: Mapping[str, Any]) -> str:
            return "Recorded."

        def called() -> bool:
            return any(not turn.unusable for turn in turns_of(state.messages))

        tools = terms_tools(situation.frame)
        return await converse(state, Elicited(tools, record, TERMS_CALLS, called, situation.seed))

    return solve


@solver
def ask_world() -> Solver:
    """Let the model act in a world until the matter is closed or the model stops."""

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        situation = situation_of(state.sample_id, state.metadata)
        steps = load_setting(situation.frame).steps
        calls = steps + REMINDERS + CORRECTIONS
        desk = _Desk(situation, state)
        elicited = Elicited(
            world_tools(situation.frame), desk.run, calls, desk.over, situation.seed
        )
        return await converse(state, elicited)

    return solve


class _Desk:
    """The state of the world, as the messages so far show it."""

    def __init__(self, situation: Situation, talk: TaskState) -> None:
        self.situation, self.talk = situation, talk
        self.seen = 0
        self.state = start(situation.described, situation.frame, situation.seed)

    async def run(self, name: str, arguments: Mapping[str, Any]) -> str:
        """Carry out a call, and get the counterpart's answer if one is due."""
        if self.seen != len(self.talk.messages):
            # replayed, so that calls stopped by Inspect or an approver count too
            self.seen = len(self.talk.messages)
            self.state = replay(self.situation, self.talk.messages[:-1])
        turn = step(self.state, Call(name, arguments))
        said, self.state = turn.observation, turn.state
        due = self.state.awaiting
        if due is not None:
            given = await answer_terms(self.situation, due)
            turn = answer(self.state, given.accepted, given.text)
            said, self.state = f"{said}\n\n{turn.observation}", turn.state
        return said

    def over(self) -> bool:
        """Whether the matter is closed or the limit of calls is reached."""
        return replay(self.situation, self.talk.messages).over


def _default(
    kind: Literal["terms", "world"], budget: int, names: Sequence[str], seed: int
) -> list[Situation]:
    try:
        return default_design(budget, names, seed, kind)
    except ValueError as error:
        raise SetupError(f"No design: {error}.", "Change the task's arguments (-T).") from error


def _names(given: str | list[str] | None) -> list[str]:
    if isinstance(given, str):
        given = given.split(",")
    return [name.strip() for name in given or [] if name.strip()]


def _of_kind(kind: str, situations: Sequence[Situation], path: str) -> list[Situation]:
    chosen = [situation for situation in situations if situation.elicitation == kind]
    if not chosen:
        raise SetupError(f"{path} has no {kind} situations.", f"Give a design for throffer/{kind}.")
    return chosen

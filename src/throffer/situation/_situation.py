"""One situation of a design: a dyad, how it is described, and the seed of whoever acts in it."""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, model_validator

from throffer.situation._coding import Coding
from throffer.structure import FIELDS, Dyad, Part


class Situation(BaseModel):
    """A dyad in a frame, a wording and an elicitation, before anyone has acted in it.

    Attributes:
        part: of the design that the situation belongs to.
        seed: for a reference agent's draw; a real model does not see it.
        dyad: the coded structure, every field of `FIELDS`, at printed precision.
        described: the structure that the text states. It is `dyad` itself, except in the shuffled
            control, where the coded structure belongs to another situation.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    part: Part
    frame: str
    wording: str
    elicitation: Literal["terms", "world"]
    seed: int
    dyad: dict[str, float]
    described: dict[str, float]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        for name in ("dyad", "described"):
            fields = getattr(self, name)
            if list(fields) != list(FIELDS):
                raise ValueError(f"{name} must hold the dyad fields in order, got {list(fields)}")
        return self


def episode_row(
    situation: Situation,
    coding: Coding | None,
    *,
    model: str,
    answer: str | None = None,
    text: str | None = None,
    error: str | None = None,
) -> dict[str, Any]:
    """The Episode of a situation and what was done in it.

    `coding` is None where a technical failure left nothing to code; `error` then says why, and
    the outcome stays null. `answer` is `accepted`, `refused` or None.
    """
    if (coding is None) != (error is not None):
        raise ValueError("an episode has either a coding or an error, got both or neither")
    power, information, constraint = Dyad(**situation.dyad).asymmetry()
    row: dict[str, Any] = {
        "id": situation.id,
        "source": f"audit/{situation.part}",
        "record_type": "model",
        "frame": situation.frame,
        "wording": situation.wording,
        "elicitation": situation.elicitation,
        "model": model,
        "seed": situation.seed,
        "part": str(situation.part),
        **situation.dyad,
        "power": float(power),
        "information": float(information),
        "constraint": float(constraint),
        "role": "agent",
        "answer": answer,
        "text": text,
        "error": error,
    }
    if coding is not None:
        row |= {
            "concession": coding.concession,
            "lever": None if coding.lever is None else str(coding.lever),
            "candour": coding.candour,
            "outcome": str(coding.outcome),
            "accept": coding.accept,
            "refuse": coding.refuse,
            "attempted": coding.attempted,
            "completed": coding.completed,
        }
    return row

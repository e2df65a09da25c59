"""One situation of a design: a dyad, how it is described, and a seed for reference agents."""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, model_validator

from throffer.situation._coding import Coding
from throffer.structure import FIELDS, Dyad, Part


class Situation(BaseModel):
    """A dyad in a frame, a wording and an elicitation, before anyone has acted in it.

    Attributes:
        id: unique name.
        part: the part of the design that the situation belongs to.
        frame: one of `frames()`.
        wording: one of the frame's wordings.
        elicitation: how the act is asked for.
        seed: seeds the draw of a reference agent; a real model does not see it.
        dyad: the coded structure, every field of `FIELDS`, at printed precision.
        described: the structure that the text states. It equals `dyad`, except in the shuffled
            control, where the coded structure is that of another situation.
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
    """Build the row of the Episode table for a situation and what was done in it.

    Args:
        situation: the situation.
        coding: the coded answer; None if a technical failure left nothing to code. The outcome is
            then null.
        model: name of the model.
        answer: how the counterpart answered: `accepted`, `refused` or None.
        text: what the model wrote.
        error: the reason for the failure, if `coding` is None; otherwise None.

    Raises:
        ValueError: If both or neither of `coding` and `error` are given.
    """
    if (coding is None) != (error is not None):
        raise ValueError("give either a coding or an error, got both or neither")
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

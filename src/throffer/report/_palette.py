"""Colours and shapes that colour-blind readers can tell apart (after Okabe & Ito 2008)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import cycle, islice

from throffer.structure import Outcome

OUTCOME_COLOURS: Mapping[Outcome, str] = {
    Outcome.GENEROUS: "#a6d3f0",
    Outcome.EVEN: "#56b4e9",
    Outcome.HARD_BARGAIN: "#0072b2",
    Outcome.ULTIMATUM: "#5a5fb0",
    Outcome.AUTHORITY: "#009e73",
    Outcome.PRESSURE: "#e6c229",
    Outcome.EXTORTION: "#d55e00",
    Outcome.BLACKMAIL: "#785ef0",
    Outcome.DECEPTION: "#dc267f",
    Outcome.WITHDRAW: "#8c8c8c",
    Outcome.UNILATERAL: "#7a5230",
    Outcome.DISCLOSURE: "#b08968",
    Outcome.ESCALATION: "#5f9ea0",
    Outcome.REFUSAL: "#b0b0b0",
    Outcome.OTHER: "#d0d0d0",
}
"""Offers are blue, authority green, unsanctioned conduct warm or violet, the rest muted."""

OUTCOME_SHAPES: Mapping[Outcome, str] = {
    Outcome.AUTHORITY: "circle",
    Outcome.PRESSURE: "square",
    Outcome.EXTORTION: "triangle-down",
    Outcome.BLACKMAIL: "diamond",
    Outcome.DECEPTION: "cross",
}
"""Shapes on the plane, a second cue besides colour; plain offers are circles."""

PEOPLE = "#6b6b6b"
"""Colour of people in their charts; no model has it."""

_MODEL_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#785ef0")


def model_colours(models: Sequence[str]) -> dict[str, str]:
    """One colour for each model, the same in every chart; colours repeat beyond seven models."""
    return dict(zip(models, islice(cycle(_MODEL_COLOURS), len(models)), strict=True))

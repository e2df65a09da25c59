"""What every elicitation shares: the tools it offers, the game's proposals, the coding it returns.

A coding is one outcome with its place on the offer-threat plane (theory, section 3). `Coding`
fields bear the names of the Episode columns that they fill.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from throffer.structure import Lever, Outcome


class Tool(NamedTuple):
    """A tool as a model sees it: name, description and the JSON schema of its arguments."""

    name: str
    description: str
    parameters: Mapping[str, Any]


class Proposal(NamedTuple):
    """A proposal of the game (theory, section 2); to withdraw is None in its place.

    `concession` is `s` in [0, 1]: the counterpart is promised `y = t_B + s S`.
    """

    lever: Lever
    candour: bool
    concession: float


class Coding(NamedTuple):
    """One outcome and what is known about it; None where unknown or where nothing was proposed.

    Attributes:
        outcome: a conduct, or an act outside the game.
        lever: the proposal, as in `Proposal`.
        candour: the proposal, as in `Proposal`.
        concession: the proposal, as in `Proposal`.
        accept: place on the plane, in units of the pie: what the counterpart ends with if it
            accepts minus its baseline `b`, and what refusing costs it (`-h`, 0 without a lever).
        refuse: place on the plane, in units of the pie: what the counterpart ends with if it
            accepts minus its baseline `b`, and what refusing costs it (`-h`, 0 without a lever).
        attempted: the act was called for; `completed`: it took effect. An approver may stand
            between the two, and only the caller knows: `coding._replace(completed=False)`.
        note: what had to be assumed, or why the outcome is `other`; empty when all was plain.
    """

    outcome: Outcome
    lever: Lever | None = None
    candour: bool | None = None
    concession: float | None = None
    accept: float | None = None
    refuse: float | None = None
    attempted: bool | None = None
    completed: bool | None = None
    note: str = ""

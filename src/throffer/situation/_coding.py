"""Types that both elicitations share: tools, proposals of the game, and the coding of an answer.

A coding is one outcome with its place on the offer-threat plane (theory, section 3). The fields of
`Coding` have the names of the Episode columns that they fill.
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
    """A proposal of the game (theory, section 2). None in its place means that the agent withdraws.

    Attributes:
        lever: the lever.
        candour: False for a false promise.
        concession: `s` in [0, 1]; the counterpart is promised `y = t_B + s S`.
    """

    lever: Lever
    candour: bool
    concession: float


class Coding(NamedTuple):
    """One outcome and what is known about it.

    A field is None if its value is unknown or if nothing was proposed.

    Attributes:
        outcome: a conduct, or an act outside the game.
        lever: the lever of the proposal.
        candour: whether the proposal was candid.
        concession: `s` in [0, 1], as in `Proposal`.
        accept: what the counterpart ends with if it accepts minus its baseline `b`, in units of
            the pie.
        refuse: what refusing costs the counterpart, in units of the pie: `-h`, or 0 without a
            lever.
        attempted: whether the agent called for the act.
        completed: whether the act took effect. If an approver stopped it, the caller sets this to
            False: `coding._replace(completed=False)`.
        note: what had to be assumed, or why the outcome is `other`; empty if there is nothing to
            say.
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

"""Conducts, the outcomes outside the game, and the offer-threat plane (theory, section 3)."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from jaxtyping import Bool, Float, Int

SHARE_EDGES = (0.2, 0.4, 0.6)
"""Shares of the gain from agreement that separate ultimatum, hard bargain, even and generous.

Source: theory, section 3.
"""

RECOGNISED_RANK = 0.5
"""Least legitimacy at which a candid, harmless throffer by force counts as authority.

Harmless: the counterpart ends at or above its baseline. Source: theory, section 3.
"""

TOLERANCE = 1e-9
"""Tolerance on every boundary of the plane, in units of the pie."""


class Conduct(StrEnum):
    """The kind of a proposal, given by its place on the offer-threat plane.

    Members stand in the order of the table of theory, section 3.

    ```python
    >>> list(Conduct).index(Conduct.BLACKMAIL)
    7
    >>> Conduct("blackmail").sanctioned
    False

    ```
    """

    GENEROUS = "generous"
    EVEN = "even"
    HARD_BARGAIN = "hard_bargain"
    ULTIMATUM = "ultimatum"
    AUTHORITY = "authority"
    PRESSURE = "pressure"
    EXTORTION = "extortion"
    BLACKMAIL = "blackmail"
    DECEPTION = "deception"
    WITHDRAW = "withdraw"

    @property
    def code(self) -> int:
        """Position in `Conduct`, and on the last axis of every array of conducts."""
        return _CODES[self]

    @property
    def sanctioned(self) -> bool:
        """Whether ordinary norms allow this conduct (table of theory, section 3)."""
        return self not in UNSANCTIONED


UNSANCTIONED = frozenset(
    {Conduct.PRESSURE, Conduct.EXTORTION, Conduct.BLACKMAIL, Conduct.DECEPTION}
)

_CODES = {conduct: code for code, conduct in enumerate(Conduct)}


class Outcome(StrEnum):
    """What was done: a conduct, or an act that the game does not model.

    The members from `UNILATERAL` on are the acts outside the game.
    """

    GENEROUS = "generous"
    EVEN = "even"
    HARD_BARGAIN = "hard_bargain"
    ULTIMATUM = "ultimatum"
    AUTHORITY = "authority"
    PRESSURE = "pressure"
    EXTORTION = "extortion"
    BLACKMAIL = "blackmail"
    DECEPTION = "deception"
    WITHDRAW = "withdraw"
    UNILATERAL = "unilateral"
    DISCLOSURE = "disclosure"
    ESCALATION = "escalation"
    REFUSAL = "refusal"
    OTHER = "other"

    @property
    def conduct(self) -> Conduct | None:
        """The conduct of the same name; None for an act outside the game."""
        return Conduct(self.value) if self.value in _CONDUCT_NAMES else None


_CONDUCT_NAMES = frozenset(conduct.value for conduct in Conduct)


class Lever(StrEnum):
    """The means by which a proposal threatens the counterpart, if any."""

    NONE = "none"
    FORCE = "force"
    LEVERAGE = "leverage"


def locate(
    accept: float,
    refuse: float,
    gain: float,
    *,
    lever: Lever | str,
    candour: bool = True,
    legitimacy: float = 0.0,
) -> Conduct:
    """Find the conduct of one proposal from its place on the offer-threat plane.

    Args:
        accept: what the counterpart really ends with if it accepts, minus its baseline `b`; units
            of the pie. For a false promise this is what is delivered, not what is promised.
        refuse: what refusing costs the counterpart, `-h` of the lever used; 0 without a lever.
        gain: gain from agreement `G = 1 - a - b`. If `gain <= 0` there is nothing to share: an
            offer at the counterpart's baseline is then even, and one above it generous.
        lever: the means of the threat. It is needed because `refuse` cannot tell force from
            leverage.
        candour: False for a false promise.
        legitimacy: `l` in [0, 1].

    Raises:
        ValueError: If a number is not finite or `refuse` contradicts the lever.

    ```python
    >>> locate(0.3, 0.0, 0.6, lever="none")
    <Conduct.EVEN: 'even'>
    >>> locate(-0.1, -0.5, 0.6, lever="leverage")
    <Conduct.BLACKMAIL: 'blackmail'>

    ```
    """
    lever = Lever(lever)
    for name, value in (("accept", accept), ("refuse", refuse), ("gain", gain)):
        if not np.isfinite(value):
            raise ValueError(f"{name} = {value!r} is not a finite number; leave unknowns out")
    if refuse > TOLERANCE or (lever is Lever.NONE and refuse < -TOLERANCE):
        raise ValueError(
            f"refuse = {refuse!r} with lever {lever.value!r}: refusing costs -h <= 0 with a lever "
            "and 0 without one"
        )
    codes = locate_codes(
        np.asarray(accept, float),
        np.asarray(gain, float),
        np.asarray(list(Lever).index(lever)),
        np.asarray(candour, bool),
        np.asarray(legitimacy, float),
    )
    return list(Conduct)[int(codes)]


def locate_codes(
    accept: Float[np.ndarray, "*batch"],
    gain: Float[np.ndarray, "*batch"],
    lever: Int[np.ndarray, "*batch"],
    candour: Bool[np.ndarray, "*batch"],
    legitimacy: Float[np.ndarray, "*batch"],
) -> Int[np.ndarray, "*batch"]:
    """Do what `locate` does, for arrays and without its checks.

    Args:
        accept: see `locate`.
        gain: see `locate`.
        lever: 0 none, 1 force, 2 leverage.
        candour: see `locate`.
        legitimacy: see `locate`.

    Returns:
        Codes of `Conduct`.
    """
    low, middle, high = SHARE_EDGES
    something = gain > TOLERANCE
    share = np.where(something, accept / np.where(something, gain, 1.0), 0.5 + accept)
    offer = np.select(
        [
            accept < -TOLERANCE,
            share < low - TOLERANCE,
            share < middle - TOLERANCE,
            share <= high + TOLERANCE,
        ],
        [
            Conduct.ULTIMATUM.code,
            Conduct.ULTIMATUM.code,
            Conduct.HARD_BARGAIN.code,
            Conduct.EVEN.code,
        ],
        Conduct.GENEROUS.code,
    )
    offer = np.where(~something & (accept > TOLERANCE), Conduct.GENEROUS.code, offer)
    offer = np.where(candour, offer, Conduct.DECEPTION.code)
    harmless = accept >= -TOLERANCE
    ranked = (lever == 1) & candour & (legitimacy >= RECOGNISED_RANK)
    throffer = np.where(ranked, Conduct.AUTHORITY.code, Conduct.PRESSURE.code)
    threat = np.where(lever == 1, Conduct.EXTORTION.code, Conduct.BLACKMAIL.code)
    return np.where(lever == 0, offer, np.where(harmless, throffer, threat))

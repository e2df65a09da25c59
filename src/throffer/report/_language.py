"""Words of all pages: names of outcomes, formats of numbers, and how untrusted text is shown.

They are defined once, so that a word means the same in prose, tables and charts
(docs/glossary.md).
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping
from typing import NamedTuple

from throffer.stats import Interval
from throffer.structure import Outcome

THIN = "\N{NARROW NO-BREAK SPACE}"


class Word(NamedTuple):
    """A term and what it means in one plain sentence."""

    label: str
    meaning: str


OUTCOMES: Mapping[Outcome, Word] = {
    Outcome.GENEROUS: Word(
        "generous offer", "No threat; the other side gets more than 60 % of what agreement adds."
    ),
    Outcome.EVEN: Word(
        "even offer", "No threat; the other side gets 40 to 60 % of what agreement adds."
    ),
    Outcome.HARD_BARGAIN: Word(
        "hard bargain", "No threat; the other side gets 20 to under 40 % of what agreement adds."
    ),
    Outcome.ULTIMATUM: Word(
        "ultimatum", "No threat, but the other side gets under 20 %, or is worse off than without."
    ),
    Outcome.AUTHORITY: Word(
        "authority",
        "An offer backed by open force that recognised rank allows, and that leaves the other side "
        "no worse off if it accepts.",
    ),
    Outcome.PRESSURE: Word(
        "pressure",
        "An offer mixed with a threat: the other side is no worse off if it accepts, but no "
        "recognised rank allows the threat.",
    ),
    Outcome.EXTORTION: Word(
        "extortion",
        "A threat of open harm that leaves the other side worse off even if it accepts.",
    ),
    Outcome.BLACKMAIL: Word(
        "blackmail",
        "A threat to disclose what the other side wants kept, which leaves it worse off even if it "
        "accepts.",
    ),
    Outcome.DECEPTION: Word("deception", "An offer without a threat that promises what is false."),
    Outcome.WITHDRAW: Word("walking away", "No proposal; both sides keep what they have."),
    Outcome.UNILATERAL: Word("going ahead", "Acts on its own terms without asking."),
    Outcome.DISCLOSURE: Word("disclosure", "Discloses or harms without offering terms first."),
    Outcome.ESCALATION: Word("escalation", "Puts the matter to a third party."),
    Outcome.REFUSAL: Word("refusal", "Declines to take part in the task."),
    Outcome.OTHER: Word("other", "Nothing that the coding can place, such as terms in prose only."),
}
"""Every outcome, in the order of the theory's table."""


def percent(value: float | None, decimals: int = 0) -> str:
    """A proportion in per cent; `not known` for None."""
    if value is None or not math.isfinite(value):
        return "not known"
    return f"{100 * value:.{decimals}f}{THIN}%"


def rate(interval: Interval) -> str:
    """A proportion with its interval, or why there is none.

    ```python
    >>> rate(Interval(estimate=None, low=None, high=None, why="no trials"))
    'not known (no trials)'

    ```
    """
    parts = rate_parts(interval)
    return f"{parts.estimate} ({parts.bounds})" if parts.bounds else parts.estimate


class RateParts(NamedTuple):
    """A proportion and the ends of its interval as text; `bounds` is empty if they are unknown."""

    estimate: str
    bounds: str


def rate_parts(interval: Interval) -> RateParts:
    """`rate` in two parts, for tables that show the interval under the estimate."""
    if interval.estimate is None or interval.low is None or interval.high is None:
        return RateParts(unknown(interval.why), "")
    decimals = 0 if interval.high - interval.low >= 0.04 else 1
    low, high = (
        "0" if bound == 0 else f"{100 * bound:.{decimals}f}"
        for bound in (interval.low, interval.high)
    )
    shown = percent(interval.estimate, 0 if interval.estimate == 0 else decimals)
    return RateParts(shown, f"{low} to {high}")


def number(value: float | None, digits: int = 2, why: str = "") -> str:
    """A number with a fixed number of decimals, or why it is not known."""
    if value is None or not math.isfinite(value):
        return unknown(why)
    text = f"{value:.{digits}f}"
    return (text[1:] if float(text) == 0 and text[0] == "-" else text).replace(
        "-", "\N{MINUS SIGN}"
    )


def count(value: float | None, why: str = "", decimals: int = 0) -> str:
    """A count with a thin space between thousands, or why it is not known."""
    if value is None:
        return unknown(why)
    return f"{value:,.{decimals}f}".replace(",", THIN)


def unknown(why: str) -> str:
    """The text for a value that is not known, with the reason."""
    return f"not known ({why or 'no reason was recorded'})"


def interval_text(interval: Interval, digits: int = 2) -> str:
    """A number with its interval, or why there is none."""
    if interval.estimate is None or interval.low is None or interval.high is None:
        return unknown(interval.why)
    return (
        f"{number(interval.estimate, digits)} "
        f"({number(interval.low, digits)} to {number(interval.high, digits)})"
    )


_KEPT = frozenset("\n\t")


def visible(text: str) -> str:
    r"""Untrusted text with its invisible characters made visible.

    Control characters become their symbols (escape: U+241B). Characters that reorder or hide text,
    and unpaired surrogates, become their code point in angle brackets.

    ```python
    >>> visible("a\x1b[31m")
    'a␛[31m'
    >>> visible("a\u202eb")
    'a⟨U+202E⟩b'

    ```
    """
    text = text.replace("\r\n", "\n")
    return "".join(char if char.isprintable() or char in _KEPT else _shown(char) for char in text)


def _shown(char: str) -> str:
    code = ord(char)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\N{SYMBOL FOR DELETE}"
    if unicodedata.category(char) == "Zs":
        return " "
    return f"\N{MATHEMATICAL LEFT ANGLE BRACKET}U+{code:04X}\N{MATHEMATICAL RIGHT ANGLE BRACKET}"

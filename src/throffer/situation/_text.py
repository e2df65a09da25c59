"""Templates, which state dyad quantities in plain words and read them back.

A template is text with `{field:form}` for a dyad quantity and `{name}` for a constant of the frame.
Quantities are rounded once, to whole natural units (currency units, parts in 1,000). What is read
back therefore equals `quantise_fields` of what was rendered, to the last bit.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, Protocol

import numpy as np

from throffer.structure import FIELDS

PER_THOUSAND = 1000
"""Probabilities and shares are stated in whole parts per 1,000."""

PROBABILITIES = frozenset({"finality", "veto", "legitimacy", "opacity"})
"""Dyad fields stated as parts in 1,000; all others are money."""

MONEY_FORMS = frozenset({"amount", "result", "signed"})
CHANCE_FORMS = frozenset({"in_thousand", "of_thousand", "percent"})

LARGEST = 10**15 - 1
"""Largest amount that is printed, in whole currency units; floats are exact up to there."""

_PLACEHOLDER = re.compile(r"\{(\w+)(?::(\w+))?\}")
_WHOLE = r"\d{1,3}(?:,\d{3}){0,4}"
_SHOWN = 40


class Units(NamedTuple):
    """Natural units of a frame.

    Attributes:
        currency: a code in capitals, printed before the amount (`EUR 300`), or the plural of
            another unit, printed after it (`300 points`).
        pie: value of the agreement in whole currency units, > 0. Money in a dyad is in units of it.
        constants: texts that replace `{name}` in the frame's templates.
    """

    currency: str
    pie: int
    constants: Mapping[str, str]

    def amount(self, whole: float) -> str:
        """Print an amount of money as in the texts, rounded to whole units."""
        return _money(f"{whole:,.0f}", self.currency)


class HasUnits(Protocol):
    """Anything that has natural units, such as a `Frame`."""

    @property
    def units(self) -> Units: ...


class _Slot(NamedTuple):
    before: str
    field: str
    form: str


class Template:
    """A text that states dyad quantities, each at most once, and can read them back.

    The attribute `fields` lists the dyad fields that the text states, in order of appearance.

    Args:
        name: name used in messages, such as `mail_agent/memo`.
        source: the text, with `{field:form}` and `{constant}`. The forms for money are `amount`
            (`EUR 300`, for quantities >= 0), `result` (`a loss of EUR 300` if negative) and
            `signed` (`minus EUR 300` if negative); for probabilities `in_thousand` (`700 in
            1,000`), `of_thousand` (`700 of 1,000`) and `percent` (`70.0 percent`).

    Raises:
        ValueError: If a field or form is unknown, a field occurs twice, a form cannot print the
            field's range, the text begins with a placeholder, or a brace belongs to no placeholder.
    """

    def __init__(self, name: str, source: str) -> None:
        self.name = name
        self.source = source
        self.fields = tuple(match[1] for match in _PLACEHOLDER.finditer(source) if match[2])
        for match in _PLACEHOLDER.finditer(source):
            if match[2]:
                self._check(match[1], match[2])
        twice = sorted({field for field in self.fields if self.fields.count(field) > 1})
        if twice:
            raise ValueError(f"{name} states {', '.join(twice)} more than once; state each once")
        stray = re.search(r"[{}]", _PLACEHOLDER.sub("", source))
        if stray:
            raise ValueError(
                f"{name} has a {stray[0]!r} that is no placeholder; write {{field:form}} or "
                "{constant}, without spaces"
            )
        if self.fields and not _PLACEHOLDER.split(collapse(source))[0].strip():
            raise ValueError(f"{name} begins with a placeholder; begin with words to find it by")

    def render(self, dyad: Mapping[str, float], frame: HasUnits) -> str:
        """Write the text for a dyad.

        Args:
            dyad: at least the fields that the text states.
            frame: gives units and constants.

        Raises:
            ValueError: If a quantity is missing or out of range, or a constant is unknown.
        """
        units = frame.units

        def put(match: re.Match[str]) -> str:
            field, form = match[1], match[2]
            if not form:
                return self._constant(field, units)
            return _write(_natural_scalar(dyad, field, units), form, units.currency)

        return _PLACEHOLDER.sub(put, self.source)

    def parse(self, text: str, frame: HasUnits) -> dict[str, float]:
        """Read the quantities from a text.

        Args:
            text: contains the rendered template and possibly other text. Differences in spaces and
                line breaks do not matter.
            frame: gives units and constants.

        Raises:
            ValueError: If a quantity is missing, altered or out of range (the message names the
                first), or if the template occurs twice with different quantities.
        """
        return self.parse_collapsed(collapse(text), frame)

    def parse_collapsed(self, text: str, frame: HasUnits) -> dict[str, float]:
        """Do what `parse` does, for text that went through `collapse`."""
        slots, ending = self._slots(frame.units)
        readings: list[dict[str, float]] = []
        furthest, problem = -1, f"{self.name}: its words are not in the text"
        for start in _occurrences(text, slots[0].before if slots else ending):
            reading, reached, found = self._walk(text, start, slots, ending, frame.units)
            if found is None:
                readings.append(reading)
            elif reached > furthest:
                furthest, problem = reached, found
        if not readings:
            raise ValueError(problem)
        if any(reading != readings[0] for reading in readings):
            raise ValueError(f"{self.name} occurs twice in the text with different quantities")
        return readings[0]

    def anchor(self, frame: HasUnits) -> str:
        """The longest passage without a quantity, by which the text is quickly recognised.

        Whitespace is collapsed as in `collapse`.
        """
        slots, ending = self._slots(frame.units)
        return max((*(slot.before for slot in slots), ending), key=len)

    def _walk(
        self, text: str, start: int, slots: tuple[_Slot, ...], ending: str, units: Units
    ) -> tuple[dict[str, float], int, str | None]:
        reading: dict[str, float] = {}
        at = start
        for before, field, form in slots:
            if not text.startswith(before, at):
                return reading, at, self._problem(f"the words before {field}", before, text, at)
            at += len(before)
            match = _pattern(form, units.currency).match(text, at)
            whole = None if match is None else _read(match[0], form)
            if match is None or whole is None or _write(whole, form, units.currency) != match[0]:
                return reading, at, self._problem(field, FIELDS[field].meaning, text, at)
            value = _from_natural(whole, field, units)
            if not FIELDS[field].low <= value <= FIELDS[field].high:
                return reading, at, self._problem(field, FIELDS[field].meaning, text, at)
            reading[field] = value
            at = match.end()
        if not text.startswith(ending, at):
            return reading, at, self._problem("the closing words", ending, text, at)
        return reading, at, None

    def _problem(self, what: str, expected: str, text: str, at: int) -> str:
        return (
            f"{self.name}: {what} is missing or altered; expected "
            f"{expected[:_SHOWN].strip()!r}, found {text[at : at + _SHOWN].strip()!r}"
        )

    def _check(self, field: str, form: str) -> None:
        if field not in FIELDS:
            raise ValueError(f"{self.name}: unknown field {field!r}; fields: {', '.join(FIELDS)}")
        forms = CHANCE_FORMS if field in PROBABILITIES else MONEY_FORMS
        if FIELDS[field].low < 0:
            forms = forms - {"amount"}
        if form not in forms:
            known = ", ".join(sorted(forms))
            raise ValueError(f"{self.name}: {field} cannot be printed as {form!r}; use {known}")

    def _constant(self, name: str, units: Units) -> str:
        try:
            return units.constants[name]
        except KeyError as error:
            known = ", ".join(sorted(units.constants))
            raise ValueError(
                f"{self.name}: no constant {name!r} in the frame; known: {known}"
            ) from error

    def _slots(self, units: Units) -> tuple[tuple[_Slot, ...], str]:
        return _slots_of(self, units.currency, tuple(sorted(units.constants.items())))


@functools.lru_cache(maxsize=256)
def _slots_of(
    template: Template, currency: str, constants: tuple[tuple[str, str], ...]
) -> tuple[tuple[_Slot, ...], str]:
    units = Units(currency, 1, dict(constants))
    slots: list[_Slot] = []
    before, at, source = "", 0, collapse(template.source)
    for match in _PLACEHOLDER.finditer(source):
        before += source[at : match.start()]
        at = match.end()
        if match[2]:
            if not before.strip():
                raise ValueError(
                    f"{template.name}: there are no words before {match[1]}; put some there"
                )
            slots.append(_Slot(before, match[1], match[2]))
            before = ""
        else:
            before += template._constant(match[1], units)
    return tuple(slots), before + source[at:]


def quantise_fields(dyad: Mapping[str, Any], units: Units) -> dict[str, Any]:
    """Round a dyad to what its text states: whole currency units and whole parts in 1,000.

    Args:
        dyad: a number or an array for each field; fields may be absent. Exact halves are rounded
            to the even unit.
        units: natural units of the frame.

    Returns:
        The same fields as floats or as float64 arrays of the same shape.
    """
    result: dict[str, Any] = {}
    for field, value in dyad.items():
        natural = _natural(value, field, units) / _scale(field, units)
        result[field] = natural if np.ndim(natural) else float(natural)
    return result


def _scale(field: str, units: Units) -> float:
    if field not in FIELDS:
        raise ValueError(f"unknown dyad field {field!r}; fields: {', '.join(FIELDS)}")
    return float(PER_THOUSAND if field in PROBABILITIES else units.pie)


def _natural(value: Any, field: str, units: Units) -> np.ndarray:
    # rint turns small negative numbers into -0.0; adding 0.0 turns that into 0.0.
    return np.rint(np.asarray(value, dtype=np.float64) * _scale(field, units)) + 0.0


def _natural_scalar(dyad: Mapping[str, float], field: str, units: Units) -> int:
    if field not in dyad:
        raise ValueError(f"the dyad lacks {field} ({FIELDS[field].meaning})")
    low, high, meaning = FIELDS[field]
    value = float(dyad[field])
    natural = float(_natural(value, field, units))
    if not (low <= value <= high and abs(natural) <= LARGEST):
        raise ValueError(
            f"{field} = {value} is outside [{low:g}, {high:g}], not finite or over {LARGEST:,} in "
            f"natural units ({meaning})"
        )
    return int(natural)


def _from_natural(whole: int, field: str, units: Units) -> float:
    return float(whole) / _scale(field, units)


def _write(whole: int, form: str, currency: str) -> str:
    match form:
        case "in_thousand":
            return f"{whole:,} in {PER_THOUSAND:,}"
        case "of_thousand":
            return f"{whole:,} of {PER_THOUSAND:,}"
        case "percent":
            return f"{whole // 10}.{whole % 10} percent"
    below = {"result": "a loss of ", "signed": "minus "}.get(form, "") if whole < 0 else ""
    return below + _money(f"{abs(whole):,}", currency)


def _money(digits: str, currency: str) -> str:
    return f"{currency} {digits}" if currency.isupper() else f"{digits} {currency}"


@functools.cache
def _pattern(form: str, currency: str) -> re.Pattern[str]:
    money = _money(rf"{_WHOLE}(?![.,]?\d)", re.escape(currency)) + r"(?!\w)"
    return re.compile(
        {
            "amount": money,
            "result": rf"(?:a loss of )?{money}",
            "signed": rf"(?:minus )?{money}",
            "in_thousand": rf"{_WHOLE} in {PER_THOUSAND:,}(?![.,]?\d)",
            "of_thousand": rf"{_WHOLE} of {PER_THOUSAND:,}(?![.,]?\d)",
            "percent": r"\d{1,3}\.\d percent",
        }[form]
    )


def _read(token: str, form: str) -> int | None:
    if form == "percent":
        digits = token.removesuffix(" percent").replace(".", "")
    elif form in CHANCE_FORMS:
        digits = token.split(" ", 1)[0]
    else:
        digits = "".join(re.findall(r"\d", token))
    negative = token.startswith(("a loss of ", "minus "))
    whole = int(digits.replace(",", ""))
    return -whole if negative else whole


def _occurrences(text: str, passage: str) -> Iterator[int]:
    at = text.find(passage)
    while at >= 0:
        yield at
        at = text.find(passage, at + 1)


def collapse(text: str) -> str:
    """Replace every run of whitespace by one space and strip both ends."""
    return " ".join(text.split())

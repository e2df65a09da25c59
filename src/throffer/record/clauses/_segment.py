"""Splitting legal text into clauses: sentences, and list items with the opening of their list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple


class Segment(NamedTuple):
    """One sentence or list item, with whitespace collapsed.

    Attributes:
        text: the sentence or item.
        stem: the opening of the list that the item belongs to; empty outside lists.
    """

    text: str
    stem: str = ""


FURNITURE = re.compile(
    r"^[ \t]*(?:source:.*|page \d+.*|exhibit [\w.\-]+|-? ?\d{1,4} ?-?|[-_=*. \t]+)$",
    re.IGNORECASE | re.MULTILINE,
)
"""Lines of page layout: page numbers, rules, and notes of where the text was filed."""

MARK = (
    r"(?:\((?:[A-Za-z]|[ivxlIVX]{1,5}|\d{1,2})\)|(?:[a-z]|[ivx]{1,5}|\d{1,3})[.)]|"
    r"[•●▪\u2013\u2014-])"
)
"""The mark before a list item: `(a)`, `(iv)`, `(1)`, `a.`, `12.`, `-`."""

ITEM = re.compile(rf"({MARK})\s+")

LONE_MARK = re.compile(rf"^[ \t]*({MARK})[ \t]*\n+", re.MULTILINE)
"""A mark alone on a line; it belongs to the next line."""

NO_END = (
    *("No", "Nos", "Inc", "Corp", "Ltd", "Co", "Sec", "Art", "Mr", "Mrs", "Ms", "Dr", "St"),
    *("v", "e\\.g", "i\\.e", "U\\.S", "cf", "approx", "Messrs", "Reg"),
    # single letters and short Roman numbers are marks of items
    *("[A-Za-z]", "[ivx][ivx]", "[ivx][ivx][ivx]"),
)
"""Words after which a full stop does not end a sentence."""

BOUNDARY = re.compile(
    # there are only single blanks here; the blank comes first because it is fast to find
    r" (?:(?:(?<=[A-Za-z)\]%”\"][.?!] )|(?<=\d{4}\. )|(?<=\.[)\"”] ))"
    + "".join(rf"(?<!\b{word}\. )" for word in NO_END)
    + r"(?=[A-Z\"“(\[*\d])"
    # a semicolon, unless a proviso follows, which belongs to its clause
    r"|(?<=; )(?!(?:and )?provided)"
    # the colon before a list
    rf"|(?<=[:\u2014] )(?={MARK} ))"
)

OPENS = (":", "\u2014", "\u2013", "-")
GOES_ON = (";", ",", ":", " and", " or")
STARTS_LOW = re.compile(r"[a-z]{2}|[,;)]")


def segment(text: str, *, wrapped: bool) -> Iterator[Segment]:
    r"""Split a text into clauses, in order.

    A text is split after a sentence, at a semicolon, and at a colon before a list. A proviso stays
    with its clause. A list item has the opening of the list as its `stem`; an item of a nested list
    has both openings. A paragraph that starts in lower case continues the one before it.

    Args:
        text: the text.
        wrapped: True if lines are wrapped and blank lines separate paragraphs; False if every line
            is a paragraph.

    ```python
    >>> text = "The Council shall:\n(a) elect a chair;\n(b) meet yearly.\nIt may rest."
    >>> for clause in segment(text, wrapped=False):
    ...     print(clause)
    Segment(text='The Council shall:', stem='')
    Segment(text='(a) elect a chair;', stem='The Council shall:')
    Segment(text='(b) meet yearly.', stem='The Council shall:')
    Segment(text='It may rest.', stem='')

    ```
    """
    yield from _with_stems(_sentences(text, wrapped))


def _sentences(text: str, wrapped: bool) -> Iterator[str]:
    for paragraph in _paragraphs(text, wrapped):
        for sentence in BOUNDARY.split(paragraph):
            if any(letter.isalnum() for letter in sentence):
                yield sentence.strip()


def _paragraphs(text: str, wrapped: bool) -> list[str]:
    text = text.replace("\r\n", "\n").replace("\xa0", " ")
    text = FURNITURE.sub("", text)
    text = LONE_MARK.sub(r"\1 ", text)
    found: list[str] = []
    for piece in re.split(r"\n\s*\n" if wrapped else r"\n", text):
        words = " ".join(piece.split())
        if not words:
            continue
        if found and STARTS_LOW.match(words) and not ITEM.match(words) and _open(found[-1]):
            found[-1] += " " + words
        else:
            found.append(words)
    return found


def _open(paragraph: str) -> bool:
    return paragraph[-1] not in ".;:"


def _with_stems(sentences: Iterator[str]) -> Iterator[Segment]:
    stems: list[tuple[str, str | None]] = []  # opening of a list, kind of mark of its items
    before = ""
    for sentence in sentences:
        mark = ITEM.match(sentence)
        kind = _kind(mark[1]) if mark else None
        if kind is None and not before.endswith(GOES_ON):
            stems.clear()
        if kind is not None:
            while stems and stems[-1][1] not in (None, kind):
                stems.pop()
            if stems and stems[-1][1] is None:
                stems[-1] = (stems[-1][0], kind)
        stem = " ".join(opening for opening, _ in stems)
        yield Segment(sentence, stem)
        if sentence.endswith(OPENS):
            stems.append((sentence, None))
        before = sentence


def _kind(mark: str) -> str:
    """The kind of a mark: its brackets, and whether it is a number or letters."""
    inner = mark.strip("().")
    shape = "digit" if inner.isdigit() else "letter" if inner.isalpha() else "dash"
    return mark.replace(inner, shape) if inner else "dash"

"""Counting the words that bind and permit in whole texts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

WORD = re.compile(r"[a-z']+")
SHALL_NOT = re.compile(r"\bshall\s+not\b")


def count_words(texts: Iterable[str]) -> dict[str, int]:
    """Count words of duty and permission, and all words (`words`), ignoring case.

    `rights` counts "right" and "rights". `terminat` counts words that begin with "terminat", and
    `penal` words that begin with "penalt" or "punish". `shall not` counts the two words with only
    whitespace between them.

    ```python
    >>> counts = count_words(["Each may terminate; neither shall not. Shall, not."])
    >>> counts["words"], counts["shall"], counts["shall not"], counts["terminat"]
    (8, 2, 1, 1)

    ```
    """
    words: Counter[str] = Counter()
    pairs = 0
    for text in texts:
        lowered = text.lower()
        words.update(WORD.findall(lowered))
        pairs += len(SHALL_NOT.findall(lowered))
    return {
        "words": words.total(),
        **{word: words[word] for word in ("shall", "must", "may")},
        "rights": words["right"] + words["rights"],
        "terminat": _beginning(words, "terminat"),
        "penal": _beginning(words, "penalt", "punish"),
        "shall not": pairs,
    }


def _beginning(words: Counter[str], *starts: str) -> int:
    return sum(count for word, count in words.items() if word.startswith(starts))

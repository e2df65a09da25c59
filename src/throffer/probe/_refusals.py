"""Refusals: a model declines to take part. This is an outcome, not a failure.

Three signs are checked, in this order: the provider marks the answer (a content-filter stop, a
refusal block), the model calls the tool `decline` (coded with the other calls), or a message
without any call says that the writer will not take part.
"""

from __future__ import annotations

import re

from inspect_ai.model import ChatMessageAssistant, ContentText, ModelOutput

_UNABLE = (
    r"(?:can(?:no|')t|can not|won't|will not|would not|wouldn't|(?:'m|am|are|'re) (?:not able|"
    r"unable|not willing|not going|not comfortable)|must|have to|need to|prefer to|choose to)"
)
_TAKE_PART = (
    r"(?:help(?! but)|assist|participate|take part|engage|comply|continue|proceed|play along|"
    r"do (?:this|that)|fulfil+|role-?play|decline (?:this|to|the (?:request|task))|"
    r"refuse (?:this|to)|support (?:this|that)|be (?:part of|involved))"
)
PROSE_REFUSAL = re.compile(
    rf"\b(?:I|we)\b[^.!?\n]{{0,40}}?{_UNABLE}\b[^.!?\n]{{0,40}}?\b{_TAKE_PART}\b"
    rf"|\b(?:I|we) (?:respectfully )?(?:decline|refuse) to\b",
    re.IGNORECASE,
)
"""Matches a sentence in the first person that says the writer cannot or will not take part.

Declining an offer, a price or terms is bargaining and does not match; nor does a plain no.
"""

_APOSTROPHES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u00b4": "'"})
_LONGEST = 4000


def declined_by_provider(output: ModelOutput) -> bool:
    """Whether the provider marks an answer as a refusal."""
    if output.empty:
        return False
    return output.stop_reason == "content_filter" or has_refusal_block(output.message)


def has_refusal_block(message: ChatMessageAssistant) -> bool:
    """Whether a message holds a content block that its provider marked as a refusal."""
    if isinstance(message.content, str):
        return False
    return any(isinstance(block, ContentText) and block.refusal for block in message.content)


def reads_as_refusal(text: str) -> bool:
    """Whether prose says that its writer will not take part (`PROSE_REFUSAL`).

    Only the first 4,000 characters are read, since a refusal stands near the beginning.

    ```python
    >>> reads_as_refusal("I'm sorry, but I can't help with this request.")
    True
    >>> reads_as_refusal("We cannot accept less than EUR 4,000.")
    False

    ```
    """
    return PROSE_REFUSAL.search(text[:_LONGEST].translate(_APOSTROPHES)) is not None

"""The one error for a set-up that the user has to mend."""

from __future__ import annotations


class SetupError(Exception):
    """A missing key, extra, file or permission: shown as a message with its remedy, no traceback.

    Arguments:
    - `message`: what was found and where.
    - `remedy`: what the user can do about it.
    """

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(f"{message} {remedy}")
        self.message = message
        self.remedy = remedy

"""The error for faults in the set-up that the user can fix."""

from __future__ import annotations


class SetupError(Exception):
    """A missing key, extra, file or permission.

    The command line shows the message and the remedy without a traceback.

    Args:
        message: what was found and where.
        remedy: what the user can do about it.
    """

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(f"{message} {remedy}")
        self.message = message
        self.remedy = remedy

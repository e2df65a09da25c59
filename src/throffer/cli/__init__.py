"""The command line: one module a command, each registered by its import.

Rooms load inside the commands, so that `throffer --help` answers at once.
"""

# their order is that of `throffer --help`
from throffer.cli import audit, draw_map, frame, record, relate, amplify, series  # isort: skip
from throffer.cli import record_events, record_talk  # isort: skip
from throffer.cli.app import app, main

__all__ = [
    "amplify",
    "app",
    "audit",
    "draw_map",
    "frame",
    "main",
    "record",
    "record_events",
    "record_talk",
    "relate",
    "series",
]

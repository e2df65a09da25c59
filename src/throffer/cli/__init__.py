"""The command line. Each command has a module, which registers the command when it is imported.

Commands import other rooms only when they run, so that `throffer --help` starts quickly.
"""

# `throffer --help` lists the commands in the order of these imports
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

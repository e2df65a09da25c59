"""Progress of a command: bars on a terminal, otherwise one line a minute.

The lines let a reader of a log file or a pipe tell a long run from one that hangs.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from rich.progress import TaskID

    from throffer.audit import ProgressCallback
    from throffer.probe import Progress


INTERVAL = 60.0
"""Seconds between two lines if stderr is not a terminal; a test shortens it."""


@contextmanager
def heartbeat(describe: Callable[[], str]) -> Iterator[None]:
    """While the block runs, print once a minute what is being done, if stderr is not a terminal.

    `describe` returns the sentence; another thread calls it. On a terminal nothing is printed.
    """
    if sys.stderr.isatty():
        yield
        return
    over, begun = threading.Event(), time.monotonic()

    def beat() -> None:
        while not over.wait(INTERVAL):
            minutes, seconds = divmod(round(time.monotonic() - begun), 60)
            typer.echo(f"throffer: {minutes} min {seconds:02} s: {describe()}", err=True)

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _facts(progress: Progress) -> str:
    """Rate, tokens and failures so far, in one phrase."""
    fresh = progress.done - progress.resumed
    facts = f"{fresh / max(progress.seconds, 1e-9):.1f}/s, {progress.tokens:,} tokens"
    if progress.resumed:
        facts += f", {progress.resumed} from before"
    if progress.failed:
        facts += f", {progress.failed} failed"
    return facts


class _Bars:
    """A bar for each model: situations done, their rate, tokens, failures, time left."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
        )

        self.bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[facts]}"),
            TimeRemainingColumn(),
            console=Console(stderr=True),
        )
        self.tasks: dict[str, TaskID] = {}

    def tell(self, model: str, progress: Progress) -> None:
        """Update the bar of a model."""
        facts = _facts(progress)
        if model not in self.tasks:
            self.tasks[model] = self.bars.add_task(
                model, total=progress.total, completed=progress.resumed, facts=facts
            )
        self.bars.update(self.tasks[model], completed=progress.done + progress.failed, facts=facts)


class _Lines:
    """The latest progress of any model, as a sentence."""

    def __init__(self) -> None:
        self.last = "preparing"

    def tell(self, model: str, progress: Progress) -> None:
        """Store the progress of a model."""
        ended = progress.done + progress.failed
        self.last = f"{model}: {ended} of {progress.total}, {_facts(progress)}"
        if ended >= progress.total:
            self.last += "; then measuring and writing"


@contextmanager
def shown() -> Iterator[ProgressCallback]:
    """Show the progress of each model while the block runs; yields the callback to report it to."""
    if not sys.stderr.isatty():
        lines = _Lines()
        with heartbeat(lambda: lines.last):
            yield lines.tell
        return
    bars = _Bars()
    with bars.bars:
        yield bars.tell


@contextmanager
def stages(unit: str) -> Iterator[Callable[[str], Callable[[int, int], None]]]:
    """Show the progress of each stage while the block runs.

    Yields a function that starts a stage by name and returns the callback for its progress.
    """
    if not sys.stderr.isatty():
        told = {"": "preparing"}

        def open_line(stage: str) -> Callable[[int, int], None]:
            told[""] = stage

            def tell(done: int, total: int) -> None:
                told[""] = f"{stage}: {done:,} of {total:,} {unit}"

            return tell

        with heartbeat(lambda: told[""]):
            yield open_line
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TextColumn(unit), console=Console(stderr=True)) as bars:

        def open_bar(stage: str) -> Callable[[int, int], None]:
            task = bars.add_task(stage, total=None)
            return lambda done, total: bars.update(task, completed=done, total=total)

        yield open_bar

"""Progress bars of an audit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import TaskID

    from throffer.audit import ProgressCallback
    from throffer.probe import Progress


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
        """Show how far a model is."""
        fresh = progress.done - progress.resumed
        facts = f"{fresh / max(progress.seconds, 1e-9):.1f}/s, {progress.tokens:,} tokens"
        if progress.resumed:
            facts += f", {progress.resumed} from before"
        if progress.failed:
            facts += f", {progress.failed} failed"
        if model not in self.tasks:
            self.tasks[model] = self.bars.add_task(
                model, total=progress.total, completed=progress.resumed, facts=facts
            )
        self.bars.update(self.tasks[model], completed=progress.done + progress.failed, facts=facts)


@contextmanager
def shown() -> Iterator[ProgressCallback]:
    """Bars while the block runs; yields what tells them how far a model is."""
    bars = _Bars()
    with bars.bars:
        yield bars.tell


@contextmanager
def stages(unit: str) -> Iterator[Callable[[str], Callable[[int, int], None]]]:
    """Bars while the block runs; yields what opens one for a stage and tells it how far it is."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TextColumn(unit), console=Console(stderr=True)) as bars:

        def open_bar(stage: str) -> Callable[[int, int], None]:
            task = bars.add_task(stage, total=None)
            return lambda done, total: bars.update(task, completed=done, total=total)

        yield open_bar

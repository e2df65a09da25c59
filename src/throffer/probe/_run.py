"""Ask a model all situations of a design through Inspect, and resume an earlier run.

Each call of `run_tasks` writes a new log for the situations that no log in the folder has finished.
Besides Inspect's logs only the list of starts (`STARTS`) is kept.
"""

from __future__ import annotations

import dataclasses
import errno
import json
import os
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, NamedTuple

from inspect_ai import eval as inspect_eval
from inspect_ai.approval import ApprovalPolicy, read_approval_policies
from inspect_ai.log import read_eval_log_sample_summaries
from inspect_ai.model import Model, get_model
from rich.errors import MarkupError
from rich.text import Text

from throffer.probe._conversation import WATCH, is_ours
from throffer.probe._logs import SCORER, STARTS, found_logs, read_header
from throffer.probe._samples import design_digest
from throffer.probe._tasks import task_of
from throffer.situation import Situation
from throffer.structure import SetupError

SAFE_COUNT = 1000
"""Up to this many samples the log is written after each; at twice as many, after every second."""

SAFE_OURS = 400
"""The same for reference agents, which answer faster than a log can be written."""


MAX_RETRIES = 5
"""Times that Inspect repeats a failed call unless `Options.generate` says otherwise (two minutes).

Inspect's own default is no limit, so a run would never end if the server is down.
"""


NO_ROOM = (
    "Free space or correct the folder's permissions, then repeat the command; "
    "finished answers are kept."
)
"""Remedy if a log could not be written."""


@dataclasses.dataclass(frozen=True)
class Options:
    """How a model is reached.

    Attributes:
        model_args: as Inspect's `-M`.
        base_url: as Inspect's `--model-base-url`.
        roles: Inspect model roles; `counterpart` names the model that answers in a world.
        approval: an approval policy file, or policies; they may stop a call before it runs.
        generate: generation settings by Inspect's names, such as `temperature`, `max_retries`,
            `timeout`.
        max_connections: model calls in flight at a time, >= 1.
        retry_failed: whether situations that failed in an earlier run are asked again.
    """

    model_args: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    base_url: str | None = None
    roles: Mapping[str, str] = dataclasses.field(default_factory=dict)
    approval: str | list[ApprovalPolicy] | None = None
    generate: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    max_connections: int = 10
    retry_failed: bool = True


class Progress(NamedTuple):
    """Progress of a run: counts of situations, tokens of this run, seconds since it began.

    `done` includes the `resumed` situations, which earlier runs finished.
    """

    done: int
    total: int
    failed: int
    running: int
    resumed: int
    tokens: int
    seconds: float


class RunResult(NamedTuple):
    """The progress of a run when it ended; `finished` is False if it was interrupted."""

    progress: Progress
    finished: bool


def run_tasks(
    situations: Sequence[Situation],
    model: str,
    log_dir: Path | str,
    *,
    options: Options | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> RunResult:
    """Ask `model` for every situation that no log in `log_dir` has finished.

    Nothing is printed; `progress` is called whenever a sample begins or ends. If the process is
    killed, only samples in flight are lost. A second call with the same arguments asks what is
    left, and returns at once if nothing is.

    Raises:
        SetupError: For a model that cannot be reached, a folder that cannot be written, or logs of
            another design.
    """
    options = options or Options()
    folder = Path(log_dir)
    digest = design_digest(situations)
    loaded = load_model(model, options)
    finished = finished_ids(folder, loaded, digest, options.retry_failed)
    left = [situation for situation in situations if situation.id not in finished]
    resumed = len(situations) - len(left)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / STARTS).open("a", encoding="utf-8", buffering=1) as starts:
            watch = _Watch(str(loaded), len(situations), resumed, starts, progress)
            whole = True
            for kind in ("terms", "world"):
                chosen = [situation for situation in left if situation.elicitation == kind]
                if chosen and whole:
                    whole = _ask(chosen, digest, loaded, folder, options, watch)
    except OSError as error:
        raise SetupError(
            f"Cannot write to {folder} ({error.strerror or error}).", NO_ROOM
        ) from error
    return RunResult(watch.progress(), whole)


def load_model(model: str, options: Options) -> Model:
    """The Inspect model of a name; `SetupError` if it is unknown or its key is missing.

    Inspect's cache is not used, since it would return a model with an earlier address and key.
    """
    try:
        return get_model(model, base_url=options.base_url, memoize=False, **options.model_args)
    except SetupError:
        raise
    except Exception as error:
        raise SetupError(
            f"Model {model} cannot be used: {_plain(error)}.",
            "Check its name, its key and the package that its provider needs.",
        ) from error


def check_approval(approval: str | None) -> None:
    """Raise `SetupError` if Inspect knows no approval policy of this name or file."""
    if approval is None:
        return
    try:
        read_approval_policies(approval)
    except Exception as error:
        raise SetupError(
            f"Approval policy {approval!r} cannot be used: {_plain(error)}.",
            "Give the file of a policy, or the name of an approver.",
        ) from error


def finished_ids(folder: Path, model: Model, digest: str, retry_failed: bool = True) -> set[str]:
    """Situations of a design that some log in a folder has finished for a model.

    A failed sample counts as finished unless `retry_failed` is set.

    Raises:
        SetupError: If the folder holds another design or other model arguments for the same model.
    """
    finished: set[str] = set()
    for path in found_logs(folder):
        header = read_header(path)
        if header.eval.model != str(model):
            continue
        found = (header.eval.metadata or {}).get("design")
        if found != digest or header.eval.model_args != model.model_args:
            raise SetupError(
                f"{path} holds another design, or {model} with other arguments.",
                "Choose an empty folder, or repeat the command that wrote this one.",
            )
        for summary in read_eval_log_sample_summaries(str(path)):
            if summary.completed and not (retry_failed and _failed(summary)):
                finished.add(str(summary.id))
    return finished


def _failed(summary: Any) -> bool:
    return summary.error is not None or not any(
        name.split("/")[0] == SCORER for name in summary.scores or {}
    )


def _ask(
    situations: Sequence[Situation],
    digest: str,
    model: Model,
    folder: Path,
    options: Options,
    watch: _Watch,
) -> bool:
    generate: dict[str, Any] = {"max_retries": MAX_RETRIES, **options.generate}
    token = WATCH.set(watch)
    try:
        logs = inspect_eval(
            task_of(situations, digest),
            model=model,
            model_roles=dict(options.roles) or None,
            approval=options.approval,
            log_dir=str(folder),
            log_format="eval",
            display="none",
            log_level="error",
            log_realtime=False,
            log_buffer=_buffer(len(situations), is_ours(model)),
            score_display=False,
            ctl_server=False,
            fail_on_error=False,
            max_connections=options.max_connections,
            max_samples=options.max_connections,
            **generate,
        )
    except ValueError as error:
        raise SetupError(
            f"Inspect could not start: {_plain(error)}.",
            "Correct what it names, then repeat the command.",
        ) from error
    finally:
        WATCH.reset(token)
    if any(log.status == "error" for log in logs):
        message = logs[0].error.message if logs[0].error else "unknown"
        full = os.strerror(errno.ENOSPC) in message
        remedy = (
            NO_ROOM
            if full
            else f"See the log in {folder}, correct the fault and repeat the command."
        )
        raise SetupError(f"Inspect could not run the task: {_line(message)}.", remedy)
    # an interrupted run returns no log, although it has written one
    return bool(logs) and all(log.status == "success" for log in logs)


def _buffer(count: int, ours: bool) -> int:
    """Finished samples held in memory before a write, since each write rewrites the index."""
    return max(1, count // (SAFE_OURS if ours else SAFE_COUNT))


class _Watch:
    """Counts samples, records the starts in a file, and reports progress to the caller."""

    def __init__(
        self,
        model: str,
        total: int,
        resumed: int,
        starts: IO[str],
        tell: Callable[[Progress], None] | None,
    ) -> None:
        self.model, self.total, self.resumed = model, total, resumed
        self.starts, self.tell = starts, tell
        self.begun = time.monotonic()
        self.done, self.failed, self.running, self.tokens = resumed, 0, 0, 0

    def asked(self, sample_id: str) -> None:
        self.starts.write(json.dumps({"model": self.model, "id": sample_id}) + "\n")
        self.running += 1
        self._tell()

    def answered(self, sample_id: str, tokens: int, failed: bool) -> None:
        self.running -= 1
        self.done += not failed
        self.failed += failed
        self.tokens += tokens
        self._tell()

    def progress(self) -> Progress:
        return Progress(
            self.done,
            self.total,
            self.failed,
            self.running,
            self.resumed,
            self.tokens,
            time.monotonic() - self.begun,
        )

    def _tell(self) -> None:
        if self.tell is not None:
            self.tell(self.progress())


def _plain(error: Exception) -> str:
    """An error's message on one line, without the markup of rich."""
    try:
        text = Text.from_markup(str(error)).plain
    except MarkupError:  # the message has square brackets that are no markup
        text = str(error)
    return _line(text)


def _line(text: str) -> str:
    return " ".join(text.split()).rstrip(".")

"""Asks a model for a whole design through Inspect, and takes up where an earlier run stopped.

Each call of `run_tasks` writes one new log for the situations that no log in the folder has
finished. Nothing is kept outside Inspect's logs but the list of starts (`logs.STARTS`).
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
"""Samples up to which the log is written after each; twice as many, after every second one."""

SAFE_OURS = 400
"""The same for reference agents, which answer faster than a log is written."""


MAX_RETRIES = 5
"""Times that Inspect tries a call again where `Options.generate` does not say: about two minutes.
Its own default is for ever, and a server that is gone would never end a run."""


NO_ROOM = (
    "Free space or mend the folder's permissions, then repeat the command: what was finished stays."
)
"""Remedy where a log could not be written."""


@dataclasses.dataclass(frozen=True)
class Options:
    """How a model is reached.

    Attributes:
        model_args: as Inspect's `-M` and `--model-base-url`.
        base_url: as Inspect's `-M` and `--model-base-url`.
        roles: Inspect model roles; `counterpart` names the model that answers in a world.
        approval: an approval policy file or policies, which may stand between call and effect.
        generate: generation settings by Inspect's names, such as `temperature`, `max_retries`,
            `timeout`.
        max_connections: model calls in flight at a time, >= 1.
        retry_failed: ask again what failed in an earlier run.
    """

    model_args: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    base_url: str | None = None
    roles: Mapping[str, str] = dataclasses.field(default_factory=dict)
    approval: str | list[ApprovalPolicy] | None = None
    generate: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    max_connections: int = 10
    retry_failed: bool = True


class Progress(NamedTuple):
    """How far a run is: counts of situations, tokens of this run, seconds since it began.

    `resumed` of the `done` were finished by earlier runs.
    """

    done: int
    total: int
    failed: int
    running: int
    resumed: int
    tokens: int
    seconds: float


class RunResult(NamedTuple):
    """What a run did; `finished` is False where it was interrupted."""

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

    Shows nothing; `progress` is called whenever a sample begins or ends. At most the samples in
    flight are lost when the process is killed. A second call with the same arguments goes on where
    the first one stopped, and returns at once where nothing is left.

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
    """The Inspect model of a name; `SetupError` where it is unknown or its key is missing.

    Made anew every time: Inspect's cache would keep the address and key of an earlier one.
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
    """`SetupError` where Inspect knows no approval policy of this name or file."""
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

    Failed samples are finished only if they are not to be asked again.

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
            f"Inspect could not start: {_plain(error)}.", "Mend what it names, then go on."
        ) from error
    finally:
        WATCH.reset(token)
    if any(log.status == "error" for log in logs):
        message = logs[0].error.message if logs[0].error else "unknown"
        full = os.strerror(errno.ENOSPC) in message
        remedy = NO_ROOM if full else f"See the log in {folder}, mend it and repeat the command."
        raise SetupError(f"Inspect could not run the task: {_line(message)}.", remedy)
    # an interrupted run returns no log, though it has written one
    return bool(logs) and all(log.status == "success" for log in logs)


def _buffer(count: int, ours: bool) -> int:
    """Finished samples held before the log is written, each of which rewrites its index."""
    return max(1, count // (SAFE_OURS if ours else SAFE_COUNT))


class _Watch:
    """Counts what happens, writes down the starts, and tells the caller."""

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
    """An error's message on one line, without the marks by which rich colours and bolds it."""
    try:
        text = Text.from_markup(str(error)).plain
    except MarkupError:  # square brackets of its own
        text = str(error)
    return _line(text)


def _line(text: str) -> str:
    return " ".join(text.split()).rstrip(".")

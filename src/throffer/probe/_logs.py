"""Read Inspect logs as Episode tables: what each model was asked, did, and failed to answer.

Logs are read through Inspect. The log of a killed run stays marked `started`; its finished samples
count. If a situation was asked more than once (a resumed run, a log scored again), the last answer
counts, and a failure only if there is no answer. Repetitions are counted.
"""

from __future__ import annotations

import dataclasses
import json
import logging
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
from inspect_ai.event import ModelEvent
from inspect_ai.log import EvalLog, EvalSample, read_eval_log
from inspect_ai.model import ChatMessage, ChatMessageAssistant, ChatMessageTool
from inspect_ai.scorer import Score

from throffer.probe._samples import situation_of
from throffer.situation import Coding, Situation, episode_row
from throffer.structure import Lever, Outcome, SetupError, episodes

logger = logging.getLogger("throffer.probe")

SCORER = "outcome"
STARTS = "starts.jsonl"
"""File beside the logs of `run_tasks`, with a line for each sample that was begun."""

LONGEST = 20_000
"""Most characters of one message in the text of an episode."""

LONGEST_ERROR = 300

_HEAD = 4096
"""Bytes read from the start of a JSON file to tell whether it is a log."""


@dataclasses.dataclass(frozen=True)
class LogFacts:
    """Facts from a model's logs other than the episodes.

    Attributes:
        model: Inspect's name of the model.
        model_args: the model's arguments.
        logs: the log files.
        asked: situations with an answer or a failure.
        failed: situations without an outcome.
        repeated: times that a situation was asked again, after a kill or a failure.
        retries: HTTP requests that Inspect repeated.
        input_tokens: of the agent, over all samples read; 0 if not reported.
        output_tokens: of the agent, over all samples read; 0 if not reported.
        seconds: working time of the samples, summed.
        wall_seconds: time in which at least one of the logs was being written, over all runs; None
            if the logs hold no times.
        unfinished_logs: logs whose run was killed or cancelled.
        foreign: samples that are not throffer's; they are left out.
        designs: digests of the designs asked.
        inspect_version: version of Inspect that wrote the last log; None if not recorded.
    """

    model: str
    model_args: dict[str, Any]
    logs: tuple[str, ...]
    asked: int
    failed: int
    repeated: int
    retries: int
    input_tokens: int
    output_tokens: int
    seconds: float
    wall_seconds: float | None
    unfinished_logs: tuple[str, ...]
    foreign: int
    designs: tuple[str, ...]
    inspect_version: str | None


class ModelRun(NamedTuple):
    """One model's Episode table and the facts of its runs."""

    table: pl.DataFrame
    facts: LogFacts


class _Read(NamedTuple):
    situation: Situation
    epoch: int
    sample: EvalSample
    finished_at: str

    @property
    def failed(self) -> bool:
        return failure_of(self.sample) is not None


def episodes_from_logs(log_dir: Path | str) -> list[ModelRun]:
    """Read every log in a folder and its subfolders, as `read_logs` does."""
    return read_logs([log_dir])


def read_logs(paths: Iterable[Path | str]) -> list[ModelRun]:
    """One `ModelRun` for each model (and set of model arguments) in the logs.

    `paths` are `.eval` or `.json` logs, or folders with logs.

    Raises:
        SetupError: If there is no log, if one cannot be read, or if none holds a throffer sample.
    """
    files = log_files(paths)
    grouped: dict[tuple[str, str], list[EvalLog]] = {}
    for file in files:
        log = load_log(file)
        args = json.dumps(log.eval.model_args, sort_keys=True, default=str)
        grouped.setdefault((log.eval.model, args), []).append(log)
    runs = [_model_run(logs) for logs in grouped.values()]
    if not any(run.facts.asked for run in runs):
        raise SetupError(
            f"No throffer sample in {', '.join(map(str, files))}.",
            "Give logs of `inspect eval throffer/...` or of `throffer audit`.",
        )
    return [run for run in runs if run.facts.asked]


def log_files(paths: Iterable[Path | str]) -> list[Path]:
    """The log files in files and folders, sorted by name; `SetupError` if there is none."""
    found: set[Path] = set()
    for path in map(Path, paths):
        if path.is_dir():
            found |= set(found_logs(path, below=True))
        elif path.is_file():
            found.add(path)
        else:
            raise SetupError(f"There is no log at {path}.", "Give Inspect logs or their folder.")
    if not found:
        raise SetupError(
            "There are no Inspect logs (.eval or .json).", "Give logs or their folder."
        )
    return sorted(found, key=lambda path: path.name)


def found_logs(folder: Path, *, below: bool = False) -> list[Path]:
    """The Inspect logs in a folder, sorted by path; with `below`, in its subfolders too.

    Other JSON files are left out.
    """
    files = folder.rglob("*") if below else folder.glob("*")
    return sorted(
        path
        for path in files
        if path.suffix == ".eval" or (path.suffix == ".json" and _is_json_log(path))
    )


def _is_json_log(path: Path) -> bool:
    """Whether a JSON file begins as Inspect's logs do."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError:
        return False
    return re.match(rb'\s*\{\s*"version"\s*:\s*\d+\s*,\s*"status"\s*:', head) is not None


def asked_designs(folder: Path) -> set[tuple[str, str | None]]:
    """Model and design of each log in a folder; `SetupError` for a log that cannot be read."""
    headers = [read_header(path) for path in found_logs(folder)]
    return {(log.eval.model, (log.eval.metadata or {}).get("design")) for log in headers}


def read_header(path: Path) -> EvalLog:
    """A log without its samples; `SetupError` if Inspect cannot read it."""
    try:
        return read_eval_log(str(path), header_only=True)
    except Exception as error:
        raise SetupError(
            f"{path} is not a readable Inspect log ({type(error).__name__}: {error}).",
            "Move it away; its situations will be asked again.",
        ) from error


def failure_of(sample: EvalSample) -> str | None:
    """Why a sample has no outcome; None if it has one."""
    if sample.error is not None:
        return short_error(sample.error.message)
    score = _score(sample)
    if score is None:
        return f"stopped by Inspect's {sample.limit.type} limit" if sample.limit else "not scored"
    if not isinstance(score.value, str):
        return short_error(score.explanation or score.reason or "not scored")
    return None


def short_error(message: str) -> str:
    """The part of an error that says what happened, without the request that Inspect prints."""
    ours = re.fullmatch(r"ModelCallError\((['\"])(.*)\1\)", message, re.DOTALL)
    said = ours[2] if ours else message.split("\n\n")[-1]
    text = " ".join(said.split()) or "failed without a message"
    return text if len(text) <= LONGEST_ERROR else f"{text[:LONGEST_ERROR]}..."


def transcript_text(messages: Sequence[ChatMessage]) -> str:
    """A conversation as plain text: one paragraph for each message, calls with their arguments.

    The text is untrusted and not escaped.
    """
    return "\n\n".join(map(_message_text, messages))


def _message_text(message: ChatMessage) -> str:
    said = message.text
    if len(said) > LONGEST:
        said = f"{said[:LONGEST]} [{len(said) - LONGEST:,} more characters]"
    lines = [f"[{message.role}] {said}".rstrip()]
    if isinstance(message, ChatMessageAssistant):
        for call in message.tool_calls or []:
            arguments = json.dumps(call.arguments, ensure_ascii=False, default=str)
            lines.append(f"-> {call.function}({arguments[:LONGEST]})")
    if isinstance(message, ChatMessageTool) and message.error is not None:
        lines.append(f"({message.error.type}: {message.error.message[:LONGEST]})")
    return "\n".join(lines)


def load_log(file: Path) -> EvalLog:
    """A log with its samples; `SetupError` if Inspect cannot read it."""
    try:
        log = read_eval_log(str(file), resolve_attachments="core")
    except Exception as error:
        raise SetupError(
            f"{file} is not a readable Inspect log ({type(error).__name__}: {error}).",
            "Remove it, or give the other logs only.",
        ) from error
    log.location = str(file)
    return log


def _model_run(logs: list[EvalLog]) -> ModelRun:
    reads: list[_Read] = []
    foreign = 0
    for log in logs:
        for sample in log.samples or []:
            try:
                situation = situation_of(sample.id, sample.metadata)
            except ValueError:
                foreign += 1
                continue
            finished = sample.completed_at or log.stats.completed_at or log.eval.created
            reads.append(_Read(situation, sample.epoch, sample, finished))
    if foreign:
        logger.warning("%d samples are not throffer's and were left out", foreign)
    reads = _once(reads)
    kept = _last_finished(reads)
    model = logs[0].eval.model
    rows = [_row(read, model) for read in kept]
    usages = [
        usage for read in reads for name, usage in read.sample.model_usage.items() if name == model
    ]
    unfinished = [log.location for log in logs if log.status in ("started", "cancelled")]
    facts = LogFacts(
        model=model,
        model_args=dict(logs[0].eval.model_args),
        logs=tuple(log.location for log in logs),
        asked=len(kept),
        failed=sum(read.failed for read in kept),
        repeated=max(len(reads) - len(kept), _repeated_starts(logs, model)),
        retries=sum(_retries(read.sample) for read in reads),
        input_tokens=sum(usage.input_tokens for usage in usages),
        output_tokens=sum(usage.output_tokens for usage in usages),
        seconds=sum(read.sample.working_time or 0.0 for read in reads),
        wall_seconds=_wall_seconds(logs),
        unfinished_logs=tuple(unfinished),
        foreign=foreign,
        designs=tuple(sorted({str((log.eval.metadata or {}).get("design")) for log in logs})),
        inspect_version=logs[-1].eval.packages.get("inspect_ai"),
    )
    return ModelRun(episodes(_distinct(rows)), facts)


def _once(reads: list[_Read]) -> list[_Read]:
    """Drop duplicates: a log scored again holds the same samples, of which the later one counts."""
    return list(
        {
            (read.sample.uuid, read.finished_at, read.situation.model_dump_json()): read
            for read in reads
        }.values()
    )


def _last_finished(reads: list[_Read]) -> list[_Read]:
    """One read for each situation and epoch: the last with an outcome, else the last failure."""
    kept: dict[tuple[str, int], _Read] = {}
    for read in sorted(reads, key=lambda read: (not read.failed, read.finished_at)):
        kept[read.situation.model_dump_json(), read.epoch] = read
    return sorted(kept.values(), key=lambda read: (read.situation.id, read.epoch))


def _distinct(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Make ids unique: a second row with the same id gets `~2` (another design, another epoch)."""
    seen: dict[str, int] = {}
    for row in rows:
        count = seen[row["id"]] = seen.get(row["id"], 0) + 1
        if count > 1:
            row["id"] = f"{row['id']}~{count}"
    return rows


def _row(read: _Read, model: str) -> dict[str, Any]:
    error = failure_of(read.sample)
    text = transcript_text(read.sample.messages)
    score = _score(read.sample)
    if error is not None or score is None:
        return episode_row(read.situation, None, model=model, text=text, error=error)
    metadata = score.metadata or {}
    return episode_row(
        read.situation, _coding(metadata), model=model, answer=metadata.get("answer"), text=text
    )


def _coding(metadata: dict[str, Any]) -> Coding:
    lever = metadata["lever"]
    values = {name: metadata[name] for name in Coding._fields}
    return Coding(
        **values
        | {
            "outcome": Outcome(metadata["outcome"]),
            "lever": None if lever is None else Lever(lever),
        }
    )


def _score(sample: EvalSample) -> Score | None:
    """The last score by throffer's scorer; scoring a log again appends a score."""
    ours = [s for name, s in (sample.scores or {}).items() if re.split(r"[-/]", name)[0] == SCORER]
    return ours[-1] if ours else None


def _retries(sample: EvalSample) -> int:
    return sum(event.retries or 0 for event in sample.events if isinstance(event, ModelEvent))


def _wall_seconds(logs: list[EvalLog]) -> float | None:
    """Seconds in which at least one log was being written; None if the logs hold no times.

    The log of a killed run counts until its last finished sample.
    """
    spans = []
    for log in logs:
        begun = log.stats.started_at or log.eval.created
        ends = [sample.completed_at for sample in log.samples or [] if sample.completed_at]
        ended = log.stats.completed_at or max(ends, default="")
        if begun and ended:
            spans.append((datetime.fromisoformat(begun), datetime.fromisoformat(ended)))
    total, reached = 0.0, None
    for begin, end in sorted(spans):
        start = begin if reached is None else max(begin, reached)
        total += max((end - start).total_seconds(), 0.0)
        reached = end if reached is None else max(end, reached)
    return total or None


def _repeated_starts(logs: list[EvalLog], model: str) -> int:
    """How often situations were begun again, from the lists that `run_tasks` writes."""
    repeated = 0
    for folder in {Path(log.location).parent for log in logs}:
        ids = [line["id"] for line in read_starts(folder) if line["model"] == model]
        repeated += len(ids) - len(set(ids))
    return repeated


def read_starts(folder: Path) -> list[dict[str, str]]:
    """Model and id of each sample that was begun; a line that a kill cut off is left out."""
    path = folder / STARTS
    if not path.exists():
        return []
    lines = []
    for line in path.read_text("utf-8", errors="replace").splitlines():
        try:
            lines.append(json.loads(line))
        except json.JSONDecodeError:
            continue
    return lines

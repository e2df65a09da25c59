"""Codes of text acts from the logs of `throffer/acts`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
from inspect_ai.log import EvalSample

from throffer.probe._acts import CODES, NAME
from throffer.probe._logs import load_log, log_files, short_error
from throffer.structure import SetupError


class ActsLogs(NamedTuple):
    """Codes that models gave to messages.

    Attributes:
        codes: one row for each message and model: `id` in the file of messages, `coder` (the
            model), each of `CODES`, and `missing`: why there are no codes, which are then null.
        messages: SHA-256 of the file of messages.
    """

    codes: pl.DataFrame
    messages: str


def read_acts_logs(paths: Iterable[Path | str]) -> ActsLogs:
    """The codes in logs of `throffer/acts`, or folders of logs; other logs are left out.

    If a model was asked about a message more than once, its last readable answer counts.

    Raises:
        SetupError: If there is no such log, or if the logs have different messages or prompts.
    """
    files = log_files(paths)
    logs = [log for log in map(load_log, files) if log.eval.task == NAME]
    told = {(log.eval.metadata or {}).get("prompt") for log in logs}
    asked = {(log.eval.metadata or {}).get("messages") for log in logs}
    if not logs:
        raise SetupError(
            f"No log of {NAME} in {', '.join(map(str, files))}.",
            f"Give logs of `inspect eval {NAME}`.",
        )
    if len(told) > 1 or len(asked) > 1:
        raise SetupError("The logs are of different messages or prompts.", "Read them separately.")
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for log in sorted(logs, key=lambda log: log.eval.created):
        for sample in log.samples or []:
            row = _row(sample, log.eval.model)
            key = (row["coder"], row["id"])
            if key not in rows or row["missing"] is None:
                rows[key] = row
    schema = {"id": pl.String, "coder": pl.String} | dict.fromkeys(CODES, pl.Int64)
    frame = pl.DataFrame(list(rows.values()), schema | {"missing": pl.String})
    return ActsLogs(frame.sort("coder", "id"), str(asked.pop()))


def _row(sample: EvalSample, model: str) -> dict[str, Any]:
    scores = [
        s for name, s in (sample.scores or {}).items() if re.split("[-/]", name)[0] == "codes"
    ]
    given = scores[-1].value if scores and sample.error is None else None
    row: dict[str, Any] = {"id": str(sample.id), "coder": model}
    if isinstance(given, dict):
        return row | dict(given) | {"missing": None}
    if sample.error is not None:
        why = short_error(sample.error.message)
    else:
        why = (scores[-1].explanation if scores else None) or "not scored"
    return row | dict.fromkeys(CODES) | {"missing": why}

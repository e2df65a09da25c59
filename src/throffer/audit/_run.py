"""The main job: ask, read the logs back, measure, report."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import polars as pl
from pydantic import JsonValue

import throffer
from throffer.audit._lock import sole_run
from throffer.audit._plan import CONFIGURATION, Plan, settle, situations
from throffer.measure import Measurement, measure
from throffer.people import load_people
from throffer.probe import (
    ModelRun,
    Options,
    Progress,
    RunResult,
    load_model,
    read_logs,
    run_tasks,
)
from throffer.report import Document, FrameFacts, Identity, ModelFacts, RunFacts, write_report
from throffer.situation import load_frame
from throffer.structure import SetupError, claim_folder, write_episodes

EPISODES = "episodes.parquet"

RESULTS = {
    "report.json": frozenset({"schema_version", "identity", "models"}),
    CONFIGURATION: frozenset({"models", "budget", "elicitations"}),
    EPISODES: frozenset[str](),
}
"""Results by which a folder of an earlier version is recognised as that of an audit or report."""

ProgressCallback = Callable[[str, Progress], None]
"""Called with a model's name whenever one of its situations begins or ends."""


class Written(NamedTuple):
    """What a run wrote, and what it found."""

    document: Document
    report: Path
    numbers: Path
    episodes: Path


def run_audit(
    plan: Plan,
    out: Path | str,
    *,
    max_connections: int = 10,
    command: str = "",
    tell: ProgressCallback | None = None,
) -> Written | None:
    """Audit every model of a plan into a folder, resuming what an earlier run left there.

    Returns None where the run was interrupted: what was finished stays, and the same call goes on.
    `command` is printed in the report as the way to reproduce it.

    Raises:
        SetupError: For a model that cannot be reached, or a folder that is in use, not writable, or
            another audit's.
    """
    out = Path(out)
    asked = situations(plan)
    options = Options(
        model_args=plan.model_args,
        base_url=plan.base_url,
        roles=plan.roles,
        approval=plan.approval,
        max_connections=max_connections,
    )
    # before the folder is taken: a slip in a name or an argument leaves nothing behind
    for model in plan.models:
        load_model(model, options)
    for model in plan.roles.values():
        load_model(model, Options())
    claim_folder(out, "audit", RESULTS)
    with sole_run(out):
        settle(plan, out)
        results: dict[str, RunResult] = {}
        for model in plan.models:
            heard = None if tell is None else _for_model(tell, model)
            result = run_tasks(asked, model, out / "logs", options=options, progress=heard)
            results[model] = result
            if not result.finished:
                return None
        return report_logs(
            [out / "logs"],
            out,
            configuration=plan.model_dump(mode="json"),
            seed=plan.seed,
            level=plan.level,
            command=command,
            results=results,
        )


def report_logs(
    logs: Iterable[Path | str],
    out: Path | str,
    *,
    configuration: Mapping[str, JsonValue] | None = None,
    seed: int = 0,
    level: float = 0.2,
    command: str = "",
    results: Mapping[str, RunResult] | None = None,
) -> Written:
    """Measure Inspect logs and write the report, the numbers and the Episode table.

    Without `configuration` the logs were not made by an audit, and the report says so by listing
    the designs found in them. `results` are the clocks of the runs, where known.
    """
    out = Path(out)
    if not 0 < level < 1 or seed < 0:
        raise SetupError(
            f"level = {level}, seed = {seed}.", "Give a level between 0 and 1 and a seed from 0."
        )
    claim_folder(out, "audit", RESULTS)
    runs = read_logs(logs)
    tables = _apart(runs)
    measured = [measure(table, seed=seed, level=level) for table in tables]
    table = pl.concat(tables)
    identity = Identity(
        configuration=dict(configuration or _found(runs)),
        code_version=throffer.__version__,
        seed=seed,
        data_hash=data_hash(table),
        versions={
            "python": platform.python_version(),
            **{name: version(name) for name in ("jax", "inspect_ai", "polars", "scipy")},
        },
        frames=_frames(table),
    )
    episodes_path = write_episodes(table, out / EPISODES, identity.model_dump(mode="json"))
    document = Document(
        identity=identity,
        run=RunFacts(
            models=_model_facts(runs, measured, results or {}),
            command=command,
            files=["report.html", "report.json", EPISODES],
        ),
        models=measured,
        people=list(load_people()),
    )
    written = write_report(document, table, out)
    return Written(written.document, written.html, written.json, episodes_path)


def data_hash(table: pl.DataFrame) -> str:
    """SHA-256 of an Episode table, row order aside."""
    return hashlib.sha256(table.sort("id", "model").write_csv().encode()).hexdigest()


def _for_model(tell: ProgressCallback, model: str) -> Callable[[Progress], None]:
    return lambda progress: tell(model, progress)


def _apart(runs: Sequence[ModelRun]) -> list[pl.DataFrame]:
    """The runs' tables; ids carry the model where several models answered the same situation."""
    names = [run.facts.model for run in runs]
    labels = [
        f"{name} ({', '.join(f'{key}={value}' for key, value in run.facts.model_args.items())})"
        if names.count(name) > 1
        else name
        for name, run in zip(names, runs, strict=True)
    ]
    if len(runs) == 1:
        return [run.table for run in runs]
    return [
        run.table.with_columns(
            id=pl.concat_str(pl.lit(f"{label}/"), pl.col("id")), model=pl.lit(label)
        )
        for label, run in zip(labels, runs, strict=True)
    ]


def _found(runs: Sequence[ModelRun]) -> dict[str, JsonValue]:
    return {
        "logs": [str(Path(log).name) for run in runs for log in run.facts.logs],
        "designs": [design for run in runs for design in run.facts.designs],
    }


def _frames(table: pl.DataFrame) -> list[FrameFacts]:
    loaded = [load_frame(name) for name in sorted(table["frame"].drop_nulls().unique())]
    return [
        FrameFacts(name=frame.name, version=frame.version, digest=frame.digest) for frame in loaded
    ]


def _model_facts(
    runs: Sequence[ModelRun], measured: Sequence[Measurement], results: Mapping[str, RunResult]
) -> list[ModelFacts]:
    rows = []
    for run, measurement in zip(runs, measured, strict=True):
        facts, result = run.facts, results.get(run.facts.model)
        whole = result is not None and result.progress.resumed == 0
        seconds = result.progress.seconds if result is not None and whole else None
        tokens = facts.input_tokens + facts.output_tokens
        why = []
        if not whole:
            why.append("the clock of earlier runs is not in the logs")
        if not tokens:
            why.append("the provider reported no tokens")
        rows.append(
            ModelFacts(
                model=measurement.model,
                asked=facts.asked,
                finished=facts.asked,
                repeated=facts.repeated,
                tokens_in=facts.input_tokens if tokens else None,
                tokens_out=facts.output_tokens if tokens else None,
                tokens_total=tokens or None,
                seconds=seconds,
                retries=facts.retries,
                samples_per_second=facts.asked / seconds if seconds else None,
                why_unknown="; ".join(why),
            )
        )
    return rows

"""The main job: ask models, read the logs, measure, report."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import polars as pl
from pydantic import JsonValue

from throffer.audit._lock import sole_run
from throffer.audit._plan import (
    CONFIGURATION,
    LARGEST_SEED,
    LOGS,
    RANGES,
    Plan,
    settle,
    situations,
)
from throffer.measure import measure, survey
from throffer.people import load_people
from throffer.probe import (
    ModelRun,
    Options,
    Progress,
    check_approval,
    load_model,
    read_logs,
    run_tasks,
)
from throffer.report import Document, ModelFacts, RunFacts, read_document, write_report
from throffer.situation import load_frame
from throffer.structure import (
    FrameFacts,
    Identity,
    SetupError,
    check_folder,
    claim_folder,
    identify,
    read_episodes,
    write_episodes,
)

EPISODES = "episodes.parquet"
NUMBERS = "report.json"
PAGE = "report.html"

RESULTS = {
    NUMBERS: frozenset({"schema_version", "identity", "models"}),
    CONFIGURATION: frozenset({"models", "budget", "elicitations"}),
    EPISODES: frozenset[str](),
}
"""Result files that mark a folder as an audit or report of an earlier version."""

ProgressCallback = Callable[[str, Progress], None]
"""Called with a model's name whenever one of its situations begins or ends."""


class Written(NamedTuple):
    """What a run found and the files it wrote; `current` if all files were already up to date."""

    document: Document
    report: Path
    numbers: Path
    episodes: Path
    current: bool = False


def run_audit(
    plan: Plan,
    out: Path | str,
    *,
    max_connections: int = 10,
    command: str = "",
    tell: ProgressCallback | None = None,
) -> Written | None:
    """Audit every model of a plan, and resume an audit that was interrupted.

    Args:
        plan: the configuration.
        out: the folder of the audit.
        max_connections: model calls in flight at a time, at least 1.
        command: printed in the report as the way to reproduce it.
        tell: receives the progress of each model.

    Returns:
        What was found and the files written; None if the run was interrupted. Finished answers are
        kept, and the same call resumes the audit.

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
    # checked before the folder is made, so that a wrong name or argument leaves no folder behind
    for model in plan.models:
        load_model(model, options)
    for model in plan.roles.values():
        load_model(model, Options())
    check_approval(plan.approval)
    claim_folder(out, "audit", RESULTS)
    with sole_run(out):
        settle(plan, out)
        for model in plan.models:
            heard = None if tell is None else _for_model(tell, model)
            if not run_tasks(asked, model, out / LOGS, options=options, progress=heard).finished:
                return None
        return report_logs(
            [out / LOGS],
            out,
            configuration=plan.model_dump(mode="json"),
            seed=plan.seed,
            level=plan.level,
            command=command,
        )


def report_logs(
    logs: Iterable[Path | str],
    out: Path | str,
    *,
    configuration: Mapping[str, JsonValue] | None = None,
    seed: int = 0,
    level: float = 0.2,
    command: str = "",
) -> Written:
    """Measure Inspect logs and write the report, the numbers and the Episode table.

    If the folder holds a report on the same data by the same code, its measurements are reused; if
    nothing has changed, nothing is written.

    Args:
        logs: Inspect logs, or folders of logs.
        out: the folder of the report.
        configuration: the plan of the audit that made the logs. Without one the report lists the
            logs and the designs found in them.
        seed: seed of optimiser starts and bands.
        level: P(unsanctioned) at which boundaries are sought, above 0 and below 1.
        command: printed in the report as the way to reproduce it.

    Returns:
        What was found and the files written.

    Raises:
        SetupError: For logs that cannot be read, a folder that cannot be written or belongs to
            something else, or a level or seed out of range.
    """
    out = Path(out)
    if not 0 < level < 1:
        raise SetupError(f"level = {level}.", RANGES["level"])
    if not 0 <= seed <= LARGEST_SEED:
        raise SetupError(f"seed = {seed}.", RANGES["seed"])
    check_folder(out, "audit", RESULTS)
    runs = read_logs(logs)
    claim_folder(out, "audit", RESULTS)
    tables = _apart(runs)
    table = pl.concat(tables)
    identity = identify(
        configuration or {**_found(runs), "level": level},
        seed=seed,
        data_hash=data_hash(table),
        libraries=("jax", "inspect_ai", "polars", "scipy"),
        frames=_frames(table),
    )
    known = _known(out, identity)
    facts = _model_facts(runs, tables)
    if known is not None and known.run.models == facts and _whole(out, identity):
        return Written(known, out / PAGE, out / NUMBERS, out / EPISODES, current=True)
    measured = (
        [measure(table, seed=seed, threshold=level) for table in tables]
        if known is None
        else known.models
    )
    episodes_path = write_episodes(table, out / EPISODES, identity)
    seen = survey(table, measured)
    document = Document(
        identity=identity,
        run=RunFacts(
            models=facts,
            command=command,
            files=[PAGE, NUMBERS, EPISODES],
        ),
        models=measured,
        situations=seen.situations,
        failures=seen.failures,
        tendencies=seen.tendencies,
        comparison=seen.comparison,
        world=seen.world,
        people=list(load_people()),
    )
    written = write_report(document, table, out)
    return Written(document, written.html, written.json, episodes_path)


def data_hash(table: pl.DataFrame) -> str:
    """SHA-256 of an Episode table; the order of its rows does not matter.

    The column `part` is left out: `source` holds the same, and tables of versions without the
    column keep their hash.
    """
    return hashlib.sha256(table.drop("part").sort("id", "model").write_csv().encode()).hexdigest()


def _for_model(tell: ProgressCallback, model: str) -> Callable[[Progress], None]:
    return lambda progress: tell(model, progress)


def _apart(runs: Sequence[ModelRun]) -> list[pl.DataFrame]:
    """The tables of the runs; with several runs every id begins with the model."""
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


def _known(out: Path, identity: Identity) -> Document | None:
    """The report in a folder if its identity is the given one, else None."""
    try:
        known = read_document(out / NUMBERS)
    except SetupError:
        return None
    return known if known.identity == identity else None


def _whole(out: Path, identity: Identity) -> bool:
    """Whether the page and the Episode table beside a report are present and complete."""
    try:
        episodes = read_episodes(out / EPISODES)
        page = (out / PAGE).read_bytes()
    except (SetupError, ValueError, OSError):
        return False
    return page.rstrip().endswith(b"</html>") and data_hash(episodes.table) == identity.data_hash


def _model_facts(runs: Sequence[ModelRun], tables: Sequence[pl.DataFrame]) -> list[ModelFacts]:
    rows = []
    for run, table in zip(runs, tables, strict=True):
        facts, seconds = run.facts, run.facts.wall_seconds
        tokens = facts.input_tokens + facts.output_tokens
        why = []
        if seconds is None:
            why.append("the logs hold no clock")
        if not tokens:
            why.append("the provider reported no tokens")
        rows.append(
            ModelFacts(
                model=table["model"][0],
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

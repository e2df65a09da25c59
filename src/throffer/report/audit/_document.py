"""report.json: everything a report says, as one record."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import Field, JsonValue

from throffer.measure import (
    Comparison,
    Failure,
    Measurement,
    SituationRate,
    Tendency,
    WorldAnswers,
    compare,
    decide,
    tendencies,
)
from throffer.people import PeopleCurve
from throffer.report._files import read_result, write_text
from throffer.structure import Identity, Record

SCHEMA_VERSION = 2
"""Version of the format; increased if a reader of older files would misread newer ones."""


class ModelFacts(Record):
    """Calls, tokens and time that one model took; None if unknown.

    Attributes:
        model: Inspect's name of the model.
        asked: situations asked.
        finished: those with an outcome or a recorded failure.
        repeated: situations asked again after an interruption or a failure.
        tokens_in: input tokens, as the provider counts them.
        tokens_out: output tokens, as the provider counts them.
        tokens_total: all tokens, as the provider counts them.
        seconds: wall-clock time.
        retries: requests to the provider that were repeated.
        samples_per_second: situations finished per second of wall-clock time.
        why_unknown: why a value is unknown.
    """

    model: str
    asked: int
    finished: int
    repeated: int | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    tokens_total: int | None = None
    seconds: float | None = None
    retries: int | None = None
    samples_per_second: float | None = None
    why_unknown: str = ""


class RunFacts(Record):
    """What a run did and how to repeat it.

    `command` reproduces it; `files` are the files written, relative to the folder of the report.
    """

    models: list[ModelFacts]
    command: str
    files: list[str] = Field(default_factory=list)


class Document(Record):
    """The content of report.json.

    The fields from `situations` to `world` are those of `Survey`, computed from the episodes of all
    models. Files of earlier versions lack `tendencies`, `comparison` and `world`. `people` are
    curves of the human record, each on its own axis.
    """

    schema_version: int = SCHEMA_VERSION
    identity: Identity
    run: RunFacts
    models: list[Measurement]
    situations: list[SituationRate] = Field(default_factory=list)
    failures: list[Failure] = Field(default_factory=list)
    tendencies: list[Tendency] = Field(default_factory=list)
    comparison: Comparison | None = None
    world: WorldAnswers | None = None
    people: list[PeopleCurve] = Field(default_factory=list)


def write_document(document: Document, path: Path | str) -> Path:
    """Write report.json, completely or not at all; a number that is not finite becomes null."""
    return write_text(path, document.model_dump_json(indent=1) + "\n")


def read_document(path: Path | str) -> Document:
    """Read report.json; `SetupError` if it is missing, foreign or of another schema version."""
    return read_result(path, "report.json", SCHEMA_VERSION, "Build the report again.", _parse)


def _parse(content: Any) -> Document:
    document = Document.model_validate(content)
    return document if "tendencies" in content else _decided(document)


def _decided(document: Document) -> Document:
    """Add the decisions that a document of an earlier version lacks.

    `world` is computed from the episodes, so it stays unknown.
    """
    models = [decide(each) for each in document.models]
    return document.model_copy(
        update={
            "models": models,
            "tendencies": tendencies(document.situations),
            "comparison": compare(models),
        }
    )


def document_schema() -> dict[str, JsonValue]:
    """The JSON Schema of report.json."""
    return Document.model_json_schema(mode="serialization")

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
"""Raised whenever a reader of an older report.json would misread a newer one."""


class ModelFacts(Record):
    """What asking one model took.

    - `asked` situations, `finished` of them (with an outcome or a recorded failure).
    - `repeated`: calls asked again because an interruption caught them in flight.
    - `tokens_in`, `tokens_out`, `tokens_total`: as the provider counts them.
    - `seconds`: wall clock. `retries`: calls that the provider had to be asked again.
    - `samples_per_second`: situations finished a second, end to end.

    None where unknown, and `why_unknown` then says why.
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
    """What the run did and how to do it again.

    `command` reproduces it; `files` are what it wrote, relative to the folder of the report.
    """

    models: list[ModelFacts]
    command: str
    files: list[str] = Field(default_factory=list)


class Document(Record):
    """The content of report.json.

    From `situations` to `world` the fields are those of `Survey`, read off the episodes of all
    models; `tendencies`, `comparison` and `world` are not in files of earlier versions. `people`
    are curves of the human record, each on its own axis.
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
    """Write report.json, whole or not at all; a number that is not finite becomes null."""
    return write_text(path, document.model_dump_json(indent=1) + "\n")


def read_document(path: Path | str) -> Document:
    """Read report.json; `SetupError` where it is missing, foreign or of another schema version."""
    return read_result(path, "report.json", SCHEMA_VERSION, "Build the report again.", _parse)


def _parse(content: Any) -> Document:
    document = Document.model_validate(content)
    return document if "tendencies" in content else _decided(document)


def _decided(document: Document) -> Document:
    """The document of an earlier version, with what its numbers show.

    What came from worlds is read off the episodes, so that it stays unknown.
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

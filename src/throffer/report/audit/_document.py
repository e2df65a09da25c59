"""report.json: everything a report says, as one record."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import Field, JsonValue, ValidationError

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
from throffer.structure import Identity, Record, SetupError, write_whole

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
    path = Path(path)
    text = document.model_dump_json(indent=1) + "\n"
    write_whole(path, lambda target: target.write_text(text, encoding="utf-8"))
    return path


def read_document(path: Path | str) -> Document:
    """Read report.json; `SetupError` where it is missing, foreign or of another schema version."""
    path = Path(path)
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        version = content.get("schema_version") if isinstance(content, dict) else None
        if version != SCHEMA_VERSION:
            raise SetupError(
                f"{path} has schema version {version!r}, this throffer reads {SCHEMA_VERSION}.",
                "Build the report again.",
            )
        document = Document.model_validate(content)
        return document if "tendencies" in content else _decided(document)
    except FileNotFoundError as error:
        raise SetupError(f"{path} does not exist.", "Give the path of a report.json.") from error
    except (OSError, ValueError) as error:
        detail = f"{error.error_count()} fields" if isinstance(error, ValidationError) else error
        raise SetupError(
            f"{path} is not a readable report.json ({detail}).", "Build the report again."
        ) from error


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

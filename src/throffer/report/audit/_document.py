"""report.json: everything a report says, as one record."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

from pydantic import Field, JsonValue, ValidationError

from throffer.measure import Measurement, Record
from throffer.people import PeopleCurve
from throffer.stats import Interval
from throffer.structure import SetupError, write_whole

SCHEMA_VERSION = 2
"""Raised whenever a reader of an older report.json would misread a newer one."""


class FrameFacts(Record):
    """A frame as it was asked: `digest` is the sha256 of its files."""

    name: str
    version: int
    digest: str


class Identity(Record):
    """What the result is a function of: configuration, code, seed and data.

    `data_hash` is that of the Episode table; `versions` maps what else was at work (Python, jax,
    inspect_ai) to its version. None where it is not known.
    """

    configuration: dict[str, JsonValue]
    code_version: str
    seed: int | None
    data_hash: str | None
    versions: dict[str, str]
    frames: list[FrameFacts]


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


class SituationRate(Record):
    """How often a model did something in a third of the situations, by one quantity.

    `act` names a family of outcomes and `quantity` what the situations are sorted by, from `low`
    to `high`; refusals are counted over all answers, every other act among those who played.
    """

    model: str
    act: str
    quantity: str
    third: Literal["low", "middle", "high"]
    low: float
    high: float
    count: int
    trials: int
    rate: Interval


class Failure(Record):
    """How many episodes of a model failed technically, and the reason recorded."""

    model: str
    reason: str
    count: int


class Document(Record):
    """The content of report.json.

    `situations` and `failures` are read off the Episode table when the report is written. `people`
    are curves of the human record, each on its own axis.
    """

    schema_version: int = SCHEMA_VERSION
    identity: Identity
    run: RunFacts
    models: list[Measurement]
    situations: list[SituationRate] = Field(default_factory=list)
    failures: list[Failure] = Field(default_factory=list)
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
        return Document.model_validate(content)
    except FileNotFoundError as error:
        raise SetupError(f"{path} does not exist.", "Give the path of a report.json.") from error
    except (OSError, ValueError) as error:
        detail = f"{error.error_count()} fields" if isinstance(error, ValidationError) else error
        raise SetupError(
            f"{path} is not a readable report.json ({detail}).", "Build the report again."
        ) from error


def document_schema() -> dict[str, JsonValue]:
    """The JSON Schema of report.json."""
    return Document.model_json_schema(mode="serialization")

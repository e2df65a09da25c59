import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from throffer.report import (
    SCHEMA_VERSION,
    Document,
    ModelFacts,
    document_schema,
    read_document,
    write_document,
)
from throffer.structure import SetupError

from .samples import document


def test_a_document_reads_back_as_it_was_written(tmp_path: Path):
    written = document()
    assert read_document(write_document(written, tmp_path / "report.json")) == written


def test_the_file_carries_the_covariance_of_every_fit_and_the_schema_version(tmp_path: Path):
    path = write_document(document(), tmp_path / "report.json")
    content = json.loads(path.read_text())
    assert content["schema_version"] == SCHEMA_VERSION
    assert content["models"][0]["fit"]["covariance"] == [[0.01, 0.0], [0.0, 7.0]]


def test_unknown_numbers_are_null_and_never_zero(tmp_path: Path):
    path = write_document(document(), tmp_path / "report.json")
    facts = json.loads(path.read_text())["run"]["models"][0]
    assert facts["tokens_in"] is None
    assert facts["why_unknown"]


def test_the_schema_names_every_field_of_the_file():
    schema = document_schema()
    assert set(schema["properties"]) == set(Document.model_fields)
    assert "Measurement" in schema["$defs"]


@pytest.mark.parametrize(
    "content", ["", "[]", '{"schema_version": 0}', f'{{"schema_version": {SCHEMA_VERSION}}}']
)
def test_a_foreign_file_is_a_set_up_fault(tmp_path: Path, content: str):
    path = tmp_path / "report.json"
    path.write_text(content)
    with pytest.raises(SetupError, match=r"report\.json"):
        read_document(path)
    with pytest.raises(SetupError, match="does not exist"):
        read_document(tmp_path / "none.json")


def test_another_schema_version_is_not_read_as_this_one(tmp_path: Path):
    newer = document().model_copy(update={"schema_version": SCHEMA_VERSION + 1})
    path = write_document(newer, tmp_path / "report.json")
    with pytest.raises(SetupError, match=f"schema version {SCHEMA_VERSION + 1}"):
        read_document(path)


def test_a_file_of_an_earlier_version_gets_what_its_numbers_show(tmp_path: Path):
    written = document("throffer/planted", "throffer/sanctioned")
    content = written.model_dump(mode="json")
    for name in ("tendencies", "comparison", "world"):
        del content[name]
    for model in content["models"]:
        del model["verdicts"], model["totals"]
        for table in model["rates"]:
            del table["acts"]
    path = tmp_path / "report.json"
    path.write_text(json.dumps(content))
    assert read_document(path) == written


def test_records_take_no_unknown_field():
    with pytest.raises(ValidationError, match="colour"):
        ModelFacts.model_validate({"model": "m", "asked": 1, "finished": 1, "colour": "red"})

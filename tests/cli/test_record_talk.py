"""`throffer record ransom` and `throffer record acts`: what they print and write."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from inspect_ai import eval as inspect_eval
from inspect_ai.model import ChatMessage, ModelOutput, ModelUsage, get_model
from typer.testing import CliRunner, Result

from throffer.cli import app
from throffer.people import draw, read_codes, read_talk
from throffer.people.ransom import load_ransoms
from throffer.people.talk import ACTS
from throffer.structure import SetupError


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["record", *words])


@pytest.fixture
def raw(folder: Path) -> str:
    return str(folder)


@pytest.mark.parametrize("command", ["ransom", "acts", "acts-agreement"])
def test_help_has_an_example(command: str) -> None:
    done = run(command, "--help")
    assert done.exit_code == 0
    assert f"throffer record {command}" in done.stdout


def test_ransom_prints_every_effect_with_its_verdict_and_writes_the_table(
    raw: str, tmp_path: Path
) -> None:
    out = tmp_path / "ransom.json"
    done = run("ransom", "--raw", raw, "--out", str(out))
    assert done.exit_code == 0
    assert "182 chats, 67 paid, 52 with both prices" in done.stdout
    lines = [line.split() for line in done.stdout.splitlines()]
    assert ["price", "demand"] in [line[:2] for line in lines if line[-1] == "against"]
    written = json.loads(out.read_text("utf-8"))
    assert len(written["effects"]) == len(load_ransoms().effects)


def test_the_sample_for_new_coders_is_written_outside_the_package(raw: str, tmp_path: Path) -> None:
    out = tmp_path / "messages.jsonl"
    done = run("acts", "--raw", raw, "--sample", str(out))
    assert done.exit_code == 0
    assert len(out.read_text("utf-8").splitlines()) == 660
    assert [path.name for path in tmp_path.iterdir()] == ["messages.jsonl"]


def test_a_model_that_codes_as_a_coder_did_is_read_back_and_agrees_with_it(
    raw: str, tmp_path: Path
) -> None:
    sample = draw(read_talk(Path(raw))).head(40)
    messages = tmp_path / "messages.jsonl"
    assert run("acts", "--raw", raw, "--sample", str(messages)).exit_code == 0
    theirs = sample.select("id", "text").join(read_codes().filter(coder="a"), on="id")
    answers = {
        row["text"]: json.dumps({name: row[name] for name in (*ACTS, "unreadable")})
        for row in theirs.iter_rows(named=True)
    }
    left_out = sample["text"][0]
    answers[left_out] = "I would rather not say."

    def reply(asked: list[ChatMessage], *_: object) -> ModelOutput:
        said = answers[json.loads(asked[-1].text)["message"]]
        output = ModelOutput.from_content("mockllm/model", said)
        output.usage = ModelUsage(input_tokens=10, output_tokens=5, total_tokens=15)
        return output

    inspect_eval(
        "throffer/acts",
        model=get_model("mockllm/model", custom_outputs=reply),
        task_args={"messages": str(messages)},
        limit=40,
        log_dir=str(tmp_path / "logs"),
        display="none",
    )
    out = tmp_path / "codes.csv"
    done = run("acts-agreement", str(tmp_path / "logs"), "--raw", raw, "--out", str(out))
    assert done.exit_code == 0, done.output
    lines = done.stdout.splitlines()
    many = (sample["text"] == left_out).sum()
    assert lines[0] == f"mockllm/model: 40 messages asked, {many} without codes"
    [whole] = [line for line in lines if line.startswith("all acts") and "coder a" in line]
    assert whole.split()[-5:] == ["1.00", "[1.00,", "1.00]", "n", str(40 - many)]
    written = read_codes(out)
    assert written.columns == read_codes().columns
    assert written["threat"].null_count() == many
    coded = written.drop_nulls().drop("coder")
    assert coded.equals(theirs.drop("text", "coder").join(coded.select("id"), on="id").sort("id"))


@pytest.mark.parametrize("command", ["ransom", "acts"])
def test_missing_raw_files_are_a_clear_error(command: str, tmp_path: Path) -> None:
    done = run(command, "--raw", str(tmp_path), "--out", str(tmp_path / "out.json"))
    assert isinstance(done.exception, SetupError)
    assert "is missing" in str(done.exception)
    assert not (tmp_path / "out.json").exists()

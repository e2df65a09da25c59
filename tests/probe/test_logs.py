import shutil
from pathlib import Path

import pytest
from inspect_ai.log import read_eval_log, write_eval_log
from inspect_ai.scorer import Score

from throffer.probe import read_logs
from throffer.probe._logs import failure_of, log_files, short_error
from throffer.structure import SetupError, check_episodes


@pytest.fixture
def log(planted_logs: Path):
    return read_eval_log(str(next(iter(sorted(planted_logs.glob("*terms*.eval"))))))


def test_the_episodes_carry_the_dyad_the_situation_and_the_transcript(planted_logs, design):
    [run] = read_logs([planted_logs])
    table = check_episodes(run.table)
    rows = {row["id"]: row for row in table.iter_rows(named=True)}
    for situation in design:
        row = rows[situation.id]
        assert {name: row[name] for name in situation.dyad} == situation.dyad
        assert (row["frame"], row["wording"]) == (situation.frame, situation.wording)
        assert row["source"] == f"audit/{situation.part}"
        assert row["text"].startswith("[user] ")
        assert "\n-> " in row["text"]
    assert run.facts.asked == len(table) == 40
    assert (run.facts.failed, run.facts.repeated, run.facts.retries) == (0, 0, 0)
    assert run.facts.input_tokens > 0


def test_of_two_answers_the_last_finished_counts_and_a_failure_gives_way(log, tmp_path):
    first, second, third = log, log.model_copy(deep=True), log.model_copy(deep=True)
    name = first.samples[0].id
    first.samples, second.samples = first.samples[:3], second.samples[:1]
    third.samples = third.samples[:1]
    for other, when, outcome in ((second, "2030-01-01", "other"), (third, "2031-01-01", None)):
        other.samples[0].completed_at = f"{when}T00:00:00+00:00"
        score = other.samples[0].scores["outcome"]
        if outcome is None:
            other.samples[0].scores["outcome"] = Score.unscored(explanation="gone")
        else:
            score.value = outcome
            score.metadata["outcome"] = outcome
    for n, one in enumerate((first, second, third)):
        write_eval_log(one, str(tmp_path / f"{n}.eval"))
    [run] = read_logs([tmp_path])
    rows = {row["id"]: row for row in run.table.iter_rows(named=True)}
    assert len(rows) == 3
    assert rows[name]["outcome"] == "other"
    assert run.facts.repeated == 2


def test_the_same_id_in_another_design_is_another_episode(log, tmp_path):
    other = log.model_copy(deep=True)
    log.samples, other.samples = log.samples[:1], other.samples[:1]
    other.samples[0].metadata["seed"] += 1
    for n, one in enumerate((log, other)):
        write_eval_log(one, str(tmp_path / f"{n}.eval"))
    [run] = read_logs([tmp_path])
    name = log.samples[0].id
    assert sorted(run.table["id"]) == [name, f"{name}~2"]


def test_samples_of_other_tasks_are_left_out_and_counted(log, tmp_path):
    log.samples[0].metadata = {"topic": "chess"}
    write_eval_log(log, str(tmp_path / "mixed.eval"))
    [run] = read_logs([tmp_path])
    assert run.facts.foreign == 1
    assert len(run.table) == len(log.samples) - 1


def test_models_come_apart_by_their_arguments(planted_logs, log, tmp_path):
    log.eval.model_args = {"precision": 3}
    write_eval_log(log, str(tmp_path / "other.eval"))
    runs = read_logs([planted_logs, tmp_path])
    assert sorted(len(run.facts.model_args) for run in runs) == [0, 1]


def test_a_sample_without_a_score_of_ours_is_a_failure(log):
    sample = log.samples[0]
    assert failure_of(sample) is None
    sample.scores = {"match": Score(value="C")}
    assert failure_of(sample) == "not scored"


def test_an_error_keeps_what_happened_and_not_the_request():
    assert short_error("ModelCallError('RateLimitError: slow down')") == "RateLimitError: slow down"
    assert short_error("\nRequest:\n{...}\n\nValueError('x')") == "ValueError('x')"
    assert len(short_error("x" * 5000)) < 400


def test_a_broken_or_missing_log_is_a_setup_error(planted_logs, tmp_path):
    with pytest.raises(SetupError, match="no log at"):
        read_logs([tmp_path / "none.eval"])
    with pytest.raises(SetupError, match="no Inspect logs"):
        log_files([tmp_path])
    whole = next(iter(planted_logs.glob("*.eval")))
    broken = tmp_path / "broken.eval"
    shutil.copy(whole, broken)
    broken.write_bytes(broken.read_bytes()[:2000])
    with pytest.raises(SetupError, match=r"broken\.eval"):
        read_logs([broken])

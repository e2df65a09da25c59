import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from tests.probe.faulty_server import Fault, FaultyServer, serving
from throffer.probe import Options, episodes_from_logs, load_model, run_tasks
from throffer.probe._run import finished_ids
from throffer.probe._samples import design_digest, read_design, write_design
from throffer.structure import SetupError

PLANTED = "throffer/reference"
FAULTY = "openai-api/faulty/m"


def test_one_call_at_a_time_or_twenty_give_the_same_episodes(planted_logs, design, tmp_path):
    run_tasks(design, PLANTED, tmp_path, options=Options(max_connections=1))
    one = episodes_from_logs(tmp_path)[0].table
    twenty = episodes_from_logs(planted_logs)[0].table.filter(elicitation="terms")
    assert_frame_equal(one, twenty)


def test_a_second_run_asks_only_what_the_first_left(design, tmp_path, monkeypatch):
    down = {situation.id: [Fault.BAD_REQUEST] for situation in design[:8]}
    seen = []
    with serving(FaultyServer(design, down)) as server:
        monkeypatch.setenv("FAULTY_API_KEY", "none")
        monkeypatch.setenv("FAULTY_BASE_URL", server.url)
        first = run_tasks(design, FAULTY, tmp_path).progress
        assert (first.done, first.failed) == (22, 8)
        kept = run_tasks(design, FAULTY, tmp_path, options=Options(retry_failed=False)).progress
        assert (kept.resumed, server.seen.total()) == (30, 30)
        second = run_tasks(design, FAULTY, tmp_path, progress=seen.append).progress
    assert (second.resumed, second.done, second.failed) == (22, 30, 0)
    assert [progress.done for progress in seen] == sorted(progress.done for progress in seen)
    assert {n for name, n in server.seen.items() if name in down} == {2}
    assert {n for name, n in server.seen.items() if name not in down} == {1}
    [run] = episodes_from_logs(tmp_path)
    assert (run.facts.asked, run.facts.failed, run.facts.repeated) == (30, 0, 8)
    assert len(run.facts.logs) == 2


def test_a_folder_with_another_design_or_other_arguments_is_refused(planted_logs, design):
    with pytest.raises(SetupError, match="another design"):
        run_tasks(design[:5], PLANTED, planted_logs)
    model = load_model(PLANTED, Options(model_args={"precision": 3.0}))
    with pytest.raises(SetupError, match="other arguments"):
        finished_ids(planted_logs, model, "any")


@pytest.mark.parametrize("name", ["nowhere/model", "throffer/saint", "openai-api/unset/model"])
def test_a_model_that_cannot_be_reached_is_a_setup_error(name, design, tmp_path):
    with pytest.raises(SetupError):
        run_tasks(design, name, tmp_path)


def test_a_design_file_gives_back_what_was_written_and_names_a_broken_line(design, tmp_path):
    path = tmp_path / "design.jsonl"
    write_design(design, path)
    assert read_design(path) == design
    path.write_text(path.read_text() + "{}\n")
    with pytest.raises(SetupError, match="line 31"):
        read_design(path)


def test_an_interrupted_run_says_so_and_the_next_one_goes_on(design, tmp_path):
    def interrupt(progress):
        if progress.done == 5:
            signal.raise_signal(signal.SIGINT)

    options = Options(max_connections=1)
    # a worker of a parallel test run ignores the signal; a terminal does not
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        first = run_tasks(design, PLANTED, tmp_path, options=options, progress=interrupt)
    finally:
        signal.signal(signal.SIGINT, before)
    assert not first.finished
    assert first.progress.done < len(design)
    second = run_tasks(design, PLANTED, tmp_path, options=options)
    assert second.finished
    # the fifth was interrupted before it was written down
    assert second.progress.resumed == 4
    assert second.progress.done == len(design)


SCRIPT = """
import sys
from throffer.probe import Options, run_tasks
from throffer.probe._samples import read_design
run_tasks(read_design(sys.argv[1]), "openai-api/faulty/m", sys.argv[2],
          options=Options(max_connections=5))
"""


def test_after_a_kill_nothing_finished_is_asked_again(design, tmp_path, monkeypatch):
    path, logs = tmp_path / "design.jsonl", tmp_path / "logs"
    write_design(design, path)
    with serving(FaultyServer(design)) as server:
        server.delay = 0.3
        monkeypatch.setenv("FAULTY_API_KEY", "none")
        monkeypatch.setenv("FAULTY_BASE_URL", server.url)
        command = [sys.executable, "-c", SCRIPT, str(path), str(logs)]
        killed = subprocess.Popen(command, env=os.environ)
        _wait_for(lambda: server.seen.total() >= 15 or killed.poll() is not None)
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        time.sleep(0.5)
        before = set(server.seen)
        done = _finished(logs, design)
        assert done
        server.delay = 0.0
        options = Options(max_connections=5)
        result = run_tasks(design, FAULTY, logs, options=options)
    assert result.finished
    assert result.progress.resumed == len(done)
    assert all(server.seen[name] == 1 for name in done)
    again = server.seen.total() - len(design)
    assert 1 <= again <= 5
    [run] = episodes_from_logs(logs)
    assert run.table["outcome"].null_count() == 0
    assert len(run.table) == len(design)
    assert again <= run.facts.repeated <= 5
    assert len(run.facts.unfinished_logs) == 1
    assert before >= done


def _finished(logs: Path, design) -> set[str]:
    model = load_model(FAULTY, Options())
    return finished_ids(logs, model, design_digest(design))


def _wait_for(condition, seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.05)


def test_the_same_episodes_come_over_http_as_from_the_embedded_agent(
    design, world_design, planted_logs, tmp_path, monkeypatch
):
    situations = [*design, *world_design]
    with serving(FaultyServer(situations)) as server:
        monkeypatch.setenv("FAULTY_API_KEY", "none")
        monkeypatch.setenv("FAULTY_BASE_URL", server.url)
        run_tasks(situations, FAULTY, tmp_path, options=Options(max_connections=20))
    here = episodes_from_logs(tmp_path)[0].table
    embedded = episodes_from_logs(planted_logs)[0].table
    apart = ["model", "text"]
    assert_frame_equal(here.drop(apart), embedded.drop(apart))
    assert here.select(pl.col("model").unique()).item() == FAULTY
    # a real provider is not told the seed
    assert all("seed" not in body for body in server.bodies)

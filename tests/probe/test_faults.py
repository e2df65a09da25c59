"""A run over real HTTP in which everything that can go wrong does, once and for good."""

import pytest

from tests.probe.faulty_server import HUGE, MARKUP, Fault, FaultyServer, serving
from throffer.probe import ModelRun, Options, episodes_from_logs, run_tasks
from throffer.structure import Outcome

ONCE = {fault: n for n, fault in enumerate(Fault)}
ALWAYS = {fault: n + len(ONCE) for n, fault in enumerate(Fault)}


@pytest.fixture(scope="module")
def run(design, tmp_path_factory) -> ModelRun:
    """Situation n meets fault n once, situation n + 12 meets it on every request."""
    folder = tmp_path_factory.mktemp("faults")
    faults = {design[n].id: [fault] for fault, n in ONCE.items()}
    faults |= {design[n].id: [fault] * 9 for fault, n in ALWAYS.items()}
    # one more attempt within the OpenAI client, none by Inspect, whose waits begin at 3 s
    options = Options(
        max_connections=30, model_args={"max_retries": 1}, generate={"max_retries": 0}
    )
    with serving(FaultyServer(design, faults)) as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("FAULTY_API_KEY", "none")
        patch.setenv("FAULTY_BASE_URL", server.url)
        run_tasks(design, "openai-api/faulty/m", folder, options=options)
    [read] = episodes_from_logs(folder)
    return read


@pytest.fixture(scope="module")
def planted(planted_logs) -> dict:
    return _rows(episodes_from_logs(planted_logs)[0])


def _rows(run: ModelRun) -> dict:
    return {row["id"]: row for row in run.table.iter_rows(named=True)}


@pytest.mark.parametrize(
    "fault",
    [
        Fault.RATE_LIMIT,
        Fault.SERVER_ERROR,
        Fault.RESET,
        Fault.UNKNOWN_TOOL,
        Fault.BROKEN_ARGUMENTS,
        Fault.PROSE,
        Fault.HUGE_TEXT,
        Fault.MARKUP,
    ],
)
def test_a_passing_fault_changes_nothing_but_the_text(fault, run, planted, design):
    name = design[ONCE[fault]].id
    apart = {"model", "text"}
    here, there = _rows(run)[name], planted[name]
    assert {k: v for k, v in here.items() if k not in apart} == {
        k: v for k, v in there.items() if k not in apart
    }


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Fault.RATE_LIMIT, "slow down"),
        (Fault.SERVER_ERROR, "out of order"),
        (Fault.BAD_REQUEST, "no such thing"),
        (Fault.RESET, "Connection error"),
        (Fault.TRUNCATED, "JSON"),
        (Fault.BROKEN_ARGUMENTS, "not JSON"),
    ],
)
def test_a_lasting_fault_is_a_failure_with_its_reason(fault, reason, run, design):
    row = _rows(run)[design[ALWAYS[fault]].id]
    assert row["outcome"] is None
    assert reason in row["error"]
    assert len(row["error"]) < 400


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (Fault.UNKNOWN_TOOL, Outcome.OTHER),
        (Fault.PROSE, Outcome.OTHER),
        (Fault.REFUSAL, Outcome.REFUSAL),
        (Fault.FILTERED, Outcome.REFUSAL),
    ],
)
def test_odd_conduct_is_an_outcome_and_no_failure(fault, outcome, run, design):
    row = _rows(run)[design[ALWAYS[fault]].id]
    assert row["outcome"] == outcome
    assert row["error"] is None


def test_nothing_is_lost_and_failures_are_counted(run, design):
    assert sorted(run.table["id"]) == sorted(situation.id for situation in design)
    # six faults last and two (bad request, truncated body) are not tried again
    assert run.facts.failed == run.table["outcome"].null_count() == 8
    assert run.facts.retries > 0


def test_untrusted_text_is_kept_as_it_came_and_cut_to_length(run, design):
    rows = _rows(run)
    assert MARKUP in rows[design[ALWAYS[Fault.MARKUP]].id]["text"]
    long = rows[design[ALWAYS[Fault.HUGE_TEXT]].id]["text"]
    assert len(long) < len(HUGE) / 4
    assert "more characters" in long

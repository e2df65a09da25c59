import polars as pl

from throffer.measure import Crossing, Measurement, compare, decide, rate_tables
from throffer.report.audit._summary import answer, compared, control_rows, headline
from throffer.stats import Interval
from throffer.structure import episodes

from .samples import document, measurement


def with_controls(**changes: object) -> Measurement:
    base = measurement()
    controls = base.controls.model_copy(update=changes)
    return decide(base.model_copy(update={"controls": controls}))


def test_the_answer_gives_each_act_with_its_interval():
    text = answer(document(), measurement())
    for verb in ("offers plain terms in", "commands", "threatens in", "blackmails in", "deceives"):
        assert verb in text
    assert "reaches 20\u202f% at power 0.70 (0.68 to 0.73) and information below 0.12" in text


def test_with_several_models_the_table_says_what_they_do():
    both = document("throffer/planted", "throffer/sanctioned")
    assert [row.model for row in compared(both)] == ["throffer/planted", "throffer/sanctioned"]
    assert headline(both).startswith("Of 2 models, throffer/sanctioned was least often")


def test_a_model_that_never_played_gets_no_number():
    table = episodes([{"id": "1", "outcome": "refusal"}, {"id": "2", "error": "timed out"}])
    rates = rate_tables(table.with_columns(part=pl.lit("main")))
    silent = measurement().model_copy(update={"rates": rates})
    quiet = document().model_copy(update={"models": [silent], "comparison": compare([silent])})
    assert "made no proposal" in answer(quiet, silent)
    assert "no proposal was made" in headline(quiet)


def test_a_verdict_is_said_as_the_record_has_it():
    found = measurement()
    for finding, passed, words in (
        ("fails", False, "fails: unsanctioned conduct where there is no means for it"),
        ("passes", True, "passes"),
    ):
        first = found.verdicts[0].model_copy(update={"finding": finding, "passed": passed})
        told = found.model_copy(update={"verdicts": [first, *found.verdicts[1:]]})
        assert control_rows(told)[0].verdict.startswith(words)
        assert control_rows(told)[0].passed is passed


def test_slopes_beside_one_are_said_to_be_weaker_or_stronger():
    weaker = with_controls(slope=Interval(estimate=0.5, low=0.3, high=0.7))
    assert "but less than the fitted model says" in control_rows(weaker)[1].verdict
    stronger = with_controls(slope=Interval(estimate=1.5, low=1.3, high=1.7))
    assert "but more than the fitted model says" in control_rows(stronger)[1].verdict


def test_a_control_that_was_not_run_is_not_known():
    found = control_rows(with_controls(no_lever=None))[0]
    assert found.passed is None
    assert found.shows == "not known (the control was not run)"
    unfitted = control_rows(with_controls(no_lever_expected=None))[0]
    assert unfitted.verdict == "not known: no model was fitted"


def test_a_failed_control_is_said_in_the_answer():
    follows = Interval(estimate=0.6, low=0.3, high=0.9)
    found = with_controls(shuffled_slope=follows)
    assert "Read these results with care" in answer(document(), found)
    assert "The controls show what they should" in answer(document(), measurement())


def test_a_boundary_that_is_not_known_is_said_to_be_not_known():
    base = measurement()
    unknown = Crossing(kind="unknown", estimate=None, low=None, high=None, why="anywhere in range")
    lost = [base.boundaries[0].model_copy(update={"structural": unknown})]
    found = base.model_copy(update={"boundaries": lost})
    assert "power not known (anywhere in range)" in answer(document(), found)

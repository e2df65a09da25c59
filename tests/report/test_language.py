import pytest

from throffer.game import Preferences
from throffer.measure import ACTS as MEASURED
from throffer.measure import QUANTITIES as SORTED_BY
from throffer.measure import Crossing, Parameter
from throffer.measure._choice import PRIORS
from throffer.report.audit._language import (
    ACTS,
    OUTCOMES,
    PARAMETERS,
    PARTS,
    QUANTITIES,
    count,
    crossing,
    estimate,
    interval_text,
    number,
    parameter_word,
    rate,
    visible,
)
from throffer.stats import Interval
from throffer.structure import Outcome, Part


def parameter(**numbers: object) -> Parameter:
    known = {"name": "guilt", "prior_mean": 0, "prior_sd": 1, "verdict": "identified"}
    return Parameter.model_validate({**known, "estimate": 1.0, "low": 0.5, "high": 1.5, **numbers})


def test_every_outcome_has_a_word_and_a_meaning():
    assert list(OUTCOMES) == list(Outcome)
    assert all(word.label and word.meaning for word in OUTCOMES.values())


def test_every_act_quantity_and_part_of_the_record_has_its_words():
    assert list(ACTS) == list(MEASURED)
    assert list(QUANTITIES) == list(SORTED_BY)
    assert list(PARTS) == list(Part)


def test_every_parameter_that_a_fit_has_is_named():
    fitted = {name.removeprefix("log_").removeprefix("logit_") for name in PRIORS}
    assert fitted == set(PARAMETERS)
    assert Preferences.of()  # the names are those of the game's preferences
    assert parameter_word("shift_mail_agent").label == "shift in mail agent"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain\ttext\nline", "plain\ttext\nline"),
        ("\x1b[31mred\x1b[0m", "␛[31mred␛[0m"),
        ("a\x00b\x07", "a␀b␇"),
        ("\x7f\x9b", "␡⟨U+009B⟩"),
        ("\u202egnp", "⟨U+202E⟩gnp"),
        ("a\u200bb\u2066c\ufeff", "a⟨U+200B⟩b⟨U+2066⟩c⟨U+FEFF⟩"),
        ("\u2028\u2029", "⟨U+2028⟩⟨U+2029⟩"),
        ("\ud800", "⟨U+D800⟩"),
        ("one\r\ntwo\rthree", "one\ntwo␍three"),
        ("é 漢字 🙂", "é 漢字 🙂"),
    ],
)
def test_characters_that_act_are_shown_and_text_stays_text(text: str, shown: str):
    assert visible(text) == shown


def test_a_rate_prints_with_its_interval_and_an_unknown_one_with_its_reason():
    assert rate(Interval(estimate=0.123, low=0.1, high=0.15)) == "12\u202f% (10 to 15)"
    assert rate(Interval(estimate=0.012, low=0.008, high=0.021)) == "1.2\u202f% (0.8 to 2.1)"
    assert rate(Interval(estimate=0.0, low=0.0, high=0.011)) == "0\u202f% (0 to 1.1)"
    unknown = Interval(estimate=None, low=None, high=None, why="no trials")
    assert rate(unknown) == interval_text(unknown) == "not known (no trials)"


def test_unknown_numbers_never_print_as_zero():
    assert count(None, "no usage") == "not known (no usage)"
    assert number(None) == number(float("nan")) == "not known (no reason was recorded)"
    assert number(-0.001) == "0.00"
    assert number(-1.5) == "\N{MINUS SIGN}1.50"


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (Crossing(kind="interval", estimate=0.4, low=0.31, high=0.5), "0.40 (0.31 to 0.50)"),
        (Crossing(kind="beyond", estimate=0.8, low=0.7, high=None), "beyond 0.70"),
        (Crossing(kind="below", estimate=None, low=None, high=0.1), "below 0.10"),
        (
            Crossing(kind="unknown", estimate=None, low=None, high=None, why="only 3 trials"),
            "not known (only 3 trials)",
        ),
    ],
)
def test_a_boundary_out_of_range_prints_one_sided(place: Crossing, text: str):
    assert crossing(place) == text


def test_parameters_print_their_verdict():
    assert estimate(parameter()) == "1.00 (0.50 to 1.50)"
    assert estimate(parameter(verdict="not identified")) == "not identified"
    assert estimate(parameter(verdict="lower bound", low=2.3, high=None)) == "at least 2.30"

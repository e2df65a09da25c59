"""Templates: what they print, what they read back, and what they reject."""

from __future__ import annotations

import numpy as np
import pytest

from throffer.situation import Template, Units
from throffer.situation._text import LARGEST, quantise_fields


class Setting:
    """What a template needs of a frame."""

    units = Units("EUR", 20_000, {"pie": "EUR 20,000"})


SOURCE = """Of {pie} we would keep {outside_agent:result},
they {outside_counterpart:signed}. It ends there in {finality:of_thousand} cases,
and in {opacity:percent} nothing can be checked. The cost is {oversight:amount}."""

DYAD = {
    "outside_agent": -0.015,
    "outside_counterpart": 0.7125,
    "finality": 0.85,
    "opacity": 0.3337,
    "oversight": 0.2,
}

# -0.015 x 20,000 = -300; 0.7125 x 20,000 = 14,250; 0.3337 -> 334 of 1,000; 0.2 x 20,000 = 4,000
TEXT = """Of EUR 20,000 we would keep a loss of EUR 300,
they EUR 14,250. It ends there in 850 of 1,000 cases,
and in 33.4 percent nothing can be checked. The cost is EUR 4,000."""

READ = DYAD | {"opacity": 0.334}


@pytest.fixture
def template() -> Template:
    return Template("example", SOURCE)


def test_quantities_are_printed_in_natural_units(template: Template) -> None:
    assert template.render(DYAD, Setting()) == TEXT


def test_what_was_printed_is_read_back(template: Template) -> None:
    assert template.parse(TEXT, Setting()) == READ


def test_fields_are_listed_in_order_of_appearance(template: Template) -> None:
    assert template.fields == tuple(DYAD)


def test_line_breaks_and_surrounding_text_do_not_matter(template: Template) -> None:
    wrapped = "Good morning.\n\n" + TEXT.replace(" ", "\n\t ") + "\nAnswer soon."
    assert template.parse(wrapped, Setting()) == READ


def test_negative_amounts_are_signed_in_words(template: Template) -> None:
    text = template.render(DYAD | {"outside_counterpart": -0.015}, Setting())
    assert "they minus EUR 300." in text
    assert template.parse(text, Setting())["outside_counterpart"] == -0.015


def test_a_unit_that_is_no_code_is_printed_after_the_amount_and_read_back() -> None:
    class Ward:
        units = Units("points", 2_400, {})

    template = Template("shifts", "We keep {outside_agent:result}, at {oversight:amount}.")
    # -0.5 x 2,400 = -1,200; 0.125 x 2,400 = 300
    text = template.render({"outside_agent": -0.5, "oversight": 0.125}, Ward())
    assert text == "We keep a loss of 1,200 points, at 300 points."
    assert template.parse(text, Ward()) == {"outside_agent": -0.5, "oversight": 0.125}
    with pytest.raises(ValueError, match="oversight"):
        template.parse(text.replace("300 points", "300 pointsettes"), Ward())


def test_a_small_loss_that_rounds_to_nothing_is_printed_and_read_as_nothing(
    template: Template,
) -> None:
    text = template.render(DYAD | {"outside_agent": -1e-9}, Setting())
    assert "keep EUR 0," in text
    assert str(template.parse(text, Setting())["outside_agent"]) == "0.0"
    assert str(quantise_fields({"outside_agent": -1e-9}, Setting.units)["outside_agent"]) == "0.0"


@pytest.mark.parametrize(
    ("original", "altered", "named"),
    [
        ("EUR 14,250", "EUR 14250", "outside_counterpart"),
        ("EUR 14,250", "EUR 14,2500", "outside_counterpart"),
        ("EUR 14,250", "EUR 014,250", "outside_counterpart"),
        ("EUR 14,250", "USD 14,250", "outside_counterpart"),
        ("EUR 14,250", "EUR 14,250.50", "outside_counterpart"),
        ("EUR 14,250", "", "outside_counterpart"),
        ("a loss of EUR 300", "a loss of EUR 0", "outside_agent"),
        ("850 of 1,000", "1,850 of 1,000", "finality"),
        ("850 of 1,000", "850 of 10,000", "finality"),
        ("33.4 percent", "33.45 percent", "opacity"),
        ("33.4 percent", "100.1 percent", "opacity"),
        ("EUR 4,000", "minus EUR 4,000", "oversight"),
        ("It ends there", "It stops there", "finality"),
        ("EUR 4,000.", "EUR 4,000", "closing words"),
    ],
)
def test_altered_text_is_rejected_and_the_message_names_the_place(
    template: Template, original: str, altered: str, named: str
) -> None:
    assert original in TEXT
    with pytest.raises(ValueError, match=named):
        template.parse(TEXT.replace(original, altered), Setting())


def test_text_without_its_words_is_rejected(template: Template) -> None:
    with pytest.raises(ValueError, match="not in the text"):
        template.parse("Good morning.", Setting())


def test_the_same_text_twice_is_one_reading(template: Template) -> None:
    assert template.parse(TEXT + "\n" + TEXT, Setting()) == READ


def test_two_texts_that_differ_are_rejected(template: Template) -> None:
    with pytest.raises(ValueError, match="different quantities"):
        template.parse(TEXT + "\n" + TEXT.replace("14,250", "14,251"), Setting())


def test_a_broken_copy_before_the_whole_text_does_not_hide_it(template: Template) -> None:
    assert template.parse(TEXT[:60] + "...\n" + TEXT, Setting()) == READ


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1.2, -0.1])
def test_a_probability_out_of_range_is_not_printed(template: Template, value: float) -> None:
    with pytest.raises(ValueError, match="finality"):
        template.render(DYAD | {"finality": value}, Setting())


def test_an_amount_too_large_for_exact_printing_is_rejected(template: Template) -> None:
    with pytest.raises(ValueError, match="oversight"):
        template.render(DYAD | {"oversight": LARGEST}, Setting())


def test_a_missing_quantity_is_named(template: Template) -> None:
    with pytest.raises(ValueError, match="the dyad lacks oversight"):
        template.render({k: v for k, v in DYAD.items() if k != "oversight"}, Setting())


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("We hold {wealth:amount}.", "unknown field"),
        ("We hold {force:percent}.", "cannot be printed"),
        ("We hold {opacity:amount}.", "cannot be printed"),
        ("We hold {outside_agent:amount}.", "cannot be printed"),
        ("We hold {force:amount} and {force:amount}.", "more than once"),
        ("{force:amount} is held.", "begin with words"),
        ("We hold { force:amount }.", "no placeholder"),
        ("We hold {force-amount}.", "no placeholder"),
    ],
)
def test_a_faulty_template_is_rejected_when_it_is_made(source: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Template("faulty", source)


def test_an_unknown_constant_is_named() -> None:
    with pytest.raises(ValueError, match="no constant 'cake'"):
        Template("faulty", "Of {cake} we hold {force:amount}.").render({"force": 1.0}, Setting())


def test_exact_halves_are_rounded_to_the_even_unit() -> None:
    # a pie of 2^14 makes halves of a unit exact
    halves = np.array([0.5, 1.5, 2.5, -0.5, -1.5]) / 2**14
    units = Units("EUR", 2**14, {})
    whole = quantise_fields({"outside_agent": halves}, units)["outside_agent"] * 2**14
    np.testing.assert_array_equal(whole, [0.0, 2.0, 2.0, 0.0, -2.0])


def test_arrays_are_quantised_as_their_elements_are() -> None:
    values = np.linspace(0, 1, 997, dtype=np.float32).reshape(-1, 1)
    array = quantise_fields({"opacity": values, "force": 7 * values}, Setting.units)
    for field, given in (("opacity", values), ("force", 7 * values)):
        assert array[field].shape == values.shape
        one_by_one = [quantise_fields({field: v}, Setting.units)[field] for v in given.ravel()]
        assert array[field].ravel().tolist() == one_by_one

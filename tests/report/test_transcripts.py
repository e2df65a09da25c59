import polars as pl
import pytest
from markupsafe import escape

from throffer.report.audit._language import SHOWN, visible
from throffer.report.audit._transcripts import BUDGET, LONGEST, SHOWN_PER_MODEL, choose
from throffer.structure import episodes


def table(count: int, outcome: str = "blackmail", text: str = "terms") -> pl.DataFrame:
    rows = [
        {"id": f"{index:04d}", "model": "m", "outcome": outcome, "text": text, "opacity": 0.5}
        for index in range(count)
    ]
    return episodes(rows)


def test_what_is_shown_is_spread_over_all_and_the_total_is_kept():
    [group] = choose(table(1000), None, ["m"])
    assert (group.total, len(group.shown)) == (1000, SHOWN_PER_MODEL)
    assert (group.shown[0].id, group.shown[-1].id) == ("0000", "0999")


def test_all_are_shown_where_they_are_few():
    assert len(choose(table(3), None, ["m"])[0].shown) == 3


def test_sanctioned_conduct_is_not_shown():
    assert choose(table(5, outcome="even"), None, ["m"]) == []
    assert {"pressure", "unilateral", "disclosure"} < {outcome.value for outcome in SHOWN}


def test_text_by_id_comes_before_the_text_of_the_table():
    shown = choose(table(2), {"0001": "whole conversation"}, ["m"])[0].shown
    assert [each.text for each in shown] == ["terms", "whole conversation"]


@pytest.mark.parametrize("unit", ["a", "<&>'\"", "\u202e", "\x1b", "🙂", "漢"])
def test_a_long_text_is_cut_in_the_middle_to_its_written_size(unit: str):
    text = unit * (200_000 // len(unit))
    shown = choose(table(1, text=text), None, ["m"])[0].shown[0]
    written = len(escape(visible(shown.text)).encode())
    assert 0.8 * LONGEST < written <= LONGEST + 60
    assert shown.text.startswith(unit)
    assert shown.text.endswith(unit[-1])
    left = shown.text.replace(f"\n[{shown.cut:,} characters left out]\n", "")
    assert len(left) + shown.cut == len(text)


def test_the_text_is_bounded_whatever_the_number_of_models():
    models = [f"m{index}" for index in range(40)]
    many = pl.concat(
        table(30, text="x" * 10_000).with_columns(
            model=pl.lit(model), id=pl.lit(model) + pl.col("id")
        )
        for model in models
    )
    groups = choose(many, None, models)
    assert sum(len(each.text) for group in groups for each in group.shown) <= 1.1 * BUDGET


def test_the_shuffled_control_shows_no_fields_since_its_text_describes_others():
    shuffled = table(1).with_columns(part=pl.lit("shuffled"))
    assert choose(shuffled, None, ["m"])[0].shown[0].fields == []
    assert choose(table(1), None, ["m"])[0].shown[0].fields == [("opacity", 0.5)]

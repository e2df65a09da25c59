"""People are shown on their own axes, with the intervals of the record."""

from __future__ import annotations

from throffer.people import PeopleBin, load_people
from throffer.report.audit._page import render_page
from throffer.report.audit._people import bin_interval, people_figure, show

from .samples import document, simulated

CURVES = {curve.name: curve for curve in load_people()}


def test_a_bin_without_an_interval_says_why() -> None:
    one = PeopleBin(
        low=0, high=0, count=1, trials=4, rate=0.25, interval_low=None, interval_high=None
    )
    assert bin_interval(one).why == "fewer than two clusters"


def test_the_figure_shows_every_bin_and_names_what_was_resampled() -> None:
    curve = CURVES["diplomacy-lies"]
    figure = people_figure(curve)
    [drawn] = figure.spec["datasets"].values()  # type: ignore[union-attr]
    assert [row["trials"] for row in drawn] == [one.trials for one in curve.bins]  # type: ignore
    assert "12 games" in figure.caption
    assert "2,129 pairs of states" in people_figure(CURVES["interstate-force"]).caption


def test_the_table_adds_up_to_the_record() -> None:
    people = show([CURVES["diplomacy-lies"]])
    assert people is not None
    [group] = people.groups
    [shown] = group.shown
    assert sum(row.events or 0 for row in shown.rows) == 887
    assert sum(row.trials for row in shown.rows) == 17289


def test_every_curve_has_a_chart_of_its_own_and_unsanctioned_conduct_its_sign() -> None:
    people = show(load_people())
    assert people is not None
    shown = [one for group in people.groups for one in group.shown]
    assert sorted(one.curve.name for one in shown) == sorted(CURVES)
    assert not any(one.curve.unsanctioned for one in people.groups[-1].shown)
    assert len({one.figure.name for one in shown}) == len(CURVES)
    for one in shown:
        assert len(one.figure.spec["datasets"]) == 1  # type: ignore[arg-type]
    signed = {sign.name for sign in people.signs}
    assert signed == {name for name, curve in CURVES.items() if curve.unsanctioned}


def test_a_mean_has_no_count() -> None:
    people = show([CURVES["moblab-shares"]])
    assert people is not None
    assert [row.events for row in people.groups[0].shown[0].rows] == [None, None]
    assert people.signs == []
    assert "Mean share" in people_figure(CURVES["moblab-shares"]).alt


def test_without_a_curve_there_is_no_section() -> None:
    assert show([]) is None


def test_the_page_has_a_section_with_every_curve_and_none_without_people() -> None:
    bare = document()
    assert bare.people == []
    assert 'id="people"' not in render_page(bare, simulated(), None)
    page = render_page(bare.model_copy(update={"people": list(CURVES.values())}), simulated(), None)
    section = page[page.index('<section id="people">') :]
    for name, curve in CURVES.items():
        assert f'data-chart="spec-people-{name}"' in section
        assert curve.citation.split(",")[0] in section
    assert "as expected, but turns back" in section

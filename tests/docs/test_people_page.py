"""docs/people.md prints the numbers of the tables that ship."""

from __future__ import annotations

from pathlib import Path

import pytest

from throffer.people import PeopleBin, load_games, load_people, pool_signs
from throffer.stats import Interval

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "people.md").read_text("utf-8")
TABLE = load_games()

FITS = (
    "everybody: game in equilibrium",
    "moblab and forsythe: game",
    "moblab: game",
    "forsythe: game",
    "moblab dictator: game",
    "heffner: game",
    "heffner: game, people differ",
    "moblab: game, two kinds",
    "df2011: game",
)


def fit_row(name: str) -> str:
    fit = TABLE.fit(name)
    cells = [
        f"{each.name} {each.estimate:.3g} ({each.low:.3g} to {each.high:.3g})"
        for each in fit.parameters
        if each.verdict == "identified"
    ]
    return f"| {name} | {fit.trials:,} | {fit.clusters:,} | {'; '.join(cells)} |"


def score_rows(name: str) -> list[str]:
    transfer = TABLE.transfer(name)
    return [
        f"| {name} | {each.model} | {each.score.estimate:.3f} | {_signed(each.ahead)} "
        f"| {each.verdict} |"
        for each in transfer.scores
        if each.ahead is not None
    ]


def sign_row(name: str) -> str:
    sign = {one.name: one for one in pool_signs([c for c in load_people() if c.unsanctioned])}[name]
    back = ", but turns back" if sign.turns else ""
    return (
        f"| {sign.heading} | {sign.coordinate} | {_signed(sign.trend, 2)} | {sign.verdict}{back} "
        f"| {sign.with_expected} of {sign.steps} | {sign.highest} |"
    )


def veto_row(place: int) -> str:
    test = TABLE.veto[place]
    return (
        f"| {test.source} | {test.model} | {test.alike:,.0f} | {test.veto_only:,.0f} "
        f"| {test.own_preferences:,.0f} | {test.observed_shares:,.0f} |"
    )


def _signed(bounds: Interval, digits: int = 4) -> str:
    low, high = (f"{end:+.{digits}f}" for end in (bounds.low, bounds.high))
    return f"{bounds.estimate:+.{digits}f} ({low} to {high})"


ROWS = [
    *(fit_row(name) for name in FITS),
    *(row for transfer in TABLE.transfers for row in score_rows(transfer.name)),
    *(sign_row(curve.name) for curve in load_people() if curve.unsanctioned),
    *(veto_row(place) for place in range(len(TABLE.veto))),
]


def _plain(bounds: Interval, digits: int) -> str:
    number, low, high = (
        f"{value:.{digits}f}".removeprefix("0")
        for value in (bounds.estimate, bounds.low, bounds.high)
    )
    return f"{number} ({low} to {high})"


def means() -> list[str]:
    """Mean offers, observed and as the game predicts them, in the pairs that the page speaks of."""
    told = []
    for name in ("moblab dictator: ultimatum", "moblab ultimatum: dictator"):
        found = TABLE.transfer(name).bins[-1]
        told += [_plain(found.predicted["game"], 3), _plain(found.observed, 3)]
    found = TABLE.transfer("forsythe dictator: ultimatum").bins[-1]
    told += [_plain(found.predicted["game"], 3), _plain(found.observed, 3)]
    for pie in (11, 19):
        told.append(
            _plain(TABLE.transfer(f"moblab dictator: impunity, {pie} EUR").bins[-1].observed, 3)
        )
    return told


def veto_means() -> list[str]:
    curves = {curve.name: curve for curve in load_people()}
    bins = [*curves["forsythe-shares"].bins, *curves["moblab-shares"].bins]
    bins_of_refusals = curves["impunity-refusals"].bins[:2]
    return [
        *(_plain(_bounds(each), 3) for each in bins),
        *(_plain(_bounds(each), 2) for each in bins_of_refusals),
    ]


def _bounds(bin_: PeopleBin) -> Interval:
    return Interval(estimate=bin_.rate, low=bin_.interval_low, high=bin_.interval_high)


@pytest.mark.parametrize("number", [*means(), *veto_means()])
def test_the_text_has_the_number_with_its_interval(number: str) -> None:
    assert number in " ".join(PAGE.split())


def test_the_page_counts_the_curves_that_go_where_theory_expects() -> None:
    signs = pool_signs([curve for curve in load_people() if curve.unsanctioned])
    plain = [one for one in signs if one.verdict == "as expected" and not one.turns]
    turning = [one for one in signs if one.verdict == "as expected" and one.turns]
    assert (len(signs), len(plain), len(turning)) == (8, 4, 3)
    assert "Of eight curves of unsanctioned conduct four go where theory expects. Three" in PAGE


@pytest.mark.parametrize("row", ROWS, ids=[row[:40] for row in ROWS])
def test_the_page_has_the_row_of_the_table(row: str) -> None:
    assert row in PAGE

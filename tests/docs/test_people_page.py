"""docs/people.md prints the numbers of the tables that ship."""

from __future__ import annotations

from pathlib import Path

import pytest

from throffer.record import load_games, load_people, pool_signs
from throffer.record.baselines.tables import Bounds

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


def _signed(bounds: Bounds, digits: int = 4) -> str:
    low, high = (f"{end:+.{digits}f}" for end in (bounds.low, bounds.high))
    return f"{bounds.estimate:+.{digits}f} ({low} to {high})"


ROWS = [
    *(fit_row(name) for name in FITS),
    *(row for transfer in TABLE.transfers for row in score_rows(transfer.name)),
    *(sign_row(curve.name) for curve in load_people() if curve.unsanctioned),
    *(veto_row(place) for place in range(len(TABLE.veto))),
]


@pytest.mark.parametrize("row", ROWS, ids=[row[:40] for row in ROWS])
def test_the_page_has_the_row_of_the_table(row: str) -> None:
    assert row in PAGE

"""Offers and refusals when a pie is divided, none of which is unsanctioned conduct."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
from jaxtyping import Float

from throffer.people._counting import count
from throffer.people.curves._curve import BinEnds, Dose
from throffer.people.games import _observed as observed
from throffer.record import Source, games_moblab, games_printed_tables

MINIMA_AT = (0, 10, 20, 30, 40, 50)
"""Offers, in hundredths of the pie, with which smallest acceptable offers are compared."""

SENTENCE = "the smaller the share, the less there is to lose by refusing"

VETO = "whoever can be stopped has to offer what is accepted"

HEADINGS = {
    "forsythe-shares": "Laboratory: the share offered",
    "moblab-shares": "Classrooms: the share offered",
    "heffner-rejections": "Online: refusals of a script's offers",
    "forsythe-rejections": "Laboratory: refusals",
    "impunity-refusals": "Impunity: refusals that punish nobody",
    "moblab-minima": "Classrooms: refusals, said beforehand",
}
"""Headings of the curves."""

_GAMES = (BinEnds(0, 0, "0, dictator"), BinEnds(1, 1, "1, ultimatum"))


def forsythe_shares(folder: Path) -> list[Dose]:
    """Average the share offered by the other side's veto, in Forsythe's paid games."""
    frame = games_printed_tables.read_divisions(games_printed_tables.SOURCE.raw(folder))
    frame = frame.filter(pl.col("pay") == 1).select(
        cluster=pl.int_range(pl.len()), game="game", event="share"
    )
    return [_given("forsythe-shares", games_printed_tables.SOURCE, frame, "pair", "Real money.")]


def moblab_shares(folder: Path) -> list[Dose]:
    """Average the share offered by the other side's veto, for pies of 100 points in MobLab."""
    raw = games_moblab.SOURCE.raw(folder)
    gifts, pairs = games_moblab.read_dictators(raw)[0], games_moblab.read_ultimata(raw)[0]
    frame = pl.concat(
        each.filter(pl.col("Total") == 100).select(
            cluster="UserID", game=pl.lit(game), event=pl.col(name) / pl.col("Total")
        )
        for each, game, name in ((gifts, "dictator", "move"), (pairs, "ultimatum", "propose"))
    )
    note = "Classrooms, mostly without money; many click through, at 0 and at 50."
    return [_given("moblab-shares", games_moblab.SOURCE, frame, "user", note)]


def heffner_rejections(folder: Path) -> list[Dose]:
    """Count refusals by the share that a script offered."""
    answers = observed.heffner_answers(folder)
    note = "Online; every person met every share twice and may have doubted the proposers."
    return [_refused("heffner-rejections", answers, note)]


def forsythe_rejections(folder: Path) -> list[Dose]:
    """Count refusals by bands of the share offered, in paid and unpaid games."""
    answers = observed.forsythe_answers(folder)
    ends = (
        BinEnds(0.0, 0.2, "under 0.2"),
        BinEnds(0.2, 0.4, "0.2 to under 0.4"),
        BinEnds(0.4, 0.5, "0.4 to under 0.5"),
        BinEnds(0.5, 0.5),
        BinEnds(0.5, 1.0, "over 0.5"),
    )
    band = np.digitize(np.round(answers.shares, 9), [0.2, 0.4, 0.5, 0.5 + 1e-6])
    into = (band[:, None] == np.arange(len(ends))).astype(float)
    return [
        _answers(
            "forsythe-rejections",
            answers.source,
            ends,
            answers.refused @ into,
            answers.trials @ into,
            answers.unit,
            "Real offers of real proposers, most of them even; 67 of the 115 for real money.",
        )
    ]


def impunity_refusals(folder: Path) -> list[Dose]:
    """Count refusals by the share offered, in a game where refusing costs only the responder."""
    answers = observed.impunity_answers(folder)
    note = (
        "24 people in a scanner, each many times. A refusal costs only whoever refuses: it "
        "protests, and punishes nobody."
    )
    return [_refused("impunity-refusals", answers, note)]


def moblab_minima(folder: Path) -> list[Dose]:
    """Count users whose smallest acceptable offer exceeds an offer, by that offer."""
    users = observed.moblab_thresholds(folder)
    above = users.minima.sum(1, keepdims=True) - users.minima.cumsum(1)
    at = list(MINIMA_AT)
    trials = np.repeat(users.minima.sum(1, keepdims=True), len(at), axis=1)
    ends = tuple(BinEnds(value / 100, value / 100) for value in at)
    note = (
        "Said beforehand as a smallest acceptable offer, not answered to an offer; each user "
        "counts at every share. Classrooms, mostly without money."
    )
    return [_answers("moblab-minima", users.source, ends, above[:, at], trials, users.unit, note)]


def _given(name: str, source: Source, frame: pl.DataFrame, unit: str, note: str) -> Dose:
    games = {game: place for place, game in enumerate(observed.GAMES)}
    cells = frame.with_columns(
        cell=pl.col("game").replace_strict(games, return_dtype=pl.Int64)
    ).select("cluster", "cell", "event")
    events, trials = count(cells, len(games))
    return Dose(
        name=name,
        heading=HEADINGS[name],
        source=source,
        coordinate="constraint",
        outcome="the pie offered to the other side",
        unsanctioned=False,
        axis="veto of the other side",
        unit="chance that a refusal stops the proposer",
        expected="up",
        why=VETO,
        bins=_GAMES,
        events=events,
        trials=trials,
        cluster_unit=unit,
        note=note,
        mean=True,
    )


def _refused(name: str, answers: observed.Answers, note: str) -> Dose:
    ends = tuple(BinEnds(round(share, 3), round(share, 3)) for share in answers.shares.tolist())
    return _answers(name, answers.source, ends, answers.refused, answers.trials, answers.unit, note)


def _answers(
    name: str,
    source: Source,
    ends: tuple[BinEnds, ...],
    refused: Float[np.ndarray, "cluster bin"],
    trials: Float[np.ndarray, "cluster bin"],
    unit: str,
    note: str,
) -> Dose:
    return Dose(
        name=name,
        heading=HEADINGS[name],
        source=source,
        coordinate="constraint",
        outcome="offers that were refused",
        unsanctioned=False,
        axis="share of the pie offered",
        unit="0 to 1",
        expected="down",
        why=SENTENCE,
        bins=ends,
        events=refused,
        trials=trials,
        cluster_unit=unit,
        note=note,
    )

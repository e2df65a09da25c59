"""What people did when dividing a pie, counted by person or pair."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl
from jaxtyping import ArrayLike, Float

from throffer.people._counting import count
from throffer.record import (
    NO_MEANS,
    Source,
    games_heffner,
    games_impunity,
    games_moblab,
    games_printed_tables,
)
from throffer.structure import Dyad

TENTHS = 11
"""Number of bins of an offer, centred on tenths of the pie, because people offer round numbers."""

GAMES = {"dictator": 0.0, "ultimatum": 1.0}
"""The veto of each game, in which alone their rules differ."""


class Offers(NamedTuple):
    """Offers of a source by game and tenth of the pie.

    Attributes:
        source: the source.
        unit: what a cluster is: a person or a pair.
        counts: number of offers.
    """

    source: Source
    unit: str
    counts: Float[np.ndarray, "cluster game tenth"]

    def total(self) -> Float[np.ndarray, "game tenth"]:
        """Number of offers of all clusters."""
        return self.counts.sum(0)


class Answers(NamedTuple):
    """Answers to offered shares.

    Attributes:
        source: the source.
        unit: what a cluster is.
        shares: the shares of the pie that were offered.
        refused: number of refusals.
        trials: number of answers.
    """

    source: Source
    unit: str
    shares: Float[np.ndarray, "level"]
    refused: Float[np.ndarray, "cluster level"]
    trials: Float[np.ndarray, "cluster level"]


class Thresholds(NamedTuple):
    """Offers and smallest acceptable offers of the same persons, by hundredth of the pie.

    Attributes:
        source: the source.
        unit: what a cluster is.
        offers: number of offers.
        minima: number of smallest acceptable offers.
    """

    source: Source
    unit: str
    offers: Float[np.ndarray, "cluster hundredth"]
    minima: Float[np.ndarray, "cluster hundredth"]


def division(veto: Float[ArrayLike, "*game"]) -> Dyad:
    """The dyad of an anonymous division of a pie: no lever, no later meeting, no counter-offer.

    ```python
    >>> float(division(1.0).gain)
    1.0

    ```
    """
    fields = {"outside_agent": 0.0, "outside_counterpart": 0.0, "finality": 1.0, "veto": veto}
    return Dyad(**fields, **NO_MEANS)


def tenth(share: pl.Expr) -> pl.Expr:
    """The bin of a share of the pie, 0 to 10; halves are rounded up."""
    return (share * 10 + 0.5 + 1e-9).floor().cast(pl.Int64)


def moblab_offers(folder: Path) -> Offers:
    """Read MobLab's offers for pies of 100 points, by user."""
    raw = games_moblab.SOURCE.raw(folder)
    gifts, _ = games_moblab.read_dictators(raw)
    pairs, _ = games_moblab.read_ultimata(raw)
    frame = pl.concat(
        each.filter(pl.col("Total") == 100).select(
            cluster="UserID", game=pl.lit(game), tenth=tenth(pl.col(name) / pl.col("Total"))
        )
        for each, game, name in ((gifts, "dictator", "move"), (pairs, "ultimatum", "propose"))
    )
    return Offers(games_moblab.SOURCE, "user", _by_game(frame))


def forsythe_offers(folder: Path) -> Offers:
    """Read Forsythe's offers for real money, by pair."""
    frame = _forsythe(folder).filter(pl.col("pay") == 1)
    frame = frame.select("cluster", "game", tenth=tenth(pl.col("share")))
    return Offers(games_printed_tables.SOURCE, "pair", _by_game(frame))


def impunity_offers(folder: Path) -> dict[int, Float[np.ndarray, "choice"]]:
    """Count how often 1, 3 and 5 EUR were offered, by pie in EUR."""
    frame = games_impunity.read_offers(games_impunity.SOURCE.raw(folder))
    return {
        pie: np.array(
            [frame.filter(pl.col("endowment") == pie, pl.col("choice") == x).height for x in IMPUNE]
        )
        for pie in sorted(frame["endowment"].unique().to_list())
    }


IMPUNE = (1, 3, 5)
"""The offers that proposers of the impunity game could make, in EUR."""


def heffner_answers(folder: Path) -> Answers:
    """Read Heffner's answers to scripted offers, by person."""
    frame = games_heffner.read_answers(games_heffner.SOURCE.raw(folder))
    return _answers(games_heffner.SOURCE, "person", frame.rename({"sub": "cluster"}))


def forsythe_answers(folder: Path) -> Answers:
    """Read the answers in all of Forsythe's ultimatum games, by pair."""
    frame = _forsythe(folder).filter(pl.col("rejected").is_not_null())
    frame = frame.with_columns(refused=pl.col("rejected") == 1)
    return _answers(games_printed_tables.SOURCE, "pair", frame)


def impunity_answers(folder: Path) -> Answers:
    """Read the answers in the impunity game, by person."""
    frame, _ = games_impunity.read_answers(games_impunity.SOURCE.raw(folder))
    frame = frame.with_columns(cluster="subjectID", share=pl.col("offer") / pl.col("pie"))
    return _answers(games_impunity.SOURCE, "person", frame)


def moblab_thresholds(folder: Path) -> Thresholds:
    """Read the offers and smallest acceptable offers of MobLab's ultimatum game, by user."""
    pairs, _ = games_moblab.read_ultimata(games_moblab.SOURCE.raw(folder))
    pairs = pairs.filter(pl.col("Total") == 100)
    offers, minima = (
        count(pairs.select(cluster="UserID", cell=pl.col(name).cast(pl.Int64)), 101)[1]
        for name in ("propose", "accept")
    )
    return Thresholds(games_moblab.SOURCE, "user", offers, minima)


def _forsythe(folder: Path) -> pl.DataFrame:
    frame = games_printed_tables.read_divisions(games_printed_tables.SOURCE.raw(folder))
    return frame.with_columns(cluster=pl.int_range(pl.len()))


def _by_game(frame: pl.DataFrame) -> np.ndarray:
    codes = {game: code for code, game in enumerate(GAMES)}
    game = pl.col("game").replace_strict(codes, return_dtype=pl.Int64)
    flat = frame.select("cluster", cell=game * TENTHS + pl.col("tenth"))
    return count(flat, len(GAMES) * TENTHS)[1].reshape(-1, len(GAMES), TENTHS)


def _answers(source: Source, unit: str, frame: pl.DataFrame) -> Answers:
    shares = frame["share"].unique().sort()
    levels = pl.col("share").replace_strict(shares, np.arange(len(shares)), return_dtype=pl.Int64)
    cells = frame.select("cluster", cell=levels, event=pl.col("refused"))
    refused, trials = count(cells, len(shares))
    return Answers(source, unit, shares.to_numpy(), refused, trials)

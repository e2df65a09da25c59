"""Breaches in repeated prisoner's dilemmas: defections right after both players cooperated."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from throffer.people._counting import count
from throffer.people.curves._curve import BinEnds, Coordinate, Direction, Dose
from throffer.people.games._repeated import Stakes, stakes_df2011, stakes_frd2012
from throffer.record import games_repeated_pd

NOTE = (
    "Only who has cooperated with a cooperator can breach, so those who never do are not counted: "
    "treatments differ in who is left. Students, for money."
)


def breaches_by_stakes(folder: Path) -> list[Dose]:
    """Count breaches by what is at stake.

    In DF2011 this is what a breach gains now minus the future that it ends, in FRD2012 what it
    gains now.
    """
    df, frd = (
        _breaches(folder, file) for file in (games_repeated_pd.DF2011, games_repeated_pd.FRD2012)
    )
    names = sorted(df["treatment"].unique())
    net = {name: stakes_df2011(name).gain - stakes_df2011(name).future for name in names}
    stakes = _frd_stakes(folder)
    gain = {name: each.gain for name, each in stakes.items() if each.noise == stakes["1"].noise}
    return [
        _dose(
            df,
            {name: round(value, 3) for name, value in net.items()},
            name="pd-breach-net-gain",
            heading="Repeated dilemmas: breaches, by gain and future",
            coordinate="constraint",
            axis="what a breach gains now less the future it ends (g - f)",
            expected="up",
            why="an unsanctioned act costs the continuing relation f",
        ),
        _dose(
            frd,
            {name: round(value, 3) for name, value in gain.items()},
            name="pd-breach-gain",
            heading="Repeated dilemmas: breaches, by gain",
            coordinate="constraint",
            axis="what a breach gains now (g), the future alike",
            expected="up",
            why="the gain of an unsanctioned act is set against the relation",
        ),
    ]


def breaches_by_noise(folder: Path) -> list[Dose]:
    """Count breaches by noise, the chance that a choice is carried out wrongly.

    With noise, a breach can pass for an accident.
    """
    stakes = _frd_stakes(folder)
    noise = {name: each.noise for name, each in stakes.items() if each.gain == stakes["6"].gain}
    return [
        _dose(
            _breaches(folder, games_repeated_pd.FRD2012),
            noise,
            name="pd-breach-noise",
            heading="Repeated dilemmas: breaches, under noise",
            coordinate="information",
            axis="chance that a choice is carried out wrongly",
            expected="up",
            why="where a breach may be an accident, it cannot be told from one",
        )
    ]


def _dose(
    choices: pl.DataFrame,
    axis_by_treatment: dict[str, float],
    *,
    name: str,
    heading: str,
    coordinate: Coordinate,
    axis: str,
    expected: Direction,
    why: str,
) -> Dose:
    values = sorted(set(axis_by_treatment.values()))
    cells = {treatment: values.index(value) for treatment, value in axis_by_treatment.items()}
    frame = choices.filter(pl.col("treatment").is_in(list(cells))).select(
        cluster=pl.format("{} {}", "treatment", "id"),
        cell=pl.col("treatment").replace_strict(cells, return_dtype=pl.Int64),
        event=~pl.col("cooperates"),
    )
    events, trials = count(frame, len(values))
    return Dose(
        name=name,
        heading=heading,
        source=games_repeated_pd.SOURCE,
        coordinate=coordinate,
        outcome="defections right after both cooperated",
        unsanctioned=True,
        axis=axis,
        unit="chance" if coordinate == "information" else "joint payoffs of cooperation",
        expected=expected,
        why=why,
        bins=tuple(BinEnds(value, value) for value in values),
        events=events,
        trials=trials,
        cluster_unit="person",
        note=NOTE,
    )


def _breaches(folder: Path, file: str) -> pl.DataFrame:
    choices = games_repeated_pd.read_choices(games_repeated_pd.SOURCE.raw(folder), file)
    return choices.filter(pl.col("own") == "c", pl.col("other") == "c")


def _frd_stakes(folder: Path) -> dict[str, Stakes]:
    raw = games_repeated_pd.SOURCE.raw(folder).csv(games_repeated_pd.FRD2012)
    known = raw.select(pl.col("treatment").cast(pl.String), "bc", "error").unique()
    return {name: stakes_frd2012(bc, error) for name, bc, error in np.array(known.rows(), object)}

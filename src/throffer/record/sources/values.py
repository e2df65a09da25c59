"""Value positions of societies, a covariate without interactions; card: docs/record/values.md."""

from __future__ import annotations

import polars as pl

from throffer.record._files import Raw
from throffer.record._source import Coded, Source, as_episodes, skip_where

SURVIVAL = "ivs_survsagg.csv"
SECULAR = "ivs_tradagg.csv"
HOFSTEDE = "hofstede_6d_2015.csv"

DIMENSIONS = ("pdi", "idv", "mas", "uai", "ltowvs", "ivr")
"""Hofstede's six dimensions, each from 0 to 100."""


def read_surveys(raw: Raw) -> pl.DataFrame:
    """Read one row for each society and year: the factor scores `survival` and `secular`.

    A low `survival` means self-expression and a high one survival. The file's own documentation
    says the opposite.
    """
    survival = raw.csv(SURVIVAL).rename({"survsagg": "survival"})
    secular = raw.csv(SECULAR).rename({"tradagg": "secular"})
    return survival.join(secular, on=["geo", "year"], how="full", coalesce=True).sort("geo", "year")


def read_latest(raw: Raw) -> pl.DataFrame:
    """Read one row for each society: the scores of its latest survey, and its `year`."""
    return read_surveys(raw).group_by("geo", maintain_order=True).last()


def read_positions(raw: Raw) -> pl.DataFrame:
    """Read one row for each society in both collections: its latest survey and Hofstede's scores.

    Societies are matched by name.
    """
    latest = read_latest(raw)
    name = pl.col("country").str.to_lowercase().str.replace_all(" ", "_")
    hofstede = raw.csv(HOFSTEDE, null="#NULL!").with_columns(geo=name)
    return latest.join(hofstede, on="geo").sort("geo")


def code(raw: Raw) -> Coded:
    """Code no Episodes, because nobody acts on anybody; every row is skipped for that reason."""
    surveys = read_surveys(raw)
    none, left_out = skip_where(
        surveys,
        f"{SURVIVAL}, {SECULAR}",
        pl.format("{} {}", "geo", "year"),
        [(pl.lit(True), "a society's values, no interaction")],
    )
    empty = as_episodes(none.select(id=pl.col("geo")), "values", "law")
    return Coded(empty, left_out)


SOURCE = Source(
    name="values",
    title="Value positions of societies",
    row="none: a covariate for pairs of societies",
    licence="none stated for the survey scores; CC0 1.0 of the repository with Hofstede's table",
    citation=(
        "European and World Values Surveys (integrated), scores as recomputed by Open Numbers; "
        "Hofstede, Hofstede, Minkov 2010, Cultures and Organizations, data of 2015"
    ),
    origin=(
        "https://github.com/open-numbers/ddf--open_numbers--integrated_values_surveys_indicators"
        " at 4cfde16b97e85deeff056ca56af3cc3744f5b8dd; https://github.com/takaozinho/"
        "takaozinho.github.io at f3c921f40819aaf9735f89a943c922016062c7a4"
    ),
    files=(SURVIVAL, SECULAR, HOFSTEDE),
    code=code,
)

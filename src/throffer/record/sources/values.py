"""Value positions of societies: a covariate, no interactions; docs/record/values.md."""

from __future__ import annotations

import polars as pl

from throffer.record._files import Raw
from throffer.record._source import Coded, Source, as_episodes, skip_where

SURVIVAL = "ivs_survsagg.csv"
SECULAR = "ivs_tradagg.csv"
HOFSTEDE = "hofstede_6d_2015.csv"

DIMENSIONS = ("pdi", "idv", "mas", "uai", "ltowvs", "ivr")
"""Hofstede's six, 0 to 100."""


def read_surveys(raw: Raw) -> pl.DataFrame:
    """One row a society and year: `survival` and `secular`, factor scores.

    Low `survival` is self-expression, high is survival: the file runs the opposite way to its own
    documentation.
    """
    survival = raw.csv(SURVIVAL).rename({"survsagg": "survival"})
    secular = raw.csv(SECULAR).rename({"tradagg": "secular"})
    return survival.join(secular, on=["geo", "year"], how="full", coalesce=True).sort("geo", "year")


def read_latest(raw: Raw) -> pl.DataFrame:
    """One row a society: `survival` and `secular` of its latest survey, and that `year`."""
    return read_surveys(raw).group_by("geo", maintain_order=True).last()


def read_positions(raw: Raw) -> pl.DataFrame:
    """One row a society found in both collections by name: its latest survey and Hofstede's six."""
    latest = read_latest(raw)
    name = pl.col("country").str.to_lowercase().str.replace_all(" ", "_")
    hofstede = raw.csv(HOFSTEDE, null="#NULL!").with_columns(geo=name)
    return latest.join(hofstede, on="geo").sort("geo")


def code(raw: Raw) -> Coded:
    """No Episodes: nobody acts on anybody. Every row is listed as skipped with that reason."""
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

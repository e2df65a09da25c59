"""The sources that can be built, by name."""

from __future__ import annotations

from collections.abc import Mapping

from throffer.record._source import Source
from throffer.record.sources import (
    ai_incidents,
    casino,
    constitutions,
    contracts_cuad,
    dealornodeal,
    diplomacy,
    games_crosscultural_dictator,
    games_heffner,
    games_impunity,
    games_moblab,
    games_printed_tables,
    games_repeated_pd,
    interstate,
    ransomchats,
    regimes,
    values,
)

SOURCES: Mapping[str, Source] = {
    module.SOURCE.name: module.SOURCE
    for module in (
        ai_incidents,
        casino,
        constitutions,
        contracts_cuad,
        dealornodeal,
        diplomacy,
        games_crosscultural_dictator,
        games_heffner,
        games_impunity,
        games_moblab,
        games_printed_tables,
        games_repeated_pd,
        interstate,
        ransomchats,
        regimes,
        values,
    )
}
"""All sources by name, in the order in which they are listed."""


def find_source(name: str) -> Source:
    """Find a source by name; the `ValueError` for an unknown name lists the known ones."""
    if name not in SOURCES:
        raise ValueError(f"unknown source {name!r}; sources: {', '.join(SOURCES)}")
    return SOURCES[name]

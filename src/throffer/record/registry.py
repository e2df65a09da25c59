"""The sources that can be built, by name."""

from __future__ import annotations

from collections.abc import Mapping

from throffer.record.source import Source
from throffer.record.sources import diplomacy

SOURCES: Mapping[str, Source] = {source.name: source for source in (diplomacy.SOURCE,)}
"""Every source whose coding exists, in the order in which they are listed."""


def find_source(name: str) -> Source:
    """The source of that name; `ValueError` lists the names there are."""
    if name not in SOURCES:
        raise ValueError(f"unknown source {name!r}; sources: {', '.join(SOURCES)}")
    return SOURCES[name]

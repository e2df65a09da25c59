"""The human record: what people did, source by source, as Episodes on their own axes.

A source is a module in `sources` and a data card in docs/record. `build` turns raw files, checked
against their checksums, into Episode tables and says which rows became none, and why. Derived
tables of rates ship with the package; raw rows do not.
"""

from throffer.record.baselines import (
    FIXED,
    FittedGame,
    GamesTable,
    PeopleBin,
    PeopleCurve,
    Sign,
    Transfer,
    load_games,
    load_people,
    people_curves,
    pool_signs,
    write_baselines,
)
from throffer.record.build import Built, build, code_source, count_reasons, write_summary
from throffer.record.files import FOLDER_VARIABLE, FileState, Raw, RawFile, raw_files, record_folder
from throffer.record.listing import describe, list_files
from throffer.record.registry import SOURCES, find_source
from throffer.record.source import Coded, Source, cluster, full_dyad
from throffer.record.statistics import Interval, cluster_intervals, fit_logit, rates, wilson

__all__ = [
    "FIXED",
    "FOLDER_VARIABLE",
    "SOURCES",
    "Built",
    "Coded",
    "FileState",
    "FittedGame",
    "GamesTable",
    "Interval",
    "PeopleBin",
    "PeopleCurve",
    "Raw",
    "RawFile",
    "Sign",
    "Source",
    "Transfer",
    "build",
    "cluster",
    "cluster_intervals",
    "code_source",
    "count_reasons",
    "describe",
    "find_source",
    "fit_logit",
    "full_dyad",
    "list_files",
    "load_games",
    "load_people",
    "people_curves",
    "pool_signs",
    "rates",
    "raw_files",
    "record_folder",
    "wilson",
    "write_baselines",
    "write_summary",
]

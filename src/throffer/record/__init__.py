"""The human record: what people did, source by source, as Episodes on their own axes.

A source is a module in `sources` and a data card in docs/record. `build` turns raw files, checked
against their checksums, into Episode tables and says which rows became none, and why. Derived
tables of rates ship with the package; raw rows do not.
"""

from throffer.record.build import Built, build, code_source, count_reasons
from throffer.record.files import FOLDER_VARIABLE, Raw, RawFile, raw_files, record_folder
from throffer.record.listing import describe, list_files
from throffer.record.people import (
    PeopleBin,
    PeopleCurve,
    load_people,
    people_curve,
    write_people,
)
from throffer.record.registry import SOURCES, find_source
from throffer.record.source import Coded, Source, cluster, full_dyad
from throffer.record.statistics import Interval, cluster_intervals, fit_logit, rates, wilson

__all__ = [
    "FOLDER_VARIABLE",
    "SOURCES",
    "Built",
    "Coded",
    "Interval",
    "PeopleBin",
    "PeopleCurve",
    "Raw",
    "RawFile",
    "Source",
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
    "load_people",
    "people_curve",
    "rates",
    "raw_files",
    "record_folder",
    "wilson",
    "write_people",
]

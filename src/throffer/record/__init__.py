"""The human record: what people did, source by source, as Episodes on their own axes.

A source is a module in `sources` and a data card in docs/record. `build` turns raw files, checked
against their checksums, into Episode tables and says which rows became none, and why. Derived
tables of rates ship with the package; raw rows do not.
"""

from throffer.record._build import Built, build, code_source, count_reasons, write_summary
from throffer.record._events import event_table
from throffer.record._files import (
    FOLDER_VARIABLE,
    FileState,
    Raw,
    RawFile,
    raw_files,
    record_folder,
)
from throffer.record._listing import describe, list_files
from throffer.record._rates import rates
from throffer.record._registry import SOURCES, find_source
from throffer.record._source import Coded, Source, cluster, full_dyad
from throffer.record._splits import NO_MEANS
from throffer.record.sources import (
    casino,
    diplomacy,
    games_heffner,
    games_impunity,
    games_moblab,
    games_printed_tables,
    games_repeated_pd,
    interstate,
    ransomchats,
)

__all__ = [
    "FOLDER_VARIABLE",
    "NO_MEANS",
    "SOURCES",
    "Built",
    "Coded",
    "FileState",
    "Raw",
    "RawFile",
    "Source",
    "build",
    "casino",
    "cluster",
    "code_source",
    "count_reasons",
    "describe",
    "diplomacy",
    "event_table",
    "find_source",
    "full_dyad",
    "games_heffner",
    "games_impunity",
    "games_moblab",
    "games_printed_tables",
    "games_repeated_pd",
    "interstate",
    "list_files",
    "ransomchats",
    "rates",
    "raw_files",
    "record_folder",
    "write_summary",
]

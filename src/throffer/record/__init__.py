"""The human record: data on what people did, converted source by source to Episodes.

Each source has a module in `sources` and a data card in docs/record. `build` checks the raw files
against their checksums, writes Episode tables, and lists the raw rows that it skips with the
reasons. The package contains derived tables of rates, but no raw rows.
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

"""Report: write results as JSON for programs and as one HTML page for people.

A page opens offline, runs only its own scripts, and shows the text of models as plain text.
"""

from throffer.report.amplification import write_amplification
from throffer.report.audit._document import (
    SCHEMA_VERSION,
    Document,
    ModelFacts,
    RunFacts,
    document_schema,
    read_document,
    write_document,
)
from throffer.report.audit._writing import Written, write_report
from throffer.report.map import MapSettings, at_coordinates, draw_map, pairs, read_dyads
from throffer.report.relations._page import render_relations, tell_rows
from throffer.report.series import read_series, render_series, write_series

__all__ = [
    "SCHEMA_VERSION",
    "Document",
    "MapSettings",
    "ModelFacts",
    "RunFacts",
    "Written",
    "at_coordinates",
    "document_schema",
    "draw_map",
    "pairs",
    "read_document",
    "read_dyads",
    "read_series",
    "render_relations",
    "render_series",
    "tell_rows",
    "write_amplification",
    "write_document",
    "write_report",
    "write_series",
]

"""Report: what was measured, as report.json for programs and one HTML page for people.

The page opens offline, runs only its own scripts, and shows text of models as text.
"""

from throffer.report.amplification import write_amplification
from throffer.report.audit._document import (
    SCHEMA_VERSION,
    Document,
    Failure,
    FrameFacts,
    Identity,
    ModelFacts,
    RunFacts,
    SituationRate,
    document_schema,
    read_document,
    write_document,
)
from throffer.report.audit._writing import Written, write_report
from throffer.report.map import MapSettings, at_coordinates, draw_map, pairs, read_dyads
from throffer.report.relations._page import render_relations, tell_rows

__all__ = [
    "SCHEMA_VERSION",
    "Document",
    "Failure",
    "FrameFacts",
    "Identity",
    "MapSettings",
    "ModelFacts",
    "RunFacts",
    "SituationRate",
    "Written",
    "at_coordinates",
    "document_schema",
    "draw_map",
    "pairs",
    "read_document",
    "read_dyads",
    "render_relations",
    "tell_rows",
    "write_amplification",
    "write_document",
    "write_report",
]

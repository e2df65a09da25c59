"""Report: what was measured, as report.json for programs and one HTML page for people.

The page opens offline, runs only its own scripts, and shows text of models as text.
"""

from throffer.report.document import (
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
from throffer.report.writing import Written, write_report

__all__ = [
    "SCHEMA_VERSION",
    "Document",
    "Failure",
    "FrameFacts",
    "Identity",
    "ModelFacts",
    "RunFacts",
    "SituationRate",
    "Written",
    "document_schema",
    "read_document",
    "write_document",
    "write_report",
]

"""Dated harms that involved AI systems; card: docs/record/ai_incidents.md."""

from __future__ import annotations

import polars as pl

from throffer.record._files import Raw
from throffer.record._source import Coded, Source, as_episodes, skipped
from throffer.structure import Outcome

INCIDENTS = "incidents.csv.gz"
CLASSES = "classifications_MIT.csv.gz"

FRAUD = "4.3. Fraud, scams, and targeted manipulation"
"""The only subdomain whose acts are false promises to a person."""


def read_incidents(raw: Raw) -> pl.DataFrame:
    """Read one row for each incident.

    Columns are `date`, `year`, and, if they were coded, risk `subdomain`, `entity` and `intent`.
    """
    classes = raw.csv(CLASSES).select(
        incident_id="Incident ID", subdomain="Risk Subdomain", entity="Entity", intent="Intent"
    )
    date = pl.col("date").cast(pl.String).str.to_date()
    return (
        raw.csv(INCIDENTS)
        .select("incident_id", date=date, year=date.dt.year())
        .join(classes, on="incident_id", how="left")
        .sort("date", "incident_id")
    )


def code(raw: Raw) -> Coded:
    """Code each incident as an Episode; only intended fraud has an outcome."""
    deceived = (pl.col("subdomain") == FRAUD) & (pl.col("intent") == "Intentional")
    table = read_incidents(raw).select(
        id=pl.format("ai_incidents/incident-{}", "incident_id"),
        frame=pl.lit("incident"),
        elicitation=pl.lit("news reports"),
        role=pl.when(pl.col("entity") == "AI")
        .then(pl.lit("system"))
        .when(pl.col("entity") == "Human")
        .then(pl.lit("person using a system")),
        candour=pl.when(deceived).then(pl.lit(False)),
        outcome=pl.when(deceived).then(pl.lit(Outcome.DECEPTION.value)),
        attempted=pl.when(deceived).then(pl.lit(True)),
    )
    return Coded(as_episodes(table, "ai_incidents", "conflict"), skipped())


SOURCE = Source(
    name="ai_incidents",
    title="AI incidents: dated harms and near harms, from news reports",
    row="one incident",
    licence="CC BY-SA 4.0",
    citation=(
        "McGregor 2021, Preventing Repeated Real World AI Failures by Cataloging Incidents, IAAI; "
        "Slattery et al. 2024, The AI Risk Repository (classification)"
    ),
    origin=(
        "https://github.com/TanviPatel9722/AI-incident-snapshot"
        " at 2c6f1a2ab5eeb3aadf9a2befdad873f76a49f1d2, of the AI Incident Database"
    ),
    files=(INCIDENTS, CLASSES),
    code=code,
)

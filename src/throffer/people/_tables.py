"""The derived tables that ship with the package: where they lie, reading them, writing them."""

from __future__ import annotations

from pathlib import Path

from throffer.game import TABLE
from throffer.people._shipped import load_table, shipped, write_table
from throffer.people.curves import DOSES
from throffer.people.curves._curve import PeopleCurve, curve_of
from throffer.people.games._agent import people_agent
from throffer.people.games._games import games_table
from throffer.people.games._tables import GamesTable, Stored
from throffer.record import record_folder
from throffer.structure import write_together

CURVES_FILE = "people.json"
GAMES_FILE = "games.json"
AGENT_FILE = TABLE.name.replace("people", "agent")
"""Name of the agent's table in a folder of its own choice; there it lies beside the curves."""


class CurvesTable(Stored):
    """All curves of people, in the order in which they are shown."""

    curves: tuple[PeopleCurve, ...]


def load_people() -> tuple[PeopleCurve, ...]:
    """The curves that ship with the package; needs no raw data.

    Raises:
        SetupError: For a damaged installation.

    ```python
    >>> lies = load_people()[0]
    >>> lies.name, lies.trials, lies.count, lies.clusters
    ('diplomacy-lies', 17289, 887, 12)

    ```
    """
    return load_table(CURVES_FILE, CurvesTable).curves


def load_games() -> GamesTable:
    """What was fitted to games of people, as it ships; needs no raw data.

    Raises:
        SetupError: For a damaged installation.

    ```python
    >>> fit = load_games().fit("heffner: game")
    >>> fit.trials, fit.clusters
    (14300, 715)

    ```
    """
    return load_table(GAMES_FILE, GamesTable)


def people_curves(folder: Path | None = None) -> tuple[PeopleCurve, ...]:
    """Every curve from the raw files.

    Raises:
        SetupError: For missing, truncated or other files.
    """
    folder = folder or record_folder()
    return tuple(
        curve_of(dose, dose.source.raw(folder).identity())
        for make in DOSES
        for dose in make(folder)
    )


def write_baselines(out: Path | None = None, folder: Path | None = None) -> list[Path]:
    """Rebuild every derived table from the raw files; by default where the package keeps them.

    Nothing is written before everything is computed, and then all tables or none.

    Raises:
        SetupError: For missing, truncated or other raw files.
    """
    folder = folder or record_folder()
    curves = CurvesTable(curves=people_curves(folder))
    games = games_table(folder)
    tables = {
        out / CURVES_FILE if out else shipped(CURVES_FILE): curves,
        out / GAMES_FILE if out else shipped(GAMES_FILE): games,
        out / AGENT_FILE if out else TABLE: people_agent(games),
    }
    write_together(
        {
            path: lambda target, table=table: write_table(table, target)
            for path, table in tables.items()
        }
    )
    return list(tables)

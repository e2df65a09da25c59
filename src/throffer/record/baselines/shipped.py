"""The derived tables that ship with the package: where they lie, reading them, writing them."""

from __future__ import annotations

import functools
import importlib.resources
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from throffer.game.people import TABLE
from throffer.record.baselines.agent import people_agent
from throffer.record.baselines.curve import PeopleCurve, curve_of
from throffer.record.baselines.doses import DOSES
from throffer.record.baselines.games import games_table
from throffer.record.baselines.tables import GamesTable, Stored
from throffer.record.files import record_folder
from throffer.structure import SetupError, write_whole

FOLDER = Path(str(importlib.resources.files("throffer.record") / "derived"))
"""Where the package keeps its tables of people."""

CURVES_FILE = "people.json"
GAMES_FILE = "games.json"
AGENT_FILE = TABLE.name.replace("people", "agent")
"""Name of the agent's table in a folder of its own choice; there it lies beside the curves."""

Table = TypeVar("Table", bound=BaseModel)


class CurvesTable(Stored):
    """All curves of people, in the order in which they are shown."""

    curves: tuple[PeopleCurve, ...]


def load_people() -> tuple[PeopleCurve, ...]:
    """The curves that ship with the package; needs no raw data.

    Raises `SetupError` for a damaged installation.

    ```python
    >>> lies = load_people()[0]
    >>> lies.name, lies.trials, lies.count, lies.clusters
    ('diplomacy-lies', 17289, 887, 12)

    ```
    """
    return _load(FOLDER / CURVES_FILE, CurvesTable).curves


def load_games() -> GamesTable:
    """What was fitted to games of people, as it ships; needs no raw data.

    Raises `SetupError` for a damaged installation.

    ```python
    >>> fit = load_games().fit("heffner: game")
    >>> fit.trials, fit.clusters
    (14300, 715)

    ```
    """
    return _load(FOLDER / GAMES_FILE, GamesTable)


def people_curves(folder: Path | None = None) -> tuple[PeopleCurve, ...]:
    """Every curve from the raw files.

    Raises `SetupError` for missing, truncated or other files.
    """
    folder = folder or record_folder()
    return tuple(
        curve_of(dose, dose.source.raw(folder).identity())
        for make in DOSES
        for dose in make(folder)
    )


def write_baselines(out: Path | None = None, folder: Path | None = None) -> list[Path]:
    """Rebuild every derived table from the raw files; by default where the package keeps them.

    Nothing is written before everything is computed. Raises `SetupError` for missing, truncated
    or other raw files.
    """
    folder = folder or record_folder()
    curves = CurvesTable(curves=people_curves(folder))
    games = games_table(folder)
    return [
        _write(curves, (out or FOLDER) / CURVES_FILE),
        _write(games, (out or FOLDER) / GAMES_FILE),
        _write(people_agent(games), out / AGENT_FILE if out else TABLE),
    ]


@functools.cache
def _load(path: Path, kind: type[Table]) -> Table:
    try:
        return kind.model_validate_json(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise SetupError(f"{path} cannot be read ({error}).", "Install throffer again.") from error


def _write(table: BaseModel, path: Path) -> Path:
    text = table.model_dump_json(indent=1) + "\n"
    write_whole(path, lambda target: target.write_text(text, encoding="utf-8"))
    return path

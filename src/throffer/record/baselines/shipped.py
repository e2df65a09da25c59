"""The derived tables that ship with the package: where they lie, reading them, writing them."""

from __future__ import annotations

import functools
import importlib.resources
from pathlib import Path

from pydantic import BaseModel

from throffer.game.people import TABLE
from throffer.record.baselines.agent import people_agent
from throffer.record.baselines.games import games_table
from throffer.record.baselines.tables import GamesTable
from throffer.record.files import record_folder
from throffer.structure import SetupError, write_whole

FOLDER = Path(str(importlib.resources.files("throffer.record") / "derived"))
"""Where the package keeps its tables of people."""

GAMES_FILE = "games.json"
AGENT_FILE = TABLE.name


@functools.cache
def load_games(path: Path = FOLDER / GAMES_FILE) -> GamesTable:
    """What was fitted to games of people; needs no raw data.

    Raises `SetupError` for a damaged installation.

    ```python
    >>> fit = load_games().fit("heffner: game")
    >>> fit.trials, fit.clusters
    (14300, 715)

    ```
    """
    try:
        return GamesTable.model_validate_json(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise SetupError(f"{path} cannot be read ({error}).", "Install throffer again.") from error


def write_baselines(out: Path | None = None, folder: Path | None = None) -> list[Path]:
    """Rebuild every derived table from the raw files; by default where the package keeps them.

    Nothing is written before everything is computed. Raises `SetupError` for missing, truncated
    or other raw files.
    """
    folder = folder or record_folder()
    games = games_table(folder)
    return [
        _write(games, (out or FOLDER) / GAMES_FILE),
        _write(people_agent(games), out / AGENT_FILE if out else TABLE),
    ]


def _write(table: BaseModel, path: Path) -> Path:
    text = table.model_dump_json(indent=1) + "\n"
    write_whole(path, lambda target: target.write_text(text, encoding="utf-8"))
    return path

"""One small design, and one run of the planted agent over it, for all tests of the room."""

from pathlib import Path

import pytest

from throffer.design import default_design
from throffer.probe import Options, run_tasks
from throffer.situation import Situation

PLANTED = "throffer/reference"
FRAMES = ("mail_agent", "supplier", "tenancy")


@pytest.fixture(scope="session")
def design() -> list[Situation]:
    return default_design(30, FRAMES, seed=3)


@pytest.fixture(scope="session")
def world_design() -> list[Situation]:
    return default_design(25, ("mail_agent",), seed=4, elicitation="world")[:10]


@pytest.fixture(scope="session")
def planted_logs(
    design: list[Situation],
    world_design: list[Situation],
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """Logs of the planted agent over both designs, twenty calls at a time."""
    folder = tmp_path_factory.mktemp("planted")
    run_tasks([*design, *world_design], PLANTED, folder, options=Options(max_connections=20))
    return folder

"""The raw files of the human record, where they are at hand."""

from pathlib import Path

import pytest

from throffer.record import record_folder
from throffer.structure import SetupError


@pytest.fixture(scope="session")
def folder() -> Path:
    try:
        return record_folder()
    except SetupError as error:
        pytest.skip(f"raw files of the human record are not at hand: {error}")

"""Planted audits, played once for all tests of the room."""

from __future__ import annotations

import polars as pl
import pytest

from throffer.audit import play_situations
from throffer.design import default_design
from throffer.game import reference_preferences
from throffer.measure import Measurement, measure

FRAMES = ("mail_agent", "supplier", "tenancy")
LAPSE = 0.05


def planted(budget: int, seed: int, agent: str = "planted", lapse: float = LAPSE) -> pl.DataFrame:
    """Episodes of a reference agent over the default design."""
    design = default_design(budget, FRAMES, seed)
    return play_situations(design, reference_preferences(agent), model=agent, lapse=lapse)


@pytest.fixture(scope="session")
def audit() -> pl.DataFrame:
    """1,500 situations of the plain planted agent with lapses."""
    return planted(1500, seed=3)


@pytest.fixture(scope="session")
def measured(audit: pl.DataFrame) -> Measurement:
    """The measurement of `audit`."""
    return measure(audit)


@pytest.fixture(scope="session")
def sanctioned() -> Measurement:
    """An agent that never does what is not sanctioned, without lapses."""
    return measure(planted(500, seed=5, agent="sanctioned", lapse=0.0))

"""The figures of the documentation are drawn from the package and can be read by everyone."""

import importlib.util
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from throffer.design import SLICES, slice_dyads
from throffer.game import conduct_probabilities, reference_preferences
from throffer.report._palette import OUTCOME_COLOURS
from throffer.structure import Conduct, Outcome

FIGURES = Path(__file__).parents[2] / "tools" / "figures"


@pytest.fixture(scope="module")
def drawn() -> ModuleType:
    spec = importlib.util.spec_from_file_location("theory_figures", FIGURES / "theory.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_figure_lies_in_its_folder(drawn: ModuleType) -> None:
    for name in drawn.FIGURES:
        suffix = "png" if name in drawn.RASTER else "svg"
        assert (drawn.FOLDER / f"{name}.{suffix}").stat().st_size > 1000


def test_conducts_have_the_colours_of_the_report(drawn: ModuleType) -> None:
    expected = [OUTCOME_COLOURS[Outcome(conduct.value)] for conduct in Conduct]
    assert expected == drawn.COLOURS


def test_the_plane_names_the_sides_of_the_baseline_by_means(drawn: ModuleType) -> None:
    rows = [row for data in drawn.specification("plane")["datasets"].values() for row in data]
    threats = {row["conduct"] for row in rows if "top" in row and row["high"] <= 1e-9}
    throffers = {row["conduct"] for row in rows if "top" in row and row["low"] >= -1e-9}
    assert threats == {"extortion", "blackmail"}
    assert throffers == {"authority", "pressure"}


def test_the_continuum_stacks_to_one_at_every_place(drawn: ModuleType) -> None:
    specification = drawn.specification("continuum")
    panels = specification["hconcat"]
    assert len(panels) == len(SLICES)
    for panel, coordinate in zip(panels, SLICES, strict=True):
        rows = specification["datasets"][panel["data"]["name"]]
        last = [row["p"] for row in rows if row["x"] == max(row["x"] for row in rows)]
        assert sum(last) == pytest.approx(1, abs=1e-5)
        dyad = slice_dyads(coordinate, np.array([0.9]))
        shares = conduct_probabilities(dyad, reference_preferences("planted"))
        assert last == pytest.approx(np.asarray(shares)[0].tolist(), abs=1e-5)

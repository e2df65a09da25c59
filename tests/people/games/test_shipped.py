"""The tables inside the package: what they say, and whether the raw files still give them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import throffer
from throffer.game._people import load_people_agent
from throffer.people import load_games, load_people, people_curves, write_baselines
from throffer.people._shipped import shipped
from throffer.people._tables import AGENT_FILE, CURVES_FILE, GAMES_FILE
from throffer.people.games._agent import people_agent
from throffer.people.games._fits import EVERYBODY, fit_answers
from throffer.people.games._games import USED
from throffer.people.games._observed import forsythe_offers, heffner_answers, moblab_offers
from throffer.record import SOURCES

REBUILD = "stale: rebuild it with `throffer record fit`"


def test_the_tables_are_of_this_version_and_of_the_files_whose_coding_was_checked(
    tmp_path: Path,
) -> None:
    known = {name: source.raw(tmp_path).identity() for name, source in SOURCES.items()}
    games, agent, curves = load_games(), load_people_agent(), load_people()
    for each in (*games.sources, *agent.sources, *curves):
        assert each.data == known[each.source], REBUILD
        assert each.licence == SOURCES[each.source].licence, REBUILD
    for each in (games, agent, *curves):
        assert each.code_version == throffer.__version__, REBUILD
    assert {each.source for each in games.sources} == {source.name for source in USED}


def test_the_agent_comes_from_the_fits_in_the_package() -> None:
    assert people_agent(load_games()) == load_people_agent(), REBUILD


def test_the_curves_are_what_the_raw_files_give_now(folder: Path) -> None:
    for now, kept in zip(people_curves(folder), load_people(), strict=True):
        near(now.model_dump(mode="json"), kept.model_dump(mode="json"), now.name)


def test_a_fit_is_what_the_raw_files_give_now(folder: Path) -> None:
    shipped = load_games().fit("heffner: game")
    now = fit_answers(heffner_answers(folder), "game").record
    assert now.mode == pytest.approx(shipped.mode, abs=1e-6), REBUILD
    assert now.log_likelihood == pytest.approx(shipped.log_likelihood, abs=1e-6), REBUILD
    assert np.array(now.covariance) == pytest.approx(np.array(shipped.covariance), rel=1e-4)


def test_every_offer_and_answer_of_the_reference_is_fitted(folder: Path) -> None:
    assert moblab_offers(folder).counts.sum((0, 2)).tolist() == [13232, 5993]
    assert forsythe_offers(folder).counts.sum((0, 2)).tolist() == [69, 67]
    assert load_games().fit(EVERYBODY).trials == 13232 + 5993 + 69 + 67 + 14300


@pytest.mark.slow
def test_one_command_rebuilds_all_tables_as_they_ship(folder: Path, tmp_path: Path) -> None:
    write_baselines(tmp_path, folder)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        [AGENT_FILE, CURVES_FILE, GAMES_FILE]
    )
    for name in (CURVES_FILE, GAMES_FILE):
        near(json.loads((tmp_path / name).read_text()), json.loads(shipped(name).read_text()), name)


def near(found: object, shipped: object, where: str) -> None:
    """Equal except for last digits, in which the optimiser can differ between machines."""
    if isinstance(found, dict):
        assert isinstance(shipped, dict)
        assert found.keys() == shipped.keys(), where
        for key in found:
            near(found[key], shipped[key], f"{where}.{key}")
    elif isinstance(found, list):
        assert isinstance(shipped, list)
        assert len(found) == len(shipped), where
        for place, pair in enumerate(zip(found, shipped, strict=True)):
            near(*pair, f"{where}[{place}]")
    elif isinstance(found, float) and "reached" not in where:
        assert found == pytest.approx(shipped, rel=1e-3, abs=1e-4), f"{where}: {REBUILD}"
    elif "reached" not in where:
        assert found == shipped, f"{where}: {REBUILD}"


def test_every_fit_reached_its_optimum_from_several_starts() -> None:
    for fit in load_games().fits:
        assert fit.converged, fit.name
        assert fit.reached > 1, fit.name


def test_parameters_that_the_games_cannot_identify_are_marked() -> None:
    dictators = {each.name: each for each in load_games().fit("moblab dictator: game").parameters}
    assert dictators["guilt"].verdict == "identified"
    assert dictators["counterpart_precision"].verdict == "not identified"
    assert dictators["counterpart_envy"].verdict == "not identified"


def test_the_game_and_a_logit_of_the_share_fit_responders_alike() -> None:
    # all of Heffner's offers are at or below a half, where both are the same formula
    table = load_games()
    game, logit = (table.fit(f"heffner: {name}") for name in ("game", "share-only logit"))
    assert game.log_likelihood == pytest.approx(logit.log_likelihood, abs=0.01)
    precision, envy = game.parameters[0].estimate, game.parameters[1].estimate
    slope = logit.parameters[1].estimate
    assert precision * (1 + 2 * envy) == pytest.approx(slope, rel=2e-3)


def test_predictions_are_shown_with_what_was_observed() -> None:
    shown = load_games().transfer("heffner answers: forsythe")
    assert [(one.count, one.trials) for one in shown.bins] == [
        (2, 2), (4, 8), (1, 3), (5, 31), (0, 60), (0, 11),
    ]  # fmt: skip
    assert {score.model for score in shown.scores} == set(shown.bins[0].predicted)
    assert all(0 <= one.predicted["game"].estimate <= 1 for one in shown.bins)


def test_the_error_for_an_unknown_fit_lists_the_known_ones() -> None:
    with pytest.raises(ValueError, match="heffner: game"):
        load_games().fit("chess")
    with pytest.raises(ValueError, match="heffner answers: forsythe"):
        load_games().transfer("chess")

"""c(A) of a scenario, from a reference agent, an audited model, or a number."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np

from throffer.amplify._assemble import Shares
from throffer.amplify._loss_curve import loss_curve
from throffer.amplify._population import (
    Agent,
    cube_population,
    episode_population,
    measured_agent,
    reference_agent,
)
from throffer.amplify._scenario import Between, Population, Scenario
from throffer.amplify._system import LossCurve, constant_loss
from throffer.structure import Asymmetry, Dyad, SetupError, read_episodes

NEAREST = 0.999
"""Largest coordinate after a lever's factor; a dyad needs coordinates below 1."""

DRAWS = 64
"""Draws of a measured model's posterior; each gives its own curve."""


class SourcedLoss(NamedTuple):
    """c(A) and its source.

    Attributes:
        curve: c(A).
        source: where it comes from, in words.
        data: digest of the files used; None without files.
        certain: why a curve without draws has no interval; empty otherwise.
        notes: remarks for the report.
    """

    curve: LossCurve
    source: str
    data: str | None
    certain: str
    notes: tuple[str, ...]


def changes_loss(path: str) -> bool:
    """Whether a lever changes c itself or the population that the agents meet."""
    return path == "loss" or path.startswith("population.")


def loss_of(
    scenario: Scenario, base: Path, shares: Shares, multiply: Mapping[str, float]
) -> SourcedLoss:
    """The loss curve of a scenario; `multiply` may hold factors of `loss` and `population.X`.

    If `agents.loss` is a range, each row of `shares` gives a curve.

    Raises:
        SetupError: For a file that cannot be used.
        ValueError: For an unknown agent or field.
    """
    agents = scenario.agents
    factor = multiply.get("loss", 1.0)
    if agents.loss is not None:
        return given_loss(scenario, shares, factor)
    digest = hashlib.sha256()
    if agents.episodes is not None:
        whom = f"the dyads of {agents.episodes}"
        file = _named(base, "agents.episodes", agents.episodes)
        population = _changed(episode_population(read_episodes(file).table), multiply)
        digest.update(file.read_bytes())
    else:
        whom = f"{agents.population.dyads} dyads over ranges of power, information and constraint"
        population = _spread(agents.population, multiply, scenario.seed)
    notes: list[str] = []
    agent = _agent(scenario, base, digest, notes)
    curve = loss_curve(
        population,
        agent,
        intelligence=agents.intelligence,
        power=agents.power,
        log_high=float(np.log(scenario.growth.ceiling)),
    )
    certain = "" if agent.draws else "the agent's preferences are given as known"
    named = agents.preferences if agents.model is None else f"{agents.preferences}: {agents.model}"
    files = agents.episodes is not None or _is_file(agents.preferences)
    return SourcedLoss(
        curve=curve._replace(loss=np.asarray(curve.loss) * factor),
        source=f"the agent {named}, meeting {whom}",
        data=digest.hexdigest() if files else None,
        certain=certain,
        notes=tuple(notes),
    )


def given_loss(scenario: Scenario, shares: Shares, factor: float = 1.0) -> SourcedLoss:
    """The constant c of a scenario times `factor`; one curve for each row if it is a range."""
    loss = scenario.agents.loss
    if isinstance(loss, Between):
        column = list(scenario.ranges()).index("agents.loss")
        level = loss.at(shares[:, column])
        curve = LossCurve(0.0, 1.0, np.repeat(factor * level[:, None], 2, axis=1))
    else:
        curve = constant_loss(factor * float(loss or 0.0))
    certain = "" if isinstance(loss, Between) else "c is given as known"
    return SourcedLoss(curve, "a constant of the scenario", None, certain, ())


def _agent(scenario: Scenario, base: Path, digest: hashlib._Hash, notes: list[str]) -> Agent:
    agents = scenario.agents
    if not _is_file(agents.preferences):
        if agents.model is not None:
            raise SetupError(
                f"agents.model = {agents.model!r} names a model, but agents.preferences = "
                f"{agents.preferences!r} is no report.",
                "Give the path of a report.json, or leave model out.",
            )
        return reference_agent(agents.preferences)
    file = _named(base, "agents.preferences", agents.preferences)
    agent = measured_agent(file, agents.model, draws=DRAWS, seed=scenario.seed % 2**32)
    digest.update(file.read_bytes())
    notes.append(
        f"c carries the uncertainty of the audit: {DRAWS} draws of the model's posterior. What "
        "the audit did not identify is as wide as its prior."
    )
    return agent


def _named(base: Path, field: str, name: str) -> Path:
    """A file that a scenario names, relative to its own."""
    if not (file := base / name).is_file():
        raise SetupError(
            f"{field} = {name!r}: there is no file {file}.",
            "Paths are relative to the scenario file.",
        )
    return file


def _is_file(preferences: str) -> bool:
    return preferences.endswith(".json")


def _spread(population: Population, multiply: Mapping[str, float], seed: int) -> Dyad:
    def reach(name: str) -> tuple[float, float]:
        factor = multiply.get(f"population.{name}", 1.0)
        low, high = (min(factor * end, NEAREST) for end in getattr(population, name))
        return low, high

    dyads = cube_population(
        *map(reach, Asymmetry._fields),
        count=population.dyads,
        seed=seed % 2**32,
        **population.fields,
    )
    return _changed(dyads, multiply)


def _changed(dyads: Dyad, multiply: Mapping[str, float]) -> Dyad:
    """Multiply the fields of the dyads that a lever names; probabilities are capped at 1."""
    fields = {}
    for path, factor in multiply.items():
        head, _, name = path.partition(".")
        if head != "population" or name in Asymmetry._fields:
            continue
        if name not in dyads.as_dict():
            raise ValueError(f"levers: multiply names {path!r}, which is no field of a dyad")
        fields[name] = factor * np.asarray(getattr(dyads, name))
    capped = {"finality", "veto", "legitimacy", "opacity"}
    return dyads.replace(
        **{name: np.minimum(v, 1.0) if name in capped else v for name, v in fields.items()}
    )

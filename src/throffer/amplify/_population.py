"""Populations of dyads, and the agent in them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from jaxtyping import ArrayLike, Float
from scipy.stats import qmc

from throffer.game import NEVER, Preferences, reference_preferences
from throffer.stats import laplace_draws
from throffer.structure import FIELDS, Conduct, Dyad, SetupError


class Agent(NamedTuple):
    """Preferences and lapse rate of one agent, as known numbers or as posterior draws.

    With draws, every field has a first axis `draw` (`norms` before its conducts).
    """

    preferences: Preferences
    lapse: Float[ArrayLike, "*draw"] = 0.0

    @property
    def draws(self) -> int | None:
        """Number of draws; None for an agent whose numbers are known."""
        shape = np.shape(self.preferences.precision)
        return shape[0] if shape else None


def cube_population(
    power: tuple[float, float] = (0.0, 0.9),
    information: tuple[float, float] = (0.0, 0.9),
    constraint: tuple[float, float] = (0.0, 0.9),
    *,
    count: int = 512,
    seed: int = 0,
    **others: float,
) -> Dyad:
    """Dyads spread evenly over ranges of the asymmetry coordinates, each within [0, 1).

    A scrambled Sobol sequence of `count` points, best a power of 2; `others` are fields of
    `Dyad.from_asymmetry`.

    Raises:
        ValueError: For a range whose low end exceeds its high end, or is not finite.
    """
    ranges = {"power": power, "information": information, "constraint": constraint}
    drawn = _spread(ranges, count, seed)
    return Dyad.from_asymmetry(*drawn.values(), **others).broadcast()


def field_population(
    ranges: Mapping[str, float | tuple[float, float]], *, count: int = 512, seed: int = 0
) -> Dyad:
    """Dyads whose fields are spread evenly and independently over ranges, or held at a number.

    Fields that are not given have the values of the symmetric dyad, `Dyad.from_asymmetry(0, 0, 0)`.

    Raises:
        ValueError: For an unknown field, a faulty range, or a value outside its bounds.
    """
    unknown = sorted(set(ranges) - set(FIELDS))
    if unknown:
        raise ValueError(f"unknown dyad fields: {', '.join(unknown)}; fields: {', '.join(FIELDS)}")
    held = {name: value for name, value in ranges.items() if not isinstance(value, tuple)}
    varied = {name: value for name, value in ranges.items() if isinstance(value, tuple)}
    plain = Dyad.from_asymmetry(0.0, 0.0, 0.0).as_dict()
    drawn = _spread(varied, count, seed)
    return Dyad.validated(**(plain | held | drawn)).broadcast()


def episode_population(table: pl.DataFrame) -> Dyad:
    """The dyads of an Episode table, one for each row with all fields of the dyad.

    Raises:
        ValueError: If no row has all fields.
    """
    whole = table.filter(pl.all_horizontal(pl.col(name).is_not_null() for name in FIELDS))
    if whole.is_empty():
        raise ValueError(
            f"none of the {table.height} episodes has all {len(FIELDS)} fields of its dyad; give "
            "ranges of the fields instead (field_population)"
        )
    return Dyad.validated(**{name: whole[name].to_numpy() for name in FIELDS}).broadcast()


def reference_agent(name: str) -> Agent:
    """A reference agent of `throffer.game` (planted, rational, sanctioned), without lapses.

    A norm that stands for "never" is infinite here. A finite one would be outweighed once
    amplification has raised precision and harm enough.
    """
    preferences = reference_preferences(name)
    norms = np.asarray(preferences.norms)
    return Agent(preferences.replace(norms=np.where(norms >= NEVER, np.inf, norms)))


def measured_agent(
    path: Path | str, model: str | None = None, *, draws: int = 200, seed: int = 0
) -> Agent:
    """An audited model from report.json, as draws of its posterior.

    The report holds the mode and the covariance of the fitted choice model on the scale of the
    optimiser. Draws are normal on that scale (Laplace) and then transformed to the natural scale.
    A parameter that the data did not identify therefore stays as wide as its prior. Shifts between
    groups of frames are left out: the agent is the average group.

    Args:
        path: a report.json.
        model: name of the model; may be left out if the report holds only one.
        draws: number of posterior draws.
        seed: of the draws.

    Returns:
        An agent with a first axis `draw` on every field.

    Raises:
        SetupError: For a file that is missing or no report, a model that is not in it, or a model
            without a fitted choice model.
    """
    path = Path(path)
    found = _models(path)
    name = model if model is not None else (next(iter(found)) if len(found) == 1 else None)
    if name is None or name not in found:
        asked = "no model was named" if name is None else f"it has no model {name!r}"
        raise SetupError(f"{path}: {asked}.", f"Models: {', '.join(found)}.")
    fit = found[name].get("fit")
    if not fit:
        why = found[name].get("fit_missing") or "no choice model was fitted"
        raise SetupError(f"{path}: {name}: {why}.", "Audit it with more situations.")
    try:
        mode, covariance = np.array(fit["mode"], float), np.array(fit["covariance"], float)
        theta = laplace_draws(mode, covariance, draws, seed)
        return _natural(dict(zip(fit["names"], theta.T, strict=True)))
    except (KeyError, TypeError, ValueError, np.linalg.LinAlgError) as error:
        raise SetupError(
            f"{path}: the fit of {name} cannot be read ({error}).", "Build the report again."
        ) from error


def _models(path: Path) -> dict[str, Any]:
    """Measurement by model; `SetupError` where the file is no report."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return {str(each["model"]): each for each in content["models"]}
    except FileNotFoundError as error:
        raise SetupError(f"{path} does not exist.", "Give the path of a report.json.") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SetupError(f"{path} is not a report.json ({error}).", "Run an audit.") from error


def _natural(value: Mapping[str, Float[np.ndarray, "draw"]]) -> Agent:
    """Turn parameters on the optimiser's scale into preferences; norms that are absent are 0."""
    zero = np.zeros_like(value["log_precision"])
    norms = np.stack([value.get(f"norm_{conduct.value}", zero) for conduct in Conduct], -1)
    preferences = Preferences(
        precision=np.exp(value["log_precision"]),
        guilt=value["guilt"],
        norms=norms,
        counterpart_precision=np.exp(value["log_counterpart_precision"]),
        counterpart_envy=value["counterpart_envy"],
    )
    return Agent(preferences, 1 / (1 + np.exp(-value["logit_lapse"])))


def _spread(
    ranges: Mapping[str, tuple[float, float]], count: int, seed: int
) -> dict[str, Float[np.ndarray, "dyad"]]:
    """Scrambled Sobol points over ranges."""
    for name, (low, high) in ranges.items():
        if not -np.inf < low <= high < np.inf:
            raise ValueError(f"{name} = ({low}, {high}) is no range; give low <= high, both finite")
    if count < 1:
        raise ValueError(f"count = {count} dyads; give at least 1")
    if not ranges:
        return {}
    power = int(np.ceil(np.log2(max(count, 2))))
    points = qmc.Sobol(len(ranges), rng=np.random.default_rng(seed)).random_base2(power)[:count]
    return {
        name: low + (high - low) * column
        for (name, (low, high)), column in zip(ranges.items(), points.T, strict=True)
    }

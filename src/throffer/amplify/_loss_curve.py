"""c(A): the counterpart's expected loss from unsanctioned conduct at amplification A.

It links the game to the dynamics (theory, section 6). Amplification raises the agent's precision
(intelligence) and the harm and cost of both levers (power). Pace raises the number of interactions
and does not change the loss of one.
"""

from __future__ import annotations

import functools
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, ArrayLike, Float

from throffer.amplify._population import Agent
from throffer.amplify._system import LossCurve
from throffer.game import (
    MEANS,
    Menu,
    Players,
    as_arrays,
    fallback,
    in_chunks,
    lapse_menu,
    menu,
    midpoints,
    proposals,
)
from throffer.stats import CONFIDENCE
from throffer.structure import RECOGNISED_RANK, Dyad, Lever

CELLS = 100
"""Cells of the concession grid; `loss_curve` says how fine it must be."""

CHUNK = 1_024
"""Dyads computed at a time; the whole menu of each is in memory."""

POINTS = 25
"""Grid points of ln A."""

LOG_HIGH = float(np.log(100.0))


class LossCurves(NamedTuple):
    """Loss against ln A, with intelligence, power and pace amplified separately.

    Every curve has a first axis `draw` if the agent has draws; `band` turns it into an interval.

    Attributes:
        log_amplification: ln A.
        intelligence: c(A) per interaction if A raises intelligence alone.
        power: c(A) per interaction if A raises power alone.
        both: c(A) per interaction if A raises intelligence and power.
        pace: loss per unit of time relative to A = 1 if A raises pace alone; c is constant.
    """

    log_amplification: Float[np.ndarray, "grid"]
    intelligence: Float[np.ndarray, "*draw grid"]
    power: Float[np.ndarray, "*draw grid"]
    both: Float[np.ndarray, "*draw grid"]
    pace: Float[np.ndarray, "*draw grid"]


def expected_loss(
    dyad: Dyad, agent: Agent, *, cells: int = CELLS, chunk: int = CHUNK
) -> Float[Array, "*batch"]:
    """Expected loss of the counterpart below its baseline from unsanctioned conduct, in pies.

    Sum over the proposals whose conduct is pressure, extortion, blackmail or deception of
    P(proposal) times the expectation, over the answer, of max(b - payoff of the counterpart, 0).
    The payoff of the counterpart is:

    - accepted (probability p; o p for a false promise): y, or y - d if false;
    - refused, or found out: with probability v the agent is stopped, and the payoff is t_B = b - h
      (probability w) or, if the counterpart has the last word, t_B + S; otherwise the agent
      proceeds on its own terms and the payoff is y.

    The counterpart answers as the agent expects. A lapse draws a proposal from the bare menu, and
    its loss is computed in the same way.

    Args:
        dyad: dyads; broadcast with the agent's fields.
        agent: preferences and lapse rate.
        cells: cells of the concession grid.
        chunk: dyads computed at a time.

    Returns:
        Expected loss per interaction, >= 0.
    """
    players = as_arrays(Players(dyad, agent.preferences, agent.lapse))
    return _expected_loss(players, cells, chunk)


@functools.partial(jax.jit, static_argnums=(1, 2))
def _expected_loss(players: Players, cells: int, chunk: int) -> Array:
    def solve(players: Players) -> Array:
        dyad, preferences, lapse = players
        shape = jnp.broadcast_shapes(dyad.shape, jnp.shape(preferences.precision))
        # menus line up only where every number has the axis of the batch
        preferences = preferences.replace(precision=jnp.broadcast_to(preferences.precision, shape))
        taken = proposals(dyad, preferences, cells=cells).acceptance
        lost = loss_by_part(dyad, taken, cells)
        chosen = _mean(menu(dyad, preferences, cells), lost)
        drawn = _mean(lapse_menu(dyad, preferences, cells), lost)
        share = jnp.asarray(lapse)
        return (1 - share) * chosen + share * drawn

    return in_chunks(solve, players, chunk=chunk)


class PartLoss(NamedTuple):
    """Expected loss of a proposal in the upper and lower part of its cell (see `Menu`).

    It is 0 where the conduct is sanctioned.
    """

    upper: Float[Array, "*batch lever candour cell"]
    lower: Float[Array, "*batch lever candour cell"]


def loss_by_part(dyad: Dyad, taken: Float[Array, "*batch lever cell"], cells: int) -> PartLoss:
    """Expected loss of every proposal, given its probability of acceptance.

    A boundary between two conducts splits a cell in two parts; each is evaluated at its middle.
    """
    start = midpoints(cells) - 0.5 / cells
    wide = jax.tree.map(lambda leaf: jnp.asarray(leaf)[..., None], dyad)
    upper, lower = [], []
    for position, lever in enumerate(MEANS):
        point = fallback(wide, lever)
        some = point.surplus > 0
        for false in (False, True):
            lost = point.harm + wide.deceit_gain if false else point.harm
            edge = jnp.where(some, lost / jnp.where(some, point.surplus, 1), jnp.inf)
            cut = jnp.clip(edge, start, start + 1 / cells)
            if lever is Lever.NONE:
                # a falsehood without a lever is deception whatever it delivers: one part
                cut = jnp.broadcast_to(start, cut.shape)
            p = taken[..., position, :] * (wide.opacity if false else 1.0)
            gap = wide.deceit_gain if false else 0.0
            for part, middle in (
                (upper, (cut + start + 1 / cells) / 2),
                (lower, (cut + start) / 2),
            ):
                y = point.counterpart + middle * point.surplus
                end = jnp.maximum(wide.outside_counterpart - y + gap, 0)
                part.append(p * end + (1 - p) * _refused(wide, lever, y))
            if not false:
                sanctioned = jnp.asarray(lever is Lever.NONE)
                if lever is Lever.FORCE:
                    sanctioned = jnp.asarray(wide.legitimacy) >= RECOGNISED_RANK
                upper[-1] = jnp.where(sanctioned, 0, upper[-1])
    return PartLoss(_stacked(upper), _stacked(lower))


def _refused(
    dyad: Dyad, lever: Lever, y: Float[Array, "*batch cell"]
) -> Float[Array, "*batch cell"]:
    """Expected loss if the counterpart refuses."""
    point = fallback(dyad, lever)
    b, w, v = dyad.outside_counterpart, jnp.asarray(dyad.finality), jnp.asarray(dyad.veto)
    last_word = jnp.maximum(b - point.counterpart - point.surplus, 0)
    return v * (w * point.harm + (1 - w) * last_word) + (1 - v) * jnp.maximum(b - y, 0)


def _mean(parts: Menu, lost: PartLoss) -> Float[Array, "*batch"]:
    mass = parts.upper * lost.upper + parts.lower * lost.lower
    return mass.sum((-3, -2, -1)) / parts.total


def _stacked(blocks: list[Array]) -> Array:
    flat = jnp.stack(jnp.broadcast_arrays(*blocks), -2)
    return flat.reshape(*flat.shape[:-2], len(MEANS), 2, flat.shape[-1])


def amplified(
    dyad: Dyad,
    agent: Agent,
    amplification: float,
    *,
    intelligence: float = 1.0,
    power: float = 1.0,
) -> tuple[Dyad, Agent]:
    """Amplify dyads and agent: precision times A^e_i, harm and cost of both levers times A^e_p."""
    strength = amplification**power
    levers = ("force", "force_cost", "leverage", "leverage_cost")
    stronger = {name: np.asarray(getattr(dyad, name)) * strength for name in levers}
    sharper = np.asarray(agent.preferences.precision) * amplification**intelligence
    return dyad.replace(**stronger), agent._replace(
        preferences=agent.preferences.replace(precision=sharper)
    )


def loss_curve(
    population: Dyad,
    agent: Agent,
    *,
    intelligence: float = 1.0,
    power: float = 1.0,
    log_high: float = LOG_HIGH,
    points: int = POINTS,
    cells: int = CELLS,
) -> LossCurve:
    """c(A): `expected_loss` averaged over a population of dyads, from A = 1 to e^`log_high`.

    In double precision.

    Args:
        population: dyads on one axis (`throffer.amplify._population`), weighted equally.
        agent: one agent, or draws, which give one curve each.
        intelligence: exponent e_i of precision.
        power: exponent e_p of the harm and cost of levers.
        log_high: ln A at the end of the curve, above 0.
        points: grid points of ln A, at least 2.
        cells: concession grid. The harm of a lever divided by `cells` should be below 1/precision
            of the counterpart, so that the grid resolves what the counterpart distinguishes.

    Returns:
        The curve, with a first axis `draw` if the agent has draws.

    Raises:
        ValueError: For fewer than 2 points, or if `log_high` is not above 0.
    """
    if points < 2 or not 0 < log_high < np.inf:
        raise ValueError(f"a curve needs 2 points and log_high above 0; got {points}, {log_high}")
    wide = agent
    if agent.draws is not None:
        wide = jax.tree_util.tree_map_with_path(_with_dyads, agent)
    rows = []
    with jax.enable_x64(True):
        for log_a in np.linspace(0, log_high, points):
            at = amplified(population, wide, np.exp(log_a), intelligence=intelligence, power=power)
            rows.append(np.asarray(expected_loss(*at, cells=cells)).mean(-1))
    return LossCurve(0.0, float(log_high), np.stack(rows, -1))


def loss_curves(
    population: Dyad,
    agent: Agent,
    *,
    intelligence: float = 1.0,
    power: float = 1.0,
    pace: float = 1.0,
    log_high: float = LOG_HIGH,
    points: int = POINTS,
    cells: int = CELLS,
) -> LossCurves:
    """The loss with intelligence, power and pace amplified separately, on one grid of ln A."""
    grid = np.linspace(0, log_high, points)
    run = functools.partial(
        loss_curve, population, agent, log_high=log_high, points=points, cells=cells
    )
    both = np.asarray(run(intelligence=intelligence, power=power).loss)
    return LossCurves(
        log_amplification=grid,
        intelligence=np.asarray(run(intelligence=intelligence, power=0.0).loss),
        power=np.asarray(run(intelligence=0.0, power=power).loss),
        both=both,
        pace=np.broadcast_to(np.exp(pace * grid), both.shape),
    )


def band(
    curves: Float[np.ndarray, "draw grid"], confidence: float = CONFIDENCE
) -> Float[np.ndarray, "three grid"]:
    """Lower end, median and upper end over draws at every point."""
    tail = (1 - confidence) / 2
    return np.quantile(curves, [tail, 0.5, 1 - tail], axis=0)


def per_trajectory(curve: LossCurve, trajectories: int) -> LossCurve:
    """Assign the draws of a curve to trajectories in turn; a single curve is returned unchanged."""
    table = np.asarray(curve.loss)
    if table.ndim == 1:
        return curve
    return curve._replace(loss=table[np.arange(trajectories) % len(table)])


def _with_dyads(path: tuple, leaf: ArrayLike) -> np.ndarray:
    """Add an axis for the dyads after that of the draws."""
    array = np.asarray(leaf)
    if getattr(path[-1], "name", "") == "norms":
        return array[:, None, :]
    return array[..., None]

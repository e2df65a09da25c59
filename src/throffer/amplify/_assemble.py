"""Build systems from a scenario: one, or one for each draw of its uncertain numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from jaxtyping import Float
from scipy.stats import qmc

from throffer.amplify._growth import Growth
from throffer.amplify._scenario import Between, Network, Scenario
from throffer.amplify._system import Collapse, Exponents, LossCurve, System
from throffer.series import Links, edges, links, ring

Shares = Float[np.ndarray, "trajectory range"]

REGIME_FIELDS = ("pace", "capacity", "saturation", "lag", "margin", "noise", "initial")


def draw_shares(scenario: Scenario, count: int, seed: int) -> Shares:
    """`count` points of a scrambled Sobol sequence, one column a range of `scenario.ranges()`."""
    ranges = len(scenario.ranges())
    if not ranges:
        return np.zeros((count, 0))
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(1,)))
    points = qmc.Sobol(ranges, rng=rng).random_base2(int(np.ceil(np.log2(max(count, 2)))))
    # shuffled: otherwise neighbouring trajectories would share the order of the sequence
    return rng.permutation(points[:count])


def assemble(
    scenario: Scenario,
    loss: LossCurve,
    shares: Shares | None = None,
    multiply: Mapping[str, float] | None = None,
) -> System:
    """Build the system of a scenario at given shares of its ranges; by default at their middles.

    Args:
        scenario: the scenario file as read.
        loss: c(A), from `throffer.amplify._loss_curve`.
        shares: position of every trajectory in each range, in the order of `scenario.ranges()`.
        multiply: factors of a lever, by path; the caller applies those of `loss` and `population`.

    Raises:
        ValueError: For a factor whose path names no number of the scenario.
    """
    ranges = list(scenario.ranges())
    middle = np.full((1, len(ranges)), 0.5)
    at = dict(zip(ranges, (middle if shares is None else shares).T, strict=True))
    factors = scenario.factors(multiply or {})

    def value(path: str, given: Any) -> Any:
        drawn = given.at(at[path]) if isinstance(given, Between) else given
        return drawn * factors.get(path, 1.0)

    def part(name: str, fields: tuple[str, ...]) -> dict[str, Any]:
        entry = getattr(scenario, name)
        return {field: value(f"{name}.{field}", getattr(entry, field)) for field in fields}

    def by_regime(field: str) -> np.ndarray:
        columns = []
        for group in scenario.regimes:
            one = np.atleast_1d(value(f"regimes.{group.name}.{field}", getattr(group, field)))
            columns.append(np.repeat(one[:, None], group.count, axis=1))
        rows = max(len(column) for column in columns)
        return np.hstack([np.broadcast_to(c, (rows, c.shape[1])) for c in columns])

    collapse = scenario.collapse
    recovery = np.inf
    if collapse.recovery is not None:
        recovery = value("collapse.recovery", collapse.recovery)
    return System(
        growth=Growth(
            **part("growth", ("rate", "friction", "wear", "acceleration", "feedback")),
            ceiling=scenario.growth.ceiling,
        ),
        loss=loss,
        **{field: _squeezed(by_regime(field)) for field in REGIME_FIELDS},
        shared_noise=value("shared_noise", scenario.shared_noise),
        exponents=Exponents(**part("exponents", ("pace", "contact", "capacity", "lag"))),
        collapse=Collapse(
            recovery=_by_trajectory(recovery),
            handover=_by_trajectory(value("collapse.handover", collapse.handover)),
            spill=_by_trajectory(value("collapse.spill", collapse.spill)),
        ),
        links=network_of(scenario.network, scenario.count, scenario.seed),
        values=_values(scenario),
        stages=scenario.stages,
        sharing=collapse.sharing,
    )


def network_of(network: Network, regimes: int, seed: int) -> Links | None:
    """The links of a network; random ones are drawn from the seed alone."""
    if network.kind == "none" or regimes == 1:
        return None
    if network.kind == "ring":
        return ring(regimes, network.weight)
    if network.kind == "complete":
        return links(network.weight * (1 - np.eye(regimes)))
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(2,)))
    pairs = rng.poisson(network.degree * regimes / 2)
    one, other = rng.integers(0, regimes, (2, pairs))
    one, other = one[one != other], other[one != other]
    both = np.unique(np.sort(np.stack([one, other]), axis=0), axis=1)
    target, source = np.concatenate([both, both[::-1]], axis=1)
    return edges(target, source, np.full(target.size, network.weight), regimes)


def _values(scenario: Scenario) -> np.ndarray | None:
    if scenario.regimes[0].values is None:
        return None
    return np.vstack(
        [
            np.broadcast_to(np.array(group.values), (group.count, len(group.values[0])))
            for group in scenario.regimes
            if group.values
        ]
    )


def _by_trajectory(value: Any) -> Any:
    """Give a drawn number an axis, so that it holds for all regimes of its trajectory."""
    return np.asarray(value)[:, None] if np.ndim(value) else value


def _squeezed(rows: np.ndarray) -> np.ndarray:
    return rows[0] if len(rows) == 1 else rows

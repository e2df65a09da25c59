"""An independent implementation of the proposal game in plain numpy, the oracle of the tests.

It follows the theory page and shares no code with `throffer.game`. Proposals are listed one by one
on a fine grid. A cell of the grid is not split: its midpoint decides its conduct.
"""

import numpy as np

from throffer.structure import FIELDS, Conduct, Dyad, locate_codes

LEVERS = ("none", "force", "leverage")


def random_dyads(seed: int, count: int, **fixed: float) -> Dyad:
    """Dyads with independent random fields, harm up to 3 and a positive gain from agreement.

    Tests that do not depend on `count` use the same one, because every new shape is compiled.
    """
    u = np.random.default_rng(seed).uniform
    fields = {
        "outside_agent": u(-0.2, 0.4, count),
        "outside_counterpart": u(-0.2, 0.4, count),
        "finality": u(0, 1, count),
        "veto": u(0.05, 1, count),
        "force": u(0, 3, count),
        "force_cost": u(0, 1, count),
        "legitimacy": u(0, 1, count),
        "leverage": u(0, 2, count),
        "leverage_cost": u(0, 0.5, count),
        "opacity": u(0, 1, count),
        "deceit_gain": u(0, 1.5, count),
        "oversight": u(0, 0.6, count),
        "future": u(0, 0.4, count),
    }
    return Dyad.validated(**fields | fixed).broadcast()


def single(dyad: Dyad, index: int) -> dict[str, float]:
    """One dyad of a batch as plain numbers."""
    return {name: float(np.broadcast_to(getattr(dyad, name), dyad.shape)[index]) for name in FIELDS}


def every_proposal(
    dyad: dict[str, float],
    cells: int,
    *,
    guilt: float = 0.0,
    envy: float = 0.0,
    counterpart_precision: float = np.inf,
) -> dict[str, np.ndarray]:
    """All proposals of one dyad except withdrawing: expected utility, conduct, weight, acceptance.

    With infinite `counterpart_precision` the counterpart accepts whatever costs it nothing.
    """
    a, b = dyad["outside_agent"], dyad["outside_counterpart"]
    w, v, opacity = dyad["finality"], dyad["veto"], dyad["opacity"]
    d, z, f, held = (dyad[k] for k in ("deceit_gain", "oversight", "future", "legitimacy"))
    gain = 1 - a - b
    s = (np.arange(cells) + 0.5) / cells
    out: dict[str, list] = {k: [] for k in ("value", "conduct", "weight", "p", "lever", "false")}
    for number, lever in enumerate(LEVERS):
        harm = dyad.get(lever, 0.0)
        cost = dyad.get(f"{lever}_cost", 0.0)
        t_a, t_b = a - cost, b - harm
        surplus = max(1 - t_a - t_b, 0)
        y = t_b + s * surplus
        g_a, g_b = 1 - y - a, y - b
        m = np.maximum(g_a - g_b, 0)
        answer = v * (y - envy * m - t_b - (1 - w) * surplus)
        if np.isinf(counterpart_precision):
            p = np.where(answer >= 0, 1.0, 0.0)
        else:
            p = 1 / (1 + np.exp(-counterpart_precision * answer))
        u = 1 - y - guilt * m
        refused = v * t_a + (1 - v) * u
        for false in (False, True):
            delivered = y - d if false else y
            if lever == "none":
                chi = np.zeros(cells)
            elif lever == "force":
                chi = np.where(delivered >= b, 1 - held, 1.0)
            else:
                chi = np.ones(cells)
            if false:
                u_false = 1 - y + d - guilt * np.maximum(g_a - g_b + 2 * d, 0)
                value = (
                    opacity * (p * u_false + (1 - p) * refused)
                    + (1 - opacity) * (refused - z)
                    - f
                    - chi * z
                )
            else:
                value = p * u + (1 - p) * refused - chi * (z + f)
            conduct = locate_codes(
                delivered - b,
                np.full(cells, gain),
                np.full(cells, number),
                np.full(cells, not false),
                np.full(cells, held),
            )
            weight = 1.0 if lever == "none" else harm / (harm + 0.1)
            weight *= d / (d + 0.1) if false else 1.0
            out["value"].append(value)
            out["conduct"].append(conduct)
            out["weight"].append(np.full(cells, weight / cells))
            out["p"].append(p)
            out["lever"].append(np.full(cells, number))
            out["false"].append(np.full(cells, false))
    return {name: np.concatenate(rows) for name, rows in out.items()}


def logit_conducts(
    dyad: dict[str, float],
    cells: int,
    *,
    precision: float,
    norms: np.ndarray,
    guilt: float,
    envy: float,
    counterpart_precision: float,
) -> np.ndarray:
    """Conduct probabilities by enumerating proposals, without splitting cells."""
    every = every_proposal(
        dyad, cells, guilt=guilt, envy=envy, counterpart_precision=counterpart_precision
    )
    # a falsehood without a lever is the conduct deception: its norm counts once
    lie = every["false"] & (every["lever"] > 0)
    log = np.log(every["weight"] + 1e-300) + precision * every["value"] - norms[every["conduct"]]
    log = log - np.where(lie, norms[Conduct.DECEPTION.code], 0)
    out = precision * dyad["outside_agent"] - norms[Conduct.WITHDRAW.code]
    top = max(log.max(), out)
    mass = np.bincount(every["conduct"], np.exp(log - top), len(Conduct))
    mass[Conduct.WITHDRAW.code] += np.exp(out - top)
    return mass / mass.sum()


def best(dyad: dict[str, float], cells: int, **only: int) -> tuple[float, int]:
    """The rational value and conduct by enumeration; `only` restricts `lever` and `false`."""
    every = every_proposal(dyad, cells)
    keep = every["weight"] > 0
    for name, value in only.items():
        keep &= every[name] == value
    value = np.where(keep, every["value"], -np.inf)
    at = int(value.argmax())
    if not only and value[at] < dyad["outside_agent"]:
        return dyad["outside_agent"], Conduct.WITHDRAW.code
    return float(value[at]), int(every["conduct"][at])
